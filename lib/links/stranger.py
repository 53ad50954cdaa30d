"""Open a link of this server as a stranger would, and prove what a stranger gets.

No cookie, no account, no memory of having made the link: the page is fetched from its public address, every photo that
it shows, small and large, is fetched and decoded, a video as well as its poster, and the bytes that came over the wire
are read again with a second parser.
"""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from html.parser import HTMLParser
from typing import Any, Final

import ada_url
from PIL import Image, UnidentifiedImageError

from lib.links.fetch import GONE, Fetched, Fetcher, Limits
from lib.links.now import now
from lib.photos import PhotoProblem, cost, find_leftovers
from lib.photos.gate import decoding

_OWN: Final = Limits(per_host=8, burst=1_000, per_host_rate=1_000, total_s=30)  # our own server needs no politeness
_PART: Final = 206
_NO_PARTS: Final = (
    "The video plays on no iPhone: it cannot be asked for in parts. Something before this app, such as a proxy, "
    "takes the header Range away."
)
_PHOTO_BYTES: Final = 60_000_000  # above every photo that this server makes


@dataclass(frozen=True, slots=True)
class ServedPhoto:
    """One photo or video as it was served. Sizes in pixels and bytes; `leftovers` is what should not be there."""

    number: int
    size_bytes: int
    width: int
    height: int
    decodes: bool
    leftovers: tuple[str, ...]
    seconds: float = 0.0  # how long a video plays; 0 for a photo

    @property
    def is_video(self) -> bool:
        """It plays."""
        return self.seconds > 0


@dataclass(frozen=True, slots=True)
class StrangerView:
    """What a stranger met. `status` 0 means that nothing answered; then `failure` says why, or why a video fails.

    A protected link shows a stranger nothing but its door: `door` is True and `photos` is empty, which is right.
    """

    status: int
    failure: str
    door: bool
    seconds: float
    photos: tuple[ServedPhoto, ...]  # in full size
    grid: tuple[ServedPhoto, ...]  # as the page shows them at first
    expected: int

    @property
    def videos(self) -> int:
        """How many of the photos are videos."""
        return sum(photo.is_video for photo in self.photos)

    @property
    def opens(self) -> bool:
        """Whether a stranger gets what the sender meant: all photos, whole, or the door of a protected link."""
        if self.door:
            return True
        arrived = self.status == 200 and len(self.photos) == self.expected  # noqa: PLR2004 - HTTP
        return arrived and self.whole and not self.failure

    @property
    def whole(self) -> bool:
        """Whether every photo, small and large, can be decoded."""
        return all(photo.decodes for photo in (*self.photos, *self.grid))

    @property
    def clean(self) -> bool:
        """Whether nothing private was found in what was served."""
        return not any(photo.leftovers for photo in (*self.photos, *self.grid))


