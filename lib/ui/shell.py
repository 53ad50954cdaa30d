"""The frame around every page: navigation, logo, footer. `streamlit_app.py` runs this script for each visitor."""

import json

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from lib.front import PAGES
from lib.front.index_page import LOGO
from lib.front.own_files import ICON, address_of
from lib.settings import ROOT
from lib.ui import state, uploads
from lib.ui.community_cloud import WORDS as COMMUNITY_CLOUD
from lib.ui.community_cloud import on_community_cloud
from lib.ui.languages import language_links
from lib.ui.providers import parking
from lib.ui.text import language, say
from lib.ui.turns import turns
from lib.ui.visit import served

PAGES_FOLDER = ROOT / "pages"

with turns.turn():
    state.begin()
    uploads.page_begins()

    addresses = {
        one.file: st.Page(
            PAGES_FOLDER / one.file,
            title=say(one.title),
            icon=one.icon,
            url_path=one.path,
            default=not one.path,
            visibility="visible" if one.in_menu else "hidden",
        )
        for one in PAGES
    }
    page = st.navigation(list(addresses.values()), position="top")
    st.set_page_config(
        page_title=next(say(one.full_title) for one in PAGES if one.path == page.url_path),
        page_icon=served(address_of(ICON)),
        layout="centered",
    )
    # By their address: a browser keeps them, where words of Streamlit's own line are sent anew with every tap.
    st.logo(served(address_of(LOGO)), size="large")
    if language() != "en":  # the style and its script name the button in English by themselves
        menu, close = (json.dumps(text, ensure_ascii=False) for text in (say("Menu"), say("Close menu")))
        st.html(f"<style>:root {{ --front-menu: {menu}; --front-close-menu: {close}; }}</style>")
    st.session_state["page.languages"] = True
    if on_community_cloud():
        st.warning(say(COMMUNITY_CLOUD), icon=":material/cloud_off:")
    parking.come_back()
    try:
        page.run()
    except StopException:  # a page that ends early has a foot as well
        language_links()
        raise
    uploads.page_ends()
    language_links()
