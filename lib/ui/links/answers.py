"""What recipients answered to a link's question: who, which photos, in their words; ready to copy, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from lib.albums import LinkInfo, PhotoInfo, Share, ShareProblem
from lib.albums.answers import GivenAnswer, totals
from lib.albums.sheet import item_text
from lib.services.base import LinkQuestion
from lib.text.amounts import listed
from lib.text.escapes import csv_cell
from lib.ui.text import escape_markdown, language, say
from lib.uploads.options import question_text

_SIDE: Final = 72  # pixels of a thumbnail
_COLUMNS: Final = ("link", "answered", "who", "photo", "file", "name", "price", "amount", "words")


def show_answers(share: Share, owner: str, link: LinkInfo) -> None:
    """Draw the answers to one link, then what all links of its album add up to. Nothing where nobody was asked."""
    if link.question is LinkQuestion.NONE and not link.answers:
        return
    heading = say.counted("{n} answer", "{n} answers", link.answers) if link.answers else say("No answers yet")
    opened = bool(link.answers)
    with st.expander(heading, icon=":material/favorite:", expanded=opened, key=f"links.answers_open.{link.id}"):
        st.markdown(say("You asked: {question}", question=question_text(link.question, say)))
        found = share.answers.all(owner, link.album_id)
        photos = share.photos.all(owner, link.album_id)
        before = _looked_before(share, owner, link)
        for answer in found:
            if answer.link_id == link.id:
                _show(share, owner, link, answer, photos, new=answer.changed_at > before)
        if found:
            _show_totals(link, found, photos)
        st.caption(say("Answers go when the link ends: copy them before. Only you see them."))


def _looked_before(share: Share, owner: str, link: LinkInfo) -> datetime:
    """Note this look; what is new stays marked as new for as long as this visit lasts."""
    looked: dict[str, str] = st.session_state["links.looked"]
    if link.new_answers or link.id not in looked:
        before = share.answers.look(owner, link.id).isoformat()
        looked[link.id] = min(before, looked.get(link.id, before))
    return datetime.fromisoformat(looked[link.id])


def _show(
    share: Share, owner: str, link: LinkInfo, answer: GivenAnswer, photos: Sequence[PhotoInfo], *, new: bool
) -> None:  # fmt: skip
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(_who(answer))}**", width="content")
            if new:
                st.badge(say("New"), color="blue")
            st.caption(say.moment(answer.changed_at))
        with st.container(horizontal=True):
            for place, photo in _chosen(answer.chosen, photos):
                many = answer.chosen[photo.number]
                caption = f"{place} (×{many})" if many > 1 else str(place)
                try:
                    small = share.photos.read(owner, link.album_id, photo.id, small=True)
                except ShareProblem:
                    st.markdown(caption)
                else:
                    st.image(small, caption, width=_SIDE, alt=say("Photo {n}", n=place))
        st.code(ready_text(answer, photos), language=None, wrap_lines=True)


def _show_totals(link: LinkInfo, found: Sequence[GivenAnswer], photos: Sequence[PhotoInfo]) -> None:
    total = totals(found)
    ranked = sorted(_chosen(total, photos), key=lambda one: -total[one[1].number])
    if ranked:
        st.markdown(f"**{say('All links of these photos together')}**")
        told = "\n".join(
            f"{say('Photo {n}', n=place)} · {item_text(photo) or photo.name}: {total[photo.number]}"
            for place, photo in ranked
        )
        st.code(told, language=None, wrap_lines=True)
    st.download_button(
        say("Download the answers"), answers_csv(found, photos), "passalong-answers.csv", "text/csv",
        icon=":material/download:", on_click="ignore", key=f"links.answers.{link.id}",
    )  # fmt: skip


def _who(answer: GivenAnswer) -> str:
    return answer.who or say("Somebody")


def _chosen(chosen: Mapping[int, int], photos: Sequence[PhotoInfo]) -> list[tuple[int, PhotoInfo]]:
    """Return the photos that were chosen, each with its place as recipients see it."""
    return [(place, photo) for place, photo in enumerate(photos, 1) if chosen.get(photo.number)]


def ready_text(answer: GivenAnswer, photos: Sequence[PhotoInfo]) -> str:
    """Return one answer as a line to copy: "Ana likes 2, 5 and 7: The dog!"."""
    parts = [
        _part(place, photo, answer.chosen[photo.number] if answer.question is LinkQuestion.MANY else 0)
        for place, photo in _chosen(answer.chosen, photos)
    ]
    who, which = _who(answer), listed(parts, language()) if parts else ""
    if not which:
        return f"{who}: {answer.words}"
    said = {
        LinkQuestion.LIKE: say("{who} likes {photos}", who=who, photos=which),
        LinkQuestion.ONE: say("{who} takes {photos}", who=who, photos=which),
        LinkQuestion.MANY: say("{who} wants {photos}", who=who, photos=which),
        LinkQuestion.NONE: f"{who}: {which}",
    }[answer.question]
    return f"{said}: {answer.words}" if answer.words else f"{said}."


def _part(place: int, photo: PhotoInfo, many: int) -> str:
    """Return one chosen photo: "2", or "2 (Blue cup · 12 €, ×3)"."""
    told = [part for part in (item_text(photo), f"×{many}" if many else "") if part]
    return f"{place} ({', '.join(told)})" if told else str(place)


def answers_csv(found: Sequence[GivenAnswer], photos: Sequence[PhotoInfo]) -> str:
    """Return all answers as CSV, a line for each chosen photo; what a spreadsheet would run is led by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for answer in found:
        about = (answer.link_name, answer.changed_at.isoformat(timespec="seconds"), answer.name)
        for place, photo in _chosen(answer.chosen, photos):
            cells = (*about, place, photo.name, photo.label, photo.price, answer.chosen[photo.number], answer.words)
            writer.writerow([csv_cell(cell) for cell in cells])
        if not _chosen(answer.chosen, photos):
            writer.writerow([csv_cell(cell) for cell in (*about, *[""] * 5, answer.words)])
    return out.getvalue()
