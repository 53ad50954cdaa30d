"""Who is visiting, and at which address."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from lib.links.reach import Reach, address_in_this_network, reach
from lib.services.access import is_this_computer
from lib.settings import below, settings
from lib.tunnels import public_base

_LOCAL = "http://localhost:8501"


def base_url() -> str:
    """Return the address before `/s/…` of links made here: the public one, or the one that this browser used."""
    if public := public_base(settings()):
        return public
    parts = urlsplit(st.context.url or _LOCAL)
    return f"{parts.scheme}://{parts.netloc}"


def served(address: str) -> str:
    """Return the whole address of a file of this server, as this browser reaches it."""
    parts = urlsplit(st.context.url or _LOCAL)
    return f"{parts.scheme}://{parts.netloc}{below()}/{address}"


def with_own_addresses(text: str) -> str:
    """Return markdown whose links begin with "/" as links to this app, wherever it lives."""
    return text.replace("](/", f"]({below()}/")


def own_origins() -> frozenset[str]:
    """Return the addresses of this app that a check may open although they are inside a network.

    Only what the host set, or this very process: never what a visitor's browser says.
    """
    if public := settings().public_origin:
        return frozenset({public})
    port = int(config.get_option("server.port"))
    tunnel = public_base(settings())
    hosts = ["localhost", "127.0.0.1"]
    if not is_this_computer(bound_address()) and (own := address_in_this_network()):
        hosts.append(own)
    return frozenset({f"http://{host}:{port}" for host in hosts} | ({tunnel} if tunnel else set()))


def meeting(url: str) -> str:
    """Return the address at which a check opens a link of this server.

    The link itself, unless it names an inner address that is not known to be ours (the browser said so): then the same
    page of this process, on this computer.
    """
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" in own_origins() or reach(url) is Reach.ANYWHERE:
        return url
    return parts._replace(scheme="http", netloc=f"127.0.0.1:{config.get_option('server.port')}").geturl()


def bound_address() -> str | None:
    """Return the address that the server listens on; None for every one."""
    address = config.get_option("server.address")
    return str(address) if address else None


def sits_here() -> bool:
    """Whether this browser runs on the computer of the app itself, and the app is open to nobody else by its settings.

    Then the visitor is the host: what concerns the whole computer may be asked of them.
    """
    if settings().public_url or settings().trusted_proxies or st.context.ip_address is not None:
        return False
    host = urlsplit(f"//{st.context.headers.get('Host', '')}").hostname
    return host is not None and reach(f"http://{host}") is Reach.THIS_COMPUTER
