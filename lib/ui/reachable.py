"""Make my links reachable: from this computer to the other person's phone, for a while."""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from lib.albums import open_share
from lib.facts.reader import Confidence
from lib.settings import settings
from lib.text.later import later
from lib.tunnels import (
    LIVES,
    Phase,
    Reachable,
    Seen,
    Standing,
    Tunnel,
    TunnelFact,
    TunnelProblem,
    all_tunnels,
    open_reachable,
    standing,
    tunnel,
)
from lib.ui.failure import show_problem_text
from lib.ui.text import say
from lib.ui.visit import base_url, sits_here

_LIFE: Final = (later("For one hour"), later("For one day"), later("Until I stop it"))
_POLL_S: Final = 1.0


def show_reachable(key: str, *, drawn: str = "", opened: bool = False, inside: bool = False) -> None:
    """Draw the whole of it, for the person at this computer; nothing for anybody else.

    `drawn` is the address of a link that this page has drawn already; `opened` unfolds the offer; `inside` says that it
    stands in something that unfolds itself.
    """
    if not sits_here():
        return
    now = standing(settings().data_dir)
    if drawn and not drawn.startswith(f"{base_url()}/"):
        st.rerun()  # it came up, or ended, while this page was drawn: the link above is not the one to send
    if now.running:
        _running(now, key)
        return
    _tell_end(now)
    name, icon = say("Make my links reachable"), ":material/public:"
    unfolded = opened or now.phase is Phase.FAILED
    slot = f"reachable.{key}.{unfolded}"  # what went wrong unfolds it, however it was left
    with st.popover(name, icon=icon, key=slot) if inside else st.expander(name, icon=icon, expanded=unfolded, key=slot):
        _offer(key)


def _keeper() -> Reachable:
    return open_reachable(settings(), lambda: open_share(settings()))


def _tell_end(now: Standing) -> None:
    """Say what came of it the last time."""
    if problem := now.problem or st.session_state["reach.problem"]:
        show_problem_text(**problem)
    elif now.address and now.over_at:
        was = say("Your links opened from anywhere until {moment}.", moment=say.moment(now.over_at))
        then = (
            say("When you make them reachable again, they have the same address.")
            if tunnel(now.tunnel).keeps_address
            else say("When you make them reachable again, they get another address: then send them anew.")
        )
        st.info(f"{was} {say('Now they open only here.')} {then}", icon=":material/public_off:")


def _offer(key: str) -> None:
    st.markdown(
        say(
            "Then other people can open your links from anywhere, as long as this computer is on and awake. Only the "
            "pages of your links can be reached, never this app."
        )
    )
    ways = [one for one in all_tunnels() if one.can_start(settings())]
    life = st.selectbox(
        say("How long"), range(len(LIVES)), format_func=lambda n: say(_LIFE[n]), key=f"reach.life.{key}"
    )
    way = st.selectbox(say("Through"), ways, format_func=_label, key=f"reach.way.{key}")
    st.caption(" ".join(_facts(way)))
    st.button(
        say("Make my links reachable"), type="primary", icon=":material/public:", width="stretch",
        key=f"reach.start.{key}", on_click=_start, args=(way.id, LIVES[life]),
    )  # fmt: skip


def _label(way: Tunnel) -> str:
    return say("Your own server (SSH)") if way.host == "" and way.kind == "ssh" else way.label


def _facts(way: Tunnel) -> list[str]:
    """Return what is known of a way, in whole sentences; what no source was found for says so."""
    name, facts = _label(way), way.facts
    said = {
        "nobody": say("The encryption ends on this computer: nobody on the way can see the photos."),
        "own": say("The encryption ends at your own server."),
        "service": say("The encryption ends at {name}, which could see the photos on their way.", name=name),
    }[facts["who_could_see"].value]
    if facts["who_could_see"].value == "own" and not (settings().tunnel_url or "").startswith("https:"):
        said = say("Not encrypted on the way to your server: set tunnel_url to an https address.")
    sentences = [_sure(said, facts["who_could_see"])]
    if facts["account"].value == "yes":
        sentences.append(_sure(say("It needs an account there."), facts["account"]))
    if way.life_minutes:
        ends = say.counted("It ends after {n} minute.", "It ends after {n} minutes.", way.life_minutes)
        sentences.append(_sure(ends, facts["life"]))
    stays = say("The address stays the same.") if way.keeps_address else say("The address is another one each time.")
    sentences.append(_sure(stays, facts["keeps_address"]))
    if way.shows_page_before:
        page = say("People first meet a page of {name} with a warning.", name=name)
        sentences.append(_sure(page, facts["page_before"]))
    return sentences


def _sure(sentence: str, fact: TunnelFact) -> str:
    if fact.confidence is not Confidence.NOT_CONFIRMED:
        return sentence
    return f"{sentence.removesuffix('.')} ({say(fact.confidence.text)})."


def _start(way: str, life_s: int | None) -> None:
    st.session_state["reach.problem"] = {}
    try:
        _keeper().start(tunnel(way), life_s)
    except TunnelProblem as problem:
        st.session_state["reach.problem"] = problem.parts()


def _running(now: Standing, key: str) -> None:
    name = _label(tunnel(now.tunnel))
    if now.phase is Phase.STARTING:
        st.info(say("Asking {name} for an address…", name=name), icon=":material/hourglass_top:")
    elif now.phase is Phase.RECONNECTING:
        st.warning(
            say("The connection to {name} was lost. It is tried again and again; your links open when it is back.",
                name=name),
            icon=":material/sync_problem:",
        )  # fmt: skip
    else:
        _stands(now, name)
    _watch(now.phase.value, now.address, now.seen.value)
    if now.program == os.getpid():
        st.button(
            say("Stop: links open only here again"), key=f"reach.stop.{key}", icon=":material/public_off:",
            on_click=lambda: _keeper().stop(), width="stretch",
        )  # fmt: skip
    else:
        st.caption(say("It was started from the command line; stop it there."))


def _stands(now: Standing, name: str) -> None:
    until = (
        say("until {moment}", moment=say.moment(now.until)) if now.until else say("until you stop it")
    )  # fmt: skip
    where = urlsplit(now.address).netloc
    st.success(
        say("**Your links open from anywhere,** {until}, at {address}. Keep this computer on and awake.",
            until=until, address=where),
        icon=":material/public:",
    )  # fmt: skip
    if now.before:
        st.warning(
            say("The address changed: links that you sent with {before} do not open any more. Send them anew.",
                before=urlsplit(now.before).netloc),
            icon=":material/warning:",
        )  # fmt: skip
    if now.seen is Seen.OTHER_PAGE:
        st.warning(say("Whoever opens a link meets a page of {name} first.", name=name), icon=":material/warning:")
    elif now.seen is Seen.CLOSED:
        st.warning(
            say("A look from outside got no answer yet. Open a link yourself before you send it."),
            icon=":material/warning:",
        )
    if now.fingerprint:
        st.caption(say("Key of the server: {key}", key=now.fingerprint))


@st.fragment(run_every=_POLL_S)
def _watch(phase: str, address: str, seen: str) -> None:
    """Draw the page anew when it stands otherwise than on screen."""
    now = standing(settings().data_dir)
    if (now.phase.value, now.address, now.seen.value) != (phase, address, seen):
        st.rerun()
