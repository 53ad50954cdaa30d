"""What only Dropbox can answer: plans, teams, links that were there before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from dropbox import sharing
from stone.backends.python_rsrc import stone_serializers

from lib.services.access import Credentials
from lib.services.base import Mends, ProviderProblem, Revokes, Wishes
from lib.services.dropbox.client import TABLE, viewing_url
from lib.services.problems import (
    AccountBlocked,
    ClocksDisagree,
    EmailNotVerified,
    GoneThere,
    LinkRefused,
    NameClash,
    PublicLinksForbidden,
    SignInNeeded,
)
from lib.settings import read_settings
from tests.services import fake_dropbox
from tests.services.benches import DropboxBench, In, album, jpeg, photo

TWO = (photo("a.jpg"), photo("b.jpg", jpeg(3)))
ALL = Wishes(expires_at=In(7), password="Sea-1234", allow_download=False)


def refused(error: object) -> Callable[[object], object]:
    """The vendor's own answer to create_shared_link_with_settings."""
    coded = stone_serializers.json_compat_obj_encode(sharing.CreateSharedLinkWithSettingsError_validator, error)
    return lambda _: fake_dropbox.as_json({"error": coded, "error_summary": "…"}, 409)


def test_plan_without_passwords_makes_the_link_and_says_what_is_missing(dropbox: DropboxBench) -> None:
    dropbox.fake.plan, dropbox.fake.allows_link_settings = "basic", False
    link = dropbox.open().create(album(*TWO), ALL)
    said = {row.topic: row for row in link.outcomes}
    assert said["anyone_can_view"].kept
    assert [said[topic].kept for topic in ("password", "expiry", "download")] == [False, False, False]
    assert said["password"].granted == "No password: Dropbox Basic has none"
    assert "My links" in said["expiry"].advice
    assert dropbox.stranger(link) == "open"


def test_plan_with_passwords_grants_all_and_a_stranger_meets_the_password(dropbox: DropboxBench) -> None:
    link = dropbox.open().create(album(*TWO), ALL)
    assert all(row.kept for row in link.outcomes)
    assert link.expires_at is not None
    assert abs(link.expires_at - ALL.expires_at) < dt.timedelta(seconds=1)  # type: ignore[operator]
    assert dropbox.fake.links[0].password == "Sea-1234"
    assert "users/get_current_account" not in dropbox.fake.calls, "nobody is asked for a plan that is not needed"


def test_a_team_that_grants_only_some_settings_gives_those(dropbox: DropboxBench) -> None:
    """The whole is refused once, then each setting is asked for by itself."""
    wrong = sharing.CreateSharedLinkWithSettingsError.settings_error(sharing.SharedLinkSettingsError.not_authorized)
    dropbox.fake.trouble.append(fake_dropbox.Trouble("create_shared_link_with_settings", refused(wrong)))
    link = dropbox.open().create(album(*TWO), ALL)
    assert all(row.kept for row in link.outcomes)


def test_link_from_before_is_used_again(dropbox: DropboxBench) -> None:
    first = dropbox.open().create(album(), Wishes())
    known = dropbox.fake.find(first.url)
    assert known
    dropbox.fake.trouble.append(
        fake_dropbox.Trouble("list_shared_links", lambda _: fake_dropbox.as_json({"links": [], "has_more": False}, 200))
    )  # the list is behind
    again = dropbox.open().create(album(), Wishes(password="Sea-1234"))
    assert (again.url, dropbox.albums()) == (first.url, 1)
    assert known.password == "Sea-1234", "new wishes hold for the link from before"


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (sharing.CreateSharedLinkWithSettingsError.email_not_verified, EmailNotVerified, "confirmed"),
        (sharing.CreateSharedLinkWithSettingsError.access_denied, PublicLinksForbidden, "does not let this account"),
        (sharing.CreateSharedLinkWithSettingsError.banned_member, AccountBlocked, "stopped this account"),
        (sharing.CreateSharedLinkWithSettingsError.too_many_shared_folders, LinkRefused, "number of shared folders"),
        (
            sharing.CreateSharedLinkWithSettingsError.settings_error(sharing.SharedLinkSettingsError.not_authorized),
            LinkRefused,
            "plan or your team",
        ),
        (
            sharing.CreateSharedLinkWithSettingsError.shared_link_already_exists(None),
            LinkRefused,
            "already has a link",
        ),
    ],
    ids=lambda value: getattr(value, "_tag", None) or getattr(value, "__name__", None),
)
def test_every_refusal_of_a_link_has_words(
    dropbox: DropboxBench, error: object, kind: type[ProviderProblem], text: str
) -> None:
    dropbox.fake.trouble.append(
        fake_dropbox.Trouble("create_shared_link_with_settings", refused(error), times=9)  # type: ignore[arg-type]
    )
    with pytest.raises(kind) as raised:
        dropbox.open().create(album(*TWO), Wishes())
    assert text in str(raised.value)
    assert "All photos are in your Dropbox; there is no link to them yet." in str(raised.value)
    assert raised.value.fix


