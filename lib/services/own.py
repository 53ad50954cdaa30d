"""What belongs to whoever runs commands, scripts and notebooks on this computer: their links, made and taken back."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import cast

from lib.albums import LinkState, Share, open_share
from lib.links.now import now
from lib.links.stranger import Closed, closed, gone
from lib.photos import PreparedPhoto
from lib.services.access import Visit
from lib.services.base import Album, AlbumPhoto, OnProgress, Provider, Revokes, SharedLink, Wishes, no_progress
from lib.services.registry import description, host_credentials, open_provider
from lib.settings import origin_of, settings
from lib.tunnels import public_base

_CLOSED_ELSEWHERE = frozenset({400, 401, 403, 409})  # how other services answer for a link that was taken back
_LOCAL = "http://localhost:8501"  # where `make run` serves the app


def owner() -> str:
    """Return the secret that owns what is made here; made once, readable for its user only."""
    path = settings().data_dir / "cli-owner"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text().strip()


def base() -> str:
    """Return the address of this computer's app."""
    return public_base(settings()) or _LOCAL


def origins() -> frozenset[str]:
    """Return what a check may open as this computer's own app."""
    return frozenset({origin_of(base())})


def share() -> Share:
    """Return the share host of this computer."""
    return open_share(settings())


def as_album_photo(name: str, photo: PreparedPhoto) -> AlbumPhoto:
    """Return a clean photo in the shape that goes into an album."""
    return AlbumPhoto(name, photo.media_type, photo.width, photo.height, len(photo.data), partial(_data, photo))


def upload(
    to: str, title: str, words: str, photos: Sequence[AlbumPhoto], wishes: Wishes, show: OnProgress = no_progress
) -> SharedLink:
    """Put photos to a service and return the link, which is kept among one's own. Raises `Problem`."""
    album = Album(secrets.token_urlsafe(16), title, words, tuple(photos))
    link = _open(to).create(album, wishes, show)
    if not description(to).kept_here:
        share().remembered.add(owner(), link)
    return link


def take_back(url: str) -> tuple[datetime, Closed]:
    """Take a link of one's own back, and open every address that it ever had. Raises `Problem`."""
    host, me = share(), owner()
    for kept in host.remembered.all(me):
        if kept.link.url == url:
            done = cast("Revokes", _open(kept.link.provider_id)).revoke(kept.link)
            host.remembered.mark_revoked(me, kept.id, done.at)
            return done.at, closed(now(gone([url], own_origins=frozenset())), also=_CLOSED_ELSEWHERE)
    info = host.links.of_path(me, url)
    if info.state is not LinkState.TAKEN_BACK:
        host.links.revoke(me, info.id)
    here = base()
    addresses = [here + path for path in host.links.addresses(me, info.id)]
    return datetime.now(UTC), closed(now(gone(addresses, own_origins=origins())))


def _data(photo: PreparedPhoto) -> bytes:
    return photo.data


def _open(to: str) -> Provider:
    return open_provider(to, Visit(settings(), owner(), base_url=base(), credentials=host_credentials(to, settings())))
