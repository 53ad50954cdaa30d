"""requirements.lock: every release by its hash, and what requirements.txt asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKS = {"requirements.txt": "requirements.lock", "deploy/requirements.txt": "deploy/requirements.lock"}
_PINNED = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>\S+)(?: ; (?P<marker>.*?))?(?P<hashes>( \\\n.*)+)$", re.MULTILINE
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@dataclass(frozen=True)
class Pinned:
    name: str
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]

    def holds(self, **here: str) -> bool:
        return self.marker is None or self.marker.evaluate(here)


def pinned(lock: str) -> list[Pinned]:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\n    --hash", " \\\n    --hash").replace(" \\ \\", " \\")
    return [
        Pinned(
            found["name"], found["version"], Marker(found["marker"]) if found["marker"] else None,
            tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", found["hashes"])),
        )
        for found in _PINNED.finditer(text)
    ]  # fmt: skip


def asked(requirements: str) -> list[Requirement]:
    lines = (ROOT / requirements).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()]


@pytest.mark.parametrize("requirements", LOCKS)
def test_what_is_asked_for_is_pinned_at_a_release_that_is_allowed(requirements: str) -> None:
    lock = pinned(LOCKS[requirements])
    wrong = {}
    for wish in asked(requirements):
        for python in PYTHONS:
            here = {"python_version": python, "python_full_version": f"{python}.1"}
            if wish.marker is not None and not wish.marker.evaluate(here):
                continue
            found = [one.version for one in lock if one.name == canonicalize_name(wish.name) and one.holds(**here)]
            if len(found) != 1 or not wish.specifier.contains(found[0]):
                wrong[f"{wish} on {python}"] = found
    assert wrong == {}, "run: make lock"


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_release_has_its_hashes_and_no_index_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(pinned(lock)) == len(re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)) > 1
    assert [one.name for one in pinned(lock) if not one.hashes] == []
    assert re.findall(r"https?://\S+|file:\S+|^-.*", text, re.MULTILINE) == []


def test_what_the_releases_need_themselves_is_pinned_too() -> None:
    """As pip asks where hashes are required: one release without a hash, and it installs nothing."""
    lock = {one.name: one.version for one in pinned("requirements.lock") if one.holds()}
    waiting = [(canonicalize_name(one.name), tuple(one.extras)) for one in asked("requirements.txt")]
    met: set[tuple[str, tuple[str, ...]]] = set()
    missing: dict[str, str] = {}
    while waiting:
        name, extras = one = waiting.pop()
        if one in met:
            continue
        met.add(one)
        try:
            needs = (metadata.requires(name) or []) if metadata.version(name) == lock.get(name) else []
        except metadata.PackageNotFoundError:
            continue  # not for this kind of machine
        for wish in map(Requirement, needs):
            if any(wish.marker is None or wish.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                waiting.append((canonicalize_name(wish.name), tuple(sorted(wish.extras))))
                if waiting[-1][0] not in lock:
                    missing[str(wish)] = name
    assert len(met) > 60
    assert missing == {}, "run: make lock"


def test_the_image_does_not_pin_a_release_twice() -> None:
    first = {one.name: one.version for one in pinned("requirements.lock")}
    second = {one.name: one.version for one in pinned("deploy/requirements.lock")}
    assert {name for name, version in second.items() if first.get(name, version) != version} == set()


def test_make_run_and_the_image_install_by_the_lock() -> None:
    for file in (ROOT / "Makefile", ROOT / "deploy" / "Dockerfile"):
        text = Path(file).read_text(encoding="utf-8")
        assert "--require-hashes -r requirements.lock" in text, file.name
        assert "install --quiet -r requirements.txt" not in text
