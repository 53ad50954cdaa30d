"""A share host with albums, as the tests of albums have it."""

from __future__ import annotations

from tests.albums.conftest import clean_photos, local_share, make_link, photos, share

__all__ = ["clean_photos", "local_share", "make_link", "photos", "share"]
