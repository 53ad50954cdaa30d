"""Who is visiting, and at which address."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from lib.settings import settings

_LOCAL = "http://localhost:8501"


def base_url() -> str:
    """Return the address before `/s/…` of links made here: the setting, or the one that this browser used."""
    if public := settings().public_url:
        return public
    parts = urlsplit(st.context.url or _LOCAL)
    return f"{parts.scheme}://{parts.netloc}"


def bound_address() -> str | None:
    """Return the address that the server listens on; None for every one."""
    address = config.get_option("server.address")
    return str(address) if address else None