class _SharePage(HTMLParser):
    """Reads a share page as a browser would: pictures, videos, pages of single ones, and whether it is only a door."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self._base = ada_url.URL(page).pathname
        self.pictures: list[str] = []
        self.posters: list[str] = []
        self.videos: list[str] = []
        self.in_order: list[str] = []  # pictures and videos as they stand on the page
        self.large: list[str] = []
        self.door = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "img" and self._below(found.get("src"), "/p/"):
            self.pictures.append(self._whole(found["src"]))
            self.in_order.append(self.pictures[-1])
        if tag == "video" and self._below(found.get("src"), "/p/"):
            self.videos.append(self._whole(found["src"]))
            self.posters.append(self._whole(found.get("poster")))
            self.in_order.append(self.videos[-1])
        if tag == "a" and self._below(found.get("href"), "/") and _number(found["href"]).isdigit():
            self.large.append(self._whole(found["href"]))
        self.door = self.door or (tag == "form" and self._below(found.get("action"), "/open"))

    def _below(self, address: str | None, where: str) -> bool:
        return address is not None and ada_url.URL(address, base=self._page).pathname.startswith(self._base + where)

    def _whole(self, address: str | None) -> str:
        return str(ada_url.URL(address or "", base=self._page).href)


def _number(address: str | None) -> str:
    """Return the last part of an address without what stands behind "?" and "#": a page of one photo is a number."""
    return re.split(r"[?#]", address or "", maxsplit=1)[0].rpartition("/")[2]


def view_to_dict(view: StrangerView) -> dict[str, Any]:
    """Return what a stranger saw as a dictionary that JSON can hold, to be kept with an album."""
    return asdict(view)


def read_view(values: Mapping[str, Any]) -> StrangerView:
    """Return the view from what `view_to_dict` made, today or in an older version that kept more."""
    known = {field.name: values[field.name] for field in fields(StrangerView) if field.name in values}
    return StrangerView(**known | {"photos": _photos(values["photos"]), "grid": _photos(values["grid"])})


def _photos(values: Iterable[Mapping[str, Any]]) -> tuple[ServedPhoto, ...]:
    return tuple(ServedPhoto(**dict(photo) | {"leftovers": tuple(photo["leftovers"])}) for photo in values)


async def open_as_stranger(
    url: str, *, expected: int, own_origins: frozenset[str], fetcher: Fetcher | None = None
) -> StrangerView:
    """Open a link of this server and look at every photo behind it. `expected` is how many there should be.

    `own_origins` are the addresses that are known to be this app; anything else is asked like every link that somebody
    typed, and an inner address is refused.
    """
    started = time.monotonic()
    if fetcher is not None:
        return await _look(fetcher, url, expected, started)
    async with Fetcher(own_origins, limits=_OWN) as own:
        return await _look(own, url, expected, started)


def open_as_stranger_now(url: str, *, expected: int, own_origins: frozenset[str]) -> StrangerView:
    """Do the same from code that is not asynchronous, be it a script or a notebook, where an event loop is running."""
    return now(open_as_stranger(url, expected=expected, own_origins=own_origins))


@dataclass(frozen=True, slots=True)
class Closed:
    """What looking at every address of a link found. One that nothing answered proves nothing."""

    gone: int
    unanswered: int
    total: int

    @property
    def proven(self) -> bool:
        """Every address answered, and none opens. Where no address is known, nothing is proven."""
        return 0 < self.total == self.gone


def closed(answers: Sequence[tuple[str, int]], also: frozenset[int] = frozenset()) -> Closed:
    """Count what `gone` found; the one place that decides what counts as gone.

    `also` names statuses with which another service answers for a link that was taken back.
    """
    return Closed(
        gone=sum(status in GONE | also for _, status in answers),
        unanswered=sum(status == 0 for _, status in answers),
        total=len(answers),
    )


async def gone(urls: list[str], *, own_origins: frozenset[str], cookie: str = "") -> list[tuple[str, int]]:
    """Open each address as a stranger and return it with its status; 0 means that nothing answered.

    With the `cookie` of somebody who had been inside, each is opened again with it, and the answer that shows more
    counts.
    """
    visits = [{}, {"Cookie": cookie}] if cookie else [{}]
    async with Fetcher(own_origins, limits=_OWN) as fetcher:
        answers = await asyncio.gather(
            *(fetcher.get(url, headers=headers, max_bytes=2_000, follow=False) for url in urls for headers in visits)
        )
    statuses = [answer.status for answer in answers]
    by_address = [statuses[at : at + len(visits)] for at in range(0, len(statuses), len(visits))]
    return [
        (url, next((status for status in found if status not in GONE), found[0]))
        for url, found in zip(urls, by_address, strict=True)
    ]


async def _look(fetcher: Fetcher, url: str, expected: int, started: float) -> StrangerView:
    page = await fetcher.get(url)
    shown = _read(page.url, page)
    photos: list[ServedPhoto] = []
    grid: list[ServedPhoto] = []
    videos: list[str] = []
    if page.ok and not shown.door:
        grid = await _see_all(fetcher, shown.pictures + shown.posters)
        tapped = await asyncio.gather(*(fetcher.get(address) for address in dict.fromkeys(shown.large)))
        alone = [_read(page.url, one) for one in tapped if one.ok]
        full = [address for one in alone for address in one.in_order]
        videos = [address for one in alone for address in one.videos]
        photos = await _see_all(fetcher, list(dict.fromkeys(full)))
    return StrangerView(
        status=page.status,
        failure=page.failure.text if page.failure else await _no_parts(fetcher, videos),
        door=page.ok and shown.door,
        seconds=time.monotonic() - started,
        photos=tuple(photos),
        grid=tuple(grid),
        expected=expected,
    )


async def _no_parts(fetcher: Fetcher, videos: list[str]) -> str:
    """Ask for two bytes of each video, as an iPhone does before it plays anything; return what is wrong, or nothing."""
    answers = await asyncio.gather(
        *(fetcher.get(address, headers={"Range": "bytes=0-1"}, max_bytes=2) for address in dict.fromkeys(videos))
    )
    return _NO_PARTS if any(answer.ok and answer.status != _PART for answer in answers) else ""


def _read(link: str, page: Fetched) -> _SharePage:
    """Read a page of the album that lives at `link`."""
    shown = _SharePage(link)
    shown.feed(page.body.decode("utf-8", "replace"))
    return shown


async def _see_all(fetcher: Fetcher, addresses: list[str]) -> list[ServedPhoto]:
    answers = await asyncio.gather(*(fetcher.get(address, max_bytes=_PHOTO_BYTES) for address in addresses))
    return [await asyncio.to_thread(_see, number, answer) for number, answer in enumerate(answers, 1)]


def _see(number: int, answer: Fetched) -> ServedPhoto:
    if answer.ok and _kind(answer) == "video/mp4":
        return _see_video(number, answer.body)
    width = height = 0
    decodes = False
    if answer.ok:
        try:
            with Image.open(io.BytesIO(answer.body), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                with decoding.room(cost.of_clean(answer.body, picture.size, picture.size)):
                    picture.load()
                decodes = True
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            decodes = False
    leftovers = tuple(f"{found.where}: {found.what}" for found in find_leftovers(answer.body)) if answer.ok else ()
    return ServedPhoto(number, len(answer.body), width, height, decodes, leftovers)


def _see_video(number: int, data: bytes) -> ServedPhoto:
    """`check_video` decides what is whole and can be played; what else was found inside is returned as well."""
    from lib.photos.video import check_video

    try:
        video = check_video(data, whole=False)
    except PhotoProblem:
        found = tuple(f"{left.where}: {left.what}" for left in find_leftovers(data))
        return ServedPhoto(number, len(data), 0, 0, decodes=False, leftovers=found)
    return ServedPhoto(number, len(data), video.width, video.height, decodes=True, leftovers=(), seconds=video.seconds)


def _kind(answer: Fetched) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
