"""All links of a visitor at a glance, and one of them opened."""

from __future__ import annotations

from typing import Final, Literal

import streamlit as st

from lib.albums import PAGE, LinkInfo, LinkPage, LinkState, RememberedLink, Share, ShareProblem
from lib.services.registry import description_or_blank
from lib.text.later import later
from lib.ui.text import escape_markdown, hour, say

STATES: Final[dict[LinkState, tuple[str, str, Literal["green", "orange", "gray"]]]] = {
    LinkState.LIVE: (later("Works"), ":material/check_circle:", "green"),
    LinkState.USED_UP: (later("All views used"), ":material/visibility_off:", "orange"),
    LinkState.EXPIRED: (later("Expired"), ":material/timer_off:", "gray"),
    LinkState.TAKEN_BACK: (later("Taken back"), ":material/block:", "gray"),
}

_SIDE: Final = 88  # pixels of a thumbnail in the list


def find(listed: LinkPage) -> None:
    """Ask what to look for, where there is more than one page."""
    if listed.total > PAGE or st.session_state["links.search"]:
        st.text_input(
            say("Find a link"), key="links.search", icon=":material/search:", placeholder=say("Name or title"),
            on_change=_turn_to, args=(1,),
        )  # fmt: skip
        if st.session_state["links.search"]:
            st.caption(say.counted("{n} link found.", "{n} links found.", listed.found))


def turn(listed: LinkPage) -> None:
    """Lead to the pages before and after this one."""
    if listed.pages > 1:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="center"):
            st.button(
                say("Newer"), on_click=_turn_to, args=(listed.number - 1,), disabled=listed.number == 1,
                icon=":material/chevron_left:",
            )  # fmt: skip
            st.markdown(say("Page {n} of {all}", n=listed.number, all=listed.pages))
            st.button(
                say("Older"), on_click=_turn_to, args=(listed.number + 1,), disabled=listed.number == listed.pages,
                icon=":material/chevron_right:",
            )  # fmt: skip


def _turn_to(number: int) -> None:
    st.session_state["links.page"] = number
    st.session_state["links.opened"] = ""


def title_of(link: LinkInfo) -> str:
    """Return the sender's own name for a link, else its title, else when it was made."""
    return link.name or link.title or say("Album of {day}", day=say.day(link.created_at))


def show_row(share: Share, owner: str, link: LinkInfo) -> bool:
    """Draw one link of this server in a few lines; True when it is the one that is opened."""
    opened = bool(st.session_state["links.opened"] == link.id)
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        _thumbnail(share, owner, link)
        with st.container(gap="xsmall"):
            st.markdown(f"**{escape_markdown(title_of(link))}**")
            label, icon, colour = STATES[link.state]
            st.badge(say(label), icon=icon, color=colour)
            if link.new_answers:
                new = say.counted("{n} new answer", "{n} new answers", link.new_answers)
                st.badge(new, icon=":material/mark_chat_unread:", color="blue")
            if link.damaged:
                broken = say.counted("{n} photo is damaged", "{n} photos are damaged", link.damaged)
                st.badge(broken, icon=":material/broken_image:", color="red")
            st.caption(_facts(link))
    st.button(
        say("Close") if opened else say("Look and change"), key=f"links.open.{link.id}", on_click=open_link,
        args=("" if opened else link.id,), icon=":material/expand_less:" if opened else ":material/expand_more:",
        help=None, width="stretch",
    )  # fmt: skip
    return opened


def show_counts(link: LinkInfo) -> None:
    """Say how often a link was opened, by whom in kind, and never who."""
    people = str(link.views) if link.max_views is None else say("{done} of {all}", done=link.views, all=link.max_views)
    with st.container(horizontal=True, gap="large"):
        st.metric(say("Opened by people"), people, width="content")
        st.metric(
            say("Chat previews"), link.bot_previews, width="content",
            help=say("Pictures of the page made by chat apps."),
        )  # fmt: skip
        st.metric(say("Your own looks"), link.own_looks, width="content")
    if link.first_opened_at and link.last_opened_at:
        st.caption(
            say(
                "First opened {first_day} around {first_hour}, last {last_day} around {last_hour} (to the hour). "
                "Nobody is told apart: no address and no device is kept.",
                first_day=say.day(link.first_opened_at),
                first_hour=hour(link.first_opened_at),
                last_day=say.day(link.last_opened_at),
                last_hour=hour(link.last_opened_at),
            )
        )
    elif link.state is LinkState.LIVE:
        st.caption(say("Nobody has opened it yet."))


def show_remembered_row(kept: RememberedLink) -> bool:
    """Draw one link at another provider in a few lines; True when it is the one that is opened."""
    opened = bool(st.session_state["links.opened"] == kept.id)
    place = description_or_blank(kept.link.provider_id)
    made = say.day(kept.link.created_at)
    st.markdown(f"**{escape_markdown(kept.link.title or say('Album of {day}', day=made))}**")
    if kept.revoked_at:
        st.badge(say("Taken back"), icon=":material/block:", color="gray")
    holds = say.things(kept.link.photo_count, kept.link.video_count)
    st.caption(f"{place.icon} {place.label} · {holds} · {made}")
    st.button(
        say("Close") if opened else say("Look and change"), key=f"links.open.{kept.id}", on_click=open_link,
        args=("" if opened else kept.id,), icon=":material/expand_less:" if opened else ":material/expand_more:",
        width="stretch",
    )  # fmt: skip
    return opened


def open_link(link_id: str) -> None:
    """Open one link of the list."""
    st.session_state["links.opened"] = link_id
    st.session_state["links.problem"] = {}


def _thumbnail(share: Share, owner: str, link: LinkInfo) -> None:
    try:
        st.image(
            share.photos.cover(owner, link.album_id),
            alt=say("First picture of {title}", title=title_of(link)),
            width=_SIDE,
        )
    except ShareProblem:
        st.markdown(":material/hide_image:", help=say("These photos are deleted."))


def _facts(link: LinkInfo) -> str:
    facts = [say.things(link.photo_count, link.video_count), say.size(link.size_bytes)]
    if link.state in {LinkState.LIVE, LinkState.USED_UP}:
        facts.append(say("until {day}", day=say.day(link.expires_at)))
    facts.append(say.counted("opened {n} time", "opened {n} times", link.views))
    if link.answers:
        facts.append(say.counted("{n} answer", "{n} answers", link.answers))
    if link.has_password:
        facts.append(say("password"))
    return " · ".join(facts)
