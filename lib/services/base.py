"""What every provider is: a description as data, a few methods, and the difference between asked and granted.

A provider takes an album of clean photos and returns a `SharedLink`. Pages ask what a provider *can do*
(`provider.description.can_expire`), never which one it is. What it offers beyond `create` are small protocols that a
provider has or has not: `Revokes`, `Mends`, `Discards`. A test proves that description and methods agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from lib.problems import Problem
from lib.text.later import from_plain, later, to_plain


class ProviderProblem(Problem):
    """A provider could not do what it was asked."""

    title = later("The storage service could not do that")


VIDEO_TYPE: Final = "video/mp4"


class Preview(StrEnum):
    """What a chat app may show of an album before it is opened."""

    NONE = "none"
    BLURRED = "blurred"
    COVER = "cover"


class LinkQuestion(StrEnum):
    """What the sender asks of everybody who opens a link."""

    NONE = "none"
    LIKE = "like"  # which ones do you like?
    ONE = "one"  # which one shall I take?
    MANY = "many"  # how many of each?


@dataclass(frozen=True, slots=True)
class AlbumPhoto:
    """One clean photo on its way to a provider. `read` returns its bytes: an album need not be held in memory.

    A video that this app made of such photos travels the same way, with `VIDEO_TYPE` as its media type.
    """

    name: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    read: Callable[[], bytes] = field(repr=False, compare=False)

    @property
    def is_video(self) -> bool:
        """It is a video that this app made."""
        return self.media_type == VIDEO_TYPE


@dataclass(frozen=True, slots=True)
class Album:
    """What one link opens: photos in their order, a title and words for the recipient (either may be empty).

    `key` names this album across retries: the same key never makes a second album.
    """

    key: str
    title: str
    words: str
    photos: Sequence[AlbumPhoto]

    @property
    def video_count(self) -> int:
        """How many of them are videos."""
        return sum(photo.is_video for photo in self.photos)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the sender asks of a link. None means: not asked for."""

    expires_at: datetime | None = None  # aware, UTC
    password: str | None = field(default=None, repr=False)
    max_views: int | None = None
    allow_download: bool = True
    preview: Preview = Preview.NONE
    question: LinkQuestion = LinkQuestion.NONE
    name: str = ""  # the sender's own name for this link, such as the friend it is for
    idle_s: float | None = None  # a sliding end: this long after the last visit, but never later than `expires_at`
    password_kept: bool = False  # the password is the one that this server keeps with the album, as its hash

    @property
    def protected(self) -> bool:
        """A password is asked for."""
        return self.password is not None or self.password_kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the asked/granted table: what was asked, what the provider says it gave, in words."""

    topic: str  # "anyone_can_view", "password", "expiry", "views", "download"
    asked: str
    granted: str
    kept: bool  # the wish was granted
    advice: str = ""  # what to do when it was not


@dataclass(frozen=True, slots=True)
class SharedLink:
    """A link that a provider made. `url` is a secret: never logged, never in `repr`."""

    provider_id: str
    url: str = field(repr=False)
    ref: dict[str, str] = field(repr=False)  # what the provider needs to find it again
    title: str
    photo_count: int  # everything that it opens
    size_bytes: int
    created_at: datetime
    expires_at: datetime | None
    outcomes: tuple[Outcome, ...]
    video_count: int = 0  # how many of these are videos


def link_to_dict(link: SharedLink) -> dict[str, Any]:
    """Return a link as a dictionary that JSON can hold, for a page's session."""
    values = asdict(link)
    values["created_at"] = link.created_at.isoformat()
    values["expires_at"] = link.expires_at.isoformat() if link.expires_at else None
    values["outcomes"] = [
        {name: to_plain(value) for name, value in asdict(outcome).items()} for outcome in link.outcomes
    ]
    return values


def read_link(values: Mapping[str, Any]) -> SharedLink:
    """Return the link that `link_to_dict` turned into JSON values."""
    return SharedLink(
        **dict(values)
        | {
            "created_at": datetime.fromisoformat(values["created_at"]),
            "expires_at": datetime.fromisoformat(values["expires_at"]) if values["expires_at"] else None,
            "outcomes": tuple(
                Outcome(**{name: from_plain(value) for name, value in outcome.items()})
                for outcome in values["outcomes"]
            ),
        }
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload has come."""

    photos_done: int
    photos: int
    bytes_done: int
    bytes: int
    doing: str  # "Uploading beach.jpg"


@dataclass(frozen=True, slots=True)
class Revocation:
    """What taking back did. `already` means it was gone before; `remains` says what revoking does not undo."""

    at: datetime
    already: bool
    remains: tuple[str, ...]


OnProgress = Callable[[Progress], None]


def no_progress(_: Progress) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a place is and can do, as its `service.toml` says."""

    id: str  # the name of its folder, as in addresses and on the command line: "this_server", "google_drive"
    label: str
    icon: str  # a Material symbol, ":material/…:"
    summary: str  # one sentence for the sender
    can_upload: bool = False  # the app itself can put photos there
    can_revoke: bool = False
    can_mend: bool = False  # a wrong permission can be corrected from here
    can_discard: bool = False  # photos can be removed from there again
    can_password: bool = False
    can_expire: bool = False
    can_limit_views: bool = False
    can_count_views: bool = False
    can_block_download: bool = False
    can_preview: bool = False  # what a chat app may show can be chosen
    can_ask: bool = False  # recipients can answer a question
    kept_here: bool = False  # its links are in this host's own index, with counts and all
    hosts: tuple[str, ...] = ()  # hosts of its share links
    sign_in: str | None = None  # name of its `[auth.<name>]` table, where the sender has to sign in
    settings: tuple[str, ...] = ()  # settings that the host has to make
    scopes: tuple[str, ...] = ()  # permissions that the sign-in asks for
    on_some_plans: tuple[str, ...] = ()  # topics of `Outcome` that depend on the sender's plan with the provider
    issuer_without_nonce: str = ""  # whose ID tokens lack the nonce that was sent, against the standard

    @property
    def needs_sign_in(self) -> bool:
        """The sender has to sign in with the provider."""
        return self.sign_in is not None


@runtime_checkable
class Provider(Protocol):
    """A place where albums go."""

    @property
    def description(self) -> Description:
        """What it is and can do."""

    def create(self, album: Album, wishes: Wishes, on_progress: OnProgress = no_progress) -> SharedLink:
        """Upload the album and make its link.

        Called again with the same `album.key` after a failure or a cancel (an exception raised by `on_progress`), it
        continues where it stopped and never makes a second album. Raises `ProviderProblem`.
        """


@runtime_checkable
class Revokes(Protocol):
    """A provider whose links can be taken back."""

    def revoke(self, link: SharedLink) -> Revocation:
        """Make the link stop working. Taking back twice is no error. Raises `ProviderProblem`."""


@runtime_checkable
class Mends(Protocol):
    """A provider that can correct a wrong permission."""

    def mend(self, url: str) -> SharedLink:
        """Make the file or folder behind the signed-in person's own link open for anyone. Raises `ProviderProblem`."""


@runtime_checkable
class Discards(Protocol):
    """A provider from which the photos of an album, whole or half, can be removed again."""

    def discard(self, key: str) -> bool:
        """Remove what was uploaded under an album's key; its links die with it. False: there was nothing.

        Raises `ProviderProblem`.
        """
