from __future__ import annotations

import csv
import datetime as dt
import ipaddress

import pytest

from lib.albums.admission import is_public
from lib.links.guard import Refusal, web_address
from lib.links.local_names import TABLE
from lib.links.reach import Reach, address_in_this_network, reach
from lib.links.text import pieces, prepare


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://localhost:8501", Reach.THIS_COMPUTER),
        ("http://127.0.0.1:8501/create", Reach.THIS_COMPUTER),
        ("http://[::1]:8501", Reach.THIS_COMPUTER),
        ("http://app.localhost", Reach.THIS_COMPUTER),
        ("http://192.168.1.20:8501", Reach.THIS_NETWORK),
        ("http://10.0.0.4", Reach.THIS_NETWORK),
        ("http://100.64.1.1", Reach.THIS_NETWORK),
        ("http://nas:8501", Reach.THIS_NETWORK),
        ("http://laptop.local:8501", Reach.THIS_NETWORK),
        ("http://[fe80::1]:8501", Reach.THIS_NETWORK),
        ("https://photos.example.org", Reach.ANYWHERE),
        ("http://8.8.8.8", Reach.ANYWHERE),
    ],
)
def test_an_address_tells_who_can_reach_it(address: str, expected: Reach) -> None:
    assert reach(address) is expected


def test_a_text_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid"):
        reach("not an address")


def test_the_own_address_in_the_network_is_a_private_one_or_none() -> None:
    own = address_in_this_network()
    assert own is None or ipaddress.ip_address(own).is_private


@pytest.mark.parametrize(
    "name",
    ["nas", "nas.home.arpa", "photos.corp", "photos.intranet", "nas.localdomain", "a.b.lan", "x.internal", "fritz.box",
     "printer.local.", "NAS.Local", "app.localhost", "secret.onion"],
)  # fmt: skip
def test_a_local_name_is_local_wherever_it_is_asked(name: str) -> None:
    """The guard, the hint about reach, the warning to the host and the finder of links read one list."""
    address = f"http://{name}"
    assert isinstance(web_address(address), Refusal)
    assert reach(address) is not Reach.ANYWHERE
    assert not is_public(address)
    if "." in name.rstrip("."):
        assert [piece.written for piece in pieces(prepare(f"{name.rstrip('.')}/photos"))] == [
            f"{name.rstrip('.')}/photos"
        ]


@pytest.mark.parametrize("name", ["photos.example.org", "mycorp.com", "local.example.net", "home-photos.net"])
def test_a_public_name_is_public_wherever_it_is_asked(name: str) -> None:
    address = f"http://{name}"
    assert not isinstance(web_address(address), Refusal)
    assert reach(address) is Reach.ANYWHERE
    assert is_public(address)


def test_every_local_ending_has_a_source_and_a_date() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert row["source"], row
        assert dt.date.fromisoformat(row["as_of"]), row
