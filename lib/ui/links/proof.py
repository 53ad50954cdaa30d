"""Take back, then prove it: every address that a link ever had is opened again as a stranger."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil

import streamlit as st

from lib.albums import LinkInfo, LinkState, Share, ShareProblem
from lib.links.stranger import closed, gone
from lib.recipients.gate import unlocked_cookie
from lib.ui.failure import show_problem_text
from lib.ui.text import clock, moment, say
from lib.ui.visit import base_url, meeting, own_origins


def take_back(share: Share, owner: str, link_id: str) -> None:
    """Close a link for everybody. The page then offers to undo it, and looks meanwhile whether it is closed."""
    inside = _pass(share, owner, link_id)
    _guarded(share.links.revoke, owner, link_id)
    st.session_state["links.to_prove"][link_id] = inside


def take_back_all(share: Share, owner: str) -> None:
    """Close every link of this visitor at once; `prove_all` then looks at each."""
    living = [link for link in share.links.all(owner) if link.state in {LinkState.LIVE, LinkState.USED_UP}]
    st.session_state["links.closing"] = [
        {"id": link.id, "inside": _pass(share, owner, link.id) if link.has_password or link.max_views else ""}
        for link in living
    ]
    st.session_state["links.closed"] = {"links": len(living), "closed": 0, "addresses": 0}
    share.links.revoke_all(owner)


def prove_all(share: Share, owner: str) -> None:
    """Look at every address of the links that were taken back together, and say how far that is and what it found.

    Leaving the page stops it; coming back goes on where it stopped.
    """
    told = st.session_state["links.closed"]
    waiting: list[dict[str, str]] = st.session_state["links.closing"]
    if waiting:
        st.button(say("Stop looking"), on_click=_stop_looking, icon=":material/close:")
        bar = st.progress(0.0, say("Closed. Looking at every address…"))
        while waiting:
            one = waiting[0]
            proof = _look(share, owner, one["id"], one["inside"])
            told["closed"] += proof["closed"]
            told["addresses"] += proof["addresses"]
            waiting.pop(0)
            done = told["links"] - len(waiting)
            far = say.counted(
                "Closed. Looked at {done} of {n} link…", "Closed. Looked at {done} of {n} links…", told["links"],
                done=say.number(done),
            )  # fmt: skip
            bar.progress(done / told["links"], far)
        st.rerun()
    if told:
        _say_all(told)


def _stop_looking() -> None:
    st.session_state["links.closing"] = []


def _say_all(told: dict[str, int]) -> None:
    if told["closed"] == told["addresses"]:
        taken = say.counted("**Taken back: {n} link.**", "**Taken back: {n} links.**", told["links"])
        looked = say.counted(
            "{n} address was opened as a stranger; nothing came back.",
            "{n} addresses were opened as a stranger; nothing came back.",
            told["closed"],
        )
        st.success(f"{taken} {looked}", icon=":material/fact_check:")
    else:
        st.error(
            say(
                "Only {closed} of {all} addresses were gone. Look at the links one by one; if it stays, tell the "
                "person who runs this app.",
                closed=say.number(told["closed"]),
                all=say.number(told["addresses"]),
            ),
            icon=":material/error:",
        )


def _pass(share: Share, owner: str, link_id: str) -> str:
    """Return the cookie of somebody who is inside this link right now; taking back has to end that as well."""
    try:
        return unlocked_cookie(share, owner, link_id)
    except ShareProblem:
        return ""


def undo(share: Share, owner: str, link_id: str) -> None:
    """Bring a link back within its short grace."""
    _guarded(share.links.undo, owner, link_id)
    for slot in ("links.proofs", "links.to_prove"):
        st.session_state[slot].pop(link_id, None)


def prove(share: Share, owner: str, link_id: str, inside: str = "") -> None:
    """Open every address of a link as a stranger, and with the pass of somebody who was inside; keep the answers."""
    proof = _look(share, owner, link_id, inside)
    if proof["closed"] == proof["addresses"] > 0:
        at = moment(datetime.now(UTC))
        text = f"Taken back on {at}: {proof['closed']} of {proof['addresses']} addresses are gone."
        st.session_state["checklist.evidence"]["revoked"] = text


def _look(share: Share, owner: str, link_id: str, inside: str) -> dict[str, int]:
    """Look at a link's addresses and keep what they answered; return how many are closed, and how many there are."""
    try:
        paths = share.links.addresses(owner, link_id)
    except ShareProblem:
        return {"closed": 0, "addresses": 0}
    told = how_many_closed(paths, inside)
    st.session_state["links.proofs"][link_id] = told | {"at": datetime.now(UTC).isoformat(), "inside": bool(inside)}
    return told


