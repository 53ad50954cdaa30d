"""One strict reader for the folders of services: `lib/services/<id>/`, the folder's name being the service's id.

    service.toml   what it is: label, hosts, what it can do, how a person uploads by hand
    links.toml     its links: shapes, ids, probes, rules, steps that mend (see `lib.links.rules`)
    facts.csv      what is known about it, each cell with source, date and confidence (see `lib.facts.reader`)
    menus.csv      the way through its menus
    problems.csv   what its interface can answer, in words
    client.py      how the app itself uploads there, with `open_provider` in `__init__.py`

All but service.toml may be missing. A service whose files cannot be trusted is left out, with file, place and reason;
the others do not notice.
"""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from lib.facts.reader import (
    TABLES,
    Confidence,
    Device,
    Fact,
    FactProblem,
    Field,
    NonEmpty,
    Step,
    Task,
    read_facts,
    read_fields,
    read_steps,
    reason_of,
)
from lib.links.guard import host_matches
from lib.links.rules import LinkProvider, LinkRuleProblem, read_provider
from lib.problems import Problem, named
from lib.services.base import Description
from lib.services.problems import ProblemTable

FOLDER: Final = Path(__file__).parent
_LAST: Final = 1_000  # the place of a service that names none: behind those that do, by its label


class ServiceProblem(Problem):
    """A service whose files cannot be trusted."""

    title = "A service is left out"
    fix = "Correct that file, then load the page again. Everything else works."

    def __init__(self, service_id: str, text: str) -> None:
        """Keep whose file it is; `text` begins with the file's name, then a colon and the reason."""
        super().__init__(text)
        self.service_id = service_id
        self.file, _, self.reason = text.partition(": ")


def _not_in_the_future(day: dt.date) -> dt.date:
    if day > dt.datetime.now(dt.UTC).date():
        msg = "it lies in the future"
        raise ValueError(msg)
    return day


