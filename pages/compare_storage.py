"""Compare storage: three services at a glance, what fits and why, the grid in colours, and every fact."""

import streamlit as st

from lib.facts import provider_names
from lib.guide.compare import matching
from lib.ui.compare import charts
from lib.ui.compare.glance import glance
from lib.ui.compare.overview import beside_each_other, coloured, overview
from lib.ui.compare.wishes import ask, megabytes, recommendation
from lib.ui.guide.evidence import in_english
from lib.ui.text import say

st.title(say("Compare storage"))
st.markdown(say("Where should your photos be stored? Three at a glance, then what fits you, then everything."))
in_english()

st.header(say("At a glance"))
glance(megabytes())

st.header(say("What matters to you"))
wanted = ask()
recommendation(wanted)

st.header(say("In colours"))
fitting = matching(wanted.needs)
names = fitting or list(provider_names())
coloured(names, all_of_them=len(names) == len(provider_names()))
charts.needs_as_table(names)

st.header(say("Free space in your photos"))
st.markdown(
    say(
        "How many photos of {megabytes} MB each fit for free. You can change the size above.",
        megabytes=f"{wanted.megabytes:g}",
    )
)
charts.free_space(wanted.megabytes)
charts.space_as_table(wanted.megabytes)

st.header(say("All providers"))
overview()

st.header(say("Side by side"))
beside_each_other()
