"""The frame around every page: navigation, logo, footer. `streamlit_app.py` runs this script for each visitor."""

import streamlit as st

from lib.settings import ROOT
from lib.ui import state
from lib.ui.picker.installable import installable
from lib.ui.providers import parking

PAGES = ROOT / "pages"
ASSETS = ROOT / "lib" / "ui" / "assets"

st.set_page_config(page_title="Passalong", page_icon=str(ASSETS / "icon.svg"), layout="centered")
state.begin()

page = st.navigation(
    [
        st.Page(PAGES / "guide.py", title="Guide", icon=":material/signpost:", default=True),
        st.Page(PAGES / "create_link.py", title="Create a link", icon=":material/add_link:", url_path="create"),
        st.Page(PAGES / "attach_photos.py", title="Attach photos", icon=":material/attach_file:", url_path="attach"),
        st.Page(PAGES / "make_video.py", title="Make a video", icon=":material/movie:", url_path="video"),
        st.Page(PAGES / "check_link.py", title="Check a link", icon=":material/stethoscope:", url_path="check"),
        st.Page(
            PAGES / "compare_storage.py", title="Compare storage", icon=":material/table_chart:", url_path="compare"
        ),
        st.Page(
            PAGES / "privacy_checklist.py", title="Privacy checklist", icon=":material/checklist:", url_path="checklist"
        ),
        st.Page(PAGES / "my_links.py", title="My links", icon=":material/link:", url_path="links"),
    ],
    position="top",
)
st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "icon.svg"))
installable()
parking.come_back()
page.run()
