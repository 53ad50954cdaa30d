"""The share host: its rooms put together. Pages and routes ask a room: `share.links.revoke(…)`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from lib.albums.admission import Admission
from lib.albums.albums import Albums
from lib.albums.answers import Answers
from lib.albums.clean_up import CleanUp
from lib.albums.clock import Clock
from lib.albums.happened import Happened
from lib.albums.host_key import keys_of
from lib.albums.host_password import HostPassword
from lib.albums.index import Index
from lib.albums.intake import Intake
from lib.albums.keys import Keys, hashed
from lib.albums.lighter import Lighter
from lib.albums.links import Links
from lib.albums.notifications import Notifications
from lib.albums.owner_cookie import OwnerCookies
from lib.albums.owners import Owners
from lib.albums.photo_store import PhotoStore
from lib.albums.photos import Photos
from lib.albums.problems import KeyBroken, KeyForeign, KeyLost
from lib.albums.remembered import Remembered
from lib.albums.reports import Reports
from lib.albums.reserve import Reserve
from lib.albums.security_log import Event, SecurityLog
from lib.albums.status import Status, read_status
from lib.albums.tickets import Tickets
from lib.albums.tokens import Tokens
from lib.albums.tombstones import Tombstones
from lib.albums.totals import Totals
from lib.albums.visits import Visits
from lib.settings import Settings


@dataclass
class Share:
    """Albums, photos and links of this server. Safe to use from many threads; every call names its owner first."""

    settings: Settings
    index: Index = field(repr=False)
    store: PhotoStore = field(repr=False)
    keys: Keys = field(repr=False)

    def __post_init__(self) -> None:
        index, store, keys, settings = self.index, self.store, self.keys, self.settings
        self.happened = Happened(index)
        self.security = SecurityLog(keys, addresses=settings.log_addresses, count=self.happened.count)
        self.totals = Totals(index, settings)
        self.reserve = Reserve(settings.data_dir)
        self.clock = Clock(index, lambda: self.security.tell(Event.CLOCK_JUMPED))
        tombstones = Tombstones(store)
        self.owners = Owners(index, keys, self.totals)
        self.cookies = OwnerCookies(keys, self.owners.was_here_before_seals)
        self.remembered = Remembered(index, keys, self.owners)
        self.albums = Albums(index, store, keys, self.owners, self.totals, self.remembered, settings)
        self.photos = Photos(index, store, keys, self.albums, self.totals, settings)
        self.intake = Intake(self.albums, self.photos, self.totals, settings)
        self.clean_up = CleanUp(
            index, store, tombstones, self.albums, self.photos, self.totals, self.reserve, self.clock, settings
        )
        self.admission = Admission(index, keys, self.owners, self.totals, self.security, settings)
        self.host_password = HostPassword(settings.host_password, keys, self.security)
        self.links = Links(
            index, store, tombstones, keys, self.owners, self.albums, settings,
            check_pace=self.admission.check_pace, sweep=self.clean_up.sweep,
        )  # fmt: skip
        self.tickets = Tickets(self.albums, keys, settings)
        self.tokens = Tokens(index, keys, self.owners, settings)
        self.visits = Visits(index, tombstones, self.happened)
        self.answers = Answers(index, self.owners, self.albums)
        self.notifications = Notifications(index, keys, self.owners, settings)
        self.reports = Reports(index, self.owners)
        self.lighter = Lighter(index, store, self.totals)

    def status(self) -> Status:
        """Return what this host keeps."""
        return read_status(self.index, self.totals, self.settings)

    def close(self) -> None:
        """Close the connections to the database."""
        self.index.close()


_opened: dict[str, Share] = {}
_opening = threading.Lock()


def open_share(settings: Settings) -> Share:
    """Return the share host of these settings: one in a process, with its database and its photo store."""
    name = repr(settings) + repr(settings.secret_key and hashed(settings.secret_key.get_secret_value()))
    with _opening:
        if name not in _opened:
            store = PhotoStore(settings.store_url, settings.photos_options)
            index = Index(settings.index_url, store, Reserve(settings.data_dir))
            try:
                _opened[name] = Share(settings, index, store, keys_of(index, settings))
            except BaseException as error:
                index.close()
                if isinstance(error, KeyLost | KeyBroken | KeyForeign):
                    SecurityLog(None).tell(Event.KEY_TROUBLE, detail=type(error).__name__)
                raise
        return _opened[name]
