from __future__ import annotations

import ipaddress

import pytest

from lib.links.reach import Reach, address_in_this_network, reach


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
