"""`check` and `storage`: what is known about links and about places for photos, as pandas tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lib.links.budget import PATIENT, Budget
from lib.links.check import Checked, offline
from lib.links.recognise import MAX_LINKS, Recognised, recognise, recognise_all
from lib.links.run import run_checks
from lib.notebooks.bars import bar
from lib.notebooks.sending import MyLink
from lib.services import own

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "link", "provider", "verdict", "opens", "sure", "in_words", "who_can_mend", "what_to_do", "evidence", "checked_at",
)  # fmt: skip


def check(links: str | MyLink | Iterable[str | MyLink], *, ask: bool = True) -> pd.DataFrame:
    """Return one row a link: can a stranger open it, how sure that is, and what to do where not.

    `links` is a link, a text with links in it, what `send` returned, or a list of these. `opens` is True, False or
    missing where it could not be told. With `ask=False` only the text of each link is read, and nobody is asked.
    """
    import pandas as pd

    given = [links] if isinstance(links, str | MyLink) else list(links)
    found = [one for each in given for one in _recognised(str(each))]
    results: dict[int, Checked] = {}
    if not ask:
        results = {at: offline(link) for at, link in enumerate(found)}
    else:
        budget = Budget(PATIENT)  # a script can wait; other people's servers are spared
        with bar("Checking", len(found), "links") as progress:
            for start in range(0, len(found), MAX_LINKS):
                group = found[start : start + MAX_LINKS]
                checks = run_checks(group, own_origins=_own_origins(), with_apps=False, budget=budget)
                for place, checked in checks:
                    results[start + place] = checked
                    progress.update(1)
    table = pd.DataFrame([_row(results[at]) for at in range(len(found))], columns=list(_COLUMNS))
    return table.astype({"opens": "boolean"})


def storage(*providers: str, sources: bool = False) -> pd.DataFrame:
    """Return what storage providers offer, one row each; numbers as numbers, in the unit that `.attrs["units"]` names.

    Without names all providers are there. With `sources` there is one row a fact instead, with its source, its date
    and how sure it is. Raises `FactProblem` for a provider that is in no table.
    """
    import pandas as pd

    from lib.facts import fields, provider_facts, provider_names
    from lib.guide.compare import with_sources

    names = providers or provider_names()
    every = {name: provider_facts(name) for name in names}
    if sources:
        return with_sources(names)
    columns = {}
    units = {}
    for field in fields("storage"):
        cells = [every[name].get(field.key) for name in names]
        known = [one for one in cells if one is not None and one.known]
        if field.unit and all(one.number is not None for one in known):
            numbers = [one.number if one is not None and one.known else None for one in cells]
            columns[field.key] = pd.Series(numbers, dtype="Float64")
            units[field.key] = field.unit
        else:
            columns[field.key] = pd.Series([one.text if one is not None and one.known else None for one in cells])
    table = pd.DataFrame(columns)
    table.index = pd.Index(names, name="provider")
    table.attrs["units"] = units
    return table


def _recognised(text: str) -> list[Recognised]:
    return list(recognise_all(text, own_origins=_own_origins())) or [recognise(text)]


def _own_origins() -> frozenset[str]:
    return own.origins()


def _row(checked: Checked) -> tuple[object, ...]:
    return (
        checked.link.url or checked.link.written, checked.place.label, checked.code, checked.opens, checked.confidence,
        checked.line, checked.who_mends, " ".join(checked.steps("web")) if not checked.opens else "",
        " ".join(one.text for one in checked.evidence), checked.checked_at,
    )  # fmt: skip
