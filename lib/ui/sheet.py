"""Names, prices and a line for each photo: typed in a form, or brought as a table that names the files."""

from __future__ import annotations

import streamlit as st

from lib.albums import PhotoInfo, Share, ShareProblem
from lib.albums.photos import MAX_CAPTION, MAX_LABEL, MAX_MARK, MAX_PRICE
from lib.albums.sheet import SheetItem, read_sheet, sheet_csv
from lib.ui import uploads
from lib.ui.failure import show_problem
from lib.ui.text import escape_markdown, say

_SIDE = 64  # pixels of a thumbnail
_NAMED = 5  # files that are named where a table names more than are there


def show_sheet(share: Share, owner: str, album_id: str) -> None:
    """Draw the product sheet of an album. What is kept here is on every link of it at once."""
    with st.expander(say("Names and prices"), icon=":material/sell:", on_change="rerun", key="sheet.open") as sheet:
        if not sheet.open:
            return
        photos = share.photos.all(owner, album_id)
        if not photos:
            st.caption(say("Choose photos first."))
            return
        st.markdown(say("They stand below the photos, in the message, and in the names of saved files."))
        saved, st.session_state["sheet.saved"] = st.session_state["sheet.saved"] == album_id, ""
        if (typed := _form(share, owner, album_id, photos)) is not None:
            _keep(share, owner, album_id, typed)
        if saved:
            st.success(say("Saved."), icon=":material/check:")
        _watermark(share, owner, album_id)
        _table(share, owner, album_id, photos)


def _form(share: Share, owner: str, album_id: str, photos: list[PhotoInfo]) -> dict[str, SheetItem] | None:
    """Ask for every photo; return what was typed when it is sent."""
    items: dict[str, SheetItem] = {}
    with st.form(f"sheet.{album_id}", border=False):
        for place, photo in enumerate(photos, 1):
            picture, fields = st.columns([1, 4])
            try:
                picture.image(
                    share.photos.read(owner, album_id, photo.id, small=True), str(place), width=_SIDE, alt=photo.name
                )
            except ShareProblem:
                picture.markdown(str(place))
            with fields:
                items[photo.id] = SheetItem(
                    _text(say("Name of photo {n}", n=place), f"label.{photo.id}", photo.label, MAX_LABEL),
                    _text(say("Price of photo {n}", n=place), f"price.{photo.id}", photo.price, MAX_PRICE),
                    _text(say("Line under photo {n}", n=place), f"caption.{photo.id}", photo.caption, MAX_CAPTION),
                )
        return items if st.form_submit_button(say("Keep names and prices"), icon=":material/save:") else None


def _watermark(share: Share, owner: str, album_id: str) -> None:
    """Ask for a text across every photo, and put it there."""
    kept = share.albums.get(owner, album_id).watermark
    with st.form(f"sheet.mark.{album_id}", border=False):
        text = st.text_input(
            say("Text across every photo (optional)"), kept, max_chars=MAX_MARK, key=f"sheet.mark.{album_id}.{kept}",
            help=say("It becomes part of every picture, in every size, also of those that are saved. Not in videos."),
        )  # fmt: skip
        if not st.form_submit_button(say("Put it on the photos"), icon=":material/branding_watermark:"):
            return
    try:
        with st.spinner(say("Writing it on every photo…")):
            moved = share.photos.mark(owner, album_id, text)
    except ShareProblem as problem:
        show_problem(problem)
        return
    # Each photo is another one now, in the same place: what the pages remember follows.
    st.session_state["links.photos"].pop(album_id, None)
    for one in st.session_state["create.taken"].values():
        one["photo"] = moved.get(one["photo"], one["photo"])
    for one in st.session_state["create.taken_out"]:
        one["id"] = moved.get(one["id"], one["id"])
    st.session_state["create.changes"] += 1
    st.session_state["sheet.saved"] = album_id
    st.rerun()


def _text(label: str, name: str, kept: str, most: int) -> str:
    # What is kept is part of the key: a table that changes it fills the field anew.
    return st.text_input(label, kept, max_chars=most, key=f"sheet.{name}.{kept}")


def _table(share: Share, owner: str, album_id: str, photos: list[PhotoInfo]) -> None:
    """Take a table, once; and give the one that there is, to be filled in."""
    brought = uploads.file_uploader(
        say("Or a table (CSV): file, name, price, line"), type=["csv", "tsv", "txt"], key=f"sheet.table.{album_id}"
    )
    if brought is not None and brought.file_id != st.session_state["sheet.taken"]:
        st.session_state["sheet.taken"] = brought.file_id
        try:
            read = read_sheet(brought.getvalue(), photos)
        except ShareProblem as problem:
            show_problem(problem)
        else:
            st.session_state["sheet.unknown"] = list(read.unknown)
            _keep(share, owner, album_id, dict(read.items))
    if brought is not None and (unknown := st.session_state["sheet.unknown"]):
        told = say.counted(
            "{n} line names no photo of this album", "{n} lines name no photo of this album", len(unknown)
        )
        st.warning(f"{told}: {escape_markdown(', '.join(unknown[:_NAMED]))}", icon=":material/rule:")
    st.download_button(
        say("Download the table to fill in"), sheet_csv(photos), "passalong-photos.csv", "text/csv",
        icon=":material/download:", on_click="ignore", key=f"sheet.get.{album_id}",
    )  # fmt: skip


def _keep(share: Share, owner: str, album_id: str, items: dict[str, SheetItem]) -> None:
    try:
        share.photos.describe(owner, album_id, items)
    except ShareProblem as problem:
        show_problem(problem)
    else:
        st.session_state["sheet.saved"] = album_id
        st.rerun()
