"""All links of this visitor: who opened them in number, change them, take them back with proof."""

import streamlit as st

from lib.albums import open_share
from lib.settings import ROOT, settings
from lib.ui import state
from lib.ui.links.asked_out import show_asked_out
from lib.ui.links.detail import show_detail, show_remembered
from lib.ui.links.devices import show_devices
from lib.ui.links.overview import find, show_remembered_row, show_row, turn
from lib.ui.links.proof import prove_all, take_back_all
from lib.ui.links.tokens import show_tokens
from lib.ui.reachable import show_reachable
from lib.ui.text import say

share = open_share(settings())
owner = state.owner()

st.title(say("My links"), anchor=False)

show_asked_out(share, owner)

mine = share.links.page(owner, search=st.session_state["links.search"], number=st.session_state["links.page"])
elsewhere = share.remembered.all(owner)

if not mine.total and not elsewhere:
    st.info(say("No links yet. Create one, and it stands here with its count and a way to take it back."))
    st.page_link(ROOT / "pages" / "create_link.py", label=say("Create a link"), icon=":material/add_link:")
else:
    st.markdown(
        say.counted(
            "{n} link of this server can be opened now.", "{n} links of this server can be opened now.", mine.living
        )
    )
    show_reachable("links")
find(mine)

for link in mine.links:
    with st.container(border=True):
        if show_row(share, owner, link):
            show_detail(share, owner, link)

turn(mine)

for kept in elsewhere:
    with st.container(border=True):
        if show_remembered_row(kept):
            show_remembered(share, owner, kept)

if mine.living > 1:
    with st.popover(f":red[{say('Take back all')}]", icon=":material/block:", key="links.take_back_all"):
        st.markdown(
            say.counted(
                "This closes {n} link for everybody, at once.",
                "This closes {n} links for everybody, at once.",
                mine.living,
            )
        )
        st.button(
            f":red[{say('Yes, take back all')}]", icon=":material/block:", on_click=take_back_all, args=(share, owner)
        )
prove_all(share, owner)

show_devices(share, owner)
show_tokens(share, owner)
