"""The photo inspector: everything that a photo would tell, and a clean copy to take along."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

import streamlit as st

from lib.photos import (
    MetadataReport,
    PhotoProblem,
    find_leftovers,
    prepare_photo,
    read_metadata,
)
from lib.settings import settings
from lib.text.later import later, later_counted
from lib.ui import uploads
from lib.ui.failure import show_problem
from lib.ui.text import say

_PREVIEW_SIDE = 480  # pixels; embedded previews are small
_LONGEST_VALUE = 300  # letters; some programs put whole documents into a photo


def _literal(text: str) -> str:
    """Show words from inside a photo as they are: no Markdown, no HTML, no directives."""
    short = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", " ".join(short.split()))


def _preview(report: MetadataReport) -> bytes | None:
    """Return the embedded preview as a picture of our own making: never the bytes that were inside."""
    if not report.embedded_preview:
        return None
    try:
        return prepare_photo(report.embedded_preview, max_side=_PREVIEW_SIDE).data
    except PhotoProblem:
        return None


def _inspect(name: str, data: bytes) -> dict[str, Any]:
    """Return everything the page shows, as JSON values."""
    limits = settings()
    report = read_metadata(data)
    clean = prepare_photo(data, max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels)
    suffix = {"PNG": "png"}.get(clean.format, "jpg")
    return {
        "name": name,
        "report": report.to_dict(),
        "preview": _preview(report),
        "clean": clean.data,
        "clean_name": f"{PurePath(name).stem}-clean.{suffix}",
        "media_type": clean.media_type,
        "width": clean.width,
        "height": clean.height,
        "notes": list(clean.notes),
        "leftovers": [f"{left.where}: {left.what}" for left in find_leftovers(clean.data)],
    }


def _took_clean_copy() -> None:
    photo = st.session_state["checklist.photo"]
    if photo:
        evidence = st.session_state["checklist.evidence"]
        text = later("You took a clean copy of {name}; a second program found nothing left in it.", name=photo["name"])
        st.session_state["checklist.evidence"] = {**evidence, "location_removed": text}


def _summary(report: MetadataReport) -> None:
    private = report.private
    if private:
        st.warning(f"**{_literal(say(report.verdict))}**", icon=":material/visibility:")
    else:
        st.success(f"**{_literal(say(report.verdict))}**", icon=":material/verified_user:")
    told = []
    if report.place:
        told.append(say("Where: {place}, by its location data", place=f"**{_literal(say(report.place.text()))}**"))
    if report.taken_at:
        told.append(say("When: {moment}", moment=f"**{_literal(report.taken_at)}**"))
    if report.device:
        told.append(say("With: {device}", device=f"**{_literal(report.device)}**"))
    if told:
        st.markdown("\n".join(f"- {line}" for line in told))


def _findings(report: MetadataReport) -> None:
    groups = (
        (say("About a person, a place or a device"), [one for one in report.findings if one.private]),
        (say("Everything else"), [one for one in report.findings if not one.private]),
    )
    for title, findings in groups:
        if findings:
            with st.expander(f"{title} ({len(findings)})", expanded=findings[0].private):
                st.markdown(
                    "\n".join(
                        f"- **{_literal(say(one.label))}:** {_literal(one.value)} :small[({_literal(one.where)})]"
                        for one in findings
                    )
                )


def _clean_copy(photo: dict[str, Any], report: MetadataReport) -> None:
    right, left = st.columns(2)
    if photo["preview"]:
        left.image(photo["preview"], alt=say("The preview that was hidden inside the photo"))
        left.caption(say("Hidden inside: a smaller picture. It can show what was cropped away."))
    right.image(photo["clean"], alt=say("The clean copy of the photo"))
    right.caption(
        say(
            "The clean copy: {width} × {height} px, {size} instead of {before}.",
            width=photo["width"],
            height=photo["height"],
            size=say.size(len(photo["clean"])),
            before=say.size(report.size_bytes),
        )
    )
    for note in photo["notes"]:
        st.caption(say(note))
    if photo["leftovers"]:
        st.error(say("A second program still found something: {what}", what=_literal("; ".join(photo["leftovers"]))))
        return
    st.caption(f":material/verified_user: {say('A second, independent program found nothing left in the clean copy.')}")
    st.download_button(
        say("Download the clean copy"), photo["clean"], photo["clean_name"], photo["media_type"], type="primary",
        icon=":material/download:", on_click=_took_clean_copy,
    )  # fmt: skip


def inspector() -> None:
    """Draw the inspector."""
    file = uploads.file_uploader(
        say("A photo to look inside"), key="checklist.file",
        help=say("It is looked at on this app's server and forgotten when you leave. Nothing is sent to "
"anybody else."),
    )  # fmt: skip
    if file is None:
        st.session_state["checklist.photo"] = {}
        return
    photo = st.session_state["checklist.photo"]
    if photo.get("file_id") != file.file_id:
        try:
            with st.spinner(say("Looking inside…")):
                photo = _inspect(file.name, file.getvalue()) | {"file_id": file.file_id}
        except PhotoProblem as problem:
            st.session_state["checklist.photo"] = {}
            show_problem(problem)
            return
        st.session_state["checklist.photo"] = photo
        found = len(MetadataReport.from_dict(photo["report"]).private)
        text = later_counted(
            "You looked inside {name}: {n} private thing inside.",
            "You looked inside {name}: {n} private things inside.",
            found,
            name=file.name,
        )
        st.session_state["checklist.evidence"] = {**st.session_state["checklist.evidence"], "photo_inspected": text}
    report = MetadataReport.from_dict(photo["report"])
    _summary(report)
    _findings(report)
    _clean_copy(photo, report)
