"""Where the link doctor may go: rules for a web address as text, and for every address behind its name.

Two gates. `web_address` reads a link as a browser does and refuses what is not plainly a public web address.
`may_connect` decides about the numeric address itself and is asked at the moment a socket is made, so that neither a
literal, nor a name that changes its answer, nor a redirect gets around it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

import ada_url
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Policy, Reach

from lib.links.local_names import is_local_name

MAX_URL_CHARS: Final = 8_192  # where nginx, Apache and IIS stop reading a request line
_WEB: Final = {"http": 80, "https": 443}
WEB_PORTS: Final = frozenset(_WEB.values())
# Ports that home servers with a public name commonly use: Nextcloud and others behind a second web server, PhotoPrism,
# Synology, Immich and its public proxy. A verdict names such a port, because some mobile networks block it.
SELF_HOSTED_PORTS: Final = frozenset({444, 2283, 2342, 3000, 4443, 5000, 5001, 8080, 8081, 8443, 8444, 9443})
PORTS: Final = WEB_PORTS | SELF_HOSTED_PORTS

# What ssrfguard's table permits and a link doctor has no business with: it goes where recipients go.
_EXTRA: Final = (
    ("168.63.129.16/32", "Azure's in-machine service"),
    ("::/96", "IPv4-compatible (deprecated)"),
    ("::ffff:0:0:0/96", "IPv4-translated (SIIT)"),
    ("2002::/16", "6to4 (deprecated)"),
    ("2001::/23", "IETF protocol assignments"),
    ("2001::/32", "Teredo"),
    ("192.0.0.0/24", "IETF protocol assignments"),
    ("100.100.100.200/32", "Alibaba Cloud metadata"),
    ("fd00:ec2::254/128", "AWS metadata over IPv6"),
)


def _table() -> AddressTable:
    """Return the table of ssrfguard with our own rows, and without its exceptions for anycast services."""
    blocks = {
        block.network: Block(block.network, block.name, block.rfc, Reach.DENIED, block.note)
        if block.reach is Reach.PERMITTED
        else block
        for block in DEFAULT_DENIED.blocks
    }
    for cidr, name in _EXTRA:
        network = ip_network(cidr)
        blocks[network] = Block(network, name, "our own rule", Reach.DENIED)
    return AddressTable(tuple(blocks.values()))


POLICY: Final = Policy(denied_networks=_table())


@functools.lru_cache(maxsize=4_096)
def may_connect(address: str) -> bool:
    """Whether a numeric address is an ordinary public one. False for anything that cannot be read."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if parsed.version == 6 and parsed.scope_id:  # noqa: PLR2004 - the IP version
        return False
    return POLICY.permits_address(parsed)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A link that may be asked, as a browser reads it."""

    href: str = field(repr=False)  # without the part after #, which a browser never sends
    scheme: str
    host: str  # lower case, punycode; IPv6 in brackets
    port: int
    origin: str  # scheme, host and, where it is not the usual one, port
    fragment: str = field(default="", repr=False)  # the part after #

    @property
    def path_and_query(self) -> str:
        """What stands behind the origin: a path that begins with / and, behind a ?, the query."""
        return self.href[len(self.origin) :]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a link is not asked. `kind` is "unsafe_url", "local_only" or "not_web"."""

    kind: str
    text: str


# A web address as ada writes it: one spelling, lower case, always with a path, no user name before the host. Reading
# its parts out of this spelling is several times faster than asking ada for one after the other, and as exact.
_HREF = re.compile(r"((https?)://(\[[0-9a-f:.]+\]|[^/:@\[\]]+)(?::(\d+))?)/")
_WRITTEN_HOST = re.compile(r"^\s*[a-z]+:[/\\]*([^/\\?#:]*)", re.IGNORECASE)
_IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+")


def web_address(url: str, allow_origins: frozenset[str] = frozenset()) -> WebAddress | Refusal:
    """Read a link as a browser does and decide whether it may be asked at all. Looks nothing up, never raises.

    `allow_origins` are exact origins (`https://photos.example.org`) of this app itself: for them the rules about
    ports and inner networks are lifted, nothing else.
    """
    if len(url) > MAX_URL_CHARS:
        return Refusal("unsafe_url", f"The link is {len(url):,} characters long; no web server reads that much.")
    try:
        href = ada_url.URL(url).href
    except (ValueError, UnicodeError):
        return Refusal("unsafe_url", "A browser cannot read this as a web address.")
    parts = _HREF.match(href)
    if parts is None:
        return _refuse_form(href)
    origin, scheme, host, port = parts.groups()
    sent, _, fragment = href.partition("#")
    address = WebAddress(sent, scheme, host, int(port) if port else _WEB[scheme], origin, fragment)
    if address.origin in allow_origins:
        return address
    return _refuse_host(url, address) or address


def _refuse_form(href: str) -> Refusal:
    scheme = href.partition(":")[0]
    if scheme not in _WEB:
        return Refusal("not_web", f"It starts with {scheme[:20]}: and not with https:, so it is not a web link.")
    return Refusal("unsafe_url", "It carries a user name or a password before an @. Such links are often a trick.")


def _refuse_host(url: str, address: WebAddress) -> Refusal | None:
    host = address.host
    literal = host.strip("[]") if host.startswith("[") else host if _IPV4.fullmatch(host) else ""
    if literal:
        if not may_connect(literal):
            return Refusal("local_only", f"{host} is an address inside a network, not one on the internet.")
        written = _WRITTEN_HOST.match(url)
        if not host.startswith("[") and (written is None or written[1] != host):
            return Refusal("unsafe_url", "It hides a numeric address in an unusual spelling.")
    elif is_local_name(host):
        return Refusal("local_only", f"{host[:80]} is a name that works only inside one network.")
    if address.port not in PORTS:
        return Refusal("unsafe_url", f"It names port {address.port}, where photo links do not live.")
    return None


def host_matches(host: str, patterns: tuple[str, ...]) -> bool:
    """Whether a host is one of `patterns`: exact names, or `*.example.org` for every name below."""
    return any(
        pattern == "*" or (host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern)
        for pattern in patterns
    )
