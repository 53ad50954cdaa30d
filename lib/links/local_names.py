"""Host names that mean something only on one computer or inside one network. The one list of them."""

from __future__ import annotations

import csv
import functools
import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).with_suffix(".csv")
SPEAKING: Final = TABLE.with_name("speaking_names.csv")


class Reach(StrEnum):
    """Who can reach an address."""

    THIS_COMPUTER = "this_computer"
    THIS_NETWORK = "this_network"
    ANYWHERE = "anywhere"


@functools.cache
def local_endings() -> dict[str, Reach]:
    """Return the endings of local names (`local`, `home.arpa`) and how far each reaches. Source and date: the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["ending"]: Reach(row["reach"]) for row in csv.DictReader(file)}


@functools.cache
def local_name_pattern() -> re.Pattern[str]:
    """Return a pattern for a dotted local name as people type it: `nas.local`, `photos.corp`. A single word is none."""
    endings = "|".join(re.escape(ending) for ending in local_endings())
    return re.compile(rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{endings})", re.IGNORECASE)


@functools.lru_cache(maxsize=4_096)
def name_reach(host: str) -> Reach:
    """Tell who can reach a host by this name, from its text alone. For numeric addresses see `lib.links.reach`."""
    name = host.rstrip(".").lower()
    for ending, reach in local_endings().items():
        if name == ending or name.endswith(f".{ending}"):
            return reach
    return Reach.ANYWHERE if "." in name else Reach.THIS_NETWORK


def is_local_name(host: str) -> bool:
    """Whether a host name means something only inside one network: `nas`, `printer.local`, `localhost`."""
    return name_reach(host) is not Reach.ANYWHERE


# A numeric address inside a name that answers with it: 192-168-178-15.….direct.quickconnect.to, 10.0.0.5.nip.io.
_NUMBERS: Final = re.compile(r"(?:^|[.-])(\d{1,3})[-.](\d{1,3})[-.](\d{1,3})[-.](\d{1,3})(?=[.-])")


@functools.cache
def _speaking_hosts() -> tuple[str, ...]:
    with SPEAKING.open(encoding="utf-8", newline="") as file:
        return tuple(row["ending"] for row in csv.DictReader(file))


def names_inner_address(host: str) -> bool:
    """Whether a public name stands for an address that is only reachable inside one network."""
    if not host.endswith(_speaking_hosts()):
        return False
    found = _NUMBERS.search(host)
    try:
        return found is not None and ipaddress.ip_address(".".join(found.groups())).is_private
    except ValueError:
        return False
