"""Upload tickets: the signed, short-lived permission to add photos to one album."""

from __future__ import annotations

from typing import Final

from lib.albums.albums import Albums
from lib.albums.keys import Keys
from lib.albums.problems import TicketRefused
from lib.settings import Settings

_TICKET_CHARS: Final = 1_000  # longer ones are not even read


class Tickets:
    """Writes and reads tickets. They hold the album's id and its owner, boxed."""

    def __init__(self, owners_albums: Albums, keys: Keys, settings: Settings) -> None:
        self._albums = owners_albums
        self._keys = keys
        self._settings = settings

    def write(self, owner: str, album_id: str) -> str:
        """Return the signed permission to change an album's photos, as long as a draft lives. Raises `DraftGone`."""
        self._albums.check(owner, album_id)
        return self._keys.sign("ticket", [album_id, self._keys.box(owner)])

    def read(self, ticket: str) -> tuple[str, str]:
        """Return owner and album id of a ticket. Raises `TicketRefused`."""
        value = self._keys.read("ticket", ticket, self._settings.draft_life_s) if len(ticket) < _TICKET_CHARS else None
        match value:
            case [str() as album_id, str() as boxed] if (owner := self._keys.unbox(boxed)) is not None:
                return owner, album_id
        raise TicketRefused
