"""Look before you send: what this server saw in the photos of the draft, and one line about it beside the button.

Never a lock. Counts stay in this session; a photo that is covered becomes another one, and nothing is said of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from lib.albums import AlbumInfo, PhotoInfo, Share
from lib.photos import find
from lib.problems import Problem
from lib.text.catalogue import catalogue
from lib.text.covered import places_line
from lib.ui.text import language, say


def offer(share: Share, owner: str, info: AlbumInfo, *, on_the_way: int) -> None:
    """Offer to look through the photos of the draft, once for each of them."""
    photos = _photos(info)
    unseen = [photo for photo in photos if photo.id not in st.session_state["create.visible"]]
    if not photos or not find.kinds():
        return
    if not unseen:
        if not any(_visible(photos).values()):
            st.caption(say("Nothing to cover was found. This misses things: look yourself too."))
        return
    pressed = st.button(
        say("Look for faces, codes, plates and text on our server"), icon=":material/frame_inspect:", width="stretch",
        disabled=on_the_way > 0, key="create.look",
        help=say("Your clean photos are there already; they are looked at, and nothing more of them is kept."),
    )  # fmt: skip
    if pressed:
        _look(share, owner, info.id, unseen)
        st.rerun()


def hint(info: AlbumInfo) -> None:
    """Say what is visible and was not looked at, in one line."""
    photos = _photos(info)
    visible = _visible(photos)
    if not any(visible.values()):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="create.hint"):
        st.markdown(
            say("{places}: visible. Look? Tap a photo, then **Cover and crop**.",
                places=places_line(visible, catalogue(language()))),
        )  # fmt: skip
        st.button(say("Fine as it is"), on_click=_fine, args=([photo.id for photo in photos],), key="create.fine")


def _look(share: Share, owner: str, album: str, photos: Sequence[PhotoInfo]) -> None:
    bar = st.progress(0.0, say("Looking…"))
    for done, photo in enumerate(photos, 1):
        try:
            found = find.look(share.photos.read(owner, album, photo.id))
        except Problem:  # it went meanwhile, or cannot be opened: the editor says so
            found = ()
        st.session_state["create.visible"][photo.id] = dict(Counter(one.kind for one in found))
        bar.progress(done / len(photos), say("Looked at {done} of {n}", done=done, n=len(photos)))
    bar.empty()


def _photos(info: AlbumInfo) -> list[PhotoInfo]:
    return [photo for photo in info.photos if not photo.is_video]


def _visible(photos: Sequence[PhotoInfo]) -> Mapping[str, int]:
    seen = st.session_state["create.visible"]
    return sum((Counter(seen.get(photo.id, {})) for photo in photos), Counter())


def _fine(photo_ids: Sequence[str]) -> None:
    """The person looked: nothing more is said about these."""
    st.session_state["create.visible"] |= {photo_id: {} for photo_id in photo_ids}
