"""Signing in with a provider by Streamlit's own sign-in, or using the host's account on a private installation."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.services.access import Credentials, may_use_host_account
from lib.services.base import Description
from lib.services.registry import host_credentials, is_set_up
from lib.settings import settings
from lib.ui.providers import parking
from lib.ui.providers.setup import host_setup
from lib.ui.text import escape_markdown, say
from lib.ui.visit import bound_address

_SHARED = ("redirect_uri", "cookie_secret")
_OWN = ("client_id", "client_secret", "server_metadata_url")


def sign_ins() -> frozenset[str]:
    """Return the names of the complete `[auth.<name>]` tables in secrets.toml that hand out the access token."""
    auth = _auth_table()
    exposed = auth.get("expose_tokens", ())
    exposed = [exposed] if isinstance(exposed, str) else exposed
    if not all(auth.get(name) for name in _SHARED) or "access" not in exposed:
        return frozenset()
    return frozenset(
        name for name, table in auth.items() if hasattr(table, "get") and all(table.get(one) for one in _OWN)
    )


def _auth_table() -> dict[str, Any]:
    try:
        return dict(st.secrets.get("auth", {}))
    except FileNotFoundError:
        return {}


def set_up(one: Description) -> bool:
    """Return whether the host has done what a provider needs."""
    allowed = may_use_host_account(settings(), bound_address())
    return is_set_up(one.id, settings(), sign_ins(), host_account=allowed)


def credentials_for(one: Description) -> Credentials | None:
    """Return what opens this visitor's account: their own sign-in, or the host's where that is allowed."""
    user = st.user.to_dict()
    if user.get("is_logged_in") and user.get("provider") == one.sign_in:
        token = st.user.tokens.get("access", "")
        if token:
            return Credentials("visitor", access_token=token)
    if may_use_host_account(settings(), bound_address()):
        return host_credentials(one.id, settings())
    return None


def sign_in_panel(one: Description) -> Credentials | None:
    """Draw who is signed in with a provider, or a button to do so. Returns None until somebody is."""
    if not one.needs_sign_in:
        return None
    if not set_up(one):
        host_setup(one)
        return None
    found = credentials_for(one)
    if found is not None and not st.session_state["providers.ended"].get(one.id):
        if found.whose == "host":
            uses = say("Uses the {place} of the person who runs this app.", place=one.label)
            st.caption(f":material/badge: {uses}")
        else:
            _signed_in(one)
        return found
    _sign_in(one, again=found is not None)
    return None


def sign_in_ended(provider_id: str) -> None:
    """Remember that a provider no longer takes the sign-in, so that the panel offers a new one."""
    st.session_state["providers.ended"] = st.session_state["providers.ended"] | {provider_id: True}


def _signed_in(one: Description) -> None:
    user = st.user.to_dict()
    who = escape_markdown(str(user.get("email") or user.get("name") or say("your account")))
    signed_in = say("Signed in with {place} as **{who}**", place=one.label, who=who)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/check_circle: {signed_in}", width="stretch")
        st.button(
            say("Sign out"), on_click=_leave, key=f"providers.out.{one.id}", icon=":material/logout:", type="tertiary",
        )  # fmt: skip


def _sign_in(one: Description, *, again: bool) -> None:
    other = st.user.to_dict().get("provider")
    if other and not again:
        st.caption(
            say("You are signed in with another service. Signing in with {place} takes its place.", place=one.label)
        )
    st.button(
        say("Sign in with {place} again", place=one.label) if again else say("Sign in with {place}", place=one.label),
        on_click=_go, args=(one.sign_in,),
        key=f"providers.in.{one.id}", icon=":material/login:", type="primary", width="stretch",
    )  # fmt: skip
    st.caption(
        say(
            "{place} asks you on its own page, and lets this app work with its own photos only. Your photos and words "
            "wait here meanwhile; a password has to be typed again.",
            place=one.label,
        )
    )


def _go(name: str) -> None:
    parking.park()
    st.session_state["providers.ended"] = {}
    st.login(name)


def _leave() -> None:
    parking.park()
    st.logout()
