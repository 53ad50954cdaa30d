"""Compare storage: three services at a glance, what fits and why, the grid in colours, and every fact."""

import streamlit as st

from lib.facts import provider_names
from lib.guide.compare import matching, photos_in_free_space, what_recipients_need
from lib.ui.compare import charts
from lib.ui.compare.glance import glance
from lib.ui.compare.overview import beside_each_other, coloured, overview
from lib.ui.compare.wishes import ask, megabytes, recommendation

st.title("Compare storage")
st.markdown("Where should your photos be stored? Three at a glance, then what fits you, then everything.")

st.header("At a glance")
glance(megabytes())

st.header("What matters to you")
wanted = ask()
recommendation(wanted)

st.header("In colours")
fitting = matching(wanted.needs)
names = fitting or list(provider_names())
coloured(names, all_of_them=len(names) == len(provider_names()))
charts.as_table(what_recipients_need(names))

st.header("Free space in your photos")
st.markdown(f"How many photos of {wanted.megabytes:g} MB each fit for free. You can change the size above.")
charts.free_space(wanted.megabytes)
charts.as_table(photos_in_free_space(wanted.megabytes))

st.header("All providers")
overview()

st.header("Side by side")
beside_each_other()
