"""The first page: what this is for, and the way to it; then the guide to photos on TikTok."""

import streamlit as st

from lib.guide import content
from lib.guide.template import filled
from lib.ui.guide.address import keep_what_was_pressed, read_address, write_address
from lib.ui.guide.article import article
from lib.ui.guide.decision import decision
from lib.ui.guide.memory import remember
from lib.ui.guide.reading import answer, reading, search_box
from lib.ui.guide.welcome import welcome

welcome()
st.header("Send photos on TikTok", anchor="tiktok-guide")
st.markdown(
    filled(
        "Since {{tiktok.photos_since}} a message can carry up to {{tiktok.photos_per_message}} photos. "
        "That is not always the best way. Answer at most four short questions, and see the one that fits you."
    )
)
name = read_address()
if name and not answer(name):
    name = ""
advice = decision()
remember("guide.done", {step.id for route in content.routes() for step in route.step}, keep_what_was_pressed)
search_box()
article(advice.route if advice else "")
reading()
st.caption(
    "Passalong is independent of TikTok: not made, checked or paid for by it. TikTok and the names of the providers "
    "belong to their owners and are used here only to say what is meant."
)
write_address(name)
