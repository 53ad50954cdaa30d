"""Upload tickets: the signed, short-lived permission to add photos to one draft."""

from __future__ import annotations

from typing import Final

from lib.albums.drafts import Drafts
from lib.albums.keys import Keys
from lib.albums.problems import TicketRefused
from lib.settings import Settings

_TICKET_CHARS: Final = 1_000  # longer ones are not even read


class Tickets:
    """Writes and reads tickets. They hold the draft's id and its owner, boxed."""

    def __init__(self, drafts: Drafts, keys: Keys, settings: Settings) -> None:
        self._drafts = drafts
        self._keys = keys
        self._settings = settings

    def write(self, draft_id: str, owner: str) -> str:
        """Return the signed permission to add photos to a draft, as long as a draft lives. Raises `DraftGone`."""
        self._drafts.photos(draft_id, owner)
        return self._keys.sign("ticket", [draft_id, self._keys.box(owner)])

    def read(self, ticket: str) -> tuple[str, str]:
        """Return draft id and owner of a ticket. Raises `TicketRefused`."""
        value = self._keys.read("ticket", ticket, self._settings.draft_life_s) if len(ticket) < _TICKET_CHARS else None
        match value:
            case [str() as draft_id, str() as boxed] if (owner := self._keys.unbox(boxed)) is not None:
                return draft_id, owner
        raise TicketRefused
