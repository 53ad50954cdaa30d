"""Albums in the visitor's Google Drive: resumable uploads, the permission "anyone", and what it really grants.

An album is a folder in My Drive that carries the marks of its key and contents in `appProperties`, which only this app
can read: a second press finds the first one's work.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httplib2
from google.auth import exceptions as auth_exceptions
from google.oauth2.credentials import Credentials as GoogleCredentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient import discovery, errors
from googleapiclient.http import MediaInMemoryUpload, build_http

from lib.links.guard import host_matches
from lib.services.access import Visit
from lib.services.base import (
    Album,
    AlbumPhoto,
    Description,
    OnProgress,
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
from lib.services.problems import ErrorAnswer, GoneThere, ProblemTable, SignInNeeded
from lib.services.registry import description
from lib.services.unfinished import asks_to_wait, said_what_is_left
from lib.text.later import later

DESCRIPTION: Final = description("google_drive")
TABLE: Final = ProblemTable(Path(__file__).with_name("problems.csv"))
CHUNK_BYTES: Final = 1024 * 1024  # a multiple of 256 KiB, as Google asks; small enough that a cancel is felt
TIMEOUT_S: Final = 60  # silence for this long is a broken connection
FOLDER: Final = "application/vnd.google-apps.folder"
FILE_FIELDS: Final = (
    "id,name,mimeType,size,trashed,webViewLink,resourceKey,appProperties,copyRequiresWriterPermission,"
    "capabilities(canShare)"
)
PERMISSION_FIELDS: Final = "id,type,role,allowFileDiscovery,permissionDetails(inherited,inheritedFrom)"
OPEN_FOR_ANYONE: Final = {"type": "anyone", "role": "reader", "allowFileDiscovery": False}
BACKEND_ERRORS: Final = 500


@dataclass(frozen=True, slots=True)
class _DrivePlace:
    """How an album is marked, and whether its link opens a folder or the only file."""

    key: str
    mark: str
    content: str
    title: str
    names: tuple[str, ...]

    @property
    def many(self) -> bool:
        return len(self.names) > 1

    @property
    def properties(self) -> dict[str, str]:
        return {"passalong": self.mark, "passalongContent": self.content}


class GoogleDriveProvider:
    """Google Drive as a provider."""

    def __init__(
        self, visit: Visit, *, chunk_bytes: int = CHUNK_BYTES, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Open the account. Raises `SignInNeeded` when there are no credentials."""
        self._resume = visit.resume
        self._chunk = chunk_bytes
        self._try = Patience(TABLE, refusal_of, sleep=sleep)
        self._drive = _sdk(visit)

    @property
    def description(self) -> Description:
        """What Google Drive is and can do."""
        return DESCRIPTION

    def close(self) -> None:
        """Close the connections to Google."""
        self._drive.close()

    # Create

    def create(self, album: Album, wishes: Wishes, on_progress: OnProgress = no_progress) -> SharedLink:
        """Upload the album and make its link; see `lib.services.base.Provider`."""
        place = _place(album)
        progress = Progress(
            0, len(album.photos), 0, sum(photo.size_bytes for photo in album.photos), later("Asking Google")
        )
        self._try.on_wait = lambda left: on_progress(replace(progress, doing=asks_to_wait("Google", left)))
        on_progress(progress)
        try:
            target = self._find(place)
            if place.many and target is None:
                target = self._make_folder(place)
            there = self._children(target["id"]) if place.many and target else {}
            for number, photo in enumerate(album.photos):
                progress = replace(progress, photos_done=number, doing=later("Uploading {name}", name=photo.name))
                done = progress.bytes_done
                if place.names[number] in there or (not place.many and target is not None):
                    progress = replace(progress, bytes_done=done + photo.size_bytes)
                    on_progress(progress)
                    continue
                for sent, made in self._upload(photo, place, number, target, wishes):
                    progress = replace(progress, bytes_done=done + sent)
                    on_progress(progress)
                    target = made if made and not place.many else target
            assert target is not None  # noqa: S101 - an album has at least one photo
            progress = replace(
                progress, photos_done=len(album.photos), doing=later("Opening it for anyone with the link")
            )
            on_progress(progress)
            self._open(target)
            granted = self._granted(target["id"], children=place.many, blocked=not wishes.allow_download)
        except ProviderProblem as problem:
            raise said_what_is_left(problem, progress, "your Google Drive") from problem
        for name in [name for name in self._resume if name.startswith(place.mark)]:
            del self._resume[name]
        on_progress(replace(progress, doing="Done"))
        return SharedLink(
            provider_id=DESCRIPTION.id,
            url=viewing_url(target["webViewLink"], target.get("resourceKey", "")),
            ref={"id": target["id"], "key": place.key, "kind": "folder" if place.many else "file"},
            title=album.title,
            photo_count=len(album.photos),
            video_count=album.video_count,
            size_bytes=progress.bytes,
            created_at=datetime.now(UTC),
            expires_at=None,
            outcomes=outcomes(DESCRIPTION, wishes, granted),
        )

    def _find(self, place: _DrivePlace) -> dict[str, Any] | None:
        """Return the folder or file of this very album; what an earlier try left with other contents is deleted."""
        known = self._resume.get(f"{place.mark}/made")
        found = list(
            self._list(f"appProperties has {{ key='passalong' and value='{place.mark}' }} and trashed = false")
        )
        this = [one for one in found if one.get("appProperties", {}).get("passalongContent") == place.content]
        if not this and known:  # Drive's search may be seconds behind
            this = [one for one in [self._get(known)] if one and one["appProperties"] == place.properties]
        if not this:
            for other in found:
                if not self._anyone(other["id"]):
                    self._delete(other["id"])
        return this[0] if this else None

    def _list(self, query: str) -> Iterator[dict[str, Any]]:
        token = None
        while True:
            page = self._do(
                self._drive.files().list(
                    q=query, spaces="drive", pageSize=200, pageToken=token, fields=f"nextPageToken,files({FILE_FIELDS})"
                )
            )
            yield from page.get("files", [])
            token = page.get("nextPageToken")
            if not token:
                return

    def _get(self, file_id: str) -> dict[str, Any] | None:
        """Return a file's metadata, or None when it is gone."""
        request = self._drive.files().get(fileId=file_id, fields=FILE_FIELDS, supportsAllDrives=True)
        try:
            found: dict[str, Any] = self._do(request, expect=("notFound",))
        except errors.HttpError:
            return None
        return None if found.get("trashed") else found

    def _children(self, folder_id: str) -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in self._list(f"'{folder_id}' in parents and trashed = false")}

    def _make_folder(self, place: _DrivePlace) -> dict[str, Any]:
        """Make the album's folder under an id that Google gave out before: making it twice cannot happen."""
        ids = self._do(self._drive.files().generateIds(count=1, space="drive", type="files"))["ids"]
        body = {"id": ids[0], "name": place.title, "mimeType": FOLDER, "appProperties": place.properties}
        try:
            made: dict[str, Any] = self._do(
                self._drive.files().create(body=body, fields=FILE_FIELDS), expect=("fileIdInUse", "http_409")
            )
        except errors.HttpError as error:  # the answer to the first try was lost, not the folder
            found = self._get(ids[0])
            if found is None:
                raise TABLE.problem(ErrorAnswer(("notFound",))) from error
            made = found
        self._resume[f"{place.mark}/made"] = made["id"]
        return made

    def _upload(
        self, photo: AlbumPhoto, place: _DrivePlace, number: int, folder: dict[str, Any] | None, wishes: Wishes
    ) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Upload one photo; yield the bytes that Google has and, at the end, the file."""
        content = photo.read()
        body: dict[str, Any] = {"name": place.names[number]}
        if folder is not None:
            body["parents"] = [folder["id"]]
        else:
            body["appProperties"] = place.properties
        if not wishes.allow_download:
            body["copyRequiresWriterPermission"] = True
        request = self._drive.files().create(
            body=body,
            media_body=MediaInMemoryUpload(content, mimetype=photo.media_type, chunksize=self._chunk, resumable=True),
            fields=FILE_FIELDS,
        )
        note = f"{place.mark}/{place.content}/{number}"
        session = self._resume.get(note)
        if session:
            request.resumable_uri = session
            request._in_error_state = True  # noqa: SLF001 - the SDK's way to ask a session how far it came
        made = None
        while made is None:
            try:
                made = self._try(lambda: _from_google(request.next_chunk()[1]), expect=("notFound", "gone"))
            except errors.HttpError as error:
                if not session:  # the folder is gone, not a session from before
                    raise self._try.problem(error) from error
                session = None  # sessions end after a week: begin this photo again
                request.resumable_uri, request.resumable_progress, request._in_error_state = None, 0, False  # noqa: SLF001
                continue
            if made is None:
                self._resume[note] = request.resumable_uri
                yield request.resumable_progress, None
        self._resume.pop(note, None)
        if folder is None:
            self._resume[f"{place.mark}/made"] = made["id"]
        yield len(content), made

    # The permission

    def _open(self, target: dict[str, Any]) -> None:
        """Open a file or folder for anyone with the link, readers only, not to be found by search."""
        if target.get("capabilities", {}).get("canShare") is False:
            raise TABLE.problem(ErrorAnswer(("cannot_share",)))
        anyone = self._anyone(target["id"])
        if anyone is None:
            raise TABLE.problem(ErrorAnswer(("notFound",)))
        right = False
        for one in anyone:
            if one["role"] == "reader" and not one.get("allowFileDiscovery"):
                right = True
            elif not _inherited(one):
                self._remove(target["id"], one["id"])
        if not right:
            self._do(
                self._drive.permissions().create(
                    fileId=target["id"], body=OPEN_FOR_ANYONE, supportsAllDrives=True, fields="id"
                )
            )

    def _anyone(self, file_id: str) -> list[dict[str, Any]] | None:
        """Return the permissions for everyone, or None when the file is gone."""
        found: list[dict[str, Any]] = []
        token = None
        while True:
            request = self._drive.permissions().list(
                fileId=file_id, pageSize=100, pageToken=token, supportsAllDrives=True,
                fields=f"nextPageToken,permissions({PERMISSION_FIELDS})",
            )  # fmt: skip
            try:
                page = self._do(request, expect=("notFound",))
            except errors.HttpError:
                return None
            found += [one for one in page.get("permissions", []) if one["type"] == "anyone"]
            token = page.get("nextPageToken")
            if not token:
                return found

    def _remove(self, file_id: str, permission_id: str) -> None:
        try:
            self._do(
                self._drive.permissions().delete(fileId=file_id, permissionId=permission_id, supportsAllDrives=True),
                expect=("notFound",),
            )
        except errors.HttpError:
            return  # already off

    def _granted(self, file_id: str, *, children: bool, blocked: bool) -> Granted:
        """Read from Google what the link gives."""
        anyone = self._anyone(file_id)
        if anyone is None:
            return Granted(open_to_anyone=False, who=later("Nobody: it is gone"), advice=GoneThere.fix)
        download = True
        if blocked:
            files = self._children(file_id).values() if children else [self._get(file_id) or {}]
            download = not all(one.get("copyRequiresWriterPermission") for one in files)
        advice = later("Press Mend, or in Google Drive: Share, General access, Anyone with the link.")
        return Granted(open_to_anyone=bool(anyone), who=_who(anyone), download=download, advice=advice)

    # Mend, take back, discard

    def mend(self, url: str) -> SharedLink:
        """Open the person's own file or folder for anyone; see `lib.services.base.Mends`."""
        file_id = file_id_of(url)
        if not file_id:
            raise TABLE.problem(ErrorAnswer(("not_a_drive_link",)))
        found = self._get(file_id)
        if found is None:  # Drive gives the same answer for "not there" and "not this app's"
            raise TABLE.problem(ErrorAnswer(("appNotAuthorizedToFile",)))
        self._open(found)
        folder = found["mimeType"] == FOLDER
        granted = self._granted(file_id, children=folder, blocked=False)
        return SharedLink(
            provider_id=DESCRIPTION.id,
            url=viewing_url(found["webViewLink"], found.get("resourceKey", "")),
            ref={"id": file_id, "key": "", "kind": "folder" if folder else "file"},
            title=found["name"],
            photo_count=len(self._children(file_id)) if folder else 1,
            size_bytes=int(found.get("size", 0)),
            created_at=datetime.now(UTC),
            expires_at=None,
            outcomes=outcomes(DESCRIPTION, Wishes(), granted),
        )

    def revoke(self, link: SharedLink) -> Revocation:
        """Make the link stop working; see `lib.services.base.Revokes`."""
        file_id = link.ref["id"]
        anyone = self._anyone(file_id)
        if anyone is None:
            return Revocation(
                datetime.now(UTC), already=True, remains=(later("The photos were deleted from your Drive."),)
            )
        own = [one for one in anyone if not _inherited(one)]
        for one in own:
            self._remove(file_id, one["id"])
        left = self._anyone(file_id) or []
        if any(not _inherited(one) for one in left):
            raise TABLE.problem(ErrorAnswer(("still_there",)))
        remains = [
            later("If it is opened for anyone again, this same address works again: Drive addresses never change.")
        ]
        if left:
            remains.insert(0, later("A folder above it is open to anyone, so this still opens. Close that folder too."))
        remains.append(later("The photos are still in your Google Drive."))
        return Revocation(datetime.now(UTC), already=not own, remains=tuple(remains))

    def discard(self, key: str) -> bool:
        """Remove what was uploaded under an album's key; see `lib.services.base.Discards`."""
        mark = key_mark(key)
        ids = {
            one["id"]
            for one in self._list(f"appProperties has {{ key='passalong' and value='{mark}' }} and trashed = false")
        }
        known = self._resume.get(f"{mark}/made")
        for name in [name for name in self._resume if name.startswith(mark)]:
            del self._resume[name]
        return sum(self._delete(file_id) for file_id in ids | ({known} if known else set())) > 0

    def _delete(self, file_id: str) -> bool:
        try:
            self._do(self._drive.files().delete(fileId=file_id), expect=("notFound",))
        except errors.HttpError:
            return False
        return True

    def _do(self, request: Any, *, expect: tuple[str, ...] = ()) -> Any:
        return self._try(lambda: _from_google(request.execute()), expect=expect)


