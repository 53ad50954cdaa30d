"""From where can an address be reached at all? Told from its text alone; nothing is asked of the network."""

from __future__ import annotations

import ipaddress
import socket

import ada_url

from lib.links.guard import may_connect
from lib.links.local_names import Reach, name_reach

__all__ = ["Reach", "address_in_this_network", "reach"]


def reach(address: str) -> Reach:
    """Tell who can reach this http(s) address. Raises ValueError where it is not an address."""
    host = ada_url.URL(address).hostname.strip("[]").rstrip(".").lower()
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return name_reach(host)
    if ip.is_loopback:
        return Reach.THIS_COMPUTER
    return Reach.ANYWHERE if may_connect(host) else Reach.THIS_NETWORK


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
