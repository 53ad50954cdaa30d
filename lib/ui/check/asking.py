"""Which links are on the page, and the live check of those that have no result yet."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib.albums import open_share
from lib.links.check import offline
from lib.links.recognise import MAX_LINKS, Recognised, recognise, recognise_all
from lib.links.report import text_of_file
from lib.links.run import run_checks
from lib.links.text import MAX_TEXT_CHARS
from lib.settings import settings
from lib.text.later import Day, later
from lib.ui import state
from lib.ui.create import access
from lib.ui.text import say
from lib.ui.visit import own_origins

Result = dict[str, Any]


def links_of(text: str, file: UploadedFile | None) -> list[Recognised]:
    """Return every link of the text and the file, each once; one without a link when there is text but no link."""
    parts = [text] + ([text_of_file(file.getvalue())] if file else [])
    whole = "\n".join(part for part in parts if part.strip())
    found = list(recognise_all(whole, own_origins=own_origins()))
    return found or ([recognise(whole)] if whole else [])


def shorten() -> None:
    """Keep of a pasted text only what is read: all of it would travel again with every press of a button."""
    text = st.session_state["check.text"]
    st.session_state["check.shortened"] = len(text) > MAX_TEXT_CHARS
    st.session_state["check.text"] = text[:MAX_TEXT_CHARS]


def limits_met(text: str, links: list[Recognised]) -> list[str]:
    """Say what was left out because there was too much of it."""
    met = []
    if len(text) == MAX_TEXT_CHARS and st.session_state["check.shortened"]:
        met.append(
            say(
                "The text is very long. Only its first {n} characters were read. A file takes more.",
                n=say.number(MAX_TEXT_CHARS),
            )
        )
    if len(links) >= MAX_LINKS:
        met.append(say("Only the first {n} links are checked at a time.", n=say.number(MAX_LINKS)))
    return met


def results() -> dict[str, Result]:
    """Return what was found so far: link -> result."""
    return cast("dict[str, Result]", st.session_state["check.results"])


def result_of(link: Recognised) -> Result:
    """Return what is known about a link: the live result, or what its text shows."""
    return results().get(link.url or link.written) or offline(link).to_dict()


def start() -> None:
    """Begin a live check of everything on the page, afresh."""
    st.session_state["check.phase"] = "asking"
    st.session_state["check.results"] = {}


def go_on() -> None:
    """Go on with what has no result yet."""
    st.session_state["check.phase"] = "asking"


def stop() -> None:
    """Stop; what is there is kept."""
    st.session_state["check.phase"] = "stopped"


def admitted() -> bool:
    """Return whether this visitor may let this server open links; otherwise say what is needed, and ask for it."""
    return access.admitted(open_share(settings()), state.owner(), to_create=False)


def _visitor() -> str:
    """Name who asks, for the budget: the address that the request came from, or the visitor's own cookie."""
    return st.context.ip_address or state.owner()


def ask(links: list[Recognised], on_result: Callable[[int, Result], None]) -> None:
    """Check every link that has no result yet and show each as it comes. Being interrupted stops all requests."""
    known = results()
    waiting = [(place, link) for place, link in enumerate(links) if link.may_ask and (link.url not in known)]
    still_here = st.empty()
    bar = st.progress(
        0.0, text=say.counted("Opening {n} link as a stranger…", "Opening {n} links as a stranger…", len(waiting))
    )
    checking = run_checks(
        [link for _, link in waiting],
        own_origins=own_origins(),
        with_apps=None if len(links) <= _FEW else False,
        look_inside=None if len(links) <= _FEW else False,
        visitor=_visitor(),
        while_waiting=still_here.empty,  # where Streamlit notices that Stop was pressed
    )
    with contextlib.closing(cast("Any", checking)):
        for done, (number, checked) in enumerate(checking, 1):
            place, link = waiting[number]
            known[link.url] = checked.to_dict()
            on_result(place, known[link.url])
            bar.progress(done / len(waiting), text=say("{done} of {all} done", done=done, all=len(waiting)))
    bar.empty()
    st.session_state["check.phase"] = "done"
    if any(each["opens"] for each in known.values()):
        when = later("Opened as a stranger on {day}", day=Day(datetime.now(UTC)))
        st.session_state["checklist.evidence"] = st.session_state["checklist.evidence"] | {"link_checked": when}


_FEW = 10
