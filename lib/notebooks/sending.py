"""`send`: photos in, a link out that was opened as a stranger, and the way to take it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from lib.links.stranger import Closed, StrangerView, open_as_stranger_now
from lib.message import contents
from lib.notebooks import cards
from lib.notebooks.bars import bar
from lib.notebooks.cleaning import CleanPhoto, CleanPhotos, clean
from lib.notebooks.sources import Photos, Refused
from lib.photos import small_photo
from lib.photos.prepare import MAX_SIDE
from lib.services import own
from lib.services.base import Progress, SharedLink, Wishes
from lib.services.registry import all_descriptions, description
from lib.text.amounts import day
from lib.text.spans import span

if TYPE_CHECKING:
    import pandas as pd

_MOODS: Final = {True: "good", False: "bad", None: "unsure"}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a link back did: when, and how many of its addresses are proven to be gone."""

    at: datetime
    addresses: Closed

    @property
    def proven(self) -> bool:
        """Every address that the link ever had was opened, and none shows anything."""
        return self.addresses.proven

    @property
    def verdict(self) -> str:
        """The same in one sentence."""
        seen = self.addresses
        if seen.unanswered:
            return f"Taken back, but {seen.unanswered} of {seen.total} addresses gave no answer, so nothing is proven."
        if self.proven:
            return f"Taken back: all {seen.total} addresses were opened, and none shows anything any more."
        return f"Taken back, but only {seen.gone} of {seen.total} addresses are gone."

    def __repr__(self) -> str:
        return f"<{self.at:%Y-%m-%d %H:%M:%S} UTC. {self.verdict}>"

    def _repr_html_(self) -> str:
        mood = "good" if self.proven else "unsure"
        return cards.card("Proof", [f"{self.at:%Y-%m-%d %H:%M:%S} UTC"], verdict=self.verdict, mood=mood)

    def to_frame(self) -> pd.DataFrame:
        """Return one row: when, and how many addresses are gone, silent, and there in all."""
        import pandas as pd

        seen = self.addresses
        row = {"at": self.at, "gone": seen.gone, "unanswered": seen.unanswered, "total": seen.total}
        return pd.DataFrame([row | {"proven": self.proven}])


@dataclass(slots=True)
class MyLink:
    """A link that was made. `url` is a secret and stands in no `repr`; whoever has it can look."""

    url: str = field(repr=False)
    made: SharedLink = field(repr=False)
    view: StrangerView | None = field(default=None, repr=False)  # what a stranger saw; None where nobody looked
    refused: tuple[Refused, ...] = field(default=(), repr=False)
    _picture: bytes = field(default=b"", repr=False)
    proof: TakenBack | None = field(default=None, repr=False)

    @property
    def opens(self) -> bool | None:
        """Whether a stranger could open it, whole and clean; None where that was not looked at."""
        return None if self.view is None else self.view.opens and self.view.clean

    @property
    def verdict(self) -> str:
        """What a stranger met, in one sentence."""
        if self.proof is not None:
            return self.proof.verdict
        if self.view is None:
            return "Not opened from here; check([link.url]) does."
        if self.opens:
            return "Asks a stranger for the password." if self.view.door else "Opens for a stranger, whole and clean."
        return self.view.failure or "A stranger could not open it."

    def look_again(self) -> MyLink:
        """Open the link as a stranger once more, for instance after the app was started. Counts as no view."""
        self.view = _look(self.made)
        return self

    def take_back(self) -> TakenBack:
        """Take the link back and open every address that it ever had, as proof. Twice is no error."""
        self.proof = TakenBack(*own.take_back(self.url))
        return self.proof

    def __repr__(self) -> str:
        return f"<{self._title}: {self._holds}. {self.verdict}>"

    def __str__(self) -> str:
        return self.url

    @property
    def _title(self) -> str:
        return self.made.title or "Link"

    @property
    def _holds(self) -> str:
        until = f", until {day(self.made.expires_at)}" if self.made.expires_at else ""
        return f"{contents(self.made.photo_count, self.made.video_count)}{until}"

    def _repr_html_(self) -> str:
        lines = [self._holds, *(f"Asked: {one.asked}. {one.granted}" for one in self.made.outcomes if not one.kept)]
        lines += [f"Refused: {one!r}" for one in self.refused]
        opens = None if self.proof else self.opens
        mood = "good" if self.proof and self.proof.proven else _MOODS[opens]
        link = "" if self.proof else self.url
        return cards.card(self._title, lines, picture=self._picture or None, link=link, verdict=self.verdict, mood=mood)

    def to_frame(self) -> pd.DataFrame:
        """Return one row: the link, what it holds, and what a stranger met."""
        import pandas as pd

        made = self.made
        row: dict[str, Any] = {
            "link": self.url, "title": made.title, "provider": made.provider_id, "photos": made.photo_count,
            "videos": made.video_count, "size_bytes": made.size_bytes, "created_at": made.created_at,
            "expires_at": made.expires_at, "opens": self.opens, "verdict": self.verdict,
        }  # fmt: skip
        return pd.DataFrame([row])


def send(  # noqa: PLR0913 - one option for each wish
    photos: Photos | CleanPhoto | CleanPhotos,
    *,
    title: str = "",
    words: str = "",
    expires: str | timedelta | datetime | None = None,
    password: str | None = None,
    views: int | None = None,
    name: str = "",
    to: str = "",
    max_side: int = MAX_SIDE,
    download: bool = True,
) -> MyLink:
    """Clean photos, make a link and open it as a stranger.

    `photos` is what `clean` takes, or what it returned. `expires` is "12h", "7d", "2w", "3m" or "1y", a length of
    time, or a moment with its time zone; None is the host's usual. `views` ends the link after so many. `to` names a
    service, such as "dropbox"; by default this computer's own app keeps the photos, and has to run for the link to
    open (`lib.notebooks.start_app`). Raises `Problem` and then there is no link.
    """
    ready = photos if isinstance(photos, CleanPhoto | CleanPhotos) else clean(photos, max_side=max_side)
    every = (ready,) if isinstance(ready, CleanPhoto) else tuple(ready)
    to = to or all_descriptions()[0].id
    wishes = Wishes(
        expires_at=_moment(expires), password=password or None, max_views=views or None, allow_download=download,
        name=name,
    )  # fmt: skip
    with bar("Sending", len(every), "photos") as progress:
        done = 0

        def show(now: Progress) -> None:
            nonlocal done
            progress.update(now.photos_done - done)
            done = now.photos_done

        made = own.upload(to, title, words, [own.as_album_photo(one.name, one.photo) for one in every], wishes, show)
    refused = () if isinstance(ready, CleanPhoto) else ready.refused
    view = _look(made) if description(to).kept_here else None
    return MyLink(made.url, made, view, refused, small_photo(every[0].data, cards.SIDE * 2))


def _look(made: SharedLink) -> StrangerView:
    own_origins = own.origins() if description(made.provider_id).kept_here else frozenset[str]()
    return open_as_stranger_now(made.url, expected=made.photo_count, own_origins=own_origins)


def _moment(expires: str | timedelta | datetime | None) -> datetime | None:
    if expires is None or isinstance(expires, datetime):
        return expires
    return datetime.now(UTC) + (span(expires) if isinstance(expires, str) else expires)
