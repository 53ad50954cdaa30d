"""What people type leads to what they mean."""

import pytest

from lib.guide.search import entries, entry, search


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("several photos at once", "several-photos"),
        ("you need access", "need-access"),
        ("unsend", "take-it-back"),
        ("disappear", "disappearing"),
        ("google photos link", "make-a-link"),
        ("phone full", "phone-full"),
        ("never got my message", "message-request"),
        ("spam", "message-request"),
        ("slideshow", "as-video"),
        ("DM", "message-request"),
        ("keystroke typing", "can-tiktok-see"),
        ("photo mode", "post-post"),
        ("Anyone with the link", "link-make"),
        ("customer", "business"),
        ("permision denied", "need-access"),
        ("MEGA key", "cut-link"),
    ],
)
def test_a_search_finds_it_among_the_first_three(typed: str, found: str) -> None:
    assert found in [one.id for one in search(typed)[:3]]


@pytest.mark.parametrize("typed", ["", "   ", "?!", "<script>alert(1)</script>zzz", "qqqqq", "\x00", "🙂"])
def test_a_search_for_nothing_finds_nothing_and_breaks_nothing(typed: str) -> None:
    assert [one.id for one in search(typed) if one.kind == "question" and typed.strip() == ""] == []


def test_nonsense_finds_nothing() -> None:
    assert search("qqqqq xyzzy") == []


def test_a_very_long_search_is_cut() -> None:
    assert search("photo " * 10_000)


def test_every_entry_is_found_by_its_own_name_and_title() -> None:
    for one in entries():
        assert entry(one.id) == one
        assert one in search(one.title, limit=len(entries()))


def test_a_name_from_an_old_address_is_none() -> None:
    assert entry("no-such-answer") is None
    assert entry("<b>") is None
