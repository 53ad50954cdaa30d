"""Pick photos, clean them, and get a link that opens, with a message to paste and the proof of what it shows."""

import streamlit as st

from lib.albums import open_share
from lib.settings import ROOT, settings
from lib.ui import state
from lib.ui.create import access, album, cards, look, making, options, photos, place, result, taken_out
from lib.ui.failure import show_problem_text
from lib.ui.reachable import show_reachable
from lib.ui.text import say
from lib.ui.visit import with_own_addresses

share = open_share(settings())
owner = state.owner()
info = album.current(share, owner)
album.keep_address(info)

if link := making.finished(share, owner, info):
    result.show(share, owner, info, link)
    st.button(say("Send other photos"), on_click=making.start_over, icon=":material/add:", width="stretch")
    st.page_link(
        ROOT / "pages" / "my_links.py", label=say("See, change or take back your links"), icon=":material/link:"
    )
    st.stop()

st.title(say("Send photos"), anchor=False)
with st.container(key="create.above"):  # one place, however much is in it: what is open below stays open
    if problem := st.session_state["create.problem"]:
        show_problem_text(**problem)
    if not access.admitted(share, owner):
        st.stop()
    on_the_way = photos.pick(share, owner, info)
    info = share.albums.get(owner, info.id)
    album.keep_address(info)
    if st.session_state["create.simple"]:
        cards.photo_cards(share.photos, owner, info)
    taken_out.offer(share.photos, owner, info, on_the_way=on_the_way)
    look.offer(share, owner, info, on_the_way=on_the_way)
if not info.photos:
    st.caption(say("Their location and other hidden data are taken out before anybody gets them."))
    st.markdown(with_own_addresses(say(":small[Does picking not work here? The [plain page](/send) needs no script.]")))
    st.stop()

provider = place.chosen()
with st.expander(f":material/tune: {options.sum_of(info, provider)}", key="create.options"):
    options.ask(share, owner, info, provider)
    place.choose(share, owner)
    if provider.kept_here:
        show_reachable("create", inside=True)
if not provider.can_upload:
    place.by_hand(share, owner, info, provider)
    st.stop()
if not place.is_set_up(provider):
    st.stop()

st.session_state["page.languages"] = False
with st.bottom:
    look.hint(info)
    making.bar(share, owner, info, provider, on_the_way=on_the_way)
