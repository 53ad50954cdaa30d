"""The album of this page: kept on the server, found again after a reload, in another tab, or by its address."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.albums import AlbumInfo, AlbumState, Share, ShareProblem
from lib.text.later import Together
from lib.ui.text import language
from lib.uploads.options import PREVIEWS, USUAL_SIZE

FILLS = 4  # runs that begin within the first second: the picker and the browser's language each ask for one
_ADDRESS = "album"  # ?album=… opens nothing for anybody but its owner


def current(share: Share, owner: str) -> AlbumInfo:
    """Return this page's album: the one in the address, the one that it showed, the latest with photos, or a new one.

    One that is gone is told in its own words, and the page goes on with another.
    """
    asked = str(st.query_params.get(_ADDRESS, ""))
    for album_id in dict.fromkeys((asked, st.session_state["create.draft"])):
        if album_id and (info := _living(share, owner, album_id)) is not None:
            return _shown(info)
    st.query_params.pop(_ADDRESS, None)
    return _shown(_latest(share, owner))


def draft(share: Share, owner: str) -> str:
    """Return the id of a draft for another page, such as the video's: this page's album where it is still one."""
    known = st.session_state["create.draft"]
    if known and (info := _living(share, owner, known)) is not None and info.state is AlbumState.DRAFT:
        return info.id
    return _shown(_latest(share, owner)).id


def _latest(share: Share, owner: str) -> AlbumInfo:
    """Return the latest draft with photos, or a new one."""
    known = share.albums.latest(owner) or share.albums.open(owner, address=st.context.ip_address)
    return share.albums.get(owner, known)


def _living(share: Share, owner: str, album_id: str) -> AlbumInfo | None:
    try:
        return share.albums.get(owner, album_id)
    except ShareProblem as problem:
        had_photos = album_id != st.session_state["create.draft"] or st.session_state["create.photos"]
        if had_photos and not st.session_state["create.problem"]:
            note_problem(problem)
        return None


def _shown(info: AlbumInfo) -> AlbumInfo:
    """Let the page's fields show what is kept with this album, once; from then on they lead."""
    st.session_state["create.photos"] = info.photo_count
    if st.session_state["create.draft"] != info.id:
        st.session_state["create.draft"] = info.id
        for name in ("title", "words", "name", "password", "views_choice"):
            st.session_state.pop(f"create.{name}", None)
        for slot, empty in (("taken", {}), ("refused", {}), ("taken_out", []), ("unkept", {}), ("filled", {})):
            st.session_state[f"create.{slot}"] = empty
        kept = info.choices
        _fill(
            life=kept.life_s, views=kept.max_views, download=kept.allow_download,
            preview=kept.preview.value if kept.preview in PREVIEWS else "none", provider=kept.place,
            question=kept.question.value,
            size=kept.size or USUAL_SIZE, language=kept.language or language(), tone=kept.tone or "friendly",
            new_password=False, fills=FILLS,
        )  # fmt: skip
    # Fields in which somebody types are filled only where they are empty of any value: a run that a slower answer
    # begins must not write into them. Streamlit forgets them when another page is looked at.
    kept_texts = {"title": info.choices.title, "words": info.choices.words, "name": info.choices.name, "password": ""}
    for name, text in kept_texts.items():
        st.session_state.setdefault(f"create.{name}", text)
    _fill_again()
    return info


def _fill_again() -> None:
    """Send what fields were filled with once more, in the first runs of a page.

    A browser that is busy may draw two runs at once. The first says what stands in a field, the second does not, and
    the field stays empty while its value is kept. A field that was changed since is left alone.
    """
    if not st.session_state["create.fills"]:
        return
    st.session_state["create.fills"] -= 1
    for name in ("title", "words", "name", "views_choice"):
        value = st.session_state.get(f"create.{name}")
        if value and st.session_state["create.filled"].setdefault(name, value) == value:
            st.session_state[f"create.{name}"] = value


def keep_address(info: AlbumInfo) -> None:
    """Put the album into the page's address, so that it can be loaded again and bookmarked by its owner."""
    begun = info.photo_count or info.link or info.result.get("link")
    if begun and st.query_params.get(_ADDRESS) != info.id:
        st.query_params[_ADDRESS] = info.id


def _fill(**values: Any) -> None:
    for name, value in values.items():
        st.session_state[f"create.{name}"] = value


def choose(share: Share, owner: str, field: str, slot: str, *, empty: Any = "") -> None:
    """Keep one choice as soon as it is made. What cannot be kept is said beside it, and the button waits."""
    value = st.session_state[slot]
    try:
        share.albums.choose(owner, st.session_state["create.draft"], **{field: empty if value is None else value})
    except ShareProblem as problem:
        st.session_state["create.unkept"][field] = Together((problem.happened, problem.fix))
    else:
        st.session_state["create.unkept"].pop(field, None)


def note_problem(problem: ShareProblem) -> None:
    """Keep a problem for the page to show, in its own words."""
    st.session_state["create.problem"] = problem.parts()
