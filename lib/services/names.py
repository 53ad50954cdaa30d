"""Names of files and folders that every provider and every computer takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from lib.services.base import VIDEO_TYPE, Album, AlbumPhoto

MAX_NAME: Final = 80  # characters; every provider and file system here takes at least 100
ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", VIDEO_TYPE: ".mp4"}
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*~]+')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d|desktop\.ini|thumbs\.db|\.ds_store|icon)(\..*)?")


def clean_name(name: str, fallback: str) -> str:
    """Return `name` without what some provider refuses or what could deceive (separators, control and bidi marks)."""
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", name))
    allowed = " ".join(_FORBIDDEN.sub(" ", visible).split()).strip(" .")[:MAX_NAME].strip(" .")
    return fallback if not allowed or _RESERVED.fullmatch(allowed) else allowed


def file_names(photos: Sequence[AlbumPhoto]) -> list[str]:
    """Return one name a photo; several are numbered, so that they keep their order and never clash."""
    digits = max(2, len(str(len(photos))))
    names = []
    for number, photo in enumerate(photos, 1):
        stem, dot, _ = photo.name.rpartition(".")
        name = clean_name(stem if dot else photo.name, "photo") + ENDINGS.get(photo.media_type, "")
        names.append(f"{number:0{digits}d} {name}" if len(photos) > 1 else name)
    return names


def folder_name(title: str) -> str:
    """Return the name of an album's folder: it is what the recipient reads."""
    return clean_name(title, "Photos")


def key_mark(key: str) -> str:
    """Return the mark by which an album is found again at a provider. It does not reveal the key."""
    return hashlib.sha256(f"passalong album {key}".encode()).hexdigest()[:16]


def content_mark(album: Album) -> str:
    """Return a mark that changes when photos are added, removed, changed or moved, or when the title changes."""
    digest = hashlib.sha256(album.title.encode())
    for photo in album.photos:
        digest.update(f"\0{photo.name}\0{photo.size_bytes}\0{photo.width}x{photo.height}".encode())
    return digest.hexdigest()[:16]
