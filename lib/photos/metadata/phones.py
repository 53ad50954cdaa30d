"""What the phone had already done before the photo came here."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from lib.text.later import later

LEFT_OUT = later("Your phone had already left the location out.")


@cache
def _facts() -> dict[str, Any]:
    table = tomllib.loads(Path(__file__).with_name("phones.toml").read_text("utf-8"))
    return dict(table["android_leaves_location_out"])


def left_location_out(maker: str, taken_at: str | None, *, emptied: bool) -> bool:
    """Whether an Android phone took the location out: its place is empty, or the photo was taken since phones do so.

    `maker` is as EXIF names it, `taken_at` begins with the date.
    """
    text = maker.lower().split()
    by_android = bool(text) and text[0] in _facts()["makers"]
    return by_android and (emptied or (taken_at or "") >= _facts()["since"].isoformat())
