"""One bench a provider: how the same case looks at each vendor, and how a stranger meets the link."""

from __future__ import annotations

import datetime as dt
import io
import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import requests
from PIL import Image

from lib.providers.access import Credentials, Visit
from lib.providers.base import Album, AlbumPhoto, Provider, SharedLink
from lib.settings import read_settings
from tests.providers import fake_drive, fake_dropbox

CHUNK = 256 * 1024


def jpeg(seed: int, side: int = 64) -> bytes:
    """A real JPEG of noise: about a byte a pixel at quality 90."""
    noise = random.Random(seed).randbytes(side * side * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "JPEG", quality=90)
    return out.getvalue()


SMALL = jpeg(1)
LARGE = jpeg(2, 800)  # several chunks


def photo(name: str = "beach.jpg", content: bytes = SMALL) -> AlbumPhoto:
    return AlbumPhoto(name, "image/jpeg", 64, 64, len(content), lambda: content)


def album(*photos: AlbumPhoto, title: str = "Beach day", key: str = "draft-1") -> Album:
    return Album(key, title, "Look!", photos or (photo(),))


class Bench(ABC):
    """A provider, its fake, and the hands of the account's owner."""

    provider_id: ClassVar[str]
    needs_fake: ClassVar[bool] = True
    refuses_public_links: ClassVar[bool] = False  # or makes a narrower link instead
    fake: Any

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slept: list[float] = []
        self.resume: dict[str, str] = {}
        self.opened: list[Any] = []
        self.settings = read_settings(data_dir=folder / "data")

    def visit(self, credentials: Credentials | None = None) -> Visit:
        mine = credentials or Credentials("visitor", access_token="visitor-access")
        return Visit(self.settings, owner="owner", credentials=mine, resume=self.resume)

    @abstractmethod
    def open(self, credentials: Credentials | None = None) -> Provider: ...

    def violations(self) -> list[str]:
        """Requests that the vendor's own schema does not allow."""
        return list(self.fake.violations)

    def close(self) -> None:
        """Stop what was started."""
        for provider in self.opened:
            provider.close()

    def kept(self, provider: Any) -> Any:
        self.opened.append(provider)
        return provider

    def stranger(self, link: SharedLink) -> str:
        """Open the link without any account: "open" or "closed"."""
        with requests.Session() as nobody:
            answer = nobody.get(link.url, timeout=10)
        return "open" if answer.status_code == 200 and "sign in" not in answer.text.lower() else "closed"

    @abstractmethod
    def albums(self) -> int: ...

    @abstractmethod
    def photos(self) -> list[str]: ...


class DropboxBench(Bench):
    provider_id = "dropbox"
    fake: fake_dropbox.FakeDropbox

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fake = fake_dropbox.FakeDropbox()

    def open(self, credentials: Credentials | None = None) -> Provider:
        from lib.providers.dropbox.client import DropboxProvider

        return self.kept(DropboxProvider(self.visit(credentials), chunk_bytes=CHUNK, sleep=self.slept.append))

    def albums(self) -> int:
        return len([one for one in self.fake.links if not one.revoked])

    def photos(self) -> list[str]:
        return sorted(one.rpartition("/")[2] for one in self.fake.files)

    def titles(self) -> list[str]:
        return [one.rpartition("/")[2] for one in self.fake.folders if one.count("/") == 3]

    def expire(self) -> None:
        self.fake.expired = True

    def renew(self) -> None:
        self.fake.expired = False

    def take_scope(self) -> None:
        self.fake.scopes -= {"sharing.write"}

    def fill(self) -> None:
        self.fake.space = 0

    def busy(self, seconds: int, times: int = 1) -> None:
        self.fake.trouble.append(fake_dropbox.Trouble("files/upload", fake_dropbox.rate_limited(seconds), times))

    def down(self, times: int) -> None:
        self.fake.trouble.append(fake_dropbox.Trouble("files/upload", fake_dropbox.server_error(), times))

    def hotel(self, times: int) -> None:
        self.fake.trouble.append(fake_dropbox.Trouble("files/upload", fake_dropbox.not_ours, times))

    def cut_upload(self, *, after: bool, times: int = 1, skip: int = 1) -> None:
        self.fake.trouble.append(fake_dropbox.Trouble("upload_session/append_v2", "cut", times, after, skip - 1))

    def cut_folder(self) -> None:
        self.fake.trouble.append(fake_dropbox.Trouble("create_folder_v2", "cut", after=True))

    def cut_link(self) -> None:
        self.fake.trouble.append(fake_dropbox.Trouble("create_shared_link_with_settings", "cut", after=True))

    def lose_sessions(self) -> None:
        self.fake.sessions.clear()

    def delete_behind(self, link: SharedLink) -> None:
        self.fake.remove(link.ref["path"])

    def close_behind(self, link: SharedLink) -> None:
        self.fake.find(link.url).revoked = True  # type: ignore[union-attr]

    def restrict_behind(self, link: SharedLink) -> None:
        self.fake.find(link.url).audience = "no_one"  # type: ignore[union-attr]

    def forbid_public(self) -> None:
        self.fake.public_links = False

    def open_above(self, link: SharedLink) -> None:
        self.fake.add_link(link.ref["path"].rpartition("/")[0])


