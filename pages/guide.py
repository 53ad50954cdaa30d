"""The first page: what this is for, and the way to it; then the guide to photos on TikTok."""

import streamlit as st

from lib.guide import content
from lib.text.later import later
from lib.ui.guide.address import keep_what_was_pressed, read_address, write_address
from lib.ui.guide.article import article
from lib.ui.guide.decision import decision
from lib.ui.guide.evidence import in_english, words
from lib.ui.guide.memory import remember
from lib.ui.guide.reading import answer, reading, search_box
from lib.ui.guide.tab import name_the_tab
from lib.ui.guide.welcome import welcome
from lib.ui.text import say

welcome()
st.header(say("Send photos on TikTok"), anchor="tiktok-guide")
st.markdown(
    words(
        later(
            "Since {{tiktok.photos_since}} a message can carry up to {{tiktok.photos_per_message}} photos. "
            "That is not always the best way: answer up to four short questions to find the one that fits."
        )
    )
)
in_english()
name = read_address()
if name and not answer(name):
    name = ""
advice = decision()
name_the_tab(name, advice)
remember("guide.done", {step.id for route in content.routes() for step in route.step}, keep_what_was_pressed)
search_box()
if not (advice and advice.stop):  # beside a stop stands no way to send something
    article(advice.route if advice else "")
reading()
st.caption(
    say(
        "Passalong is independent: TikTok did not make it, check it or pay for it. TikTok and the "
        "names of the providers belong to their owners; they stand here only to say which service "
        "is meant."
    )
)
write_address(name)
