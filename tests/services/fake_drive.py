"""Google Drive as this project uses it: files, folders, permissions, resumable uploads, and the pages strangers see.

Imitates https://developers.google.com/workspace/drive/api/guides/manage-uploads (resumable),
https://developers.google.com/workspace/drive/api/guides/manage-sharing and
https://developers.google.com/workspace/drive/api/guides/handle-errors. Every request is held against Google's own v3
discovery document, which ships with the SDK: an unknown parameter, a wrong type or an unknown field is kept in
`violations`, which fail the test; so is an answer of this fake that does not fit. The anonymous pages answer as open
clients saw Drive answer (AList, gdown, JDownloader).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

NAMES = ("www.googleapis.com", "oauth2.googleapis.com", "drive.google.com", "accounts.google.com")
DISCOVERY = json.loads(
    (resources.files("googleapiclient") / "discovery_cache/documents/drive.v3.json").read_text(encoding="utf-8")
)
SCHEMAS = DISCOVERY["schemas"]
SCOPE = "https://www.googleapis.com/auth/drive.file"
FOLDER = "application/vnd.google-apps.folder"
READ_ONLY = re.compile(r"^Output only\.")
QUARTER = 256 * 1024


class Refused(Exception):  # noqa: N818 - an answer
    def __init__(self, status: int, reason: str, text: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.text, self.headers = status, reason, text or reason, headers or {}

    def response(self) -> Response:
        body = {
            "error": {
                "code": self.status, "message": self.text,
                "errors": [{"domain": "global", "reason": self.reason, "message": self.text}],
            }
        }  # fmt: skip
        return Response(json.dumps(body), self.status, self.headers, media_type="application/json; charset=UTF-8")


@dataclass
class Trouble:
    """What goes wrong next: `times` requests of `method` ("drive.files.create", "upload") get `answer`.

    `after` lets the request take effect before the answer is spoilt.
    """

    method: str
    answer: Callable[[Request], Response] | Refused | str  # "cut" closes the connection
    times: int = 1
    after: bool = False
    skip: int = 0


@dataclass
class Session:
    body: dict[str, Any]
    media_type: str
    size: int
    received: bytearray
    fields: str
    made: dict[str, Any] | None = None


@dataclass
class FakeDrive:
    """One Google Drive. Its state may be looked at and changed by a test, as the account's owner could."""

    scopes: frozenset[str] = frozenset({SCOPE})
    expired: bool = False
    tokens: set[str] | None = None  # None: any token is good
    space: int = 10**12
    can_share: bool = True
    refuse_sharing: str = ""  # a reason, such as publishOutNotPermitted
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    permissions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    trouble: list[Trouble] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    received: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/drive/v3/{path:path}", self.api, methods=["GET", "POST", "PATCH", "DELETE"]),
                Route("/upload/drive/v3/files", self.upload, methods=["POST", "PUT"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/file/d/{id}/view", self.page),
                Route("/drive/folders/{id}", self.page),
                Route("/embeddedfolderview", self.embedded),
                Route("/thumbnail", self.thumbnail),
                Route("/uc", self.download),
                Route("/v3/signin/identifier", lambda _: HTMLResponse("<title>Sign in - Google Accounts</title>")),
            ]
        )

    # The API

    async def api(self, request: Request) -> Response:
        body = await request.body()
        with self.lock:
            try:
                method, path_values = self._method(request)
                return self._spoilt(request, method["id"], lambda: self._answer(request, method, path_values, body))
            except Refused as refused:
                return refused.response()

    def _spoilt(self, request: Request, name: str, answer: Callable[[], Response]) -> Response:
        self.calls.append(name)
        trouble = next((one for one in self.trouble if name == one.method), None)
        if trouble is not None and trouble.skip > 0:
            trouble.skip -= 1
            trouble = None
        if trouble is None:
            return answer()
        trouble.times -= 1
        if trouble.times <= 0:
            self.trouble.remove(trouble)
        if trouble.after:
            answer()
        if isinstance(trouble.answer, Refused):
            raise trouble.answer
        return Cut() if isinstance(trouble.answer, str) else trouble.answer(request)

    def _method(self, request: Request) -> tuple[dict[str, Any], dict[str, str]]:
        for resource in ("files", "permissions"):
            # Literal paths, such as files/generateIds, come before those with a variable part.
            methods = sorted(DISCOVERY["resources"][resource]["methods"].values(), key=lambda one: "{" in one["path"])
            for method in methods:
                pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", method["path"])
                match = re.fullmatch(pattern, request.path_params["path"])
                if match and method["httpMethod"] == request.method:
                    return method, match.groupdict()
        self.violations.append(f"{request.method} {request.url.path} is not in the discovery document")
        raise Refused(404, "notFound")

    def _answer(self, request: Request, method: dict[str, Any], path: dict[str, str], body: bytes) -> Response:
        query = dict(request.query_params)
        self._check_query(method, query)
        self._authorise(request)
        sent = json.loads(body) if body else {}
        if "request" in method:
            self._check_body(method["request"]["$ref"], sent, method["id"], sending=True)
        elif body:
            self._violate(f"{method['id']} takes no body")
        handler = getattr(self, "_" + method["id"].removeprefix("drive.").replace(".", "_"), None)
        if handler is None:
            self._violate(f"the fake does not know {method['id']}")
            raise Refused(501, "notImplemented")
        result = handler(path, query, sent)
        if result is None:
            return Response(status_code=204)
        self._check_body(method["response"]["$ref"], result, f"answer of {method['id']}", sending=False)
        return _json(masked(result, query.get("fields", ""), self._violate))

    def _check_query(self, method: dict[str, Any], query: dict[str, str]) -> None:
        known = DISCOVERY["parameters"] | method.get("parameters", {})
        for name, value in query.items():
            schema = known.get(name)
            if schema is None or schema.get("location") == "path":
                self._violate(f"{method['id']} has no parameter {name}")
            elif schema["type"] == "boolean" and value not in {"true", "false"}:
                self._violate(f"{method['id']}: {name}={value} is not a boolean")
            elif schema["type"] == "integer" and not (
                value.isdigit() and int(schema.get("minimum", 0)) <= int(value) <= int(schema.get("maximum", 10**9))
            ):
                self._violate(f"{method['id']}: {name}={value} is not a number in range")

    def _check_body(self, ref: str, value: Any, where: str, *, sending: bool) -> None:
        properties = SCHEMAS[ref]["properties"]
        for name, one in value.items():
            schema = properties.get(name)
            if schema is None:
                self._violate(f"{where}: {ref} has no field {name}")
                continue
            if sending and (schema.get("readOnly") or READ_ONLY.match(schema.get("description", ""))):
                self._violate(f"{where}: {ref}.{name} is output only")
            self._check_value(schema, one, f"{where}: {ref}.{name}", sending=sending)

    def _check_value(self, schema: dict[str, Any], value: Any, where: str, *, sending: bool) -> None:
        if "$ref" in schema:
            self._check_body(schema["$ref"], value, where, sending=sending)
            return
        kinds = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}
        if not isinstance(value, kinds[schema["type"]]):
            self._violate(f"{where}: {value!r} is not a {schema['type']}")
        elif schema["type"] == "array":
            for one in value:
                self._check_value(schema["items"], one, where, sending=sending)
        elif schema["type"] == "object" and "additionalProperties" in schema:
            for one in value.values():
                self._check_value(schema["additionalProperties"], one, where, sending=sending)
        elif schema["type"] == "object":
            for name, one in value.items():
                if name not in schema["properties"]:
                    self._violate(f"{where} has no field {name}")
                else:
                    self._check_value(schema["properties"][name], one, f"{where}.{name}", sending=sending)

    def _violate(self, what: str) -> None:
        self.violations.append(what)

    def _authorise(self, request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            self._violate(f"{request.url.path}: no token")
        if self.expired or (self.tokens is not None and token not in self.tokens):
            raise Refused(
                401,
                "authError",
                "Invalid Credentials",
                {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
            )
        if SCOPE not in self.scopes:
            raise Refused(403, "insufficientPermissions", "Request had insufficient authentication scopes.")

    async def token(self, request: Request) -> Response:
        form = dict((await request.form()).items())
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != "host-refresh":
            return _json({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
        return _json({"access_token": "host-access", "expires_in": 3599, "token_type": "Bearer", "scope": SCOPE})

    # Files

    def _files_generateIds(self, _: Any, query: dict[str, str], __: Any) -> dict[str, Any]:  # noqa: N802 - Google's name
        ids = [new_id() for _ in range(int(query.get("count", "10")))]
        self.given |= set(ids)
        return {"kind": "drive#generatedIds", "space": query.get("space", "drive"), "ids": ids}

    def _files_create(self, _: Any, __: Any, body: dict[str, Any]) -> dict[str, Any]:
        return self.add(body, None)

    def add(self, body: dict[str, Any], content: bytes | None) -> dict[str, Any]:
        """Make a file or folder, as the API does."""
        file_id = body.get("id") or new_id()
        if "id" in body and body["id"] not in self.given:
            raise Refused(400, "invalid", "The provided file ID is not usable")
        if file_id in self.items:
            raise Refused(409, "fileIdInUse", "A file already exists with the provided ID.")
        if len(json.dumps(body.get("appProperties", {}))) > 30 * 124:
            self._violate("appProperties are over their limit")
        for name, value in body.get("appProperties", {}).items():
            if len((name + value).encode()) > 124:
                self._violate(f"appProperties {name} is over 124 bytes")
        for parent in body.get("parents", []):
            if parent not in self.items or self.items[parent]["trashed"]:
                raise Refused(404, "notFound", f"File not found: {parent}.")
        if content is not None and sum(map(len, self.content.values())) + len(content) > self.space:
            raise Refused(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
        kind = body.get("mimeType", "application/octet-stream")
        link = f"https://drive.google.com/drive/folders/{file_id}" if kind == FOLDER else (
            f"https://drive.google.com/file/d/{file_id}/view?usp=drivesdk"
        )  # fmt: skip
        item = {
            "kind": "drive#file", "parents": ["root"], **body, "id": file_id, "mimeType": kind, "trashed": False,
            "webViewLink": link, "capabilities": {"canShare": self.can_share},
            "copyRequiresWriterPermission": body.get("copyRequiresWriterPermission", False),
        }  # fmt: skip
        if content is not None:
            item |= {"size": str(len(content)), "md5Checksum": hashlib.md5(content).hexdigest()}  # noqa: S324 - Google's field
            self.content[file_id] = content
        self.items[file_id] = item
        self.permissions[file_id] = [{"kind": "drive#permission", "id": "1", "type": "user", "role": "owner"}]
        return item

    def _item(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.items:
            raise Refused(404, "notFound", f"File not found: {file_id}.")
        return self.items[file_id]

    def _files_get(self, path: dict[str, str], _: Any, __: Any) -> dict[str, Any]:
        return self._item(path["fileId"])

    def _files_list(self, _: Any, query: dict[str, str], __: Any) -> dict[str, Any]:
        found = [one for one in self.items.values() if self._matches(one, query.get("q", ""))]
        start, size = int(query.get("pageToken", "0")), min(int(query.get("pageSize", "100")), 2)  # small pages
        result: dict[str, Any] = {"kind": "drive#fileList", "files": found[start : start + size]}
        if len(found) > start + size:
            result["nextPageToken"] = str(start + size)
        return result

    def _matches(self, item: dict[str, Any], query: str) -> bool:
        """Read the part of https://developers.google.com/workspace/drive/api/guides/search-files that is used here."""
        for term in query.split(" and "):
            if match := re.fullmatch(r"trashed = (true|false)", term):
                if item["trashed"] != (match[1] == "true"):
                    return False
            elif match := re.fullmatch(r"'([\w-]+)' in parents", term):
                if match[1] not in item["parents"]:
                    return False
            else:
                break
        wanted = re.search(r"appProperties has \{ key='(\w+)' and value='(\w+)' \}", query)
        if wanted and item.get("appProperties", {}).get(wanted[1]) != wanted[2]:
            return False
        rest = re.sub(
            r"appProperties has \{ key='\w+' and value='\w+' \}|'[\w-]+' in parents|trashed = (true|false)|and| ",
            "",
            query,
        )
        if rest:
            self._violate(f"a query that the fake does not know: {query}")
        return not (re.search(r"trashed = false", query) and item["trashed"])

    def _files_delete(self, path: dict[str, str], _: Any, __: Any) -> None:
        self._item(path["fileId"])
        self.remove(path["fileId"])

    def remove(self, file_id: str) -> None:
        """Delete for good, with everything inside."""
        for child in [one["id"] for one in self.items.values() if file_id in one["parents"]]:
            self.remove(child)
        self.items.pop(file_id, None)
        self.content.pop(file_id, None)
        self.permissions.pop(file_id, None)

    # Resumable uploads

    async def upload(self, request: Request) -> Response:
        body = await request.body()
        with self.lock:
            try:
                if "upload_id" in request.query_params:
                    return self._spoilt(request, "upload", lambda: self._receive(request, body))
                method = DISCOVERY["resources"]["files"]["methods"]["create"]
                return self._spoilt(request, "upload.start", lambda: self._start(request, method, body))
            except Refused as refused:
                return refused.response()

    def _start(self, request: Request, method: dict[str, Any], body: bytes) -> Response:
        query = dict(request.query_params)
        if query.pop("uploadType", "") != "resumable":
            self._violate("uploads have to be resumable")
        self._check_query(method, query)
        self._authorise(request)
        sent = json.loads(body)
        self._check_body("File", sent, "drive.files.create", sending=True)
        size = int(request.headers["x-upload-content-length"])
        if sum(map(len, self.content.values())) + size > self.space:
            raise Refused(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
        for parent in sent.get("parents", []):
            self._item(parent)
        ident = secrets.token_urlsafe(16)
        self.sessions[ident] = Session(
            sent, request.headers["x-upload-content-type"], size, bytearray(), query.get("fields", "")
        )
        location = f"https://www.googleapis.com/upload/drive/v3/files?uploadType=resumable&upload_id={ident}"
        return Response(status_code=200, headers={"Location": location})

    def _receive(self, request: Request, body: bytes) -> Response:
        session = self.sessions.get(request.query_params["upload_id"])
        if session is None:
            raise Refused(404, "notFound")
        match = re.fullmatch(r"bytes (\*|(\d+)-(\d+))/(\d+)", request.headers["content-range"])
        if match is None or int(match[4]) != session.size:
            self._violate(f"Content-Range {request.headers['content-range']}")
            raise Refused(400, "badRequest")
        if match[1] != "*" and session.made is None:
            if int(match[2]) != len(session.received) or int(match[3]) - int(match[2]) + 1 != len(body):
                raise Refused(400, "badRequest", "Failed to parse Content-Range header.")
            if int(match[3]) + 1 != session.size and len(body) % QUARTER:
                self._violate(f"a chunk of {len(body)} bytes is not a multiple of 256 KiB")
            session.received += body
            self.received += len(body)
        if len(session.received) == session.size:
            if session.made is None:
                session.made = self.add({"mimeType": session.media_type, **session.body}, bytes(session.received))
            return _json(masked(session.made, session.fields, self._violate))
        headers = {"Range": f"bytes=0-{len(session.received) - 1}"} if session.received else {}
        return Response(status_code=308, headers=headers)

    # Permissions

    def _permissions_list(self, path: dict[str, str], query: dict[str, str], _: Any) -> dict[str, Any]:
        self._item(path["fileId"])
        found = self.effective(path["fileId"])
        start = int(query.get("pageToken", "0"))
        result: dict[str, Any] = {"kind": "drive#permissionList", "permissions": found[start : start + 1]}
        if len(found) > start + 1:
            result["nextPageToken"] = str(start + 1)  # one a page, so that paging is always met
        return result

    def effective(self, file_id: str) -> list[dict[str, Any]]:
        """Return a file's permissions, those from folders above marked as inherited."""
        found = [dict(one) for one in self.permissions[file_id]]
        for parent in self.items[file_id]["parents"]:
            if parent in self.items:
                for one in self.effective(parent):
                    if one["type"] == "anyone" and one["id"] not in {own["id"] for own in found}:
                        found.append(
                            one
                            | {
                                "permissionDetails": [
                                    {
                                        "inherited": True,
                                        "inheritedFrom": parent,
                                        "role": one["role"],
                                        "permissionType": "file",
                                    }
                                ]
                            }
                        )
        return found

    def _permissions_create(self, path: dict[str, str], query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        item = self._item(path["fileId"])
        if "sendNotificationEmail" in query and body["type"] == "anyone":
            self._violate("sendNotificationEmail is not allowed for type anyone")
        if "expirationTime" in body:
            raise Refused(403, "cannotSetExpirationOnAnyoneOrDomain")
        if self.refuse_sharing:
            raise Refused(403, self.refuse_sharing)
        if not item["capabilities"]["canShare"]:
            raise Refused(403, "insufficientFilePermissions")
        name = "anyone" if body.get("allowFileDiscovery") else "anyoneWithLink"
        made = {"kind": "drive#permission", "id": name, **body}
        self.permissions[path["fileId"]] = [one for one in self.permissions[path["fileId"]] if one["id"] != name] + [
            made
        ]
        return made

    def _permissions_delete(self, path: dict[str, str], _: Any, __: Any) -> None:
        self._item(path["fileId"])
        there = self.permissions[path["fileId"]]
        if path["permissionId"] not in {one["id"] for one in there}:
            if path["permissionId"] in {one["id"] for one in self.effective(path["fileId"])}:
                raise Refused(403, "cannotModifyInheritedPermission")
            raise Refused(404, "notFound", f"Permission not found: {path['permissionId']}.")
        self.permissions[path["fileId"]] = [one for one in there if one["id"] != path["permissionId"]]

    # What strangers see

    def _open(self, file_id: str) -> dict[str, Any] | None:
        item = self.items.get(file_id)
        if item is None or item["trashed"]:
            return None
        return item | {"open": any(one["type"] == "anyone" for one in self.effective(file_id))}

    async def page(self, request: Request) -> Response:
        item = self._open(request.path_params["id"])
        if item is None:
            return HTMLResponse("<html><title>Error 404 (Not Found)!!1</title>", 404)
        if not item["open"]:
            return self._sign_in(request)
        data = [None, item["name"], *[None] * 9, item["mimeType"], *[None] * 13, [None, None, item.get("size")]]
        return HTMLResponse(
            f'<html><head><title>{item["name"]} - Google Drive</title><meta property="og:title" content="{item["name"]}">'  # noqa: E501 - a page as it comes
            "</head><body>"
            f"<script>window.viewerData = {{config: {{}}, itemJson: {json.dumps(data)}}};</script></body></html>"
        )

    async def embedded(self, request: Request) -> Response:
        item = self._open(request.query_params.get("id", ""))
        if item is None:
            return HTMLResponse("<html><title>Error 404 (Not Found)!!1</title>", 404)
        if not item["open"]:
            return self._sign_in(request)
        inside = [one for one in self.items.values() if item["id"] in one["parents"] and not one["trashed"]]
        entries = "".join(
            f'<div class="flip-entry" id="entry-{one["id"]}"><div class="flip-entry-info">'
            f'<a href="https://drive.google.com/file/d/{one["id"]}/view?usp=drive_web"></a></div>'
            f'<div class="flip-entry-title">{one["name"]}</div></div>'
            for one in inside
        ) or '<div class="flip-empty">No files in this folder.</div>'  # fmt: skip
        return HTMLResponse(
            f'<html><title>{item["name"]}</title><div id="flip-contents"><div class="flip-entries">{entries}</div></div></html>'  # noqa: E501 - a page as it comes
        )

    async def thumbnail(self, request: Request) -> Response:
        item = self._open(request.query_params.get("id", ""))
        if item is None:
            return Response(status_code=404)
        if not item["open"]:
            return self._sign_in(request)
        return Response(self.content.get(item["id"], b""), media_type=item["mimeType"])

    async def download(self, request: Request) -> Response:
        item = self._open(request.query_params.get("id", ""))
        if item is None:
            return HTMLResponse("<html><title>Error 404 (Not Found)!!1</title>", 404)
        if not item["open"]:
            return self._sign_in(request)
        if item["copyRequiresWriterPermission"]:
            return HTMLResponse("<html><title>Google Drive - Access denied</title>", 403)
        name = item["name"].encode("ascii", "replace").decode()
        return Response(
            self.content[item["id"]], media_type=item["mimeType"],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip

    def _sign_in(self, request: Request) -> Response:
        return RedirectResponse(
            f"https://accounts.google.com/v3/signin/identifier?service=wise&continue={request.url}", 302
        )


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


def masked(value: dict[str, Any], fields: str, violate: Callable[[str], None]) -> dict[str, Any]:
    """Return only the fields asked for, by developers.google.com/workspace/drive/api/guides/fields-parameter."""
    if not fields:
        keep = {
            "kind",
            "id",
            "name",
            "mimeType",
            "files",
            "permissions",
            "type",
            "role",
            "nextPageToken",
            "ids",
            "space",
        }
        return {name: one for name, one in value.items() if name in keep}
    return _pick(value, _mask(unquote(fields)), violate)


def _mask(fields: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    depth, start, name = 0, 0, ""
    for index, sign in enumerate(fields + ","):
        if sign == "(":
            if depth == 0:
                name, start = fields[start:index], index + 1
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                result[name], start = _mask(fields[start:index]), index + 1
        elif sign == "," and depth == 0:
            if fields[start:index]:
                result[fields[start:index]] = None
            start = index + 1
    return result


def _pick(value: Any, mask: dict[str, Any] | None, violate: Callable[[str], None]) -> Any:
    if mask is None:
        return value
    if isinstance(value, list):
        return [_pick(one, mask, violate) for one in value]
    for name in mask:
        if not any(name in (schema.get("properties") or {}) for schema in SCHEMAS.values()) and name not in {
            "canShare", "inherited", "inheritedFrom",
        }:  # fmt: skip
            violate(f"fields: there is no field {name}")
    return {name: _pick(value[name], mask[name], violate) for name in mask if name in value}


def rate_limited(seconds: int) -> Callable[[Request], Response]:
    return lambda _: Refused(429, "rateLimitExceeded", "Rate Limit Exceeded", {"Retry-After": str(seconds)}).response()


def server_error(status: int = 503) -> Callable[[Request], Response]:
    return lambda _: Refused(status, "backendError").response()


def not_ours(_: Request) -> Response:
    """What a captive portal answers."""
    return HTMLResponse("<html>Welcome to Hotel Wi-Fi", 200)


def new_id() -> str:
    """33 characters, as today's ids are."""
    return "1" + secrets.token_urlsafe(48).replace("=", "")[:32]


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, media_type="application/json; charset=UTF-8")


def later(days: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
