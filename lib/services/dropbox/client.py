"""Albums in the visitor's Dropbox: upload sessions, shared links, and what they really grant.

An album lives at `/<mark of its key>/<mark of its contents>/<title>/` inside the app's own folder. The marks make a
second press find the first one's work; the title is all that the recipient sees.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import dropbox
import requests
from dropbox import exceptions, files, sharing
from stone.backends.python_rsrc.stone_validators import ValidationError

from lib.links.guard import host_matches
from lib.services.access import Visit
from lib.services.base import (
    Album,
    Description,
    OnProgress,
    Outcome,
    Progress,
    ProviderProblem,
    Revocation,
    SharedLink,
    Wishes,
    no_progress,
)
from lib.services.names import content_mark, file_names, folder_name, key_mark
from lib.services.outcomes import Granted, outcomes
from lib.services.patience import Patience
from lib.services.problems import ClocksDisagree, ErrorAnswer, NotYours, ProblemTable, SignInNeeded
from lib.services.registry import description
from lib.services.unfinished import asks_to_wait, said_what_is_left
from lib.text.later import later, later_counted

DESCRIPTION: Final = description("dropbox")
TABLE: Final = ProblemTable(Path(__file__).with_name("problems.csv"))
CHUNK_BYTES: Final = 1024 * 1024  # small enough that progress moves and a cancel is felt; at most 150 MiB is allowed
TIMEOUT_S: Final = 60.0  # silence for this long is a broken connection
CLOCK_LIMIT_S: Final = 300.0  # clocks further apart than this are the likely cause of "the end date is in the past"
PLANS: Final = {"basic": "Dropbox Basic", "pro": later("your Dropbox plan"), "business": later("your team's Dropbox")}


@dataclass(frozen=True, slots=True)
class _DropboxPlace:
    """Where an album lives, and whether its link opens the folder or the only file."""

    key: str
    root: str
    folder: str
    names: tuple[str, ...]

    @property
    def target(self) -> str:
        return self.folder if len(self.names) > 1 else f"{self.folder}/{self.names[0]}"


class DropboxProvider:
    """Dropbox as a provider."""

    def __init__(
        self, visit: Visit, *, chunk_bytes: int = CHUNK_BYTES, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Open the account. Raises `SignInNeeded` when there are no credentials."""
        self._resume = visit.resume
        self._chunk = chunk_bytes
        self._clock_ahead_s = 0.0
        self._try = Patience(TABLE, refusal_of, sleep=sleep)
        self._dropbox = _sdk(visit)
        self._dropbox._session.hooks["response"].append(self._look_at_clock)  # noqa: SLF001 - the SDK's session, no other way in

    @property
    def description(self) -> Description:
        """What Dropbox is and can do."""
        return DESCRIPTION

    def close(self) -> None:
        """Close the connections to Dropbox."""
        self._dropbox.close()

    # Create

    def create(self, album: Album, wishes: Wishes, on_progress: OnProgress = no_progress) -> SharedLink:
        """Upload the album and make its link; see `lib.services.base.Provider`."""
        place = _place(album)
        progress = Progress(
            0, len(album.photos), 0, sum(photo.size_bytes for photo in album.photos), later("Asking Dropbox")
        )
        self._try.on_wait = lambda left: on_progress(replace(progress, doing=asks_to_wait("Dropbox", left)))
        on_progress(progress)
        old, other = self._find_link(place)
        if old is None:
            try:
                self._make_folders(place, keep_others=other)
                for number, photo in enumerate(album.photos):
                    progress = replace(progress, photos_done=number, doing=later("Uploading {name}", name=photo.name))
                    done = progress.bytes_done
                    for sent in self._upload(f"{place.folder}/{place.names[number]}", photo.read()):
                        progress = replace(progress, bytes_done=done + sent)
                        on_progress(progress)
                progress = replace(progress, photos_done=len(album.photos), doing=later("Making the link"))
                on_progress(progress)
                found, wished = self._make_link(place.target, wishes)
            except ProviderProblem as problem:
                raise said_what_is_left(problem, progress, "your Dropbox") from problem
        else:
            progress = replace(
                progress, photos_done=len(album.photos), bytes_done=progress.bytes, doing=later("Done before")
            )
            found, wished = self._settle(old, wishes), wishes
        for name in [name for name in self._resume if name.startswith(place.root)]:
            del self._resume[name]
        on_progress(replace(progress, doing="Done"))
        return SharedLink(
            provider_id=DESCRIPTION.id,
            url=viewing_url(found.url),
            ref={"path": place.target, "key": place.key},
            title=album.title,
            photo_count=len(album.photos),
            video_count=album.video_count,
            size_bytes=progress.bytes,
            created_at=datetime.now(UTC),
            expires_at=_aware(found.expires),
            outcomes=self._outcomes(found, wished),
        )

    def _find_link(self, place: _DropboxPlace) -> tuple[Any | None, bool]:
        """Return the link of this very album, and whether the key has a link to other contents."""
        under = [link for link in self._links() if (link.path_lower or "").startswith(f"{place.root}/")]
        this = [link for link in under if link.path_lower == place.target.lower()]
        return (this[0] if this else None), len(under) > len(this)

    def _links(self, path: str | None = None, *, direct_only: bool | None = None) -> Iterator[Any]:
        cursor = None
        while True:
            page = self._try(
                self._dropbox.sharing_list_shared_links,
                path=None if cursor else path,
                cursor=cursor,
                direct_only=None if cursor else direct_only,
                expect=("path/not_found",),
            )
            yield from page.links
            if not page.has_more:
                return
            cursor = page.cursor

    def _make_folders(self, place: _DropboxPlace, *, keep_others: bool) -> None:
        """Make the album's folder. What an earlier try left with other photos or another title is deleted."""
        begun = not self._make_folder(place.root)
        same = not self._make_folder(place.folder.rpartition("/")[0])
        if begun and not same and not keep_others:
            self._try(self._dropbox.files_delete_v2, place.root)
            self._make_folder(place.root)
            self._make_folder(place.folder.rpartition("/")[0])
        self._make_folder(place.folder)

    def _make_folder(self, path: str) -> bool:
        """Make a folder. False: it was there."""
        try:
            self._try(self._dropbox.files_create_folder_v2, path, expect=("path/conflict/folder",))
        except exceptions.ApiError:
            return False
        return True

    def _upload(self, path: str, content: bytes) -> Iterator[int]:
        """Upload one photo and yield the bytes that Dropbox has. Uploading the same photo again changes nothing."""
        if self._resume.get(path) == "done":
            yield len(content)
            return
        if len(content) <= self._chunk:
            self._try(self._dropbox.files_upload, content, path, mode=files.WriteMode.overwrite, mute=True)
        else:
            yield from self._upload_in_parts(path, content)
        self._resume[path] = "done"
        yield len(content)

    def _upload_in_parts(self, path: str, content: bytes) -> Iterator[int]:
        commit = files.CommitInfo(path=path, mode=files.WriteMode.overwrite, mute=True)
        session, _, offset_text = self._resume.get(path, "").partition(":")
        offset = int(offset_text or 0)
        begun = 0
        while True:
            if not session:
                begun += 1
                part = content[: self._chunk]
                session = self._try(self._dropbox.files_upload_session_start, part).session_id
                offset = len(part)
                self._resume[path] = f"{session}:{offset}"
            yield offset
            part = content[offset : offset + self._chunk]
            cursor = files.UploadSessionCursor(session_id=session, offset=offset)
            last = offset + len(part) >= len(content)
            try:
                if last:
                    self._try(
                        self._dropbox.files_upload_session_finish,
                        part,
                        cursor,
                        commit,
                        expect=("incorrect_offset", "lookup_failed"),
                    )
                    return
                self._try(
                    self._dropbox.files_upload_session_append_v2,
                    part,
                    cursor,
                    expect=("incorrect_offset", "not_found", "closed"),
                )
                offset += len(part)
            except exceptions.ApiError as error:
                offset = _correct_offset(error)
                if offset < 0:  # the session is over: begin this photo again
                    if begun > 1:
                        raise self._try.problem(error) from error
                    session = ""
                    self._resume.pop(path, None)
                    continue
            self._resume[path] = f"{session}:{offset}"

    # The link

    def _make_link(self, path: str, wishes: Wishes) -> tuple[Any, Wishes]:
        """Make the link with all that was wished, or with what the plan allows."""
        attempts = [_settings(wishes), _settings(Wishes()), None]
        for settings in attempts:
            try:
                made = self._try(
                    self._dropbox.sharing_create_shared_link_with_settings,
                    path,
                    settings,
                    expect=("settings_error", "shared_link_already_exists"),
                )
            except exceptions.ApiError as error:
                codes = refusal_of(error).codes  # type: ignore[union-attr]
                if "shared_link_already_exists" in codes:
                    return self._settle(self._existing(path, error), wishes), wishes
                self._watch_clock(codes, wishes)
                if settings is None:
                    raise TABLE.problem(ErrorAnswer(codes)) from error
                continue
            return self._settle(made, wishes), wishes
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _existing(self, path: str, error: exceptions.ApiError) -> Any:
        """Return the link that was already there."""
        links = list(self._links(path, direct_only=True))
        public = [link for link in links if _audience(link.link_permissions) == "public"]
        if not links:
            raise TABLE.problem(ErrorAnswer(("shared_link_already_exists",))) from error
        return (public or links)[0]

    def _settle(self, link: Any, wishes: Wishes) -> Any:
        """Bring an existing link as near to the wishes as the plan allows, and return it as it is then."""
        can = link.link_permissions
        missing: dict[str, Any] = {}
        if _audience(can) not in {"public", "password"}:
            missing["audience"] = sharing.LinkAudience.public
        if wishes.password is not None and not can.require_password and can.can_set_password is not False:
            missing |= {"require_password": True, "link_password": wishes.password}
        expires = _naive(wishes.expires_at)
        if expires is not None and link.expires != expires and can.can_set_expiry:
            missing["expires"] = expires
        if not wishes.allow_download and can.allow_download and can.can_disallow_download:
            missing["allow_download"] = False
        for setting in _one_by_one(missing):
            try:
                link = self._try(
                    self._dropbox.sharing_modify_shared_link_settings,
                    link.url,
                    sharing.SharedLinkSettings(**setting),
                    expect=("settings_error", "unsupported_link_type"),
                )
            except exceptions.ApiError as error:  # not granted: `outcomes` says so
                self._watch_clock(refusal_of(error).codes, wishes)  # type: ignore[union-attr]
        return link

    def _outcomes(self, link: Any, wishes: Wishes) -> tuple[Outcome, ...]:
        granted = _granted(link)
        refused = (wishes.password and not granted.password) or (wishes.expires_at and not granted.expires_at)
        plan = self._plan() if refused or (not wishes.allow_download and granted.download) else ""
        return outcomes(DESCRIPTION, wishes, granted, plan)

    def _plan(self) -> str:
        """Name the sender's plan. It only makes words better, so a refusal here is no problem."""
        try:
            account = self._try(self._dropbox.users_get_current_account)
        except ProviderProblem:
            return ""
        return PLANS.get(account.account_type._tag, "")  # noqa: SLF001 - the SDK's unions have no public tag

    # Mend, take back, discard

    def _find_url(self, url: str, path: str) -> Any | None:
        try:
            links = list(self._links(path, direct_only=True))
        except exceptions.ApiError:  # the file is gone, and its links with it
            return None
        return next((link for link in links if _same_link(link.url, url)), None)

    def mend(self, url: str) -> SharedLink:
        """Open the person's own link for anyone; see `lib.services.base.Mends`."""
        found = self._try(self._dropbox.sharing_get_shared_link_metadata, shared_url(url))
        if not found.path_lower:
            raise NotYours(later("This link belongs to another account, or to a folder that Passalong does not see."))
        mended = self._settle(found, Wishes())
        if _audience(mended.link_permissions) != "public":
            mended, _ = self._make_link(found.path_lower, Wishes())
        granted = self._outcomes(mended, Wishes())
        if not granted[0].kept:
            raise TABLE.problem(ErrorAnswer(("team_only",)))
        return SharedLink(
            provider_id=DESCRIPTION.id,
            url=viewing_url(mended.url),
            ref={"path": found.path_lower, "key": ""},
            title=found.name,
            photo_count=1,
            size_bytes=getattr(found, "size", 0) or 0,
            created_at=datetime.now(UTC),
            expires_at=_aware(mended.expires),
            outcomes=granted,
        )

    def revoke(self, link: SharedLink) -> Revocation:
        """Make the link stop working; see `lib.services.base.Revokes`."""
        already = False
        try:
            self._try(self._dropbox.sharing_revoke_shared_link, link.url, expect=("shared_link_not_found",))
        except exceptions.ApiError:
            already = True
        if self._find_url(link.url, link.ref["path"]) is not None:
            raise TABLE.problem(ErrorAnswer(("still_there",)))
        return Revocation(at=datetime.now(UTC), already=already, remains=self._remains(link))

    def _remains(self, link: SharedLink) -> tuple[str, ...]:
        """Say what taking back does not undo."""
        path = link.ref["path"]
        try:
            others = [one for one in self._links(path) if not _same_link(one.url, link.url)]
        except exceptions.ApiError:
            return (later("The photos were deleted from your Dropbox as well."),)
        above = [one for one in others if one.path_lower and path.lower().startswith(one.path_lower.rstrip("/") + "/")]
        remains = [
            later("The folder “{name}” above it has a link of its own, which still leads here.", name=one.name)
            for one in above
        ]
        if len(others) > len(above):
            remains.append(later("Another link to the same photos still works."))
        remains.append(later("The photos are still in your Dropbox, in the folder of this app."))
        return tuple(remains)

    def discard(self, key: str) -> bool:
        """Remove what was uploaded under an album's key; see `lib.services.base.Discards`."""
        root = f"/{key_mark(key)}"
        for name in [name for name in self._resume if name.startswith(root)]:
            del self._resume[name]
        try:
            self._try(self._dropbox.files_delete_v2, root, expect=("path_lookup/not_found",))
        except exceptions.ApiError:
            return False
        return True

    # The clock

    def _look_at_clock(self, response: requests.Response, *_: object, **__: object) -> None:
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        if theirs.tzinfo is not None:
            self._clock_ahead_s = (datetime.now(UTC) - theirs).total_seconds()

    def _watch_clock(self, codes: tuple[str, ...], wishes: Wishes) -> None:
        """Raise `ClocksDisagree` when an end date was refused and the clocks are far apart."""
        if "invalid_settings" in codes and wishes.expires_at and abs(self._clock_ahead_s) > CLOCK_LIMIT_S:
            minutes = round(abs(self._clock_ahead_s) / 60)
            raise ClocksDisagree(
                later_counted(
                    "Dropbox refused the end date, and the clock here is {n} minute ahead of the one at Dropbox.",
                    "Dropbox refused the end date, and the clock here is {n} minutes ahead of the one at Dropbox.",
                    minutes,
                )
                if self._clock_ahead_s > 0
                else later_counted(
                    "Dropbox refused the end date, and the clock here is {n} minute behind the one at Dropbox.",
                    "Dropbox refused the end date, and the clock here is {n} minutes behind the one at Dropbox.",
                    minutes,
                )
            )


