"""The frame around every page: navigation, logo, footer. `streamlit_app.py` runs this script for each visitor."""

import streamlit as st

from lib.front import PAGES
from lib.settings import ROOT
from lib.ui import state
from lib.ui.providers import parking

PAGES_FOLDER = ROOT / "pages"
ASSETS = ROOT / "lib" / "ui" / "assets"

st.set_page_config(page_title="Passalong", page_icon=str(ASSETS / "icon.svg"), layout="centered")
state.begin()

addresses = {
    one.file: st.Page(PAGES_FOLDER / one.file, title=one.title, icon=one.icon, url_path=one.path, default=not one.path)
    for one in PAGES
}
page = st.navigation(list(addresses.values()), position="top")
st.set_page_config(page_title=next(one.full_title for one in PAGES if one.path == page.url_path))
st.logo(str(ASSETS / "logo.svg"), size="large")
parking.come_back()
page.run()
