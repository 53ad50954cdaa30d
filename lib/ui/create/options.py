"""The options of a link behind one line that says their sum. Each is kept with the album as soon as it is chosen."""

from __future__ import annotations

import functools
from typing import Final

import streamlit as st

from lib.albums import AlbumInfo, Share
from lib.albums.password_strength import Strength, strength
from lib.albums.wishes import MAX_NAME, MAX_PASSWORD, MAX_TITLE, MAX_VIEWS, MAX_WORDS
from lib.services.base import Description, LinkQuestion, Preview
from lib.settings import settings
from lib.ui.create.album import choose
from lib.ui.sheet import show_sheet
from lib.ui.text import say
from lib.uploads.options import (
    PREVIEWS,
    QUESTIONS,
    SIZES,
    VIEWS,
    life_text,
    lives,
    place_text,
    preview_text,
    question_text,
    size_text,
    summary,
    usual_life,
    views_text,
)

_LOCKS: Final = {Strength.EASY: "lock_open", Strength.FINE: "lock", Strength.HARD: "enhanced_encryption"}
_OTHER: Final = -1  # of the view limits: a number that is typed
_ANY: Final = 0  # no limit; Streamlit takes None for nothing chosen, and says so


def ask(share: Share, owner: str, info: AlbumInfo, place: Description) -> None:
    """Ask for title and words, for what this place can keep, and for what comes before: size and way of picking."""
    keep = functools.partial(choose, share, owner)
    st.text_input(
        say("Title (optional)"), max_chars=MAX_TITLE, placeholder=say("Saturday at the lake"), live=True,
        help=say("The person who opens the link sees it above the photos."),
        key="create.title", on_change=keep, args=("title", "create.title"),
    )  # fmt: skip
    st.text_area(
        say("A few words (optional)"), max_chars=MAX_WORDS, height=80,
        placeholder=say("The one with the dog is my favourite."),
        key="create.words", on_change=keep, args=("words", "create.words"),
    )  # fmt: skip
    if place.can_expire:
        st.selectbox(
            say("The link works for"), _lives(), format_func=lambda life: life_text(life, say),
            key="create.life", on_change=keep, args=("life_s", "create.life"),
        )  # fmt: skip
    if place.can_password:
        _ask_password(share, owner, info, place)
    if place.can_limit_views:
        _ask_views(share, owner)
    if place.can_block_download:
        st.toggle(
            say("Show a save button"), help=say("Without it the photos can still be screenshot."),
            key="create.download", on_change=keep, args=("allow_download", "create.download"),
        )  # fmt: skip
    if place.can_preview:
        st.radio(
            say("Preview in chats"), [preview.value for preview in PREVIEWS], horizontal=True,
            format_func=lambda preview: preview_text(Preview(preview), say),
            help=say("What the chat app may show beside the link. Previews that it already made cannot be taken back."),
            key="create.preview", on_change=keep, args=("preview", "create.preview"),
        )  # fmt: skip
    if place.can_ask:
        st.selectbox(
            say("Ask a question"), [question.value for question in QUESTIONS],
            format_func=lambda question: question_text(LinkQuestion(question), say),
            help=say("People answer on the page, without an account. You read it under My links."),
            key="create.question", on_change=keep, args=("question", "create.question"),
        )  # fmt: skip
    if place.can_count_views:
        st.text_input(
            say("Your own name for this link (optional)"), max_chars=MAX_NAME, placeholder=say("For Ana"), live=True,
            help=say("Only you see it, under My links."),
            key="create.name", on_change=keep, args=("name", "create.name"),
        )  # fmt: skip
    if place.kept_here:
        show_sheet(share, owner, info.id)
    st.radio(
        say("Photo size"), list(SIZES), horizontal=True, format_func=lambda name: size_text(name, say),
        help=say("The longest side. Photos are never enlarged. It holds for photos that you pick from now on."),
        key="create.size", on_change=keep, args=("size", "create.size"),
    )  # fmt: skip
    st.toggle(
        say("Use the simple picker"), key="create.simple",
        help=say("When picking does not work in your browser. Photos are then cleaned on the server."),
    )  # fmt: skip