class DriveBench(Bench):
    provider_id = "google-drive"
    refuses_public_links = True
    fake: fake_drive.FakeDrive

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fake = fake_drive.FakeDrive()

    def open(self, credentials: Credentials | None = None) -> Provider:
        from lib.providers.google_drive.client import GoogleDriveProvider

        return self.kept(GoogleDriveProvider(self.visit(credentials), chunk_bytes=CHUNK, sleep=self.slept.append))

    def albums(self) -> int:
        return len([one for one in self.fake.permissions.values() if any(p["type"] == "anyone" for p in one)])

    def photos(self) -> list[str]:
        return sorted(one["name"] for one in self.fake.items.values() if one["mimeType"] != fake_drive.FOLDER)

    def titles(self) -> list[str]:
        return [one["name"] for one in self.fake.items.values() if one["mimeType"] == fake_drive.FOLDER]

    def expire(self) -> None:
        self.fake.expired = True

    def renew(self) -> None:
        self.fake.expired = False

    def take_scope(self) -> None:
        self.fake.scopes = frozenset()

    def fill(self) -> None:
        self.fake.space = 0

    def busy(self, seconds: int, times: int = 1) -> None:
        self.fake.trouble.append(fake_drive.Trouble("upload", fake_drive.rate_limited(seconds), times))

    def down(self, times: int) -> None:
        self.fake.trouble.append(fake_drive.Trouble("upload", fake_drive.server_error(), times))

    def hotel(self, times: int) -> None:
        self.fake.trouble.append(fake_drive.Trouble("upload", fake_drive.not_ours, times))

    def cut_upload(self, *, after: bool, times: int = 1, skip: int = 1) -> None:
        self.fake.trouble.append(fake_drive.Trouble("upload", "cut", times, after, skip))

    def cut_folder(self) -> None:
        self.fake.trouble.append(fake_drive.Trouble("drive.files.create", "cut", after=True))

    def cut_link(self) -> None:
        self.fake.trouble.append(fake_drive.Trouble("drive.permissions.create", "cut", after=True))

    def lose_sessions(self) -> None:
        self.fake.sessions.clear()

    def delete_behind(self, link: SharedLink) -> None:
        self.fake.remove(link.ref["id"])

    def close_behind(self, link: SharedLink) -> None:
        there = self.fake.permissions[link.ref["id"]]
        self.fake.permissions[link.ref["id"]] = [one for one in there if one["type"] != "anyone"]

    restrict_behind = close_behind

    def forbid_public(self) -> None:
        self.fake.refuse_sharing = "publishOutNotPermitted"

    def open_above(self, link: SharedLink) -> None:
        above = self.fake.add({"name": "Holidays", "mimeType": fake_drive.FOLDER}, None)
        self.fake.items[link.ref["id"]]["parents"] = [above["id"]]
        self.fake.permissions[above["id"]].append({"id": "anyoneWithLink", "type": "anyone", "role": "reader"})


BENCHES: dict[str, type[Bench]] = {"dropbox": DropboxBench, "google-drive": DriveBench}
In: Callable[[int], dt.datetime] = fake_drive.later
