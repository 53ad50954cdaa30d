"""One bench a provider: how the same case looks at each vendor, and how a stranger meets the link."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import requests
from PIL import Image

from lib.albums import LinkState, Share
from lib.albums.host import open_share
from lib.albums.photo_store import PhotoStore
from lib.albums.photos import SMALL as SMALL_SUFFIX
from lib.recipients.recipient import Recipient
from lib.services.access import Credentials, Visit
from lib.services.base import Album, AlbumPhoto, Provider, ProviderProblem, SharedLink
from lib.services.problems import StorageFull
from lib.services.this_server.client import ThisServer, ThisServerProblem
from lib.settings import read_settings
from tests.services import fake_drive, fake_dropbox

CHUNK = 256 * 1024
# Cases that cannot happen to a provider, and why.
NO_MEND = "a link of this server has no permission that could be wrong (can_mend is false)"
NO_PASSWORDS = "Google Drive has no passwords (can_password is false): the line of its outcome says so"
OWNER = "owner-secret-of-ana-0123456789"
THIS_SERVER = "photos.example.org"  # its name in the benches, over TLS like the vendors'


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
    where: ClassVar[str] = "still in your"  # what taking back does not undo, in words
    restricted: ClassVar[tuple[str, str]] = (
        "anyone_can_view",
        "Only people",
    )  # topic and words after `restrict_behind`
    full: ClassVar[tuple[type[ProviderProblem], str, str]] = (StorageFull, "full", "Free some space")
    secrets: ClassVar[tuple[str, ...]] = ("visitor-access",)
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

    def app(self) -> Any:
        """What answers under the names of this provider."""
        return self.fake.app()

    @property
    def received(self) -> int:
        """Bytes of photos that arrived so far."""
        return int(self.fake.received)

    @abstractmethod
    def open(self, credentials: Credentials | None = None) -> Provider: ...

    def names(self, *names: str) -> list[str]:
        """How photos of these clean names are called when a recipient saves them."""
        return list(names)

    def title(self, title: str) -> str:
        """What a recipient reads above an album of this title."""
        return title or "Photos"

    @abstractmethod
    def contents(self) -> list[bytes]:
        """Every photo that is kept."""

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
        """Open the link without any account: "open", "password" or "closed"."""
        with requests.Session() as nobody:
            answer = nobody.get(link.url, timeout=10)
        page = answer.text.lower()
        if answer.status_code != 200 or "sign in" in page:
            return "closed"
        return "password" if "enter password" in page or 'type="password"' in page else "open"

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
        from lib.services.dropbox.client import DropboxProvider

        return self.kept(DropboxProvider(self.visit(credentials), chunk_bytes=CHUNK, sleep=self.slept.append))

    def albums(self) -> int:
        return len([one for one in self.fake.links if not one.revoked])

    def photos(self) -> list[str]:
        return sorted(one.rpartition("/")[2] for one in self.fake.files)

    def contents(self) -> list[bytes]:
        return list(self.fake.files.values())

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
    provider_id = "google_drive"
    refuses_public_links = True
    fake: fake_drive.FakeDrive

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fake = fake_drive.FakeDrive()

    def open(self, credentials: Credentials | None = None) -> Provider:
        from lib.services.google_drive.client import GoogleDriveProvider

        return self.kept(GoogleDriveProvider(self.visit(credentials), chunk_bytes=CHUNK, sleep=self.slept.append))

    def albums(self) -> int:
        return len([one for one in self.fake.permissions.values() if any(p["type"] == "anyone" for p in one)])

    def photos(self) -> list[str]:
        return sorted(one["name"] for one in self.fake.items.values() if one["mimeType"] != fake_drive.FOLDER)

    def contents(self) -> list[bytes]:
        return list(self.fake.content.values())

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


class CountingStore(PhotoStore):
    """The photo store itself, which also says how many bytes of photos were written."""

    received = 0

    def put(self, path: str, data: bytes) -> None:
        super().put(path, data)
        if not path.endswith(SMALL_SUFFIX):
            self.received += len(data)


class ThisServerBench(Bench):
    """No fake is needed: the share host and its pages are the real ones."""

    provider_id = "this_server"
    where = "somebody already saved"
    restricted = ("password", "A password")
    full = (ThisServerProblem, "the limit for one visitor", "Take back links")
    secrets = ("owner-secret-of-ana",)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.settings = read_settings(data_dir=folder / "data", undo_grace_s=0)
        usual = open_share(self.settings)
        self.store = CountingStore(self.settings.store_url, self.settings.photos_options)
        self.share = Share(self.settings, usual.index, self.store, usual.keys)
        self.pages = Recipient(lambda: self.share)

    def app(self) -> Any:
        return self.pages

    @property
    def received(self) -> int:
        return self.store.received

    def open(self, credentials: Credentials | None = None) -> Provider:  # noqa: ARG002 - nobody signs in here
        return ThisServer(self.share, OWNER, f"https://{THIS_SERVER}")

    def violations(self) -> list[str]:
        return []

    def close(self) -> None:
        self.share.close()

    def names(self, *names: str) -> list[str]:
        kinds = {"jpg": "photo", "mp4": "video"}
        endings = [name.rpartition(".")[2] for name in names]
        return sorted(f"{kinds[ending]}-{number:02d}.{ending}" for number, ending in enumerate(endings, 1))

    def title(self, title: str) -> str:
        return title or "Photos for you"

    def _live(self) -> list[str]:
        return [
            f"https://{THIS_SERVER}{one.path}" for one in self.share.links.all(OWNER) if one.state is LinkState.LIVE
        ]

    def albums(self) -> int:
        return len(self._live())

    def _saved(self) -> list[tuple[str, bytes]]:
        """What a stranger saves from every link that works."""
        saved: list[tuple[str, bytes]] = []
        with requests.Session() as nobody:
            for url in self._live():
                for row in self.share.visits.photos_of(self._album(url)):
                    answer = nobody.get(f"{url}/save/{row.number}.{row.ending}", timeout=10)
                    name = re.search(r'filename="([^"]+)"', answer.headers["content-disposition"])
                    assert name
                    saved.append((name[1], answer.content))
        return saved

    def _album(self, url: str) -> str:
        return self.share.links.of_path(OWNER, url.removeprefix(f"https://{THIS_SERVER}")).album_id

    def photos(self) -> list[str]:
        return sorted(name for name, _ in self._saved())

    def contents(self) -> list[bytes]:
        """Everything in the store: also what no link leads to."""
        return [self.store.get(path) for path, _ in self.store.list("albums") if not path.endswith(SMALL_SUFFIX)]

    def titles(self) -> list[str]:
        with requests.Session() as nobody:
            pages = [nobody.get(url, timeout=10).text for url in self._live()]
        return [found for page in pages for found in re.findall(r"<h1[^>]*>([^<]*)</h1>", page)]

    def fill(self) -> None:
        self.share.totals.settings = read_settings(data_dir=self.folder / "data", visitor_bytes=100)

    def delete_behind(self, link: SharedLink) -> None:
        """The host takes the link back, and the clean-up has run."""
        assert self.share.links.revoke_as_host(link.ref["link_id"])
        self.share.clean_up.sweep()
        assert not self.contents()

    def close_behind(self, link: SharedLink) -> None:
        """The owner takes the link back in another tab."""
        self.share.links.revoke(OWNER, link.ref["link_id"])

    def restrict_behind(self, link: SharedLink) -> None:
        """The owner sets a password in My links."""
        self.share.links.change(OWNER, link.ref["link_id"], password="Hills-99")


BENCHES: dict[str, type[Bench]] = {"dropbox": DropboxBench, "google_drive": DriveBench, "this_server": ThisServerBench}
In: Callable[[int], dt.datetime] = fake_drive.later
