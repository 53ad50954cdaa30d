"""Requests that nobody would send, against every route beside the app: a minute in each run, an hour when asked.

`FUZZ_EXAMPLES=1000000 pytest tests/albums/test_fuzz.py` takes about an hour.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from lib.albums import LinkInfo, Share
from lib.albums.owner_cookie import OWNER_COOKIE, OwnerCookie
from lib.albums.tables import photos
from lib.photos import prepare_photo
from lib.recipients.gate import TRY_COOKIE, VISIT_COOKIE
from lib.recipients.recipient import Recipient
from lib.send import api, upload
from lib.services.base import Preview, Wishes
from tests.albums.conftest import OTHER, OWNER, Photos, picture

FUZZ_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "18000"))
TITLE, PASSWORD = "Secret title", "Correct horse 7"
STATUSES = {200, 201, 206, 303, 304, 307, 400, 403, 404, 405, 408, 409, 411, 413, 415, 416, 422, 429, 503}
FILES = (b"\xff\xd8", b"\x89PNG", b"PK\x03\x04", b"\x00\x00\x00")  # how JPEG, PNG, zip and MP4 begin


@dataclass
class Answer:
    """What came back, whole."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Site:
    """The share pages, the draft routes and the upload form, as one app; an open, a locked and a taken-back link."""

    share: Share
    app: ASGIApp
    links: dict[str, LinkInfo]
    tickets: list[str]

    async def ask(self, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Answer:
        """Send one request as the server hands it over: nothing between tidies it up."""
        answer = Answer()
        waiting: list[Message] = [{"type": "http.request", "body": body}]

        async def receive() -> Message:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], dict(message["headers"])
            answer.body += message.get("body", b"")

        where, _, query = path.partition("?")
        await self.app(
            {
                "type": "http", "method": method, "path": unquote(where), "raw_path": where.encode(),
                "headers": headers,
                "query_string": query.encode(), "scheme": "http", "server": ("app.example", 80), "root_path": "",
                "client": ("203.0.113.9", 4711), "http_version": "1.1", "extensions": {},
            },
            receive, send,
        )  # fmt: skip
        return answer


@pytest.fixture
def site(share: Share, photos: Photos) -> Site:
    recipient = Recipient(lambda: share)
    routes = [*api.routes(lambda: share), *upload.routes(lambda: share, lambda _scope: False)]
    album = share.intake.take(OWNER, photos.album(title=TITLE))
    ends = datetime.now(UTC) + timedelta(days=300)
    wishes = {
        "open": Wishes(expires_at=ends, preview=Preview.COVER),
        "locked": Wishes(expires_at=ends, password=PASSWORD, max_views=3, preview=Preview.COVER),
        "gone": Wishes(expires_at=ends),
    }
    links = {name: share.links.create(OWNER, album, wish, key=name) for name, wish in wishes.items()}
    share.links.revoke(OWNER, links["gone"].id)
    draft = share.albums.open(OTHER)
    share.photos.add(OTHER, draft, name="a.jpg", photo=prepare_photo(picture()))
    good = share.tickets.write(OTHER, draft)
    forged = [good[:-1], good + "x", good.replace(".", ".."), share.keys.sign("visit", [draft, OTHER])]
    tickets = [*forged, share.tickets.write(OWNER, share.albums.open(OWNER))]
    return Site(share, OwnerCookie(Starlette(routes=routes), recipient, lambda _scope: False), links, tickets)


TAILS = (
    "", "/", "/1", "/2", "/p/1.jpg", "/p/1-small.jpg", "/p/2.png", "/p/2.jpg", "/save/1.jpg", "/photos.zip",
    "/preview.jpg", "/report", "/open", "/p/1.mp4", "/save/3.mp4", "/p/0.jpg", "/p/999.jpg",
)  # fmt: skip
DRAFT_TAILS = ("/photos", "", "/photos/x", "/photos/x/small", "/order", "/photos/../../x")
text = st.text(max_size=12)
noise = st.one_of(
    st.just(""),
    text,
    st.sampled_from(["%00", "%2e%2e/", "//", ";", "?", "#", "%", "\\", "/.", "%C0%AF", "?x=1", "%0d%0a"]),
)
names = st.sampled_from(
    [b"cookie", b"range", b"if-range", b"if-none-match", b"accept-language", b"accept-encoding", b"content-type",
     b"content-length", b"host", b"origin", b"referer", b"sec-fetch-site", b"sec-fetch-dest", b"x-forwarded-for",
     b"x-file-name", b"x-upload-key", b"user-agent", b"transfer-encoding", b"accept"]
)  # fmt: skip
values = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [b"bytes=0-1", b"bytes=-5", b"bytes=9-2", b"bytes=0-99999999999999", b"bytes=0-1,4-5", b"gzip", b"de, en;q=0.5",
         b"cross-site", b"same-origin", b"image", b"image/*", b"application/x-www-form-urlencoded", b"application/json",
         b"multipart/form-data; boundary=x", b"multipart/form-data", b"-1", b"12", b"app.example", b"WhatsApp/2",
         f"{TRY_COOKIE}=1".encode(), f"{VISIT_COOKIE}=x.y; {TRY_COOKIE}=1".encode(),
         f"{OWNER_COOKIE}=".encode() + b"z" * 32, b"a=b; " * 30]
    ),
)  # fmt: skip
bodies = st.one_of(
    st.just(b""), st.binary(max_size=80),
    st.sampled_from(
        [b"password=", b"password=Correct+horse", b"password=%FF%FE", b"reason=harm&words=x", b"&" * 50,
         b"password=" + b"a" * 17_000,
         b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n\xff\xd8\xff\r\n--x--\r\n',
         b'{"order": [1, null, "x"]}', b"[]", b"{", b"null"]
    ),
)  # fmt: skip
methods = st.sampled_from(["GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", ""])


@settings(max_examples=FUZZ_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.sampled_from(["open", "locked", "gone", "ticket", "upload", "nothing"]),
    draws=st.tuples(st.integers(0, 4), st.sampled_from(TAILS), st.sampled_from(DRAFT_TAILS)),
    junk=st.tuples(noise, noise),
    method=methods,
    headers=st.lists(st.tuples(names, values), max_size=3),
    body=bodies,
)
async def test_whatever_is_asked_gets_a_plain_answer_and_nothing_that_is_closed(
    site: Site, which: str, draws: tuple[int, str, str], junk: tuple[str, str], method: str,
    headers: list[tuple[bytes, bytes]], body: bytes,
) -> None:  # fmt: skip
    number, tail, draft_tail = draws
    if which in site.links:
        path = site.links[which].path + junk[0] + tail + junk[1]
    elif which == "ticket":
        path = f"/api/drafts/{site.tickets[number]}{draft_tail}{junk[0]}"
    else:
        path = {"upload": "/upload", "nothing": "/s/"}[which] + junk[0] + tail + junk[1]
    answer = await site.ask(method, path, headers, body)
    assert answer.status in STATUSES
    assert b"Traceback" not in answer.body
    if which == "locked":
        assert TITLE.encode() not in answer.body
        assert not answer.body.startswith(FILES)
    if which == "gone" and method in {"GET", "HEAD", "POST"} and not junk[0]:
        assert answer.status == 404
    if path.startswith("/s/") and answer.status != 304:
        assert answer.headers[b"x-content-type-options"] == b"nosniff"
    if which == "locked":
        assert site.share.links.get(OWNER, site.links["locked"].id).views == 0
    if which == "ticket":
        assert len(site.share.index.rows(sa.select(photos))) == 3 + 1, "what was there, and nothing more"
