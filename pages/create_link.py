"""Pick photos, clean them, and get a link that opens, with a message to paste and the proof of what it shows."""

import streamlit as st

from lib.albums import open_share
from lib.services.base import read_link
from lib.services.registry import description_or_blank
from lib.settings import ROOT, settings
from lib.ui import state
from lib.ui.create import access, aside, cards, making, photos, place, result, wishes
from lib.ui.create.draft import current_draft, photos_of
from lib.ui.failure import show_words

share = open_share(settings())
owner = state.owner()

st.title("Create a link", anchor=False)

if st.session_state["create.phase"] == "done":
    link = read_link(st.session_state["create.link"])
    result.show_link(link)
    if description_or_blank(link.provider_id).kept_here:
        if not st.session_state["create.check"]:
            result.check(link)
        result.show_check(st.session_state["create.receipt"])
    else:
        place.show_verdict(link)
    place.show_granted(link)
    result.show_message(link)
    result.show_qr(link)
    st.button("Create another link", on_click=making.start_over, icon=":material/add:", width="stretch")
    st.page_link(ROOT / "pages" / "my_links.py", label="See, change or take back your links", icon=":material/link:")
    st.stop()

st.markdown("Pick photos. Their location and other hidden data are taken out. You get a link that opens for anyone.")
if not access.admitted(share, owner):
    st.stop()

st.header("1. Photos", anchor=False)
max_side = photos.ask_size()
draft_id = current_draft(share, owner)
on_the_way = photos.pick(share, owner, draft_id, max_side)
waiting = photos_of(share, owner, draft_id)
if st.session_state["create.simple"]:
    cards.photo_cards(share.photos, owner, draft_id, waiting)
aside.offer(share.photos, owner, draft_id, waiting, on_the_way=on_the_way)
if waiting:
    st.markdown(f":material/shield: {cards.summary(waiting)}")

st.header("2. Your link", anchor=False)
provider = place.choose()
if not provider.can_upload:
    place.by_hand(provider, making.album(share.photos, owner, draft_id, waiting).photos)
    st.stop()
wishes.ask_words()
wishes.ask_limits(provider)

st.header("3. Ready?", anchor=False)
if problem := st.session_state["create.problem"]:
    show_words(**problem)
if st.session_state["create.phase"] == "cancelled":
    st.info("Stopped. What is done is kept: press the button to go on.", icon=":material/pause_circle:")
if removed := st.session_state["create.removed"]:
    st.success(f"{removed} Your photos are still here.", icon=":material/delete:")
ready = place.ready(provider)
st.button(
    "Go on" if st.session_state["create.phase"] in {"cancelled", "failed"} else "Create link",
    type="primary",
    icon=":material/add_link:",
    width="stretch",
    disabled=not waiting or on_the_way > 0 or not ready or st.session_state["create.phase"] in {"making", "removing"},
    on_click=making.start,
)
if left_there := making.unfinished():
    st.button(
        "Remove what was uploaded",
        icon=":material/delete:",
        width="stretch",
        help=f"Deletes the unfinished album in {left_there.label}. Your photos here stay.",
        on_click=making.remove,
    )
if on_the_way:
    st.caption("Photos are still on their way.")
elif not waiting:
    st.caption("Pick at least one photo first.")

if st.session_state["create.phase"] == "making":
    making.make_link(share, owner, draft_id, waiting, provider)
    st.rerun()
if st.session_state["create.phase"] == "removing":
    making.remove_uploaded(owner)
    st.rerun()
