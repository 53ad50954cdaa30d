"""Make an upright video of photos, to post or to send: nothing private inside."""

import streamlit as st

from lib.albums import open_share
from lib.settings import settings
from lib.ui import state
from lib.ui.create import access
from lib.ui.create.album import draft
from lib.ui.failure import show_problem_text
from lib.ui.text import say
from lib.ui.video import choices, making, result

share = open_share(settings())
owner = state.owner()

st.title(say("Make a video"), anchor=False)
st.markdown(say("Pick photos and put them in order. You get an upright MP4 that fills TikTok’s screen."))
if not access.admitted(share, owner):
    st.stop()

st.header(f"1. {say('Photos')}", anchor=False)
draft_id = draft(share, owner)
choices.pick(share, owner, draft_id)
waiting = share.photos.all(owner, draft_id)
photos = [photo for photo in waiting if not photo.is_video]

st.header(f"2. {say('How it looks')}", anchor=False)
chosen = choices.choose(photos)
choices.ask(len(chosen))
choices.preview(share.photos, owner, draft_id, chosen)

st.header(f"3. {say('Ready?')}", anchor=False)
if problem := st.session_state["video.problem"]:
    show_problem_text(**problem)
made = st.session_state["video.made"]
if made and not result.lives(share.photos, owner, made):
    made = st.session_state["video.made"] = {}
    st.info(
        say("The last video has waited too long and was cleared. Make it again."), icon=":material/hourglass_disabled:"
    )
st.button(
    say("Make it again") if made else say("Make the video"), type="primary", icon=":material/movie:", width="stretch",
    disabled=not chosen or st.session_state["video.phase"] == "making", on_click=making.start,
)  # fmt: skip
if not chosen:
    st.markdown(f":small[{say('Pick at least one photo first.')}]")

if st.session_state["video.phase"] == "making":
    making.make(share, owner, draft_id, chosen)
    st.rerun()

if made:
    result.show(share, owner, made, waiting)
