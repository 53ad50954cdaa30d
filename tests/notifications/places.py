"""Places that messages go to, as small programs on loopback: a push service, ntfy, Slack and Discord.

Each follows what its vendor writes, and refuses what the vendor would refuse:
push: RFC 8030, 8188, 8291 and 8292 · ntfy: https://docs.ntfy.sh/publish/#publish-as-json ·
Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks ·
Discord: https://docs.discord.com/developers/resources/webhook#execute-webhook (read 2026-11-26).
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
import uvicorn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

DAY_S = 86_400


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """A browser that subscribed: it holds the keys, and reads what the push service hands on."""

    origin: str
    server_key: str  # which its page gave it
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    name: str = field(default_factory=lambda: os.urandom(9).hex())
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sealed: list[bytes] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"{self.origin}/push/{self.name}"

    @property
    def subscription(self) -> str:
        point = self.secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": unpadded(point), "auth": unpadded(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys, "key": self.server_key})


@dataclass
class Places:
    """All of them, on one port."""

    origin: str
    devices: dict[str, Device] = field(default_factory=dict)
    topics: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)  # at Slack and Discord
    answers: list[Response] = field(default_factory=list)  # what the next requests get, whatever they ask
    asked: list[str] = field(default_factory=list)
    at_least: int = 0  # so many have to have asked before anybody is answered

    def device(self, server_key: str) -> Device:
        made = Device(self.origin, server_key)
        self.devices[made.name] = made
        return made

    def routes(self) -> list[Route]:
        return [
            Route("/", self._ntfy, methods=["POST"]),
            Route("/push/{name}", self._push, methods=["POST"]),
            Route("/services/{rest:path}", self._slack, methods=["POST"]),
            Route("/api/webhooks/{number}/{token}", self._discord, methods=["POST"]),
        ]

    async def _instead(self, request: Request) -> Response | None:
        self.asked.append(str(request.url))
        while len(self.asked) < self.at_least:  # noqa: ASYNC110 - the thread of the test says how many
            await asyncio.sleep(0.01)
        return self.answers.pop(0) if self.answers else None

    async def _push(self, request: Request) -> Response:
        if instead := await self._instead(request):
            return instead
        device = self.devices.get(request.path_params["name"])
        if device is None:
            return Response(status_code=410)
        if (refused := _refusal(request, device)) is not None:
            return PlainTextResponse(refused, 400 if "header" in refused else 403)
        body = await request.body()
        if len(body) > 4_096:
            return Response(status_code=413)
        read = http_ece.decrypt(body, private_key=device.secret, auth_secret=device.auth, version="aes128gcm")
        device.sealed.append(body)
        device.headers.append(dict(request.headers))
        device.got.append(json.loads(read))
        return Response(status_code=201, headers={"Location": f"{self.origin}/message/1"})

    async def _ntfy(self, request: Request) -> Response:
        if instead := await self._instead(request):
            return instead
        told = await request.json()
        kinds = {"topic": str, "title": str, "message": str, "tags": list, "click": str, "priority": int}
        wrong = [name for name, kind in kinds.items() if name in told and not isinstance(told[name], kind)]
        if wrong or not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", told.get("topic", "")):
            return JSONResponse({"code": 40009, "http": 400, "error": "invalid request: topic invalid"}, 400)
        if request.query_params.get("auth", "") not in {"", "dGVzdA"}:
            return JSONResponse({"code": 40101, "http": 401, "error": "unauthorized"}, 401)
        self.topics.setdefault(told["topic"], []).append(told)
        return JSONResponse({"id": "sPs71M8A2T", "event": "message", "topic": told["topic"]})

    async def _slack(self, request: Request) -> Response:
        if instead := await self._instead(request):
            return instead
        told = await request.json()
        if not isinstance(told.get("text"), str) or not told["text"]:
            return PlainTextResponse("no_text", 400)
        self.said.append(told)
        return PlainTextResponse("ok")

    async def _discord(self, request: Request) -> Response:
        if instead := await self._instead(request):
            return instead
        told = await request.json()
        if not isinstance(told.get("content"), str) or not 1 <= len(told["content"]) <= 2_000:
            return JSONResponse({"message": "Cannot send an empty message", "code": 50006}, 400)
        if not isinstance(told.get("allowed_mentions", {}).get("parse", []), list):
            return JSONResponse({"message": "Invalid Form Body", "code": 50035}, 400)
        self.said.append(told)
        return Response(status_code=204)


def _refusal(request: Request, device: Device) -> str | None:  # noqa: PLR0911 - one for each rule
    """Return why a push service would not take a request."""
    headers = request.headers
    if not headers.get("ttl", "").isdigit():
        return "the TTL header is missing"
    if headers.get("content-encoding") != "aes128gcm":
        return "the Content-Encoding header is another"
    if headers.get("urgency", "normal") not in {"very-low", "low", "normal", "high"}:
        return "the Urgency header is another"
    found = re.fullmatch(r"vapid t=([^,]+),\s*k=(\S+)", headers.get("authorization", ""))
    if found is None:
        return "nobody signed it"
    token, key = found.groups()
    if key != device.server_key:
        return "another server signed it"
    head, claims, signature = token.split(".")
    raw = padded(signature)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(key))
    signed = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        point.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return "the signature is wrong"
    said = json.loads(padded(claims))
    if said["aud"] != device.origin or not time.time() < said["exp"] <= time.time() + DAY_S:
        return "it is signed for another place or time"
    return None if re.match(r"mailto:.+@|https://", said.get("sub", "")) else "nobody can be asked about it"


@contextmanager
def serving() -> Iterator[Places]:
    """Serve them on a free port of loopback."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)
    places = Places(f"http://127.0.0.1:{sock.getsockname()[1]}")
    config = uvicorn.Config(Starlette(routes=places.routes()), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield places
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        sock.close()