def sum_of(info: AlbumInfo, place: Description) -> str:
    """Return the line that says the sum of all options."""
    return summary(
        info.choices,
        settings=settings(),
        place=place_text(place, say),
        can=lambda what: bool(getattr(place, what)),
        say=say,
    )


def _lives() -> list[int]:
    """Return what can be chosen: the usual lives, and the one that was chosen before, where it is another."""
    known = list(lives(settings()))
    if st.session_state["create.life"] is None:
        st.session_state["create.life"] = usual_life(settings())
    chosen = st.session_state["create.life"]
    return known if chosen in known else sorted([*known, chosen])


def _ask_password(share: Share, owner: str, info: AlbumInfo, place: Description) -> None:
    """Ask for a password, or say that one is set. Only its hash is kept: it cannot be shown again after a reload."""
    typed = st.session_state["create.password"]
    if info.choices.has_password and not typed and not st.session_state["create.new_password"]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/lock: {say('A password is set.')}", width="stretch")
            st.button(say("Change it"), on_click=_new_password, key="create.password_change")
            st.button(
                say("Remove it"), on_click=_no_password, args=(share, owner), key="create.password_remove",
            )  # fmt: skip
        if not place.kept_here:
            st.warning(
                say("{place} needs the password itself: please type it once more.", place=place.label),
                icon=":material/password:",
            )
        return
    st.text_input(
        say("Password (optional)"), max_chars=MAX_PASSWORD, autocomplete="off", key="create.password", live="400ms",
        help=say("You see what you type: you have to pass it on, another way than the link."),
        on_change=choose, args=(share, owner, "password", "create.password"),
    )  # fmt: skip
    if wrong := st.session_state["create.unkept"].get("password"):
        st.error(say(wrong), icon=":material/lock_open:")
    elif typed:
        st.caption(strength_text(typed))


def _new_password() -> None:
    st.session_state["create.new_password"] = True


def _no_password(share: Share, owner: str) -> None:
    st.session_state["create.password"] = ""
    choose(share, owner, "password", "create.password")


def _ask_views(share: Share, owner: str) -> None:
    chosen = st.session_state["create.views"]
    other = chosen is not None and chosen not in VIEWS
    st.session_state.setdefault("create.views_choice", _OTHER if other else chosen or _ANY)

    def take() -> None:
        choice = st.session_state["create.views_choice"]
        st.session_state["create.views"] = (chosen or VIEWS[0]) if choice == _OTHER else choice or None
        choose(share, owner, "max_views", "create.views", empty=None)

    st.selectbox(
        say("Disappears after"), [_ANY, *VIEWS, _OTHER], key="create.views_choice", on_change=take,
        format_func=lambda one: say("Another number") if one == _OTHER else _limit(one),
        help=say("A view is one visit to the album. A preview in a chat never counts."),
    )  # fmt: skip
    if st.session_state["create.views_choice"] == _OTHER:
        st.number_input(
            say("Number of views"), min_value=1, max_value=MAX_VIEWS, step=1, key="create.views",
            on_change=choose, args=(share, owner, "max_views", "create.views"), kwargs={"empty": None},
        )  # fmt: skip


def _limit(limit: int) -> str:
    return views_text(limit, say) if limit else say("No limit")


def strength_text(password: str) -> str:
    """Say how hard a password is to guess."""
    text = {
        Strength.EASY: say("Easy to guess. Three words that do not belong together are better."),
        Strength.FINE: say("Fine for a link: guessing gets slower with each try."),
        Strength.HARD: say("Hard to guess."),
    }
    found = strength(password)
    return f":material/{_LOCKS[found]}: {text[found]}"
