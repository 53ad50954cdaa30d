"""The comparison as pandas tables: what people read, what can be sorted, and every row with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from lib.facts import Fact, Field, Kind, all_facts, fields, provider_facts, provider_names
from lib.guide.recommend import Met, met, photos_that_fit
from lib.text.later import later

PROVIDER: Final = "Provider"
MARK: Final = " ?"  # behind a cell that no source, or only a third-hand one, stands behind
UNKNOWN: Final = "–"

# What a person reads first; the other columns are a tap away.
FIRST: Final = (
    "free_storage", "ease", "recipient_account", "default_permission", "password", "expiry", "take_back", "location",
    "e2ee", "app_uploads",
)  # fmt: skip

_GOOD: Final = later("Yes")
_DEPENDS: Final = later("Depends")
_BAD: Final = later("No")
_NOT_KNOWN: Final = later("Not known")
VERDICTS: Final = (_GOOD, _DEPENDS, _BAD, _NOT_KNOWN)
SURE: Final = later("well sourced")
UNSURE: Final = later("third-hand or no source")

# What the recipient meets, worded so that Yes is good:
# heading -> what it means, field, values that are good, values that depend.
RECIPIENT: Final[Mapping[str, tuple[str, str, set[str], set[str]]]] = {
    later("No account"): (later("opens without an account"), "recipient_account", {"no"}, {"if_set"}),
    later("No setting"): (
        later("works without a change of settings"),
        "default_permission",
        {"view", "public"},
        {"varies", "edit"},
    ),
    later("Full size"): (later("shows the photo in full size"), "recompressed", {"no"}, {"sometimes"}),
    later("One link"): (later("one link for all photos"), "album", {"yes"}, set[str]()),
}


def columns() -> tuple[Field, ...]:
    """Return every column, in its order."""
    return fields("storage")


def column(key: str) -> Field:
    """Return one column by its key. Raises `KeyError`."""
    return {field.key: field for field in columns()}[key]


def cell(one: Fact | None, mark: str = MARK) -> str:
    """Return a cell as people read it; a mark stands behind what is third-hand or not confirmed."""
    if one is None or not one.known:
        return UNKNOWN
    return one.with_unit + ("" if one.sure else mark)


def matching(needs: Iterable[str], at_least_gb: float = 0) -> list[str]:
    """Return the providers that meet every need at least partly and give that much space for nothing."""
    wanted = tuple(needs)
    found: list[str] = []
    for name in provider_names():
        space = provider_facts(name).get("free_storage")
        roomy = not at_least_gb or (space is not None and space.number is not None and space.number >= at_least_gb)
        if roomy and all(met(name, need) is not Met.NO for need in wanted):
            found.append(name)
    return found


def sorted_by(names: Sequence[str], key: str, *, descending: bool = False) -> list[str]:
    """Sort by a column: numbers as numbers, choices in the order in which they are declared, unknown always last."""
    if key == PROVIDER:
        return sorted(names, key=str.casefold, reverse=descending)
    field = column(key)

    def rank(name: str) -> float | str:
        one = provider_facts(name)[key]
        if one.number is not None:
            return one.number
        if field.choices:
            return float(list(field.choices).index(one.value))
        return one.text.casefold()

    known = [name for name in names if (one := provider_facts(name).get(key)) and one.known]
    return [*sorted(known, key=rank, reverse=descending), *(name for name in names if name not in known)]


def table(names: Sequence[str], keys: Sequence[str], mark: str = MARK) -> pd.DataFrame:
    """Return one row a provider, in words."""
    rows = [[name, *(cell(provider_facts(name).get(key), mark) for key in keys)] for name in names]
    return pd.DataFrame(rows, columns=pd.Index([PROVIDER, *(column(key).label for key in keys)]))


def numbers(names: Sequence[str], key: str) -> pd.Series[float]:
    """Return the numbers of a column; not a number where nothing is known."""
    facts = [provider_facts(name).get(key) for name in names]
    return pd.Series([one.number if one and one.number is not None else float("nan") for one in facts], dtype=float)


def is_number(key: str) -> bool:
    """Whether a column holds numbers of one unit."""
    field = column(key)
    return field.kind is Kind.NUMBER and bool(field.unit)


def side_by_side(names: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """Return one row a question and one column a provider; a note stands on a line of its own below its cell."""

    def told(name: str, key: str) -> str:
        one = provider_facts(name).get(key)
        return f"{cell(one)}\n{one.note}" if one and one.note else cell(one)

    rows = {column(key).label: [told(name, key) for name in names] for key in keys}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names))


def with_sources(names: Sequence[str]) -> pd.DataFrame:
    """Return every fact about these providers, one a row, as in the tables."""
    wanted = frozenset(names)
    return pd.DataFrame(
        [
            {
                "provider": one.provider, "field": one.field.key, "label": one.field.label, "value": one.value,
                "text": one.with_unit, "note": one.note, "source": one.source, "source_date": one.source_date,
                "as_of": one.as_of.isoformat(), "confidence": one.standing,
            }
            for one in all_facts()
            if one.provider in wanted
        ]
    )  # fmt: skip


def photos_in_free_space(megabytes: float) -> pd.DataFrame:
    """Return how many photos of that size fit free of charge, most first; providers without a number are left out."""
    rows = []
    for name in provider_names():
        known = provider_facts(name)
        fit = photos_that_fit(known, megabytes)
        one = known.get("free_photos") or known.get("free_storage")
        if fit is not None and one is not None:
            rows.append({PROVIDER: name, "Photos": int(fit), "Sure": SURE if one.sure else UNSURE})
    return pd.DataFrame(rows).sort_values("Photos", ascending=False, ignore_index=True)


def what_recipients_need(names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return provider, question and verdict: what stands between link and photo, at all providers or at these."""
    rows = []
    for name in provider_names() if names is None else names:
        for question, (_, key, good, depends) in RECIPIENT.items():
            one = provider_facts(name).get(key)
            if one is None or not one.known:
                verdict = _NOT_KNOWN
            else:
                verdict = _GOOD if one.value in good else _DEPENDS if one.value in depends else _BAD
            rows.append({PROVIDER: name, "Question": question, "Verdict": verdict, "Fact": cell(one)})
    return pd.DataFrame(rows)
