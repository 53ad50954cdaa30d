"""Privacy checklist: what to do before, while and after sharing; look into a photo; take the list along."""

import streamlit as st

from lib.ui.checklist.export import export
from lib.ui.checklist.inspector import inspector
from lib.ui.checklist.items import items, total, where

st.title("Privacy checklist")
st.markdown("A quick check now can save trouble later. Your ticks stay on this device.")

score = st.container(border=True)

st.header("Look into a photo")
st.markdown("Drop any photo and see everything that it would tell. Then take the clean copy.")
inspector()

where()
items()

st.header("Take the list along")
export()

with score:
    total()
