"""A password that the host chose: for creating links here, or for the host's own page. Guesses have to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.albums.guesses import HostGuard
from lib.albums.keys import Keys
from lib.albums.problems import GuessedTooOften
from lib.albums.security_log import Event, SecurityLog

if TYPE_CHECKING:
    from pydantic import SecretStr


class HostPassword:
    """One such password, and who guesses at it. Safe to use from several threads."""

    def __init__(self, wanted: SecretStr | None, keys: Keys, security: SecurityLog) -> None:
        self._wanted = wanted
        self._keys = keys
        self._security = security
        self._guard = HostGuard()

    @property
    def is_set(self) -> bool:
        """Whether the host chose one."""
        return self._wanted is not None

    @property
    def mark(self) -> str:
        """What somebody who knew it may keep instead of it; another password has another mark. Empty where none is."""
        return self._keys.hash_of("host_password", self._wanted.get_secret_value()) if self._wanted else ""

    def fits(self, visitor: str, typed: str, address: str | None) -> bool:
        """Compare what a visitor typed, who comes from `address`. Raises `GuessedTooOften` while they have to wait."""
        if self._wanted is None or not typed:
            return False
        right = self._wanted.get_secret_value()
        try:
            fits = self._guard.allows(visitor, address or "", typed, lambda one: self._keys.same(one, right))
        except GuessedTooOften:
            self._security.tell(Event.HOST_GUESSED, address, "has to wait")
            raise
        if not fits:
            self._security.tell(Event.UNDER_ATTACK if self._guard.under_attack else Event.HOST_GUESSED, address)
        return fits
