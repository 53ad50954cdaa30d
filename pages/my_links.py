"""All links of this visitor: who opened them in number, change them, take them back with proof."""

import streamlit as st

from lib.albums import LinkState, open_share
from lib.settings import ROOT, settings
from lib.ui import state
from lib.ui.links.detail import show_detail, show_remembered
from lib.ui.links.devices import show_devices
from lib.ui.links.overview import show_remembered_row, show_row
from lib.ui.links.proof import take_back_all
from lib.ui.words import count

share = open_share(settings())
owner = state.owner()

st.title("My links", anchor=False)

mine = share.links.all(owner)
elsewhere = share.remembered.all(owner)
living = [link for link in mine if link.state in {LinkState.LIVE, LinkState.USED_UP}]

if not mine and not elsewhere:
    st.info("No links yet. Create one, and it stands here with its count and a way to take it back.")
    st.page_link(ROOT / "pages" / "create_link.py", label="Create a link", icon=":material/add_link:")
else:
    st.markdown(f"{count(len(living), 'link')} of this server can be opened now.")

for link in mine:
    with st.container(border=True):
        if show_row(share, owner, link):
            show_detail(share, owner, link)

for kept in elsewhere:
    with st.container(border=True):
        if show_remembered_row(kept):
            show_remembered(share, owner, kept)

if len(living) > 1:
    with st.popover(":red[Take back all]", icon=":material/block:"):
        st.markdown(f"This closes {count(len(living), 'link')} for everybody, at once.")
        st.button(":red[Yes, take back all]", icon=":material/block:", on_click=take_back_all, args=(share, owner))

show_devices(share, owner)
