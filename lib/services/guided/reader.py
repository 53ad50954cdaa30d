"""The guided providers: what they are, where photos go in, and the steps; all of it from dated tables."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lib.facts import Step, menu_steps, provider_facts
from lib.services.base import Description

TABLES: Final = Path(__file__).parent
PROVIDER_COLUMNS: Final = ("id", "label", "icon", "summary", "facts_name", "hosts", "source", "as_of", "confidence")
WAY_COLUMNS: Final = ("id", "device", "opens", "words", "source", "as_of", "confidence")


@dataclass(frozen=True, slots=True)
class Way:
    """How photos get in on one kind of device: the page to open (or ""), and what to do there, as Markdown."""

    device: str  # "iphone", "android" or "web", as in lib.facts
    opens: str
    words: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Guided:
    """A provider that a person uses by hand."""

    description: Description
    ways: Mapping[str, Way]

    def share_steps(self, device: str) -> tuple[Step, ...]:
        """Return the way to a link that a stranger can open; the computer's where none is known for the device."""
        name = self.description.facts_name
        return menu_steps(name, device) or menu_steps(name, "web")

    def revoke_steps(self, device: str) -> tuple[Step, ...]:
        """Return the way to take a link back."""
        name = self.description.facts_name
        return menu_steps(name, device, "revoke") or menu_steps(name, "web", "revoke")


def _rows(file: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Read a table strictly. Raises ValueError that names file, row and reason."""
    with (TABLES / file).open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        if tuple(reader.fieldnames or ()) != columns:
            raise ValueError(f"{file}: the columns have to be {', '.join(columns)}.")
        for number, row in enumerate(reader, 2):
            if row["confidence"] not in {"H", "M", "K"} or not row["source"]:
                raise ValueError(f"{file}, row {number}: source and confidence are needed.")
            if dt.date.fromisoformat(row["as_of"]) > dt.datetime.now(dt.UTC).date():
                raise ValueError(f"{file}, row {number}: as_of lies in the future.")
            yield row


def _description(row: dict[str, str]) -> Description:
    facts = provider_facts(row["facts_name"])

    def value(field: str) -> str:
        return facts[field].value if field in facts else ""

    topics = {"password": "password", "expiry": "expiry", "block_download": "download"}
    return Description(
        id=row["id"],
        label=row["label"],
        icon=row["icon"],
        summary=row["summary"],
        can_upload=False,
        can_album=value("album") == "yes",
        can_revoke=False,
        can_read_back=False,
        can_mend=False,
        can_password=value("password") in {"free", "paid"},
        can_expire=value("expiry") in {"free", "paid"},
        can_limit_views=False,
        can_count_views=value("views") in {"free", "paid"},
        can_block_download=value("block_download") in {"free", "paid"},
        needs_sign_in=False,
        recipient_needs_account=value("recipient_account") == "yes",
        facts_name=row["facts_name"],
        hosts=tuple(row["hosts"].split()),
        on_some_plans=tuple(topic for field, topic in topics.items() if value(field) == "paid"),
    )


@functools.cache
def guided() -> Mapping[str, Guided]:
    """Every guided provider by its id, read once.

    Raises ValueError for a row that cannot be right, `FactProblem` for missing facts.
    """
    ways: dict[str, dict[str, Way]] = {}
    for row in _rows("ways.csv", WAY_COLUMNS):
        ways.setdefault(row["id"], {})[row["device"]] = Way(
            row["device"], row["opens"], row["words"], row["confidence"]
        )
    return MappingProxyType(
        {
            row["id"]: Guided(_description(row), MappingProxyType(ways.pop(row["id"])))
            for row in _rows("guided.csv", PROVIDER_COLUMNS)
        }
    )