def how_many_closed(paths: Sequence[str], inside: str = "") -> dict[str, int]:
    """Open paths of this server as a stranger; return how many show nothing any more, and how many there are."""
    base = base_url()
    answers = asyncio.run(gone([meeting(base + path) for path in paths], own_origins=own_origins(), cookie=inside))
    found = closed(answers)
    return {"closed": found.gone, "addresses": found.total}


def show_proof(share: Share, owner: str, link: LinkInfo) -> None:
    """Offer to undo for a few counted seconds; show what every address answered, and what nobody can undo."""
    _offer_undo(share, owner, link)
    if link.id in st.session_state["links.to_prove"]:
        with st.spinner(say("Taken back. Opening every address as a stranger…")):
            prove(share, owner, link.id, st.session_state["links.to_prove"][link.id])
        st.session_state["links.to_prove"].pop(link.id)
    proof = st.session_state["links.proofs"].get(link.id)
    if not proof:
        st.button(
            say("Prove that it is gone"), key=f"links.prove.{link.id}", on_click=prove, args=(share, owner, link.id),
            icon=":material/fact_check:",
        )  # fmt: skip
        return
    at = clock(datetime.fromisoformat(proof["at"]))
    seen = {"at": at, "closed": proof["closed"], "all": proof["addresses"]}
    if proof["closed"] == proof["addresses"]:
        gone_text = say("**Gone at {at}: {closed} of {all} addresses.**", **seen)
        st.success(f"{gone_text} {_how_it_was_opened(inside=proof['inside'])}", icon=":material/fact_check:")
    else:
        st.error(
            say(
                "At {at} only {closed} of {all} addresses were gone. Try again in a moment; if it stays, tell the "
                "person who runs this app.",
                **seen,
            ),
            icon=":material/error:",
        )
    st.caption(
        say(
            "What nobody can take back: copies and screenshots that people already made, and previews that a chat "
            "app keeps."
        )
    )


def _how_it_was_opened(*, inside: bool) -> str:
    if inside:
        return say(
            "The page, each photo in each size, the zip and the preview were opened as a stranger, and as somebody "
            "who had been inside before; nothing came back."
        )
    return say(
        "The page, each photo in each size, the zip and the preview were opened as a stranger; nothing came back."
    )


def _offer_undo(share: Share, owner: str, link: LinkInfo) -> None:
    if not link.undo_until or link.undo_until <= datetime.now(UTC):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Undo"), key=f"links.undo.{link.id}", on_click=undo, args=(share, owner, link.id),
            icon=":material/undo:",
        )  # fmt: skip
        _count_down(link.undo_until)


@st.fragment(run_every=1.0)
def _count_down(until: datetime) -> None:
    """Count the seconds in which taking back can be undone; then the button goes."""
    left = ceil((until - datetime.now(UTC)).total_seconds())
    if left <= 0:
        st.rerun()
    st.markdown(say.counted("{n} second left", "{n} seconds left", left))


def show_kept_problem() -> None:
    """Show what the last action could not do."""
    if problem := st.session_state["links.problem"]:
        show_problem_text(**problem)


def _guarded(action: object, *arguments: str) -> None:
    st.session_state["links.problem"] = {}
    try:
        action(*arguments)  # type: ignore[operator]
    except ShareProblem as problem:
        st.session_state["links.problem"] = problem.parts()
