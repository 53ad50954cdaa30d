"""Our own objects as plain values for `st.session_state`, and back: instances do not survive there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from lib.links.stranger import SeenPhoto, StrangerView

Plain = dict[str, Any]


def from_view(view: StrangerView) -> Plain:
    """Return what a stranger saw as plain values."""
    return asdict(view)


def to_view(values: Plain) -> StrangerView:
    """Return the view that `from_view` made plain."""
    return StrangerView(**values | {"photos": _photos(values["photos"]), "grid": _photos(values["grid"])})


def _photos(values: Iterable[Plain]) -> tuple[SeenPhoto, ...]:
    return tuple(SeenPhoto(**photo | {"leftovers": tuple(photo["leftovers"])}) for photo in values)
