"""Who may create links on this host, and how fast."""

from __future__ import annotations

from time import time
from typing import Final, Literal

import sqlalchemy as sa

from lib.albums.host_password import HostPassword
from lib.albums.index import Index
from lib.albums.keys import Keys
from lib.albums.owners import Owners
from lib.albums.problems import MayNotCreate, TooFast
from lib.albums.security_log import Event, SecurityLog
from lib.albums.tables import links
from lib.albums.totals import Totals
from lib.links.reach import Reach, reach
from lib.settings import Settings
from lib.text.later import later

HOUR_S: Final = 3_600


class Admission:
    """Asks for what the host chose: nothing, a password, or a sign-in; and counts links by the hour."""

    def __init__(
        self, index: Index, keys: Keys, owners: Owners, totals: Totals, security: SecurityLog, settings: Settings
    ) -> None:
        self._index = index
        self._keys = keys
        self._owners = owners
        self._totals = totals
        self._security = security
        self._settings = settings
        self._password = HostPassword(settings.access_password, keys, security)

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
            if not self._password.is_set:
                raise MayNotCreate(
                    later("The host asks for a password but has set none."),
                    fix=later("Tell the person who runs this app to set access_password."),
                )
            if not self._password.fits(owner, password or "", address):
                raise MayNotCreate(
                    later("This needs the password of this app."), fix=later("Ask the person who runs it.")
                )
        try:
            self.check_pace(self._owners.person(owner), self._keys.network_mark(address or ""))
        except TooFast:
            self._security.tell(Event.LINKS_TOO_FAST, address)
            raise

    def check_pace(self, person: str, network: str | None = None) -> None:
        """Raise `TooFast` when a person, or new visitors of a network, made as many links as an hour may bring."""
        lately = links.c.created_at > time() - HOUR_S
        made = self._index.value(sa.select(sa.func.count()).where(links.c.person == person, lately))
        if network is not None and self._totals.is_new(person):
            together = self._index.value(sa.select(sa.func.count()).where(links.c.network == network, lately))
            if together >= self._settings.network_links_per_hour:
                raise TooFast(
                    later(
                        "New visitors from your network made {made} links in the last hour; {most} is the limit.",
                        made=together, most=self._settings.network_links_per_hour,
                    )
                )  # fmt: skip
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
