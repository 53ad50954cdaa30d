"""The cookies of one check: to whom they go back, and to whom never."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from internet import SmallInternet, page

from lib.links import check_link
from lib.links.cookies import MAX_COOKIES, Cookies

SET_BY = "https://www.example.org/a/1"


@pytest.mark.parametrize(
    ("cookie", "address", "sent"),
    [
        ("a=1; Path=/", "https://www.example.org/b", "a=1"),
        ("a=1; Path=/", "https://other.example.org/b", ""),  # no Domain: for this host alone
        ("a=1; Path=/; Domain=example.org", "https://other.example.org/b", "a=1"),
        ("a=1; Path=/; Domain=.example.org", "https://example.com/b", ""),
        ("a=1; Path=/; Domain=other.com", "https://other.com/b", ""),
        ("a=1; Path=/; Domain=org", "https://other.org/b", ""),  # for all of .org: nobody may set that
        ("a=1; Path=/x", "https://www.example.org/b", ""),
        ("a=1; Path=/", "http://www.example.org/b", ""),  # never from https to http
        ("a=1; Path=/; Secure; HttpOnly; SameSite=None", "https://www.example.org/b", "a=1"),
        ("a=1; Path=/; Max-Age=0", "https://www.example.org/b", ""),
    ],
)
async def test_a_cookie_goes_back_only_to_whom_it_belongs(cookie: str, address: str, sent: str) -> None:
    cookies = Cookies()
    cookies.take(SET_BY, SimpleCookie(cookie))
    assert cookies.header(address) == sent


async def test_a_host_below_a_public_suffix_sets_none_for_its_neighbours() -> None:
    cookies = Cookies()
    cookies.take("https://ann.github.io/", SimpleCookie("a=1; Domain=github.io; Path=/"))
    assert cookies.header("https://bob.github.io/") == ""
    assert cookies.header("https://ann.github.io/") == ""


async def test_there_is_an_end_to_how_many_are_kept() -> None:
    cookies = Cookies()
    for number in range(3 * MAX_COOKIES):
        cookies.take(SET_BY, SimpleCookie(f"c{number}=1; Path=/"))
    cookies.take(SET_BY, SimpleCookie(f"big={'x' * 5_000}; Path=/"))
    assert cookies.header(SET_BY).count("=") == MAX_COOKIES


async def test_no_cookie_reaches_another_site_or_another_check(internet: SmallInternet) -> None:
    internet.play(
        (r"^photos.*/1$", page("", 302, Location="https://cloud.example.org/2", Set_Cookie="pass=1; Path=/")),
        (r"^cloud", page("", 302, Location="https://photos.example.org/3", Set_Cookie="other=1; Path=/")),
        (r".", page("", 410)),
    )
    async with internet.fetcher() as fetcher:
        for _ in range(2):
            await check_link("https://photos.example.org/1", fetcher, in_app=False)
    sent = [(each["host"], each.get("cookie", "")) for each in internet.requests]
    one = [("photos.example.org", ""), ("cloud.example.org", ""), ("photos.example.org", "pass=1")]
    assert sent == one * 2
