"""Which requests come from a chat app's preview machine and not from a person.

The browsers inside chat apps name the app as well, and some phones are called Cubot or Spider: the table tells them
apart. Where it cannot tell, a request is a person's.
"""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "preview_bots.csv"


@functools.cache
def _pattern() -> re.Pattern[str]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return re.compile("|".join(f"(?:{row['pattern']})" for row in csv.DictReader(file)), re.IGNORECASE)


def is_bot(user_agent: str) -> bool:
    """Say whether a user agent names itself as a machine. Browsers always send one: without it, it is a machine."""
    return not user_agent or _pattern().search(user_agent[:1_000]) is not None
