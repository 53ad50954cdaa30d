"""List what the app runs on with versions and licences, as Markdown: `python -m tests.licences requirements.txt`.

Followed from requirements.txt through what each package itself needs, in the environment that runs this.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_LONGEST = 60  # characters of a licence's name; some packages put its whole text there


def needed(requirements: str) -> dict[str, Distribution]:
    """Return every package that these requirements bring, by name. Raises `PackageNotFoundError` for a missing one."""
    lines = (line.partition("#")[0].strip() for line in requirements.splitlines())
    waiting = [Requirement(line) for line in lines if line]
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) in seen or not _applies(one, frozenset({""})):
            continue
        seen.add((name, extras))
        found[name] = distribution(name)
        more = (Requirement(text) for text in found[name].requires or ())
        waiting += [each for each in more if _applies(each, extras | {""})]
    return dict(sorted(found.items()))


def licence_of(package: Distribution) -> str:
    """Return the licence as its package states it: the SPDX expression, the classifiers, or the short name."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [one.rpartition("::")[2].strip() for one in told.get_all("Classifier") or () if "License ::" in one]
    short = (told.get("License") or "").strip().splitlines()
    return " / ".join(classifiers) or (short[0][:_LONGEST] if short else "not stated")


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def main() -> None:
    """Print the table."""
    try:
        packages = needed(Path(sys.argv[1]).read_text(encoding="utf-8"))
    except PackageNotFoundError as error:
        raise SystemExit(f"{error}: install requirements.txt first.") from error
    print("# Licences of what Passalong runs on\n\n| package | version | licence |\n| --- | --- | --- |")  # noqa: T201
    for name, package in packages.items():
        print(f"| {name} | {package.version} | {licence_of(package)} |")  # noqa: T201


if __name__ == "__main__":
    main()
