"""The name that a colour profile goes by; it may name a device."""

from __future__ import annotations

from lib.photos.containers.parts import number

MAX_TAGS = 100
ORDINARY = ("srgb", "display p3", "adobe rgb", "apple wide", "dot gain", "gray gamma", "rec. 2", "rec2")


def name_of(profile: bytes) -> str:
    """The description inside the profile; empty when there is none."""
    for n in range(min(number(profile, 128, 4), MAX_TAGS)):
        at = 132 + n * 12
        if profile[at : at + 4] == b"desc":
            return _description(profile[number(profile, at + 4, 4) :])
    return ""


def _description(tag: bytes) -> str:
    if tag[:4] == b"desc":
        size = number(tag, 8, 4)
        text = tag[12 : 12 + min(size, 200)].decode("latin-1")
    elif tag[:4] == b"mluc":
        size, at = number(tag, 20, 4), number(tag, 24, 4)
        text = tag[at : at + min(size, 400)].decode("utf-16-be", "replace")
    else:
        return ""
    return text.split("\x00")[0].strip()


def is_ordinary(name: str) -> bool:
    """Whether millions of devices share a profile of this name, so that it says nothing about one of them."""
    return any(word.lower() in name.lower() for word in ORDINARY)