def refusal_of(error: Exception) -> ErrorAnswer | None:  # noqa: PLR0911 - one line a kind of answer
    """Return the codes of an exception of the SDK, the most exact first; None when it is not Dropbox's."""
    if isinstance(error, exceptions.ApiError):
        return ErrorAnswer(_codes(error.error))
    if isinstance(error, exceptions.AuthError):
        return ErrorAnswer((*_codes(error.error), "auth_error"))
    if isinstance(error, exceptions.RateLimitError):
        reason = _codes(error.error.reason) if error.error is not None else ()
        return ErrorAnswer((*reason, "http_429"), wait_s=error.backoff)
    if isinstance(error, exceptions.InternalServerError):
        return ErrorAnswer(("http_5xx",))
    if isinstance(error, exceptions.HttpError):
        return ErrorAnswer((f"http_{error.status_code}",))
    if isinstance(error, requests.exceptions.SSLError):
        return ErrorAnswer(("tls",))
    if isinstance(error, requests.exceptions.RequestException):
        return ErrorAnswer(("connection",))
    if isinstance(error, ValidationError | AssertionError | KeyError | ValueError):
        return ErrorAnswer(("unreadable",))  # the SDK could not read the answer: a proxy, a captive portal
    return None


def viewing_url(url: str) -> str:
    """Return a Dropbox link in the form that shows the photos: never a forced download, and rlkey kept."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"dl", "raw"}]
    return urlunsplit(parts._replace(query=urlencode([*query, ("dl", "0")])))


def shared_url(url: str) -> str:
    """Return a link as Dropbox's interface knows it: the phone's page and the file itself stand for the same link."""
    parts = urlsplit(url)
    if parts.path.startswith(("/s/", "/sh/", "/scl/")) and host_matches(parts.hostname or "", DESCRIPTION.hosts):
        return urlunsplit(parts._replace(netloc="www.dropbox.com"))
    return url


def _sdk(visit: Visit) -> dropbox.Dropbox:
    credentials = visit.credentials
    if credentials is None:
        raise SignInNeeded(later("You are not signed in to Dropbox."))
    secret = {"oauth2_access_token": credentials.access_token}
    if credentials.stored:
        app_secret = visit.settings.dropbox_app_secret
        secret = {
            "oauth2_refresh_token": credentials.stored,
            "app_key": visit.settings.dropbox_app_key or "",
            "app_secret": app_secret.get_secret_value() if app_secret else None,  # type: ignore[dict-item]
        }
    return dropbox.Dropbox(
        **secret, user_agent="Passalong", timeout=TIMEOUT_S, max_retries_on_error=0, max_retries_on_rate_limit=0
    )


def _place(album: Album) -> _DropboxPlace:
    root = f"/{key_mark(album.key)}"
    return _DropboxPlace(
        album.key, root, f"{root}/{content_mark(album)}/{folder_name(album.title)}", tuple(file_names(album.photos))
    )


def _codes(error: Any) -> tuple[str, ...]:
    """Return the tags of a nested answer: the whole path, then each tag, the innermost first."""
    tags: list[str] = []
    while error is not None:
        if hasattr(error, "reason") and not hasattr(error, "_tag"):
            error = error.reason
        tag = getattr(error, "_tag", None)
        if tag is None:
            break
        tags.append(tag)
        error = error._value  # noqa: SLF001 - the SDK's unions have no public tag and value
    return ("/".join(tags), *reversed(tags)) if len(tags) > 1 else tuple(tags)


def _correct_offset(error: exceptions.ApiError) -> int:
    """Return how many bytes the upload session has, or -1 when it is over."""
    answer = error.error
    if isinstance(answer, files.UploadSessionFinishError):
        answer = answer.get_lookup_failed()
    return int(answer.get_incorrect_offset().correct_offset) if answer.is_incorrect_offset() else -1


def _settings(wishes: Wishes) -> sharing.SharedLinkSettings:
    return sharing.SharedLinkSettings(
        audience=sharing.LinkAudience.public,
        access=sharing.RequestedLinkAccessLevel.viewer,
        require_password=True if wishes.password is not None else None,
        link_password=wishes.password,
        expires=_naive(wishes.expires_at),
        allow_download=None if wishes.allow_download else False,
    )


def _one_by_one(missing: dict[str, Any]) -> list[dict[str, Any]]:
    """Return settings that can be granted or refused each by itself; a password belongs to its switch."""
    password: dict[str, Any] = {
        name: missing.pop(name) for name in ("require_password", "link_password") if name in missing
    }
    return [*({name: value} for name, value in missing.items()), *([password] if password else [])]


def _granted(link: Any) -> Granted:
    may = link.link_permissions
    audience = _audience(may)
    return Granted(
        open_to_anyone=audience in {"public", "password"},
        who=AUDIENCES.get(audience, later("Not known ({code})", code=audience)),
        password=bool(may.require_password) or audience == "password",
        expires_at=_aware(link.expires),
        download=may.allow_download,
        advice=later("Press Mend, or change “Who has access” in the link's settings at Dropbox."),
    )


AUDIENCES: Final = {
    "public": later("Anyone with the link"),
    "password": later("Anyone with the link and the password"),
    "team": later("Members of your team only"),
    "team_only": later("Members of your team only"),
    "team_and_password": later("Members of your team with the password only"),
    "public_logged_in_only": later("People signed in to Dropbox only"),
    "members": later("People you invited only"),
    "shared_folder_only": later("Members of the shared folder only"),
    "no_one": later("Only people who had access before"),
    "only_you": later("Only you"),
}


def _audience(permissions: Any) -> str:
    """Return who a link is for; Dropbox answers in one of two fields."""
    value = permissions.effective_audience or permissions.resolved_visibility
    return str(value._tag) if value is not None else "unknown"  # noqa: SLF001 - the SDK's unions have no public tag


def _same_link(one: str, other: str) -> bool:
    return viewing_url(one) == viewing_url(other)


def _aware(when: datetime | None) -> datetime | None:
    return when.replace(tzinfo=UTC) if when is not None else None


def _naive(when: datetime | None) -> datetime | None:
    """Return a time as the SDK wants it: UTC without a zone, whole seconds."""
    return when.astimezone(UTC).replace(tzinfo=None, microsecond=0) if when is not None else None
