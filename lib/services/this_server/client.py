"""Albums and links of this server, in the shape of every provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from lib.albums import LinkInfo, LinkState, Share, ShareProblem
from lib.albums.link_rows import FIRST
from lib.albums.problems import DraftGone, LinkGone
from lib.services.base import (
    Album,
    Description,
    OnProgress,
    Outcome,
    Preview,
    ProviderProblem,
    Revocation,
    SharedLink,
    Wishes,
    no_progress,
)
from lib.services.registry import description
from lib.text.later import Moment, Together, later, later_counted

DESCRIPTION: Final = description("this_server")
REMAINS = (
    later("Copies that somebody already saved, and screenshots."),
    later("Previews that a chat app already made and keeps."),
)


class ThisServerProblem(ProviderProblem):
    """What this server could not do, with the words of the share host."""

    title = later("This server could not do that")

    def __init__(self, problem: ShareProblem) -> None:
        super().__init__(Together((later("{title}:", title=problem.title), problem.happened)), fix=problem.fix)


@dataclass(frozen=True)
class ThisServer:
    """The share host of this app, for one owner. `base_url` is where other people reach it."""

    share: Share
    owner: str = field(repr=False)
    base_url: str

    @property
    def description(self) -> Description:
        """What it is and can do."""
        return DESCRIPTION

    def create(self, album: Album, wishes: Wishes, on_progress: OnProgress = no_progress) -> SharedLink:
        """Keep the album and make its link. The same `album.key` finds what is already there."""
        try:
            album_id = self._here(album, on_progress)
            info = self.share.links.create(self.owner, album_id, wishes, key=FIRST)
        except ShareProblem as problem:
            raise ThisServerProblem(problem) from problem
        return self.shared_link(info, wishes)

    def _here(self, album: Album, on_progress: OnProgress) -> str:
        """Return the id of the album here: its key where its photos waited here, else it is taken in."""
        try:
            self.share.albums.choose(self.owner, album.key, title=album.title, words=album.words)
        except DraftGone as gone:
            if gone.expired:
                raise
            return self.share.intake.take(self.owner, album, on_progress)
        return album.key

    def shared_link(self, info: LinkInfo, wishes: Wishes) -> SharedLink:
        """Return a link of this server as every provider returns its own."""
        return SharedLink(
            provider_id=DESCRIPTION.id,
            url=self.base_url.rstrip("/") + info.path,
            ref={"link_id": info.id, "album_id": info.album_id},
            title=info.title,
            photo_count=info.photo_count,
            size_bytes=info.size_bytes,
            created_at=info.created_at,
            expires_at=info.expires_at,
            outcomes=outcomes(info, wishes),
            video_count=info.video_count,
        )

    def revoke(self, link: SharedLink) -> Revocation:
        """Take the link back at once. What is not there any more is taken back already."""
        try:
            before = self.share.links.get(self.owner, link.ref["link_id"])
            after = self.share.links.revoke(self.owner, before.id)
        except LinkGone:
            return Revocation(datetime.now(UTC), already=True, remains=REMAINS)
        except ShareProblem as problem:
            raise ThisServerProblem(problem) from problem
        already = before.state in {LinkState.TAKEN_BACK, LinkState.EXPIRED}
        return Revocation(after.taken_back_at or datetime.now(UTC), already, REMAINS)


def outcomes(info: LinkInfo, wishes: Wishes) -> tuple[Outcome, ...]:
    """Say what was asked and what this server gives, one line a topic."""
    works = info.state is LinkState.LIVE
    rows = [
        Outcome(
            "anyone_can_view", later("Anyone with the link can look"),
            later("Anyone with the link, no account") if works else _OVER[info.state], works,
            "" if works else later("Make a new link."),
        ),
        _end(info, wishes),
    ]  # fmt: skip
    if wishes.protected or info.has_password:
        asked = later("A password") if wishes.protected else later("No password")
        kept = (wishes.protected) == info.has_password
        granted = later("A password") if info.has_password else later("No password")
        rows.append(Outcome("password", asked, granted, kept, "" if kept else _CHANGE))
    if wishes.max_views is not None or info.max_views is not None:
        kept = wishes.max_views == info.max_views
        rows.append(Outcome("views", _views(wishes.max_views), _views(info.max_views), kept, "" if kept else _CHANGE))
    if not wishes.allow_download or not info.allow_download:
        kept = wishes.allow_download == info.allow_download
        advice = "" if info.allow_download else later("A screenshot is always possible.")
        rows.append(
            Outcome(
                "download", _download(allowed=wishes.allow_download), _download(allowed=info.allow_download), kept,
                advice if kept else _CHANGE,
            )
        )  # fmt: skip
    if wishes.preview is not Preview.NONE:
        hidden = info.has_password or info.max_views is not None
        rows.append(
            Outcome(
                "preview", _PREVIEW[wishes.preview], _PREVIEW[Preview.NONE if hidden else info.preview],
                not hidden and info.preview is wishes.preview,
                later("A link with a password or a limit shows nothing before it is opened.") if hidden else "",
            )
        )  # fmt: skip
    return tuple(rows)


_CHANGE = later("Change it in My links.")
_OVER = {
    LinkState.EXPIRED: later("Nobody: it has ended"),
    LinkState.TAKEN_BACK: later("Nobody: it was taken back"),
    LinkState.USED_UP: later("Nobody: all views are used"),
}
_PREVIEW = {
    Preview.NONE: later("No picture in chats"),
    Preview.BLURRED: later("A blurred picture in chats"),
    Preview.COVER: later("The first photo in chats"),
}


def _end(info: LinkInfo, wishes: Wishes) -> Outcome:
    granted = later("Ends {moment}", moment=Moment(info.expires_at))
    if wishes.expires_at is None:
        return Outcome("expiry", later("No date asked for: the usual time of this server"), granted, kept=True)
    asked = wishes.expires_at.astimezone(UTC)
    kept = abs((asked - info.expires_at).total_seconds()) < 1
    return Outcome("expiry", later("Ends {moment}", moment=Moment(asked)), granted, kept, "" if kept else _CHANGE)


def _views(limit: int | None) -> str:
    if limit is None:
        return later("No limit on views")
    return later_counted("At most {n} view", "At most {n} views", limit)


def _download(*, allowed: bool) -> str:
    return later("Can be saved") if allowed else later("No save buttons")