class _NotFromGoogleError(ValueError):
    """An answer that is not JSON: a proxy, a captive portal."""


def _from_google(answer: Any) -> Any:
    """Return an answer of the API; the SDK hands on whatever text came with status 200."""
    if isinstance(answer, str) and answer:
        raise _NotFromGoogleError
    return answer


def refusal_of(error: Exception) -> ErrorAnswer | None:
    """Return the codes of an exception of the SDK, the most exact first; None when it is not Google's."""
    if isinstance(error, errors.HttpError):
        wait = str(error.resp.get("retry-after", ""))
        status = int(error.resp.status)
        by_status = "http_5xx" if status >= BACKEND_ERRORS else STATUS.get(status, f"http_{status}")
        return ErrorAnswer((*_reasons(error.content), by_status), float(wait) if wait.isdigit() else None)
    if isinstance(error, auth_exceptions.RefreshError):  # a visitor's token cannot be renewed at all
        return ErrorAnswer(("invalid_grant" if "invalid_grant" in str(error) else "authError",))
    if isinstance(error, httplib2.ssl.SSLCertVerificationError):
        return ErrorAnswer(("tls",))
    if isinstance(error, auth_exceptions.TransportError | httplib2.HttpLib2Error | HTTPException | OSError):
        return ErrorAnswer(("connection",))
    if isinstance(error, _NotFromGoogleError | json.JSONDecodeError | KeyError):
        return ErrorAnswer(("unreadable",))
    return None


