"""Streamlit Community Cloud: the one place where the app runs and its links cannot.

Between a visitor and an app there, Streamlit's own servers show the app's page alone, inside a page of theirs that
needs script and a cookie: a chat app that opens `/s/…` never reaches this server. Files are gone with each restart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lib.settings import ROOT
from lib.text.later import later

# Where it puts a repository: public error reports of apps there name it again and again. Read 2026-11-26, reported.
PLACE: Final = Path("/mount/src")

WORDS: Final = later(
    "**Links made here do not open for other people:** this copy runs on Streamlit Community Cloud, which shows them "
    "the app alone and forgets photos at each restart. The guide, the comparison, the link check and the checklist "
    "work. For links, run the app on a computer or server of your own."
)


def on_community_cloud(root: Path | None = None) -> bool:
    """Say whether this copy of the app lies where Streamlit Community Cloud puts repositories."""
    return PLACE in (root or ROOT).parents
