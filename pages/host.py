"""For the person who runs this server: what was reported and waits, how full it is, and what to do about it."""

import streamlit as st

from lib.albums import open_share
from lib.settings import settings
from lib.ui.host.answering import show_answering
from lib.ui.host.door import let_in, way_out
from lib.ui.host.reports import show_reports
from lib.ui.host.standing import show_standing
from lib.ui.text import say

share = open_share(settings())

st.title(say("For the host"), anchor=False)

if let_in(share):
    show_reports(share)
    show_standing(share)
    show_answering()
    way_out(share)
