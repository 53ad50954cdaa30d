"""Dropbox as this project uses it: accounts, files, upload sessions, shared links, and the pages strangers see.

Imitates https://www.dropbox.com/developers/documentation/http/documentation (upload sessions, create_folder_v2,
delete_v2, the sharing routes) and https://www.dropbox.com/developers/reference/auth-types for scopes. Every
argument is read by the vendor's own Stone validators, strictly, and every answer is written by them; what does not fit
is kept in `violations`, which fail the test. Scopes come from the SDK's own documentation of each route. The
anonymous pages answer
as open-source clients saw Dropbox answer (yt-dlp, JDownloader, cyberdrop-dl; see research on link checking).
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dropbox import account, async_, auth, base, common, files, sharing, users, users_common
from dropbox.content_hash import content_hash
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from stone.backends.python_rsrc import stone_serializers, stone_validators

__all__ = ["FakeDropbox", "account", "async_", "common"]

NAMES = (
    "api.dropboxapi.com", "content.dropboxapi.com", "www.dropbox.com", "dropbox.com", "uc1.dl.dropboxusercontent.com",
)  # fmt: skip
ROUTES = {"files": files.ROUTES, "sharing": sharing.ROUTES, "users": users.ROUTES}
ALL_SCOPES = frozenset({"files.content.write", "sharing.write", "sharing.read", "account_info.read"})
MAX_REQUEST = 150 * 1024 * 1024


def _documented_scopes() -> dict[str, str]:
    """Return method name of the SDK -> scope, as its docstrings say."""
    found: dict[str, str] = {}
    for name in dir(base.DropboxBase):
        match = re.search(r"scope: ([a-z_.]+)", getattr(base.DropboxBase, name).__doc__ or "")
        if match:
            found[name] = match[1]
    return found


SCOPES = _documented_scopes()


class Refused(Exception):  # noqa: N818 - an answer
    """An answer in the vendor's own terms."""

    def __init__(self, error: Any) -> None:
        super().__init__()
        self.error = error


@dataclass
class Trouble:
    """What goes wrong next: `times` requests whose route ends with `route` get `answer`.

    `after` lets the request take effect before the answer is spoilt.
    """

    route: str
    answer: Callable[[Request], Response] | str  # "cut" closes the connection
    times: int = 1
    after: bool = False
    skip: int = 0  # requests that go well before


@dataclass
class Link:
    url: str
    path: str
    audience: str = "public"
    password: str | None = None
    expires: dt.datetime | None = None
    allow_download: bool = True
    revoked: bool = False


