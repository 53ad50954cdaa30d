"""Web Push, to a browser or to the app on a home screen: RFC 8030, encrypted by RFC 8291, signed by RFC 8292 (VAPID).

The key that signs follows from the host's own key, so there is nothing to keep; after a change of that key, browsers
that subscribed before are told with the older one. The push service reads neither title nor text.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lib.albums.keys import Keys
from lib.links.guard import WebAddress
from lib.notifications.message import Notice
from lib.notifications.places import PlaceRefused, Post
from lib.settings import origin_of
from lib.text.later import later

_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-5
_AUTH_BYTES: Final = 16  # RFC 8291
_SIGNED_FOR_S: Final = 12 * 3_600  # RFC 8292 allows 24 hours
_KEPT_FOR_S: Final = 86_400  # by the push service, for a device that is off
_NOBODY: Final = "mailto:nobody@example.org"  # who can be asked about messages, where the app has no address


def public_keys(keys: Keys) -> list[str]:
    """Return the keys that browsers subscribe with, as they write them; the present one first, then older ones."""
    return [_public(_private(one)) for one in (keys, *keys.older)]


def read(told: str) -> dict[str, str]:
    """Read what a browser says of its subscription. Raises `PlaceRefused`."""
    try:
        found = json.loads(told)
        named = {name: str(found["keys"][name]) for name in ("p256dh", "auth")}
        point, auth = _bytes(named["p256dh"]), _bytes(named["auth"])
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        known = {"endpoint": str(found["endpoint"]), "key": str(found.get("key", ""))} | named
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        auth, known = b"", {}
    if len(auth) != _AUTH_BYTES:
        raise PlaceRefused(
            later("The browser did not say where its messages go."), fix=later("Try again, or use another browser.")
        )
    return known


def details(address: WebAddress, told: Mapping[str, str], keys: Keys) -> dict[str, str]:
    """Return what is kept of a subscription."""
    known = public_keys(keys)
    key = told["key"] if told["key"] in known else known[0]
    return {"to": address.href, "p256dh": told["p256dh"], "auth": told["auth"], "key": key}


def post(kept: Mapping[str, str], message: Notice, keys: Keys) -> Post | None:
    """Return the request that tells a message; None where the browser subscribed with a key that is lost."""
    from py_vapid import Vapid02
    from pywebpush import WebPusher

    private = next((one for each in (keys, *keys.older) if _public(one := _private(each)) == kept["key"]), None)
    if private is None:
        return None
    told = json.dumps({"title": message.title, "text": message.text, "tag": message.event}).encode()
    subscription = {"endpoint": kept["to"], "keys": {"p256dh": kept["p256dh"], "auth": kept["auth"]}}
    body = bytes(WebPusher(subscription).encode(told)["body"])
    home = kept.get("home", "")
    claims = {
        "aud": origin_of(kept["to"]), "exp": int(time.time()) + _SIGNED_FOR_S,
        "sub": origin_of(home) if home else _NOBODY,
    }  # fmt: skip
    signed = Vapid02(private, conf={"no-strict": True}).sign(claims)  # strict takes no port behind a name
    headers = {
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(_KEPT_FOR_S),
        "Urgency": "normal", **signed,
    }  # fmt: skip
    return Post(kept["to"], body, headers)


def _private(keys: Keys) -> ec.EllipticCurvePrivateKey:
    number = int(keys.hash_of("vapid", ""), 16) % (_P256_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def _public(private: ec.EllipticCurvePrivateKey) -> str:
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
