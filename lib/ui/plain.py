"""Our own objects as plain values for `st.session_state`, and back: instances do not survive there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lib.links.stranger import SeenPhoto, StrangerView
from lib.services.base import Outcome, SharedLink

Plain = dict[str, Any]


def from_link(link: SharedLink) -> Plain:
    """Return a link as plain values."""
    values = asdict(link)
    values["created_at"] = link.created_at.isoformat()
    values["expires_at"] = link.expires_at.isoformat() if link.expires_at else None
    values["outcomes"] = [asdict(outcome) for outcome in link.outcomes]
    return values


def to_link(values: Plain) -> SharedLink:
    """Return the link that `from_link` made plain."""
    return SharedLink(
        **values
        | {
            "created_at": datetime.fromisoformat(values["created_at"]),
            "expires_at": datetime.fromisoformat(values["expires_at"]) if values["expires_at"] else None,
            "outcomes": tuple(Outcome(**outcome) for outcome in values["outcomes"]),
        }
    )


def from_view(view: StrangerView) -> Plain:
    """Return what a stranger saw as plain values."""
    return asdict(view)


def to_view(values: Plain) -> StrangerView:
    """Return the view that `from_view` made plain."""
    return StrangerView(**values | {"photos": _photos(values["photos"]), "grid": _photos(values["grid"])})


def _photos(values: Iterable[Plain]) -> tuple[SeenPhoto, ...]:
    return tuple(SeenPhoto(**photo | {"leftovers": tuple(photo["leftovers"])}) for photo in values)
