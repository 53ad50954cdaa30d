"""The same chain against real accounts: `pytest -m live` with credentials in the environment.

DROPBOX_LIVE_TOKEN: an access token of a test account with the four scopes. GOOGLE_LIVE_AUTHORIZED_USER: the JSON that
`python -m lib connect google` prints, of a test account. Everything that is made is removed again.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator

import pytest

from lib.links import Fetcher, check_link
from lib.services import registry
from lib.services.access import Credentials, Visit
from lib.services.base import Discards, Provider, Revokes, Wishes
from lib.settings import read_settings
from tests.services.benches import album, jpeg, photo

pytestmark = pytest.mark.live
ACCOUNTS = {
    "dropbox": ("DROPBOX_LIVE_TOKEN", lambda value: Credentials("visitor", access_token=value)),
    "google_drive": ("GOOGLE_LIVE_AUTHORIZED_USER", lambda value: Credentials("host", stored=value)),
}
TWO = (photo("a.jpg"), photo("b.jpg", jpeg(3, 640)))


@pytest.fixture(params=list(ACCOUNTS))
def live(request: pytest.FixtureRequest) -> Iterator[tuple[Provider, str]]:
    """A provider on a real account, and the key of an album that is removed afterwards."""
    variable, credentials = ACCOUNTS[request.param]
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: {request.param} was not tried against the real service")
    key = f"live-{secrets.token_hex(6)}"
    provider = registry.open_provider(request.param, Visit(read_settings(), credentials=credentials(value)))
    yield provider, key
    assert isinstance(provider, Discards)
    provider.discard(key)


def opens(url: str) -> bool | None:
    async def ask() -> bool | None:
        async with Fetcher() as fetcher:
            return (await check_link(url, fetcher)).opens

    return asyncio.run(ask())


def test_the_whole_chain_on_a_real_account(live: tuple[Provider, str]) -> None:
    provider, key = live
    link = provider.create(album(*TWO, key=key), Wishes())
    assert provider.create(album(*TWO, key=key), Wishes()).url == link.url, "a second press makes no second album"
    assert link.outcomes[0].kept
    assert opens(link.url) is True
    assert isinstance(provider, Revokes)
    assert not provider.revoke(link).already
    assert provider.revoke(link).already
    assert opens(link.url) is False


def test_wishes_beyond_the_plan_are_answered_in_words(live: tuple[Provider, str]) -> None:
    provider, key = live
    link = provider.create(album(*TWO, key=key), Wishes(password=secrets.token_urlsafe(8), allow_download=False))
    assert {row.topic for row in link.outcomes} == {"anyone_can_view", "password", "download"}
    assert all(row.kept or row.advice for row in link.outcomes)