class _Strict(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class _Sourced(_Strict):
    source: NonEmpty
    as_of: Annotated[dt.date, AfterValidator(_not_in_the_future)]
    confidence: Confidence


class Way(_Strict):
    """How photos get in on one kind of device: the page to open (or ""), and what to do there, as Markdown."""

    opens: str = ""
    text: NonEmpty


class ByHand(_Sourced):
    """How a person puts photos there without this app."""

    looks_like: str = ""  # the beginning of its links, for the field that takes one; empty: its first host
    iphone: Way
    android: Way
    web: Way

    def way(self, device: str) -> Way:
        """Return the way on "iphone", "android" or "web"."""
        return {"iphone": self.iphone, "android": self.android, "web": self.web}[device]


class _Can(_Strict):
    """What this app can do there. False is not written down."""

    upload: bool = False
    revoke: bool = False
    mend: bool = False
    discard: bool = False
    password: bool = False
    expire: bool = False
    limit_views: bool = False
    count_views: bool = False
    block_download: bool = False
    preview: bool = False
    ask: bool = False


class _ServiceFile(_Sourced):
    label: NonEmpty
    icon: str = ""
    summary: str = ""
    order: int = _LAST
    hosts: tuple[NonEmpty, ...] = ()
    own_pages: tuple[NonEmpty, ...] = ()  # where the service itself speaks: hosts, or host/path
    part_of: str = ""
    former_ids: tuple[NonEmpty, ...] = ()
    facts: Literal["storage", "tiktok"] = "storage"
    kept_here: bool = False
    sign_in: str | None = None
    settings: tuple[NonEmpty, ...] = ()
    scopes: tuple[NonEmpty, ...] = ()
    on_some_plans: tuple[NonEmpty, ...] = ()
    issuer_without_nonce: str = ""
    can: _Can = _Can()
    by_hand: ByHand | None = None

    @property
    def speaks_at(self) -> tuple[str, ...]:
        """Where its own pages lie: what is named, and its links' hosts."""
        return (*self.own_pages, *(host for host in self.hosts if "*" not in host))


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """All that is known of one service. `links`, `by_hand` and `description` are None where there is nothing to say."""

    id: str
    label: str
    order: int
    part_of: str  # the id of the service that knows its links too, such as "icloud"
    former_ids: tuple[str, ...]  # as it was called in older versions: in remembered links, addresses, scripts
    hosts: tuple[str, ...]
    description: Description | None  # of a place where albums can go
    links: LinkProvider | None
    facts: Mapping[str, Fact] = field(repr=False)
    menus: Mapping[tuple[Device, Task], tuple[Step, ...]] = field(repr=False)
    by_hand: ByHand | None = field(repr=False)

    def steps(self, task: Task, device: str) -> tuple[Step, ...]:
        """Return the way through its menus on a device; the computer's where none is known there."""
        return self.menus.get((Device(device), task)) or self.menus.get((Device.WEB, task), ())


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """Every service that can be trusted, in the order in which people see them, and why others are left out."""

    every: tuple[Service, ...]
    left_out: tuple[ServiceProblem, ...]

    def find(self, name: str) -> Service | None:
        """Return a service by its id or a former one, or None."""
        return next((one for one in self.every if name == one.id or name in one.former_ids), None)

    def mender(self, host: str) -> Description | None:
        """Return the place that serves a host and can open its owner's links for everybody, or None."""
        return next(
            (
                one.description
                for one in self.every
                if one.description and one.description.can_mend and host_matches(host, one.hosts)
            ),
            None,
        )


def services() -> Services:
    """Return the services of this program: read once, and while one is left out, again when its files have changed."""
    found = open_services(FOLDER, TABLES)
    return open_services(FOLDER, TABLES, _last_change(found.left_out)) if found.left_out else found


def _last_change(left_out: tuple[ServiceProblem, ...]) -> int:
    files = (path for problem in left_out for path in (FOLDER / problem.service_id).iterdir())
    return max((path.stat().st_mtime_ns for path in files), default=0)


@functools.lru_cache(maxsize=8)
def open_services(folder: Path, tables: Path, _changed: int = 0) -> Services:
    """Read every service of a folder. `tables` holds `fields.toml`, which says what facts answer. Raises nothing."""
    left_out: list[ServiceProblem] = []
    fields: Mapping[tuple[str, str], Field] | None
    try:
        fields = read_fields(tables / "fields.toml")
    except FactProblem:  # said where facts are asked for
        fields = None
    found: list[Service] = []
    for path in sorted(path for path in folder.iterdir() if (path / "service.toml").exists()):
        try:
            found.append(read_service(path, fields))
        except ServiceProblem as problem:
            left_out.append(problem)
    kept: list[Service] = []
    for one in sorted(found, key=lambda each: (each.order, each.label.lower())):
        if clash := _clash(one, kept):
            left_out.append(ServiceProblem(one.id, f"{named(folder / one.id / 'service.toml')}: {clash}"))
        else:
            kept.append(one)
    return Services(tuple(kept), tuple(left_out))


def _clash(one: Service, others: list[Service]) -> str:
    """Return what a service claims that belongs to another, in words."""
    for other in others:
        if {one.id, *one.former_ids} & {other.id, *other.former_ids}:
            return f"former_ids: {other.label} has one of these ids."
        if one.label == other.label:
            return f"label: {other.id} is called {other.label!r} too."
        if not one.part_of and not other.part_of and (taken := sorted({*one.hosts} & {*other.hosts} - {"*"})):
            return f"hosts: {taken[0]} belongs to {other.label}."
    return ""


def read_service(folder: Path, fields: Mapping[tuple[str, str], Field] | None) -> Service:
    """Read one service. Raises `ServiceProblem` with the file, the place in it and the reason.

    Without `fields` no facts can be read: what a place offers by hand follows from its facts, so it offers nothing.
    """
    own = _own_file(folder)
    hosts = _hosts_of(folder.parent / own.part_of) if own.part_of else own.hosts
    try:
        facts = _facts(folder, own, fields or {}) if fields is not None else {}
        service = Service(
            folder.name, own.label, own.order, own.part_of, own.former_ids, hosts,
            description=None, links=_links(folder, own), facts=facts, menus=_menus(folder, own), by_hand=None,
        )  # fmt: skip
        if (problems := folder / "problems.csv").exists():
            ProblemTable(problems)
    except (FactProblem, LinkRuleProblem) as problem:
        raise ServiceProblem(folder.name, str(problem)) from problem
    except ValueError as error:
        raise ServiceProblem(folder.name, f"{named(folder / 'problems.csv')}: {error}") from error
    if own.can.upload or (own.by_hand and fields is not None):
        return _as_place(service, own)
    return service


def _hosts_of(whole: Path) -> tuple[str, ...]:
    """Return the hosts of the service that another is a part of: none where that one is left out itself."""
    try:
        return _own_file(whole).hosts
    except ServiceProblem:
        return ()


def _own_file(folder: Path) -> _ServiceFile:
    path = folder / "service.toml"
    try:
        own = _ServiceFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ServiceProblem(folder.name, f"{named(path)}: it cannot be read: {error}.") from error
    except ValidationError as error:
        raise ServiceProblem(folder.name, f"{named(path)}: {reason_of(error)}") from error
    lacks = [name for name in ("icon", "summary") if (own.can.upload or own.by_hand) and not getattr(own, name)]
    if own.can.upload and not (folder / "client.py").exists():
        lacks.append("client.py")
    if own.sign_in and not (folder / "setup.md").exists():
        lacks.append("setup.md")
    if own.part_of and not (folder.parent / own.part_of).is_dir():
        raise ServiceProblem(folder.name, f"{named(path)}: part_of: there is no folder {own.part_of!r}.")
    if own.part_of and own.hosts:
        raise ServiceProblem(folder.name, f"{named(path)}: hosts: those of {own.part_of} are meant; part_of says so.")
    if lacks:
        raise ServiceProblem(folder.name, f"{named(path)}: {lacks[0]} is missing.")
    return own


def _links(folder: Path, own: _ServiceFile) -> LinkProvider | None:
    path = folder / "links.toml"
    if not path.exists():
        return None
    return read_provider(path, id=folder.name, label=own.label, hosts=own.hosts, kept_here=own.kept_here)


def _facts(folder: Path, own: _ServiceFile, fields: Mapping[tuple[str, str], Field]) -> dict[str, Fact]:
    path = folder / "facts.csv"
    today = dt.datetime.now(dt.UTC).date()
    rows = read_facts(path, own.label, own.facts, fields, today, own.speaks_at) if path.exists() else []
    return {one.field.key: one for one in rows}


def _menus(folder: Path, own: _ServiceFile) -> dict[tuple[Device, Task], tuple[Step, ...]]:
    path = folder / "menus.csv"
    menus: dict[tuple[Device, Task], tuple[Step, ...]] = {}
    today = dt.datetime.now(dt.UTC).date()
    for step in read_steps(path, own.label, today, own.speaks_at) if path.exists() else []:
        menus[step.device, step.task] = (*menus.get((step.device, step.task), ()), step)
    return menus


def _as_place(one: Service, own: _ServiceFile) -> Service:
    """Return a service with what it is as a place for albums. By hand, what it can do follows from the facts."""
    can: dict[str, Any] = {f"can_{name}": value for name, value in own.can.model_dump().items()}
    plans = own.on_some_plans
    if not own.can.upload:
        told = {key: fact.value for key, fact in one.facts.items()}
        offered = {"free", "paid"}
        can |= {
            "can_password": told.get("password") in offered,
            "can_expire": told.get("expiry") in offered,
            "can_count_views": told.get("views") in offered,
            "can_block_download": told.get("block_download") in offered,
        }
        topics = {"password": "password", "expiry": "expiry", "block_download": "download"}
        plans = tuple(topic for key, topic in topics.items() if told.get(key) == "paid")
    description = Description(
        id=one.id, label=one.label, icon=own.icon, summary=own.summary, **can, kept_here=own.kept_here,
        settings=own.settings, hosts=one.hosts, sign_in=own.sign_in, scopes=own.scopes, on_some_plans=plans,
        issuer_without_nonce=own.issuer_without_nonce,
    )  # fmt: skip
    return replace(one, description=description, by_hand=own.by_hand)
