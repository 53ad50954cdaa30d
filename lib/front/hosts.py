"""The names under which this server answers. Another name is somebody's trick, or a setting that is missing."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from lib.links.local_names import is_local_name


class Hosts:
    """Public address and further names from the settings; numbers and local names always.

    A page of another site can make its own name lead to an inner address (DNS rebinding) and so read what a person's
    own network shows. It cannot do that with a number, nor with a name that only this network gives out.
    """

    def __init__(self, public_url: str | None, further: Iterable[str] = ()) -> None:
        self._known = {name.lower().rstrip(".") for name in further}
        if public_url:
            self._known.add(urlsplit(public_url).hostname or "")

    def knows(self, header: str) -> bool:
        """Say whether a header Host names this server.

        >>> Hosts("https://photos.example.org").knows("photos.example.org:443")
        True
        >>> Hosts("https://photos.example.org").knows("photos.example.org.evil.net")
        False
        """
        try:
            name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if not name or header.strip() != header or any(sign in header for sign in "/@?#\\, "):
            return False
        return name in self._known or _is_number(name) or is_local_name(name)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
