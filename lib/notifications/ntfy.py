"""ntfy: a topic at https://ntfy.sh, or on a server of the sender's own.

Published as JSON to the server's root: https://docs.ntfy.sh/publish/#publish-as-json (read 2026-11-26).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from lib.links.guard import WebAddress
from lib.notifications.message import Notice
from lib.notifications.places import PlaceRefused, Post
from lib.text.later import later

_TOPIC: Final = re.compile(r"/([-_A-Za-z0-9]{1,64})/?")
_TAGS: Final = {"opened": "eyes", "answered": "speech_balloon", "ending": "hourglass_flowing_sand"}  # ntfy's emoji


def details(address: WebAddress) -> dict[str, str]:
    """Return what is kept of a topic's address. Raises `PlaceRefused`.

    What stands behind a `?`, such as `auth=` for a topic with a password, is sent along.
    """
    path, _, query = address.path_and_query.partition("?")
    topic = _TOPIC.fullmatch(path)
    if topic is None:
        raise PlaceRefused(
            later("The address of a topic is a server, a slash, and one name of letters and digits."),
            fix=later("For example https://ntfy.sh/ and a name that nobody guesses."),
        )
    return {
        "to": f"{address.origin}/{topic[1]}" + (f"?{query}" if query else ""),
        "root": f"{address.origin}/" + (f"?{query}" if query else ""),
        "topic": topic[1],
    }


def post(kept: Mapping[str, str], message: Notice) -> Post:
    """Return the request that tells a message."""
    told: dict[str, object] = {"topic": kept["topic"], "title": message.title, "message": message.text}
    if tag := _TAGS.get(message.event):
        told["tags"] = [tag]
    if home := kept.get("home"):
        told["click"] = home
    return Post(kept["root"], json.dumps(told).encode(), {"Content-Type": "application/json"})
