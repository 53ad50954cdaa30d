"""A webhook: a POST with JSON, in a form that Slack, Mattermost and Discord show as a message.

Slack reads `text` (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), Discord `content`
(https://docs.discord.com/developers/resources/webhook#execute-webhook); each passes over the rest (both read
2026-11-26). A program of the sender's own reads `schema` and `event`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from lib.links.guard import WebAddress
from lib.notifications.message import Notice
from lib.notifications.places import Post

SCHEMA: Final = "passalong.notification.1"


def details(address: WebAddress) -> dict[str, str]:
    """Return what is kept of a webhook's address."""
    return {"to": address.href}


def post(kept: Mapping[str, str], message: Notice) -> Post:
    """Return the request that tells a message."""
    whole = f"{message.title}: {message.text}"
    told: dict[str, object] = {
        "schema": SCHEMA, "event": message.event, "title": message.title, "text": _for_slack(whole), "content": whole,
        "allowed_mentions": {"parse": []},  # Discord: a title names nobody
    }  # fmt: skip
    if home := kept.get("home"):
        told["url"] = home
    return Post(kept["to"], json.dumps(told).encode(), {"Content-Type": "application/json"})


def _for_slack(text: str) -> str:
    """Return a text in which Slack finds neither a link nor a mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