STATUS: Final = {404: "notFound", 410: "gone", 400: "badRequest"}


def _reasons(content: bytes) -> tuple[str, ...]:
    """Return the `reason` words of Google's answer."""
    try:
        answer = json.loads(content)["error"]
        found = [one.get("reason", "") for one in (*answer.get("details", ()), *answer.get("errors", ()))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
    return tuple(one for one in found if one)


def viewing_url(url: str, resource_key: str = "") -> str:
    """Return a Drive link as its Share button gives it, with the key that older files need."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"usp", "resourcekey"}]
    key = [("resourcekey", resource_key)] if resource_key else []
    return urlunsplit(parts._replace(query=urlencode([*query, ("usp", "sharing"), *key])))


def file_id_of(url: str) -> str:
    """Return the id in a Drive link, or "" when there is none."""
    parts = urlsplit(url)
    if not host_matches(parts.hostname or "", DESCRIPTION.hosts):
        return ""
    pieces = parts.path.split("/")
    for before in ("d", "folders"):
        if before in pieces[:-1]:
            return pieces[pieces.index(before) + 1]
    return dict(parse_qsl(parts.query)).get("id", "")


def _sdk(visit: Visit) -> Any:
    credentials = visit.credentials
    if credentials is None:
        raise SignInNeeded(later("You are not signed in to Google."))
    if credentials.stored:
        own = GoogleCredentials.from_authorized_user_info(
            json.loads(credentials.stored),
            list(DESCRIPTION.scopes),
        )  # type: ignore[no-untyped-call]
    else:
        own = GoogleCredentials(credentials.access_token)  # type: ignore[no-untyped-call]
    http = build_http()
    http.timeout = TIMEOUT_S
    return discovery.build(
        "drive", "v3", http=AuthorizedHttp(own, http=http), static_discovery=True, cache_discovery=False
    )


def _place(album: Album) -> _DrivePlace:
    names = tuple(file_names(album.photos))
    return _DrivePlace(album.key, key_mark(album.key), content_mark(album), folder_name(album.title), names)


def _inherited(permission: dict[str, Any]) -> bool:
    details = permission.get("permissionDetails", [])
    return bool(details) and all(one.get("inherited") for one in details)


def _who(anyone: Sequence[dict[str, Any]]) -> str:
    if not anyone:
        return later("Only people you invited")
    if any(one.get("allowFileDiscovery") for one in anyone):
        return "Anyone, and it can be found by search"
    roles = {one["role"] for one in anyone}
    return (
        later("Anyone with the link")
        if roles == {"reader"}
        else later("Anyone with the link, as {roles}", roles=", ".join(sorted(roles)))
    )
