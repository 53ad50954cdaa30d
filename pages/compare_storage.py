"""Compare storage: three services at a glance, what fits and why, the grid in colours, and every fact."""

import streamlit as st

from lib.facts import provider_names
from lib.guide.compare import matching, photos_in_free_space, what_recipients_need
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
charts.as_table(what_recipients_need(names), "compare.needs_table")

st.header(say("Free space in your photos"))
st.markdown(
    say(
        "How many photos of {megabytes} MB each fit for free. You can change the size above.",
        megabytes=f"{wanted.megabytes:g}",
    )
)
charts.free_space(wanted.megabytes)
charts.as_table(photos_in_free_space(wanted.megabytes), "compare.space_table")

st.header(say("All providers"))
overview()

st.header(say("Side by side"))
beside_each_other()
