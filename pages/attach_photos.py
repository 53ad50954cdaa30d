"""Clean up to nine photos on this device and hand them to a chat: no upload, no link."""

import streamlit as st

from lib.settings import ROOT
from lib.ui.picker import attach_picker
from lib.ui.text import say

st.title(say("Clean photos to attach"), anchor=False)
st.markdown(
    say(
        "Pick photos and send the clean copies straight into a chat. Where they were taken, serial "
        "numbers and everything else hidden is removed **on this device. Nothing is uploaded.**"
    )
)
attach_picker(key="attach.picker")
with st.expander(say("How to send them in TikTok"), icon=":material/help:", key="attach.how"):
    st.markdown(
        say(
            "1. On a phone, tap **Share** and choose TikTok, then the chat. Or **Save** the photos first.\n"
            "2. In the chat, attach the saved photos from your gallery: take the clean copies, named photo-1, "
            "photo-2 …\n"
            "3. More photos, the full quality, or the power to take them back? Create a link instead."
        )
    )
st.page_link(ROOT / "pages" / "create_link.py", label=say("Create a link"), icon=":material/add_link:")
