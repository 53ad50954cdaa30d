"""The ranking follows from the facts, and says so."""

import pytest

from lib.facts import provider_fact, provider_facts, provider_names
from lib.guide import content
from lib.guide.recommend import Met, Wanted, is_advised_against, met, photos_that_fit, recommend


def points(wanted: Wanted) -> dict[str, int]:
    return {one.provider: one.points for one in recommend(wanted)}


def test_every_provider_gets_a_reason_for_every_wish() -> None:
    wanted = Wanted(tuple(need.id for need in content.needs()), 500, 3.5, "mixed")
    ranking = recommend(wanted)
    assert {one.provider for one in ranking} == set(provider_names())
    for one in ranking:
        assert len(one.reasons) == len(content.needs()) + 2
        assert {*one.for_, *one.against} == set(one.reasons)
        against = is_advised_against(one.provider)
        assert one.points == (0 if against else min(sum(r.met for r in one.reasons), one.most - bool(one.warning)))
    assert [one.points for one in ranking] == sorted((one.points for one in ranking), reverse=True)


@pytest.mark.parametrize(
    ("provider", "need", "expected"),
    [
        ("This server", "location", Met.YES),
        ("Imgur", "location", Met.YES),
        ("Google Photos", "location", Met.PARTLY),
        ("Google Drive", "location", Met.NO),
        ("Dropbox", "password", Met.PARTLY),
        ("Proton Drive", "password", Met.YES),
        ("Google Drive", "password", Met.NO),
        ("Google Drive", "take_back", Met.PARTLY),  # the old link works again
        ("Google Photos", "take_back", Met.YES),
        ("iCloud Photos", "expiry", Met.PARTLY),
        ("MEGA", "e2ee", Met.YES),
        ("Amazon Photos", "no_account", Met.PARTLY),
    ],
)
def test_a_need_is_met_as_the_facts_say(provider: str, need: str, expected: Met) -> None:
    assert met(provider, need) is expected


def test_what_is_not_confirmed_is_never_a_full_yes() -> None:
    for one in recommend(Wanted(tuple(need.id for need in content.needs()), 10, 1, "apple")):
        for reason in one.reasons:
            if reason.fact is None:
                assert reason.met is Met.NO
            elif not reason.fact.confirmed:
                assert reason.met < Met.YES
                assert "Not confirmed." in reason.text


def test_space_is_counted_in_photos() -> None:
    assert photos_that_fit(provider_facts("Dropbox"), 4) == 500
    assert photos_that_fit(provider_facts("Flickr"), 4) == 1000
    assert photos_that_fit(provider_facts("Imgur"), 4) is None
    assert photos_that_fit(provider_facts("Dropbox"), 0) is None


@pytest.mark.parametrize(("photos", "fits"), [(500, True), (501, False)])
def test_space_decides_at_the_last_photo(photos: int, fits: bool) -> None:  # noqa: FBT001 - a table
    (dropbox,) = (one for one in recommend(Wanted(photos=photos, megabytes=4)) if one.provider == "Dropbox")
    assert bool(dropbox.for_) is fits
    assert "500 photos of 4 MB" in dropbox.reasons[0].text


def test_apple_only_and_mixed_devices_rank_differently() -> None:
    apple, mixed = points(Wanted(devices="apple")), points(Wanted(devices="mixed"))
    assert apple["iCloud Photos"] > mixed["iCloud Photos"]
    assert mixed["Google Photos"] == 2


def test_nobody_is_first_by_name() -> None:
    """Must not happen: this app recommends itself whatever is asked."""
    first = recommend(Wanted(("e2ee",)))[0]
    assert first.provider != "This server"
    assert provider_fact(first.provider, "e2ee").value == "yes"  # type: ignore[union-attr]


def test_nothing_wanted_is_empty() -> None:
    assert Wanted().empty
    assert not Wanted(("e2ee",)).empty
    assert not Wanted(photos=1, megabytes=1).empty
    assert Wanted(megabytes=4).empty


def test_a_warning_keeps_a_provider_from_the_top() -> None:
    ranking = recommend(Wanted(("no_account", "location")))
    assert ranking[0].warning is None
    (imgur,) = (one for one in ranking if one.provider == "Imgur")
    assert imgur.warning
    assert "United Kingdom" in imgur.warning.text
    assert imgur.points < ranking[0].points
    assert recommend(Wanted((), 2_000, 4.0))[0].warning is None
    for one in ranking:
        assert one.warning is provider_fact(one.provider, "warning")
        assert not one.warning or one.points < one.most


@pytest.mark.parametrize("wish", [("no_account",), ("location",), ("e2ee",), ("take_back",), ("full_size",), ()])
def test_what_we_advise_against_is_never_recommended(wish: tuple[str, ...]) -> None:
    """Must not happen: a thousand gigabytes make up for a provider that nobody should trust."""
    ranking = recommend(Wanted(wish, 2_000, 4.0))
    (terabox,) = (one for one in ranking if one.provider == "TeraBox")
    assert terabox.points == 0
    assert terabox not in ranking[:10]
    assert terabox.warning
    assert "advise against" in terabox.warning.text


@pytest.mark.parametrize("name", ["Telegram", "WhatsApp"])
def test_a_chat_app_says_that_no_link_comes_out_of_it(name: str) -> None:
    assert met(name, "no_account") is Met.NO
    assert "No link comes out of it" in provider_fact(name, "warning").text  # type: ignore[union-attr]
