"""Where the photos go, with what each place can and cannot promise beside it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from lib.facts import Fact, FactProblem, provider_facts
from lib.services.base import Description
from lib.services.registry import all_descriptions, description
from lib.text.later import later
from lib.ui.text import say
from lib.uploads.options import place_text

BY_HAND: Final = "by-hand"
YES, SOME, NO = later("yes"), later("on some plans"), later("no")

# What people ask about a place: words, capability, topic of plans.
PROMISES: Final = (
    (later("A password"), "can_password", "password"),
    (later("An end date"), "can_expire", "expiry"),
    (later("A limit of views"), "can_limit_views", "views"),
    (later("See how often it was opened"), "can_count_views", "views"),
    (later("No download button"), "can_block_download", "download"),
    (later("Take it back from here"), "can_revoke", "revoke"),
)
FACTS: Final = ("recipient_account", "location", "take_back", "same_address", "traffic_cap", "warning")


def choose_provider(key: str) -> str:
    """Ask where the photos go. The answer is kept in `st.session_state[key]` and returned: a provider's id."""
    uploading = [one for one in all_descriptions() if one.can_upload]
    by_hand = [one for one in all_descriptions() if not one.can_upload]
    known = {one.id for one in (*uploading, *by_hand)}
    chosen = description(st.session_state[key] if st.session_state.get(key) in known else uploading[0].id)
    places = [one.id for one in uploading] + ([BY_HAND] if by_hand else [])
    place_key, service_key = f"{key}.place", f"{key}.service"
    st.session_state[place_key] = chosen.id if chosen.can_upload else BY_HAND
    st.session_state.setdefault(service_key, by_hand[0].id if by_hand else "")
    if not chosen.can_upload:
        st.session_state[service_key] = chosen.id

    def keep() -> None:
        place = st.session_state[place_key]
        st.session_state[key] = st.session_state[service_key] if place == BY_HAND else place

    with st.expander(
        say("Where the photos go: **{place}**", place=place_text(chosen, say)),
        icon=":material/place:",
        key=f"{key}.open",
    ):
        st.radio(
            say("Where the photos go"),
            places,
            key=place_key,
            on_change=keep,
            label_visibility="collapsed",
            format_func=lambda one: (
                say("Another service, by hand") if one == BY_HAND else place_text(description(one), say)
            ),
            captions=[say(one.summary) for one in uploading]
            + [say("Google Photos, iCloud, OneDrive and others: you upload, we clean the photos and check the link.")],
        )
        if st.session_state[place_key] == BY_HAND:
            st.selectbox(
                say("Which service"), [one.id for one in by_hand], key=service_key, on_change=keep,
                format_func=lambda one: description(one).label,
            )  # fmt: skip
            chosen = description(st.session_state[service_key])
            st.caption(say(chosen.summary))
        with st.expander(
            say("What {place} can and cannot promise", place=say("this server") if chosen.kept_here else chosen.label),
            icon=":material/fact_check:",
            key=f"{key}.promises",
        ):
            show_promises(chosen)
    st.session_state[key] = chosen.id
    return chosen.id


def show_promises(one: Description) -> None:
    """Show what a provider's links can do, from its own description and the dated facts."""
    rows = [
        (text, _promise(one, capability, topic))
        for text, capability, topic in PROMISES
        if one.can_upload or capability != "can_revoke"
    ]
    marks: dict[str, str] = {YES: ":material/check:", SOME: ":material/help:", NO: ":material/close:"}
    st.markdown("\n".join(f"- {marks[answer]} {say(text)}: **{say(answer)}**" for text, answer in rows))
    st.markdown("\n".join(f"- {line}" for line in _facts(one)))
    if any(answer == SOME for _, answer in rows):
        st.caption(
            say(
                "“On some plans”: {place} gives it to some accounts only. You see what you got afterwards.",
                place=one.label,
            )
        )


def _promise(one: Description, capability: str, topic: str) -> str:
    if not getattr(one, capability):
        return NO
    return SOME if topic in one.on_some_plans else YES


def _facts(one: Description) -> list[str]:
    """Return lines from the fact tables, each with how sure it is; the photo's place is always removed before."""
    lines = [say("The place where a photo was taken is removed **here**, before any upload.")]
    try:
        facts = provider_facts(one.label)
    except FactProblem:
        return lines
    return lines + [_line(facts[name]) for name in FACTS if name != "location" and name in facts and facts[name].known]


def _line(fact: Fact) -> str:
    sure = "" if fact.confirmed else f" {say('We found no source for this.')}"
    note = f" {say(fact.note)}" if fact.note else ""
    text = say(fact.text) if fact.text.endswith((".", "!", "?")) else f"{say(fact.with_unit)}."
    return f"{say(fact.field.label)}: {text}{note}{sure}"
