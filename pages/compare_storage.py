"""Compare storage: say what matters, see what fits and why, and look at every fact with its source."""

import streamlit as st

from lib.guide.compare import RECIPIENT, photos_in_free_space, what_recipients_need
from lib.ui.compare import charts
from lib.ui.compare.overview import beside_each_other, overview
from lib.ui.compare.wishes import ask, recommendation

st.title("Compare storage")
st.markdown("Where should your photos be stored? Say what matters, or look at everything.")

st.header("What matters to you")
wanted = ask()
recommendation(wanted)

st.header("All providers")
overview()

st.header("Side by side")
beside_each_other()

st.header("In pictures")
st.markdown(f"**Free space, counted in photos of {wanted.megabytes:g} MB**")
charts.free_space(wanted.megabytes)
charts.as_table(photos_in_free_space(wanted.megabytes))
st.markdown("**What they need before they see the photo**")
st.caption(
    "; ".join(f"{heading}: {meaning}" for heading, (meaning, *_) in RECIPIENT.items())
    + ". A ? stands behind what is third-hand or not confirmed."
)
charts.recipients()
charts.as_table(what_recipients_need())
