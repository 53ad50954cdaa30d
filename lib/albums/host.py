"""The share host: its rooms put together, with one door to each thing that pages and routes ask for."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from lib.albums.admission import Admission
from lib.albums.albums import Albums
from lib.albums.clean_up import CleanUp
from lib.albums.drafts import Drafts
from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, open_keys
from lib.albums.links import Links
from lib.albums.owners import Owners
from lib.albums.photo_store import PhotoStore
from lib.albums.quota import Quota
from lib.albums.remembered import Remembered
from lib.albums.reports import Reports
from lib.albums.status import Status, read_status
from lib.albums.tickets import Tickets
from lib.albums.visits import Visits
from lib.settings import Settings


@dataclass
class Share:
    """Drafts, albums and links of this server. Safe to use from many threads; every call names its owner."""

    settings: Settings
    index: Index = field(repr=False)
    store: PhotoStore = field(repr=False)
    keys: Keys = field(repr=False)

    def __post_init__(self) -> None:
        index, store, keys, settings = self.index, self.store, self.keys, self.settings
        self.owners = owners = Owners(index, keys)
        self.quota = quota = Quota(index, settings)
        self.drafts = Drafts(index, store, owners, quota, settings)
        self.reports = Reports(index)
        admission = Admission(index, keys, owners, settings)
        clean_up = CleanUp(index, store, self.drafts, settings)
        albums = Albums(index, store, owners, quota, settings)
        links = Links(index, keys, owners, settings, check_pace=admission.check_pace, sweep=clean_up.sweep)
        remembered = Remembered(index, keys, owners)
        tickets = Tickets(self.drafts, keys, settings)
        visits = Visits(index)

        # Whose links they are
        self.recovery_code = owners.recovery_code
        self.recover = owners.recover
        self.owner_for_account = owners.owner_for_account
        self.claim = owners.claim
        # Who may create
        self.creation_rule = admission.rule
        self.choice_missing = admission.choice_missing
        self.check_may_create = admission.check
        self.may_create = admission.may_create
        # Uploads
        self.ticket = tickets.write
        self.draft_of_ticket = tickets.read
        # Albums
        self.create_album = albums.create
        self.thumbnail = albums.thumbnail
        self.photo = albums.photo
        # Links
        self.create_link = links.create
        self.links = links.all
        self.link = links.get
        self.link_of_path = links.of_path
        self.change_link = links.change
        self.revoke = links.revoke
        self.revoke_all = links.revoke_all
        self.revoke_as_host = links.revoke_as_host
        self.undo_revoke = links.undo
        self.addresses = links.addresses
        # Links at other providers
        self.remember_link = remembered.add
        self.remembered_links = remembered.all
        self.mark_revoked = remembered.mark_revoked
        self.forget_link = remembered.forget
        # What strangers' requests ask
        self.find = visits.find
        self.photos_of = visits.photos_of
        self.photo_of = visits.photo_of
        self.spend_view = visits.spend
        self.count_bot = visits.count_bot
        self.count_own_look = visits.count_own_look
        self.count_wrong_password = visits.count_wrong_password
        # For the host
        self.sweep = clean_up.sweep

    def status(self) -> Status:
        """Return what this host keeps."""
        return read_status(self.index, self.settings)

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
            keys = open_keys(settings)
            store = PhotoStore(settings.store_url, settings.photos_options)
            _opened[name] = Share(settings, Index(settings.index_url), store, keys)
        return _opened[name]
