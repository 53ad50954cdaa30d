"""What goes into the HTTP API and what comes out of it. Times are ISO 8601 in UTC, sizes in bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lib.albums.album import PhotoInfo
from lib.albums.link_rows import LinkInfo, LinkState
from lib.albums.problems import WishRefused
from lib.albums.wishes import MAX_NAME, MAX_PASSWORD, MAX_TITLE, MAX_WORDS
from lib.links.stranger import Closed, StrangerView
from lib.services.base import LinkQuestion, Preview
from lib.text.later import later

SizeName = Literal["Small", "Standard", "Large"]
Span = Annotated[str, Field(max_length=12, description="12h, 7d, 2w, 3m or 1y", examples=["7d"])]
KEY_CHARS: Final = 100
Shape = TypeVar("Shape", bound=BaseModel)


class _Given(BaseModel):
    """What a caller sends: nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class NewLink(_Given):
    """The fields of a form beside its photos; of a raw photo, the query."""

    title: str = Field("", max_length=MAX_TITLE, description="above the photos")
    words: str = Field("", max_length=MAX_WORDS, description="for the recipient")
    name: str = Field("", max_length=MAX_NAME, description="your own name for the link; nobody else reads it")
    expires: Span | None = Field(None, description="how long it works; without it, as long as usual on this server")
    password: str | None = Field(None, max_length=MAX_PASSWORD)
    max_views: int | None = Field(None, description="how often it opens")
    allow_download: bool = True
    preview: Preview = Field(Preview.NONE, description="what a chat app may show beside the link")
    question: LinkQuestion = Field(LinkQuestion.NONE, description="what everybody who opens it is asked")
    size: SizeName = Field("Standard", description="of the photos: 1280, 2048 or 4096 pixels at most")
    key: str = Field(
        "", max_length=KEY_CHARS,
        description="photos sent with the same key come to the same link; sent twice, they are there once",
    )  # fmt: skip
    skip_refused: bool = Field(
        default=False, description="make the link although a file was refused; else nothing is made then"
    )


class LinkChange(_Given):
    """What is to change. What is left out stays; null takes a password or a limit away."""

    title: str = Field("", max_length=MAX_TITLE)
    words: str = Field("", max_length=MAX_WORDS)
    name: str = Field("", max_length=MAX_NAME)
    expires: Span = Field("", description="from now on")
    idle: Span | None = Field(None, description="it ends this long after the last visit")
    password: str | None = Field(None, max_length=MAX_PASSWORD)
    max_views: int | None = None
    allow_download: bool = True
    preview: Preview = Preview.NONE
    question: LinkQuestion = LinkQuestion.NONE


class PhotoShape(BaseModel):
    """One photo behind a link."""

    id: str
    name: str = Field(description="of your file; recipients do not read it")
    media_type: str
    width: int
    height: int
    size_bytes: int
    label: str
    price: str
    caption: str

    @classmethod
    def of(cls, photo: PhotoInfo) -> PhotoShape:
        """Return a photo as it is told."""
        return cls(**{name: getattr(photo, name) for name in cls.model_fields})


class LinkShape(BaseModel):
    """One of your links. `url` is the secret: whoever has it can look. Opened times are rounded down to the hour."""

    id: str = Field(description="opens nothing; names the link in this API")
    url: str = Field(description="empty where the server lost the key that it was made with")
    state: LinkState
    name: str
    title: str
    words: str
    photos: int
    videos: int
    size_bytes: int
    created_at: datetime
    expires_at: datetime
    has_password: bool
    max_views: int | None
    views: int = Field(description="by people; your own looks and the previews of chat apps are not among them")
    first_opened_at: datetime | None
    last_opened_at: datetime | None
    allow_download: bool
    preview: Preview
    question: LinkQuestion
    answers: int
    undo_until: datetime | None = Field(description="until when taking it back can be undone")

    @classmethod
    def values_of(cls, link: LinkInfo, base: str) -> dict[str, Any]:
        """Return a link as it is told; `base` stands before its path."""
        same = LinkShape.model_fields.keys() - {"url", "photos", "videos"}
        told = {name: getattr(link, name) for name in same}
        return told | {
            "url": base + link.path if link.path else "", "photos": link.photo_count, "videos": link.video_count,
        }  # fmt: skip


class LinkAndPhotos(LinkShape):
    """A link with its photos in their order; none once it is over and they are deleted."""

    items: list[PhotoShape]


class LinkList(BaseModel):
    """One page of your links, newest first."""

    links: list[LinkShape]
    page: int
    pages: int
    found: int
    total: int


class RefusedFile(BaseModel):
    """One file that was not taken, and why."""

    name: str
    title: str
    detail: str
    fix: str


class StrangerShape(BaseModel):
    """What somebody without an account and without a cookie met at the link."""

    opens: bool
    clean: bool = Field(description="a second reader found nothing private in what was served")
    door: bool = Field(description="it asks for the password, and shows nothing before")
    photos: int
    failure: str

    @classmethod
    def of(cls, view: StrangerView) -> StrangerShape:
        """Return a look as it is told."""
        return cls(
            opens=view.opens, clean=view.clean, door=view.door, photos=len(view.photos), failure=view.failure
        )  # fmt: skip


class MadeLink(LinkAndPhotos):
    """A link that was made, or had been with the same key, with what was removed and what a stranger met."""

    removed: dict[str, int] = Field(description="kind of hidden data -> in how many photos it was")
    refused: list[RefusedFile]
    stranger: StrangerShape | None = Field(description="null where nobody could look")


class ChangedPhotos(LinkAndPhotos):
    """A link to which photos were added."""

    refused: list[RefusedFile]


class Proof(BaseModel):
    """Every address that the link, or the photo, ever had, opened as a stranger."""

    at: datetime
    addresses: int
    gone: int
    unanswered: int
    proven: bool = Field(description="all answered, and none shows anything")

    @classmethod
    def of(cls, found: Closed, at: datetime) -> Proof:
        """Return what was found as it is told."""
        return cls(at=at, addresses=found.total, gone=found.gone, unanswered=found.unanswered, proven=found.proven)


class TakenBackLink(LinkShape):
    """A link that is closed for everybody."""

    proof: Proof


class ApiRefusal(BaseModel):
    """Why something was not done: a problem of RFC 9457, with what to do about it."""

    title: str
    status: int
    detail: str
    fix: str
    refused: list[RefusedFile] = []


def read_shape(kind: type[Shape], given: dict[str, str] | bytes) -> Shape:
    """Read the fields of a form, or JSON, in which a number is no text. Raises `WishRefused`, and names no value."""
    try:
        if isinstance(given, bytes):
            return kind.model_validate_json(given, strict=True)
        return kind.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "body"
        raise WishRefused(later("{name}: {what}.", name=name[:60], what=first["msg"])) from None
