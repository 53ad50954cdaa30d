"""Who may create links on this host, and how fast."""

from __future__ import annotations

from time import time
from typing import Final, Literal

import sqlalchemy as sa

from lib.albums.guesses import HostGuard
from lib.albums.index import Index
from lib.albums.keys import Keys
from lib.albums.owners import Owners
from lib.albums.problems import MayNotCreate, TooFast
from lib.albums.tables import links
from lib.links.reach import Reach, reach
from lib.settings import Settings
from lib.text.later import later

HOUR_S: Final = 3_600


class Admission:
    """Asks for what the host chose: nothing, a password, or a sign-in; and counts links by the hour."""

    def __init__(self, index: Index, keys: Keys, owners: Owners, settings: Settings) -> None:
        self._index = index
        self._keys = keys
        self._owners = owners
        self._settings = settings
        self._guard = HostGuard()

    @property
    def rule(self) -> Literal["anyone", "password", "signed_in"]:
        """Who may create links on this host."""
        return self._settings.who_may_create or "anyone"

    @property
    def choice_missing(self) -> bool:
        """The app is on a public address and its host never said who may create links."""
        return self._settings.who_may_create is None and is_public(self._settings.public_url)

    def check(
        self, owner: str, *, signed_in: bool = False, password: str | None = None, address: str | None = None
    ) -> None:
        """Raise `MayNotCreate`, `GuessedTooOften` or `TooFast` when this visitor may not create a link now.

        `address` is where the password comes from: wrong ones make it wait.
        """
        if self.rule == "signed_in" and not signed_in:
            raise MayNotCreate(later("Only people who are signed in create links here."), fix=later("Sign in first."))
        if self.rule == "password":
            wanted = self._settings.access_password
            if wanted is None:
                raise MayNotCreate(
                    later("The host asks for a password but has set none."),
                    fix=later("Tell the person who runs this app to set access_password."),
                )
            right = wanted.get_secret_value()
            if not password or not self._guard.allows(
                owner, address or "", password, lambda typed: self._keys.same(typed, right)
            ):
                raise MayNotCreate(
                    later("This needs the password of this app."), fix=later("Ask the person who runs it.")
                )
        self.check_pace(self._owners.person(owner))

    def check_pace(self, person: str) -> None:
        """Raise `TooFast` when a person made as many links in the last hour as this host allows."""
        made = self._index.value(
            sa.select(sa.func.count()).where(links.c.person == person, links.c.created_at > time() - HOUR_S)
        )
        if made >= self._settings.links_per_hour:
            raise TooFast(
                later(
                    "{made} links were made in the last hour; {links_per_hour} is the limit.",
                    made=made,
                    links_per_hour=self._settings.links_per_hour,
                )
            )


def is_public(url: str | None) -> bool:
    """Say whether an address is one that strangers reach: not this computer, not a private network."""
    try:
        return url is not None and reach(url) is Reach.ANYWHERE
    except ValueError:
        return False
