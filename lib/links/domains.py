"""To whom a host name belongs: the part of it that somebody registered, by the public suffix list.

The list comes with the library and is read from there; nothing is asked of the network.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from publicsuffixlist import PublicSuffixList

_NUMERIC: Final = re.compile(r"[\d.]+|\[?[0-9a-f:.]*:[0-9a-f:.]*\]?")


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


@functools.lru_cache(maxsize=4_096)
def registrable(host: str) -> str:
    """Return the registered domain of a host (`example.co.uk` of `a.example.co.uk`).

    A numeric address, a public suffix itself and a single word are returned as they are.
    """
    name = host.rstrip(".").lower()
    if _NUMERIC.fullmatch(name):
        return name
    return str(_suffixes().privatesuffix(name) or name)


def is_public_suffix(domain: str) -> bool:
    """Whether everybody may register a name below this one: `com`, `co.uk`, `github.io`."""
    return bool(_suffixes().is_public(domain.rstrip(".").lower()))