def test_email_not_verified_by_the_account_itself(dropbox: DropboxBench) -> None:
    dropbox.fake.email_verified = False
    with pytest.raises(EmailNotVerified) as raised:
        dropbox.open().create(album(), Wishes())
    assert "Verify email" in raised.value.fix


def test_end_date_refused_by_a_clock_far_ahead_names_the_clocks(dropbox: DropboxBench) -> None:
    dropbox.fake.clock_ahead = dt.timedelta(days=9)
    with pytest.raises(ClocksDisagree) as raised:
        dropbox.open().create(album(), Wishes(expires_at=In(7)))
    assert "behind" in str(raised.value)
    assert "automatic time" in raised.value.fix


def test_name_taken_by_a_file_is_a_name_clash(dropbox: DropboxBench) -> None:
    from lib.services.names import content_mark, key_mark

    dropbox.fake.files[f"/{key_mark('draft-1')}/{content_mark(album(*TWO))}"] = b"in the way"
    with pytest.raises(NameClash):
        dropbox.open().create(album(*TWO), Wishes())


def test_link_for_signed_in_people_only_is_not_called_open(dropbox: DropboxBench) -> None:
    provider = dropbox.open()
    provider.create(album(), Wishes())
    dropbox.fake.links[0].audience, dropbox.fake.public_links = "public_logged_in_only", False
    row = provider.create(album(), Wishes()).outcomes[0]
    assert (row.kept, row.granted) == (False, "People signed in to Dropbox only")


def test_mend_that_a_team_forbids_is_said(dropbox: DropboxBench) -> None:
    provider = dropbox.open()
    link = provider.create(album(), Wishes())
    dropbox.fake.links[0].audience, dropbox.fake.public_links = "team", False
    assert isinstance(provider, Mends)
    with pytest.raises(PublicLinksForbidden):
        provider.mend(link.url)


def test_mend_of_a_deleted_link_says_it_is_gone(dropbox: DropboxBench) -> None:
    provider = dropbox.open()
    link = provider.create(album(), Wishes())
    dropbox.close_behind(link)
    assert isinstance(provider, Mends)
    with pytest.raises(GoneThere):
        provider.mend(link.url)


def test_a_link_that_dropbox_calls_gone_and_still_lists_is_not_called_gone(dropbox: DropboxBench) -> None:
    provider = dropbox.open()
    link = provider.create(album(*TWO), Wishes())
    done = lambda _: fake_dropbox.as_json(None, 200)  # noqa: E731 - Dropbox says yes, and does nothing
    dropbox.fake.trouble.append(fake_dropbox.Trouble("sharing/revoke_shared_link", done))
    assert isinstance(provider, Revokes)
    with pytest.raises(LinkRefused, match="still lists it"):
        provider.revoke(link)
    assert dropbox.stranger(link) == "open"
    dropbox.fake.trouble.clear()
    provider.revoke(link)
    assert dropbox.stranger(link) == "closed"


def test_host_s_refresh_token_opens_the_account_and_a_withdrawn_one_says_so(dropbox: DropboxBench) -> None:
    dropbox.settings = read_settings(
        data_dir=dropbox.folder, dropbox_app_key="key", dropbox_refresh_token="host-refresh"
    )
    dropbox.fake.tokens = {"host-access"}
    host = dropbox.open(Credentials("host", stored="host-refresh"))
    assert dropbox.stranger(host.create(album(), Wishes())) == "open"
    with pytest.raises(SignInNeeded):
        dropbox.open(Credentials("host", stored="withdrawn")).create(album(), Wishes())


@pytest.mark.parametrize(
    ("given", "viewed"),
    [
        ("https://www.dropbox.com/scl/fi/a/b.jpg?rlkey=k&dl=1", "https://www.dropbox.com/scl/fi/a/b.jpg?rlkey=k&dl=0"),
        ("https://www.dropbox.com/scl/fi/a/b.jpg?rlkey=k&raw=1", "https://www.dropbox.com/scl/fi/a/b.jpg?rlkey=k&dl=0"),
        (
            "https://www.dropbox.com/scl/fo/a/b?dl=0&rlkey=k&st=x",
            "https://www.dropbox.com/scl/fo/a/b?rlkey=k&st=x&dl=0",
        ),
        ("https://www.dropbox.com/s/abc/b.jpg", "https://www.dropbox.com/s/abc/b.jpg?dl=0"),
    ],
)
def test_links_are_for_viewing_never_a_forced_download(given: str, viewed: str) -> None:
    assert viewing_url(given) == viewed


def test_every_row_of_the_table_has_words_that_name_dropbox_or_the_photos() -> None:
    for row in TABLE.rows.values():
        assert row.happened.endswith("."), row.code
        assert row.kind("x").fix, row.code
        assert any(word in row.happened for word in ("Dropbox", "photo", "account", "name", "network")), row.code
