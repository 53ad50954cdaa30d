"""Telling the sender what happens to a link: on this device, by ntfy, or by a webhook. Off until it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from lib.albums import LinkInfo, Share
from lib.albums.notifications import Carrier, News, Notification
from lib.links.run import run
from lib.notifications.telling import add_device, add_typed, try_it
from lib.notifications.web_push import public_keys
from lib.problems import Problem
from lib.ui.failure import show_problem
from lib.ui.push_button import push_button
from lib.ui.text import escape_markdown, language, say
from lib.ui.visit import base_url, own_origins

_TYPED: Final = (Carrier.NTFY, Carrier.WEBHOOK)


def show_tell_me(share: Share, owner: str, link: LinkInfo) -> None:
    """Draw what the sender hears of a link, and where; each place can be tried and stopped."""
    with st.expander(
        say("Tell me"), icon=":material/notifications:", on_change="rerun", key=f"links.tell_open.{link.id}"
    ) as part:
        if not part.open:
            return
        st.markdown(
            say(
                "A message goes where you choose when something happens to this link. It holds the title of the album, "
                "and never who was there or which photo."
            )
        )
        events = [
            event
            for event in News
            if st.checkbox(event_text(event), value=True, key=f"links.tell.{event.value}.{link.id}")
        ]
        if told := push_button(public_keys(share.keys), key=f"links.push.{link.id}"):
            _add(lambda: add_device(share, owner, link.id, events, told, **_about()))
        _typed(share, owner, link, events)
        _list(share, owner, link)


def event_text(event: News) -> str:
    """Return what can be told, in words."""
    words = {
        News.OPENED: say("When it is opened for the first time"), News.ANSWERED: say("When somebody answers"),
        News.ENDING: say("A day before it ends"),
    }  # fmt: skip
    return words[event]


def way_text(way: Carrier) -> str:
    """Return how it is told, in words."""
    return {Carrier.PUSH: say("A device"), Carrier.NTFY: "ntfy", Carrier.WEBHOOK: say("Webhook")}[way]


def _typed(share: Share, owner: str, link: LinkInfo, events: list[News]) -> None:
    with st.form(f"links.tell.{link.id}", border=False, clear_on_submit=False):
        way = st.radio(say("Or somewhere else"), _TYPED, format_func=way_text, horizontal=True)
        typed = st.text_input(
            say("Its address"), placeholder="https://ntfy.sh/…", autocomplete="off",
            help=say(
                "For ntfy, a server and a name that nobody guesses, as in the ntfy app. For a webhook, the address "
                "that Slack, Discord or a program of yours gave you. It is kept encrypted."
            ),
        )  # fmt: skip
        if st.form_submit_button(say("Add this address"), icon=":material/add:"):
            _add(lambda: add_typed(share, owner, link.id, events, way, typed, **_about()))


def _add(add: Callable[[], None]) -> None:
    try:
        add()
    except Problem as problem:
        show_problem(problem)
    else:
        st.success(say("From now on you hear of it there."), icon=":material/notifications_active:")


def _try(share: Share, owner: str, link: LinkInfo, one: Notification) -> None:
    try:
        with st.spinner(say("Sending…")):
            run(try_it(share, owner, link.id, one.id, visitor=owner))
    except Problem as problem:
        show_problem(problem)
    else:
        st.success(say("The server there took the message."), icon=":material/check_circle:")


def _about() -> dict[str, Any]:
    return {"own_origins": own_origins(), "language": language(), "home": f"{base_url()}/links"}


def _list(share: Share, owner: str, link: LinkInfo) -> None:
    for one in share.notifications.of(owner, link.id):
        with st.container(border=True):
            st.markdown(f"**{way_text(one.way)}** · {escape_markdown(one.where)}  \n:gray[{_events(one)}]")
            with st.container(horizontal=True):
                tried = st.button(say("Try it"), key=f"links.tell.try.{one.id}", icon=":material/send:")
                st.button(
                    say("End"), key=f"links.tell.stop.{one.id}", icon=":material/notifications_off:",
                    on_click=share.notifications.stop, args=(owner, link.id, one.id),
                )  # fmt: skip
            if tried:
                _try(share, owner, link, one)


def _events(one: Notification) -> str:
    return " · ".join(event_text(event) for event in News if event in one.events)
