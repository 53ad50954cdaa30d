"""The few computations that providers' own web apps make with a link: encodings, a server's number, a key's proof."""

from __future__ import annotations

import base64
import binascii
import json
import string
from typing import Final

_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KEY_BYTES: Final = 32


def base64_bytes(text: str) -> bytes:
    """Decode base64 of either alphabet, padded or not; empty when it is not base64."""
    encoded = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        return b""


def onedrive_share(url: str) -> str:
    """Return the form in which Microsoft's interface takes a share link: u! and its base64."""
    return "u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def icloud_partition(token: str) -> str:
    """Return the number of the server that keeps an iCloud album of the older form, as its web page computes it."""
    if not token or not set(token) <= set(_BASE62):
        return ""
    digits = token[1:2] if token[0] == "A" else token[1:3]
    number = 0
    for digit in digits:
        number = number * 62 + _BASE62.index(digit)
    return f"{number:02d}" if digits else ""


def mega_name(attributes: str, key: str) -> str | None:
    """Decrypt a MEGA file's attributes with the key of its link and return the file's name; None: a wrong key.

    The key never leaves memory. See MEGA's own web client: AES-128-CBC with a zero vector over text that begins with
    "MEGA{".
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    raw, sealed = base64_bytes(key), base64_bytes(attributes)
    if len(raw) != _KEY_BYTES or not sealed or len(sealed) % 16:
        return None
    folded = bytes(left ^ right for left, right in zip(raw[:16], raw[16:], strict=True))
    opener = Cipher(algorithms.AES(folded), modes.CBC(bytes(16))).decryptor()
    opened = opener.update(sealed) + opener.finalize()
    if not opened.startswith(b"MEGA{"):
        return None
    try:
        found = json.loads(opened[4:].rstrip(b"\0"))
    except ValueError:
        return ""
    return str(found.get("n", ""))[:200]
