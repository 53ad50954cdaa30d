"""Privacy checklist: what to do before, while and after sharing; look into a photo; take the list along."""

import streamlit as st

from lib.ui.checklist.device import note_what_the_device_did
from lib.ui.checklist.export import export
from lib.ui.checklist.inspector import inspector
from lib.ui.checklist.items import items, total, where, whole_guides
from lib.ui.guide.evidence import in_english
from lib.ui.picker import attach_picker
from lib.ui.text import say

st.title(say("Privacy checklist"))
st.markdown(say("A quick check now can save trouble later. Your ticks stay on this device."))

score = st.container(border=True)

st.header(say("Look inside a photo"))
st.markdown(
    say(
        "Choose photos: they are read and cleaned **on this device**, and nothing is uploaded. Tap "
        "one to see what was found."
    )
)
note_what_the_device_did(attach_picker(key="checklist.picker"))
st.subheader(say("Look deeper"))
st.markdown(
    say(
        "This app’s server knows more kinds of hidden data, such as small previews, and a second "
        "program checks the clean copy. The photo is forgotten when you leave."
    )
)
inspector()

in_english()
where()
items()

st.header(say("Take the list with you"))
export()
whole_guides()

with score:
    total()