@dataclass
class FakeDropbox:
    """One Dropbox. Its state may be looked at and changed by a test, as the account's owner could."""

    plan: str = "pro"  # account type of the API: basic, pro, business
    allows_link_settings: bool = True  # Professional and business plans; Basic, Plus and Family do not
    public_links: bool = True  # a team may forbid them
    email_verified: bool = True
    banned: bool = False
    space: int = 10**12
    scopes: frozenset[str] = ALL_SCOPES
    expired: bool = False
    tokens: set[str] | None = None  # None: any token is good
    files: dict[str, bytes] = field(default_factory=dict)  # path as written -> content
    folders: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    sessions: dict[str, bytearray] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    trouble: list[Trouble] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    received: int = 0  # bytes of photos that arrived
    clock_ahead: dt.timedelta = dt.timedelta()
    lock: threading.RLock = field(default_factory=threading.RLock)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/2/{namespace}/{route:path}", self.api, methods=["POST"]),
                Route("/oauth2/token", self.token, methods=["POST"]),
                Route("/scl/{kind}/{id}/{name:path}", self.page),
                Route("/sm/password", self.password_page),
                Route("/content/{id}/{name:path}", self.download),
                Route("/", lambda _: HTMLResponse("<title>Dropbox</title>")),
            ]
        )

    # The API

    async def api(self, request: Request) -> Response:
        namespace, name = request.path_params["namespace"], request.path_params["route"]
        body = await request.body()
        with self.lock:
            self.calls.append(f"{namespace}/{name}")
            trouble = next((one for one in self.trouble if f"{namespace}/{name}".endswith(one.route)), None)
            if trouble is not None and trouble.skip > 0:
                trouble.skip -= 1
                trouble = None
            if trouble is not None:
                trouble.times -= 1
                if trouble.times <= 0:
                    self.trouble.remove(trouble)
                if trouble.after:
                    self._answer(request, namespace, name, body)
                return Cut() if isinstance(trouble.answer, str) else trouble.answer(request)
            answer = self._answer(request, namespace, name, body)
        answer.headers["Date"] = _http_date(dt.datetime.now(dt.UTC) + self.clock_ahead)
        return answer

    def _answer(  # noqa: PLR0911 - one way out a fault
        self, request: Request, namespace: str, name: str, body: bytes
    ) -> Response:
        plain, _, version = name.partition("_v")
        route = ROUTES.get(namespace, {}).get(f"{plain}:{version}" if version else plain)
        if route is None:
            return self._violation(f"{namespace}/{name} is not a route of Dropbox")
        if refused := self._not_allowed(request, namespace, name):
            return refused
        upload = route.attrs["style"] == "upload"
        host = "content.dropboxapi.com" if route.attrs["host"] == "content" else "api.dropboxapi.com"
        if request.url.hostname != host:
            return self._violation(f"{namespace}/{name} was sent to {request.url.hostname}")
        raw = request.headers["dropbox-api-arg"] if upload else body.decode()
        try:
            argument = stone_serializers.json_decode(route.arg_type, raw or "null", strict=True)
        except stone_validators.ValidationError as error:
            return self._violation(f"{namespace}/{name}: {error}")
        content = body if upload else b""
        if len(content) > MAX_REQUEST:
            return self._violation(f"{namespace}/{name}: {len(content)} bytes in one request")
        handler = getattr(self, f"_{namespace}_{name.replace('/', '_')}", None)
        if handler is None:
            return self._violation(f"{namespace}/{name}: the fake does not know this route")
        try:
            result = handler(argument, content) if upload else handler(argument)
        except Refused as refused_call:
            error = stone_serializers.json_compat_obj_encode(route.error_type, refused_call.error)
            tag = error if isinstance(error, str) else error[".tag"]
            return as_json({"error": error, "error_summary": f"{tag}/.."}, 409)
        return Response(stone_serializers.json_encode(route.result_type, result), media_type="application/json")

    def _not_allowed(self, request: Request, namespace: str, name: str) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            return self._violation(f"{namespace}/{name}: no token")
        if self.expired or (self.tokens is not None and token not in self.tokens):
            return as_json({"error": {".tag": "expired_access_token"}, "error_summary": "expired_access_token/.."}, 401)
        scope = SCOPES.get(f"{namespace}_{name.replace('/', '_')}")
        if scope and scope not in self.scopes:
            error = stone_serializers.json_compat_obj_encode(
                auth.AuthError_validator, auth.AuthError.missing_scope(auth.TokenScopeError(required_scope=scope))
            )
            return as_json({"error": error, "error_summary": "missing_scope/.."}, 401)
        return None

    def _violation(self, what: str) -> Response:
        self.violations.append(what)
        return PlainTextResponse(f"Error in call to API function: {what}", 400)

    async def token(self, request: Request) -> Response:
        """Refresh, as https://www.dropbox.com/developers/documentation/http/documentation#oauth2-token says."""
        form = dict((await request.form()).items())
        if form.get("grant_type") == "authorization_code":
            if form.get("code") != "a-code" or len(str(form.get("code_verifier", ""))) < 43:
                return as_json({"error": "invalid_grant", "error_description": "code doesn't exist"}, 400)
            return as_json(
                {
                    "access_token": "host-access", "token_type": "bearer", "expires_in": 14_400, "uid": "1",
                    "refresh_token": "host-refresh", "account_id": "dbid:A", "scope": " ".join(sorted(self.scopes)),
                }, 200,
            )  # fmt: skip
        if form.get("grant_type") != "refresh_token" or not form.get("client_id"):
            return as_json({"error": "invalid_request"}, 400)
        if form.get("refresh_token") != "host-refresh":
            return as_json({"error": "invalid_grant", "error_description": "refresh token is invalid or revoked"}, 400)
        return as_json({"access_token": "host-access", "token_type": "bearer", "expires_in": 14_400}, 200)

    # Files

    def _users_get_current_account(self, _: Any) -> Any:
        return users.FullAccount(
            account_id="dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc",
            name=users.Name("Ana", "Lima", "Ana", "Ana Lima", "AL"),
            email="ana@example.org", email_verified=self.email_verified, disabled=False, locale="en",
            referral_link="https://db.tt/x", is_paired=False,
            account_type=getattr(users_common.AccountType, self.plan),
            root_info=common.UserRootInfo("1", "1"), country="PT",
        )  # fmt: skip

    def _files_create_folder_v2(self, argument: Any) -> Any:
        path = self._path(argument.path, files.CreateFolderError.path)
        if self._stored(path) is not None:
            raise Refused(files.CreateFolderError.path(files.WriteError.conflict(files.WriteConflictError.file)))
        if path.lower() in {one.lower() for one in self.folders}:
            raise Refused(files.CreateFolderError.path(files.WriteError.conflict(files.WriteConflictError.folder)))
        self._parents(path)
        self.folders.add(path)
        return files.CreateFolderResult(
            metadata=files.FolderMetadata(
                name=path.rpartition("/")[2], id=_id(path), path_lower=path.lower(), path_display=path
            )
        )

    def _files_delete_v2(self, argument: Any) -> Any:
        path = argument.path.lower()
        folder = path in {one.lower() for one in self.folders}
        if not folder and self._stored(argument.path) is None:
            raise Refused(files.DeleteError.path_lookup(files.LookupError.not_found))
        self.remove(argument.path)
        return files.DeleteResult(
            metadata=files.FolderMetadata(
                name=path.rpartition("/")[2], id=_id(path), path_lower=path, path_display=path
            )
        )

    def remove(self, path: str) -> None:
        """Delete a file or folder, as the owner would; its links die with it."""
        start = path.lower()
        inside = lambda one: one.lower() == start or one.lower().startswith(start + "/")  # noqa: E731
        self.files = {one: content for one, content in self.files.items() if not inside(one)}
        self.folders = {one for one in self.folders if not inside(one)}
        for link in self.links:
            link.revoked = link.revoked or inside(link.path)

    def _files_upload(self, argument: Any, content: bytes) -> Any:
        self._check_hash(argument.content_hash, content, files.UploadError)
        self.received += len(content)
        return self._commit(
            argument,
            content,
            lambda error: files.UploadError.path(files.UploadWriteFailed(error, secrets.token_urlsafe(8))),
        )

    def _files_upload_session_start(self, argument: Any, content: bytes) -> Any:
        self._check_hash(argument.content_hash, content, files.UploadSessionStartError)
        session = f"session-{secrets.token_urlsafe(12)}"
        self.sessions[session] = bytearray(content)
        self.received += len(content)
        if argument.close:
            self.closed.add(session)
        return files.UploadSessionStartResult(session_id=session)

    def _files_upload_session_append_v2(self, argument: Any, content: bytes) -> Any:
        self._check_hash(argument.content_hash, content, files.UploadSessionAppendError)
        stored = self._session(argument.cursor, Refused)
        stored += content
        self.received += len(content)
        if argument.close:
            self.closed.add(argument.cursor.session_id)

    def _files_upload_session_finish(self, argument: Any, content: bytes) -> Any:
        self._check_hash(argument.content_hash, content, files.UploadSessionFinishError)
        stored = self._session(
            argument.cursor, lambda error: Refused(files.UploadSessionFinishError.lookup_failed(error))
        )
        whole = bytes(stored) + content
        self.received += len(content)
        result = self._commit(argument.commit, whole, files.UploadSessionFinishError.path)
        del self.sessions[argument.cursor.session_id]
        return result

    def _session(self, cursor: Any, refuse: Callable[[Any], Refused]) -> bytearray:
        stored = self.sessions.get(cursor.session_id)
        kind = files.UploadSessionLookupError
        if refuse is Refused:
            kind = files.UploadSessionAppendError
        if stored is None:
            raise refuse(kind.not_found)
        if cursor.offset != len(stored):
            raise refuse(kind.incorrect_offset(files.UploadSessionOffsetError(correct_offset=len(stored))))
        return stored

    def _commit(self, info: Any, content: bytes, refuse: Callable[[Any], Any]) -> Any:
        path = self._path(info.path, refuse)
        if self.used() + len(content) > self.space:
            raise Refused(refuse(files.WriteError.insufficient_space))
        if path.lower() in {one.lower() for one in self.folders}:
            raise Refused(refuse(files.WriteError.conflict(files.WriteConflictError.folder)))
        known = self._stored(path)
        if known is not None and self.files[known] != content and not info.mode.is_overwrite():
            raise Refused(refuse(files.WriteError.conflict(files.WriteConflictError.file)))
        self._parents(path)
        self.files[known or path] = content
        now = dt.datetime(2026, 11, 21, 12, 0, 0)  # noqa: DTZ001 - the SDK wants it so
        return files.FileMetadata(
            name=path.rpartition("/")[2], id=_id(path), client_modified=now, server_modified=now,
            rev="0123456789abcdef", size=len(content), path_lower=path.lower(), path_display=path,
            content_hash=content_hash(content),
        )  # fmt: skip

    def _check_hash(self, given: str | None, content: bytes, kind: Any) -> None:
        if given is not None and given != content_hash(content):
            raise Refused(kind.content_hash_mismatch)

    def _path(self, path: str, refuse: Callable[[Any], Any]) -> str:
        for part in path.split("/")[1:]:
            if not part or part != part.strip() or part.endswith(".") or re.search(r'[<>:"|?*\\\x00-\x1f]', part):
                raise Refused(refuse(files.WriteError.disallowed_name))
        return path

    def _stored(self, path: str) -> str | None:
        return next((one for one in self.files if one.lower() == path.lower()), None)

    def _parents(self, path: str) -> None:
        while path := path.rpartition("/")[0]:
            if path.lower() not in {one.lower() for one in self.folders}:
                self.folders.add(path)

    def used(self) -> int:
        return sum(map(len, self.files.values()))

    # Links

    def _sharing_create_shared_link_with_settings(self, argument: Any) -> Any:
        kind = sharing.CreateSharedLinkWithSettingsError
        path = self._exists(argument.path, kind)
        if not self.email_verified:
            raise Refused(kind.email_not_verified)
        if self.banned:
            raise Refused(kind.banned_member)
        there = [one for one in self.links if one.path.lower() == path.lower() and not one.revoked]
        if there:
            known = (
                None
                if argument.settings
                else sharing.SharedLinkAlreadyExistsMetadata.metadata(self._metadata(there[0]))
            )
            raise Refused(kind.shared_link_already_exists(known))
        self._check_settings(argument.settings, kind)
        link = self.add_link(path)
        self._set(link, argument.settings)
        return self._metadata(link)

    def add_link(self, path: str, **more: Any) -> Link:
        """Make a link, as the owner could on the website."""
        kind = "fi" if self._stored(path) else "fo"
        name = path.rpartition("/")[2].replace(" ", "-")
        if kind == "fo":  # folders show a hash, not their name
            name = base64.urlsafe_b64encode(b"\0" + secrets.token_bytes(16)).decode().rstrip("=")
        url = f"https://www.dropbox.com/scl/{kind}/{_token(21)}/{name}?rlkey={_token(25)}&dl=0"
        link = Link(url, path, **({"audience": "public" if self.public_links else "team"} | more))
        self.links.append(link)
        return link

    def _check_settings(self, settings: Any, kind: Any) -> None:
        if settings is None:
            return
        wrong = sharing.SharedLinkSettingsError
        names = ("require_password", "link_password", "expires", "audience", "access", "allow_download")
        given = {name for name in names
                 if getattr(settings, name) is not None}  # fmt: skip
        if not given or (settings.require_password and not settings.link_password):
            raise Refused(kind.settings_error(wrong.invalid_settings))
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None) + self.clock_ahead
        if not self.allows_link_settings and given - {"audience", "access"}:
            raise Refused(kind.settings_error(wrong.not_authorized))
        if settings.expires and settings.expires <= now:
            raise Refused(kind.settings_error(wrong.invalid_settings))
        if settings.audience is not None and not self.public_links and settings.audience.is_public():
            raise Refused(kind.settings_error(wrong.not_authorized))

    def _set(self, link: Link, settings: Any) -> None:
        if settings is None:
            return
        if settings.audience is not None:
            link.audience = settings.audience._tag  # noqa: SLF001 - no public way
        if settings.link_password is not None:
            link.password = settings.link_password
        if settings.expires is not None:
            link.expires = settings.expires
        if settings.allow_download is not None:
            link.allow_download = settings.allow_download

    def _sharing_list_shared_links(self, argument: Any) -> Any:
        if argument.path is not None:
            self._exists(argument.path, sharing.ListSharedLinksError)
        start = int(argument.cursor or 0)
        wanted = (argument.path or "").lower()
        found = [
            one for one in self.links
            if not one.revoked and (
                argument.path is None
                or one.path.lower() == wanted
                or (not argument.direct_only and wanted.startswith(one.path.lower() + "/"))
            )
        ]  # fmt: skip
        page = found[start : start + 3]  # small pages, so that paging is always met
        more = len(found) > start + 3
        return sharing.ListSharedLinksResult(
            links=[self._metadata(one) for one in page], has_more=more, cursor=str(start + 3) if more else None
        )

    def _sharing_modify_shared_link_settings(self, argument: Any) -> Any:
        link = self._link(argument.url, sharing.ModifySharedLinkSettingsError)
        if not self.email_verified:
            raise Refused(sharing.ModifySharedLinkSettingsError.email_not_verified)
        self._check_settings(argument.settings, sharing.ModifySharedLinkSettingsError)
        self._set(link, argument.settings)
        if argument.remove_expiration:
            link.expires = None
        return self._metadata(link)

    def _sharing_revoke_shared_link(self, argument: Any) -> None:
        self._link(argument.url, sharing.RevokeSharedLinkError).revoked = True

    def _sharing_get_shared_link_metadata(self, argument: Any) -> Any:
        return self._metadata(self._link(argument.url, sharing.SharedLinkMetadataError))

    def _exists(self, path: str, kind: Any) -> str:
        found = self._stored(path) or next((one for one in self.folders if one.lower() == path.lower()), None)
        if found is None:
            raise Refused(kind.path(files.LookupError.not_found))
        return found

    def _link(self, url: str, kind: Any) -> Link:
        if urlsplit(url).hostname != "www.dropbox.com":
            raise Refused(kind.shared_link_not_found)
        link = self.find(url)
        if link is None:
            raise Refused(kind.shared_link_not_found)
        return link

    def find(self, url: str) -> Link | None:
        """Return the living link behind an address."""
        key = lambda one: (urlsplit(one).path, parse_qs(urlsplit(one).query).get("rlkey"))  # noqa: E731
        return next((one for one in self.links if not one.revoked and key(one.url) == key(url)), None)

    def _metadata(self, link: Link) -> Any:
        stored = self._stored(link.path)
        settable = self.allows_link_settings
        may = sharing.LinkPermissions(
            can_revoke=True, effective_audience=getattr(sharing.LinkAudience, link.audience),
            link_access_level=sharing.LinkAccessLevel.viewer, can_set_expiry=settable, can_remove_expiry=settable,
            allow_download=link.allow_download, can_allow_download=True, allow_comments=True,
            team_restricts_comments=False,
            visibility_policies=[], can_disallow_download=settable, can_set_password=settable,
            can_remove_password=settable, require_password=link.password is not None,
        )  # fmt: skip
        shared = {
            "url": link.url, "name": link.path.rpartition("/")[2], "id": _id(link.path), "expires": link.expires,
            "path_lower": link.path.lower(), "link_permissions": may,
        }  # fmt: skip
        if stored is None:
            return sharing.FolderLinkMetadata(**shared)
        now = dt.datetime(2026, 11, 21, 12, 0, 0)  # noqa: DTZ001 - the SDK wants it so
        return sharing.FileLinkMetadata(
            **shared, client_modified=now, server_modified=now, rev="0123456789abcdef", size=len(self.files[stored])
        )

    # What strangers see

    async def page(self, request: Request) -> Response:  # noqa: PLR0911 - one answer a state of the link
        link = self.find(f"https://www.dropbox.com{request.url.path}?{request.url.query}")
        if "rlkey" not in request.query_params:
            return HTMLResponse('<html><script src="/static/error_pages/no_access.js"></script>', 403)
        if link is None or (link.expires and link.expires <= dt.datetime.now(dt.UTC).replace(tzinfo=None)):
            return HTMLResponse("<html><title>Dropbox - That didn't work for some reason</title>", 404)
        if link.audience not in {"public", "password"}:
            return HTMLResponse('<html><script src="/static/error_pages/no_access.js"></script>', 403)
        if link.password and request.cookies.get("sm_auth") != link.password:
            return RedirectResponse(f"https://www.dropbox.com/sm/password?content_id={_token(12)}", 302)
        name = link.path.rpartition("/")[2]
        if request.query_params.get("dl") == "1" or "raw" in request.query_params:
            if not link.allow_download:
                return HTMLResponse("<html><title>Dropbox</title>", 403)
            ident = urlsplit(link.url).path.split("/")[3]
            return RedirectResponse(f"https://uc1.dl.dropboxusercontent.com/content/{ident}/{name}", 302)
        prefetch = "anonymous:\tanonymous" if link.allow_download else "view"
        return HTMLResponse(
            f'<html><head><title>{name} - Dropbox</title><meta property="og:title" content="{name}">'
            f'<meta property="og:site_name" content="Dropbox"></head><body data-prefetch="{prefetch}"></body></html>'
        )

    async def password_page(self, _: Request) -> Response:
        return HTMLResponse("<html><title>Dropbox - Enter password</title>")

    async def download(self, request: Request) -> Response:
        ident = request.path_params["id"]
        link = next((one for one in self.links if not one.revoked and f"/{ident}/" in one.url), None)
        if link is None:
            return Response(status_code=404)
        stored = self._stored(link.path)
        content = self.files[stored] if stored else b"PK\x03\x04"
        return Response(
            content, media_type="application/binary",
            headers={"Content-Disposition": f'attachment; filename="{request.path_params["name"]}"'},
        )  # fmt: skip


class Cut(Response):
    """Closes the connection in the middle of an answer."""

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-length", b"1000"), (b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionAbortedError


def rate_limited(seconds: int, reason: str = "too_many_requests") -> Callable[[Request], Response]:
    """429, as https://www.dropbox.com/developers/documentation/http/documentation#error-handling says."""
    return lambda _: as_json(
        {"error": {"reason": {".tag": reason}, "retry_after": seconds}, "error_summary": f"{reason}/.."}, 429,
        {"Retry-After": str(seconds)},
    )  # fmt: skip


def server_error(status: int = 503) -> Callable[[Request], Response]:
    return lambda _: PlainTextResponse("Service Unavailable", status)


def not_ours(_: Request) -> Response:
    """What a captive portal answers."""
    return HTMLResponse("<html>Welcome to Hotel Wi-Fi", 200)


def as_json(content: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content), status, headers, media_type="application/json")


def _id(path: str) -> str:
    return f"id:{abs(hash(path.lower())):022d}"


def _token(length: int) -> str:
    return secrets.token_urlsafe(length * 2).replace("-", "").replace("_", "").lower()[:length]


def _http_date(when: dt.datetime) -> str:
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")
