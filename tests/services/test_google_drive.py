"""What only Google Drive can answer: organisations, shared drives, folders above."""

from __future__ import annotations

import json

import pytest
from starlette.responses import Response

from lib.services.access import Credentials
from lib.services.base import Mends, ProviderProblem, Revokes, Wishes
from lib.services.google_drive.client import TABLE, file_id_of, viewing_url
from lib.services.problems import (
    GoneThere,
    LinkRefused,
    NotYours,
    PermissionMissing,
    PublicLinksForbidden,
    SharingLimit,
    SignInNeeded,
    StorageFull,
)
from tests.services import fake_drive
from tests.services.benches import DriveBench, album, jpeg, photo

TWO = (photo("a.jpg"), photo("b.jpg", jpeg(3)))


@pytest.mark.parametrize(
    ("reason", "kind", "text"),
    [
        ("publishOutNotPermitted", PublicLinksForbidden, "Your organisation does not allow links that anyone can open"),
        ("shareOutNotPermitted", PublicLinksForbidden, "sharing outside it"),
        ("domainPolicy", PublicLinksForbidden, "administrator"),
        ("sharingRateLimitExceeded", SharingLimit, "too much sharing"),
        ("cannotShareTeamDriveWithNonGoogleAccounts", PublicLinksForbidden, "without a Google account"),
        ("cannotShareTeamDriveTopFolderWithAnyoneOrDomains", PublicLinksForbidden, "top folder"),
        ("teamDrivesSharingRestrictionNotAllowed", PublicLinksForbidden, "restricts sharing"),
        ("insufficientFilePermissions", NotYours, "owner or editor"),
        ("invalidSharingRequest", LinkRefused, "refused to share"),
    ],
)
def test_every_refusal_to_share_has_words(
    drive: DriveBench, reason: str, kind: type[ProviderProblem], text: str
) -> None:
    drive.fake.refuse_sharing = reason
    with pytest.raises(kind) as raised:
        drive.open().create(album(*TWO), Wishes())
    assert text in str(raised.value)
    assert "All photos are in your Google Drive; there is no link to them yet." in str(raised.value)
    assert raised.value.fix
    assert drive.fake.calls.count("drive.permissions.create") == 1, "asking again makes such a limit longer"


def test_quota_that_ends_in_the_middle_says_how_much_is_there(drive: DriveBench) -> None:
    drive.fake.trouble.append(
        fake_drive.Trouble("upload.start", fake_drive.Refused(403, "storageQuotaExceeded"), times=9, skip=1)
    )
    with pytest.raises(StorageFull) as raised:
        drive.open().create(album(*TWO), Wishes())
    assert "1 of 2 photos are in your Google Drive already; there is no link to them." in str(raised.value)


def test_account_that_may_not_share_is_told_before_asking(drive: DriveBench) -> None:
    drive.fake.can_share = False
    with pytest.raises(PublicLinksForbidden):
        drive.open().create(album(*TWO), Wishes())
    assert "drive.permissions.create" not in drive.fake.calls


def test_the_permission_is_reader_for_anyone_and_not_to_be_found(drive: DriveBench) -> None:
    link = drive.open().create(album(*TWO), Wishes())
    made = next(one for one in drive.fake.permissions[link.ref["id"]] if one["type"] == "anyone")
    assert (made["role"], made["allowFileDiscovery"]) == ("reader", False)


def test_mend_narrows_a_link_that_lets_people_edit_or_search(drive: DriveBench) -> None:
    provider = drive.open()
    link = provider.create(album(*TWO), Wishes())
    there = drive.fake.permissions[link.ref["id"]]
    there[1] = {"id": "anyone", "type": "anyone", "role": "writer", "allowFileDiscovery": True}
    assert isinstance(provider, Mends)
    assert provider.mend(link.url).outcomes[0].granted == "Anyone with the link"


def test_mend_of_another_s_file_tells_the_clicks(drive: DriveBench) -> None:
    provider = drive.open()
    assert isinstance(provider, Mends)
    with pytest.raises(NotYours) as raised:
        provider.mend("https://drive.google.com/file/d/1AbcdefghijklmnopqrstuvwxyzABCDEF/view")
    assert "Anyone with the link" in raised.value.fix


def test_a_permission_that_drive_calls_gone_and_still_lists_is_not_called_gone(drive: DriveBench) -> None:
    provider = drive.open()
    link = provider.create(album(*TWO), Wishes())
    drive.fake.trouble.append(fake_drive.Trouble("drive.permissions.delete", lambda _: Response(status_code=204)))
    assert isinstance(provider, Revokes)
    with pytest.raises(ProviderProblem):
        provider.revoke(link)
    assert drive.stranger(link) == "open"
    provider.revoke(link)
    assert drive.stranger(link) == "closed"


def test_folder_deleted_in_the_middle_is_gone(drive: DriveBench) -> None:
    def delete_folder(_: object) -> object:
        for one in [one["id"] for one in drive.fake.items.values() if one["mimeType"] == fake_drive.FOLDER]:
            drive.fake.remove(one)
        return fake_drive.Refused(404, "notFound").response()

    drive.fake.trouble.append(fake_drive.Trouble("upload.start", delete_folder, skip=1))  # type: ignore[arg-type]
    with pytest.raises(GoneThere):
        drive.open().create(album(*TWO), Wishes())


def test_host_s_account_is_renewed_and_a_withdrawn_one_says_what_to_run(drive: DriveBench) -> None:
    drive.fake.tokens = {"host-access"}
    info = {"client_id": "c", "client_secret": "s", "refresh_token": "host-refresh"}
    host = drive.open(Credentials("host", stored=json.dumps(info)))
    assert drive.stranger(host.create(album(), Wishes())) == "open"
    with pytest.raises(SignInNeeded) as raised:
        drive.open(Credentials("host", stored=json.dumps(info | {"refresh_token": "old"}))).create(album(), Wishes())
    assert "connect google" in raised.value.fix


def test_sign_in_that_leaves_drive_unticked_names_the_box(drive: DriveBench) -> None:
    drive.fake.scopes = frozenset()
    with pytest.raises(PermissionMissing) as raised:
        drive.open().create(album(), Wishes())
    assert "tick the box about Google Drive" in raised.value.fix


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://drive.google.com/file/d/1AbC/view?usp=sharing", "1AbC"),
        ("https://drive.google.com/drive/u/0/folders/1AbC", "1AbC"),
        ("https://drive.google.com/open?id=1AbC", "1AbC"),
        ("https://docs.google.com/document/d/1AbC/edit", "1AbC"),
        ("https://example.org/file/d/1AbC/view", ""),
        ("https://drive.google.com/drive/my-drive", ""),
    ],
)
def test_the_id_is_found_in_every_form_of_link(url: str, found: str) -> None:
    assert file_id_of(url) == found


def test_links_keep_the_key_that_older_files_need() -> None:
    given = "https://drive.google.com/file/d/1AbC/view?usp=drivesdk"
    assert viewing_url(given, "0-xyz") == "https://drive.google.com/file/d/1AbC/view?usp=sharing&resourcekey=0-xyz"


def test_every_row_of_the_table_has_words() -> None:
    for row in TABLE.rows.values():
        assert row.happened.endswith("."), row.code
        assert row.kind("x").fix, row.code
