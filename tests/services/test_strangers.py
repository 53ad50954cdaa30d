"""The link doctor judges what strangers are shown: making, closing and mending are seen from outside."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from lib.links import Fetcher, check_link
from lib.services.base import Mends, Revokes, Wishes
from tests.services.benches import NO_MEND, NO_PASSWORDS, THIS_SERVER, Bench, album, jpeg, photo

TWO = (photo("a.jpg"), photo("b.jpg", jpeg(3)))


def verdict(url: str) -> tuple[bool | None, str]:
    async def ask() -> tuple[bool | None, str]:
        # aiohttp makes its own context when it is imported, which may be before the fakes' authority is trusted.
        async with Fetcher(ssl_context=ssl.create_default_context()) as fetcher:
            found = await check_link(url, fetcher, in_app=False, own_origins=frozenset({f"https://{THIS_SERVER}"}))
            return found.opens, found.code

    return asyncio.run(ask())


@pytest.mark.parametrize("photos", [TWO, TWO[:1]], ids=["album", "photo"])
def test_the_link_doctor_sees_it_open_then_taken_back(bench: Bench, photos: tuple[object, ...]) -> None:
    provider = bench.open()
    link = provider.create(album(*photos), Wishes())  # type: ignore[arg-type]
    assert verdict(link.url)[0] is True, verdict(link.url)
    assert isinstance(provider, Revokes)
    provider.revoke(link)
    assert verdict(link.url)[0] is False, verdict(link.url)


@pytest.mark.not_applicable("this_server", NO_MEND)
@pytest.mark.parametrize("photos", [TWO, TWO[:1]], ids=["album", "photo"])
def test_the_link_doctor_sees_it_open_then_closed_then_mended(bench: Bench, photos: tuple[object, ...]) -> None:
    provider = bench.open()
    link = provider.create(album(*photos), Wishes())  # type: ignore[arg-type]
    assert verdict(link.url)[0] is True, verdict(link.url)
    bench.restrict_behind(link)
    assert verdict(link.url)[0] is False, verdict(link.url)
    assert isinstance(provider, Mends)
    assert verdict(provider.mend(link.url).url)[0] is True


@pytest.mark.not_applicable("google_drive", NO_PASSWORDS)
def test_the_link_doctor_sees_the_password_door(bench: Bench) -> None:
    link = bench.open().create(album(*TWO), Wishes(password="Sea-1234"))
    assert verdict(link.url)[1] == "NEEDS_PASSWORD"


def test_the_link_doctor_sees_what_was_deleted(bench: Bench) -> None:
    link = bench.open().create(album(*TWO), Wishes())
    bench.delete_behind(link)
    assert verdict(link.url)[0] is False
