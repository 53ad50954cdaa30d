"""From where can an address be reached at all? Told from its text alone; nothing is asked of the network."""

from __future__ import annotations

import ipaddress
import socket
from enum import StrEnum

import ada_url

_LOCAL_ENDINGS = (".local", ".lan", ".home.arpa", ".internal", ".localhost", ".home", ".fritz.box")


class Reach(StrEnum):
    """Who can reach an address."""

    THIS_COMPUTER = "this_computer"
    THIS_NETWORK = "this_network"
    ANYWHERE = "anywhere"


def reach(address: str) -> Reach:
    """Tell who can reach this http(s) address. Raises ValueError where it is not an address."""
    host = ada_url.URL(address).hostname.strip("[]").rstrip(".").lower()
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith(".localhost"):
            return Reach.THIS_COMPUTER
        return Reach.THIS_NETWORK if "." not in host or host.endswith(_LOCAL_ENDINGS) else Reach.ANYWHERE
    if ip.is_loopback:
        return Reach.THIS_COMPUTER
    return Reach.ANYWHERE if ip.is_global else Reach.THIS_NETWORK


def address_in_this_network() -> str | None:
    """Return this computer's own address in its network, or None. Sends nothing: a UDP connect only picks a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # TEST-NET-1 of RFC 5737, which belongs to nobody
            own = str(sock.getsockname()[0])
        except OSError:
            return None
    ip = ipaddress.ip_address(own)
    return own if ip.is_private and not ip.is_loopback else None
