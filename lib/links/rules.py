"""What is known of a service's links, read strictly from its `links.toml`: shapes, ids, probes, verdicts, steps.

Everything that a provider may change some day stands in those files with its source, date and confidence, and with
examples that a test runs. A file that says something this reader does not know is refused with its name and the reason.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TypeVar

from lib.links.guard import host_matches
from lib.links.ids import ALPHABETS, CHECKS, IdRule
from lib.problems import Problem, named

FOLDER: Final = Path(__file__).parent
BASES: Final = ("redirect", "api", "status", "structure", "text")  # in the order in which they are believed
CONFIDENCES: Final = ("unsure", "likely", "firm")
STALE_AFTER: Final = dt.timedelta(days=180)
NEXT: Final = "next"  # as `then` of a rule: the next probe of the link's shape
DEVICES: Final = ("iphone", "android", "web")
Row = TypeVar("Row")


class LinkRuleProblem(Problem):
    """A rule file cannot be trusted."""

    title = "A rule about links needs a look"
    fix = "Correct the file that is named here, in lib/services or lib/links."


@dataclass(frozen=True, slots=True)
class RequiredPart:
    """A part without which a link opens for nobody: a key in the query or after the #."""

    part: str  # "query" or "fragment"
    text: str  # what is missing, for a person
    name: str = ""  # of the query parameter; several spellings apart by |
    pattern: str = ""  # the fragment has to match it; its groups are ids
    id: str = ""  # the id rule of the query parameter
    sure: bool = True  # False: some links work without it
    finding: str = "KEY_MISSING"


@dataclass(frozen=True, slots=True)
class Shape:
    """One form that a link can take."""

    kind: str  # "file", "folder", "album", "photo", "page", …: for the person
    role: str  # "share", "own" (opens only for its owner), "upload", "direct", "sign_in"
    path: re.Pattern[str]
    host: re.Pattern[str] | None = None
    query: Mapping[str, str] = field(default_factory=dict)  # parameters that must be there -> name of the id
    search: re.Pattern[str] | None = None  # for what stands behind the ? without being parameters
    fragment: re.Pattern[str] | None = None
    ids: Mapping[str, str] = field(default_factory=dict)  # name of a group -> id rule
    needs: tuple[RequiredPart, ...] = ()
    probe: tuple[str, ...] = ()  # the first that can be asked begins
    verdict: str = ""  # known from the shape alone
    text: str = ""
    examples: tuple[str, ...] = ()
    seen_live: tuple[str, ...] = ()  # damage that only asking can show: "cut", "case"
    # Of products that people host themselves: what in "host/path" is a sign of the product. Without it a path alone
    # names nobody, and the product is named only after its own answer was seen.
    sign: re.Pattern[str] | None = None

    def shows_product(self, host: str, path: str) -> bool:
        """Whether the text of a link of this shape is a sign of the product."""
        return self.host is not None or (self.sign is not None and bool(self.sign.search(f"{host}{path}")))


@dataclass(frozen=True, slots=True)
class Probe:
    """One anonymous request that tells about a link. `{name}` is filled in from ids and from what was taken."""

    name: str
    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    max_bytes: int = 512_000
    total_s: float | None = None  # for a slow service; None: the fetcher's own limit
    in_app: bool = False  # the one to repeat as TikTok's browser


@dataclass(frozen=True, slots=True)
class Rule:
    """What an answer means. All conditions that are given have to hold."""

    basis: str
    verdict: str  # or "" to go on with the probe `then`
    seen: str  # the evidence, for a person
    probe: tuple[str, ...] = ()
    host: re.Pattern[str] | None = None
    url: re.Pattern[str] | None = None
    status: tuple[int, ...] = ()
    header: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    json: Mapping[str, str] = field(default_factory=dict)  # path -> pattern, "*" present, "!" absent
    body: re.Pattern[str] | None = None
    not_body: re.Pattern[str] | None = None
    media: tuple[str, ...] = ()  # what the first bytes are: "image", "video", "zip", …
    not_media: tuple[str, ...] = ()
    check: str = ""  # a named check of lib.links.evidence
    take: Mapping[str, str] = field(default_factory=dict)  # name -> "json:path", "header:name", "body:pattern"
    then: str = ""  # the next probe; behind a verdict: one that may know better, else the verdict stands
    photo: str = ""  # where the picture itself is
    photo_is: str = ""  # "original" or "smaller"
    sure: str = ""  # instead of the file's confidence
    own_way: bool = False  # a redirect or a status that only this service gives: a sign of it
    unknown_id: bool = False  # it is said about ids that never were, too: a cut link gets this answer


@dataclass(frozen=True, slots=True)
class Steps:
    """Which taps mend a verdict, for each device."""

    verdicts: tuple[str, ...]
    source: str
    as_of: dt.date
    confidence: str
    steps: Mapping[str, tuple[str, ...]]  # device -> taps


@dataclass(frozen=True, slots=True)
class LinkProvider:
    """Everything known about the links of one provider."""

    file: str  # where it stands, such as "lib/services/box/links.toml"
    id: str
    label: str
    source: str
    as_of: dt.date
    confidence: str
    hosts: tuple[str, ...]
    stay: tuple[str, ...]  # hosts that may be asked about a link, redirects included; empty: any public one
    note: str  # a warning that goes with every open link
    ids: Mapping[str, IdRule]
    shapes: tuple[Shape, ...]
    probes: Mapping[str, Probe]
    rules: tuple[Rule, ...]
    steps: tuple[Steps, ...]
    kept_here: bool = False  # the share pages of this app itself, at whatever host they are

    def stale(self, today: dt.date) -> bool:
        """Whether nobody has looked at these rules for so long that they may be wrong."""
        return today - self.as_of > STALE_AFTER

    def serves(self, host: str) -> bool:
        """Whether a host is one of this provider's."""
        return host_matches(host, self.hosts)


def _refuse(file: str, reason: str) -> LinkRuleProblem:
    return LinkRuleProblem(f"{file}: {reason}.")


_HEAD: Final = ("id", "label", "source", "as_of", "confidence")
_KEYS: Final = frozenset({*_HEAD, "hosts", "stay", "note", "ids", "shapes", "probes", "rules", "steps"})
DAMAGE: Final = frozenset({"cut", "case"})
_PATTERNS: Final = frozenset({"path", "sign", "host", "search", "fragment", "url", "body", "not_body"})
_LISTS: Final = frozenset(
    {"examples", "seen_live", "probe", "status", "media", "not_media", "lengths", "starts", "checks"}
)


def _made(kind: type[Row], row: Mapping[str, Any], file: str, **more: Any) -> Row:
    """Make a dataclass from a table, refusing keys it does not have and values of the wrong kind."""
    known = {each.name: str(each.type) for each in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key not in known:
            raise _refuse(file, f"{kind.__name__} has no field {key!r}")
        if not _fits(known[key], value):
            raise _refuse(file, f"{key} of {kind.__name__} cannot be {value!r}")
        values[key] = _value(kind, key, value, file)
    try:
        return kind(**values | more)
    except TypeError as error:
        raise _refuse(file, str(error)) from error


def _fits(declared: str, value: Any) -> bool:
    """Return whether a value is of the kind that its field declares; a list may be given as its only member."""
    if declared.startswith("tuple["):
        one = int if "int" in declared else str
        return all(isinstance(each, one) for each in (value if isinstance(value, list) else (value,)))
    if declared.startswith("Mapping["):
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    if declared.startswith("float"):
        return isinstance(value, int | float)
    scalars = {"bool": bool, "int": int, "dt.date": dt.date}
    return isinstance(value, next((kind for name, kind in scalars.items() if declared.startswith(name)), str))


def _value(kind: type, key: str, value: Any, file: str) -> Any:
    try:
        if key in _PATTERNS and kind in {Shape, Rule}:
            return re.compile(value, re.DOTALL | (re.IGNORECASE if kind is Rule else 0))
        if key == "header":
            return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in value.items()}
    except re.error as error:
        raise _refuse(file, f"{key} = {value!r} is no pattern: {error}") from error
    if key == "probe" and isinstance(value, str):
        return tuple(value.split("|"))
    if key in _LISTS:
        return tuple(value) if isinstance(value, list) else (value,)
    return value


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refuse(named(path), f"not valid TOML: {error}") from error


def read_provider(path: Path, **given: Any) -> LinkProvider:
    """Read what is known of the links of one provider. Raises `LinkRuleProblem` with the file, the key and the reason.

    `given` are fields that stand elsewhere: id, label and hosts of a service. The file may name another label, for what
    a link alone does not tell apart.
    """
    file, table = named(path), _toml(path)
    if unknown := table.keys() - (_KEYS - given.keys() | {"label"}):
        raise _refuse(file, f"{min(unknown)} does not belong here")
    head = given | {key: table[key] for key in _HEAD if key in table}
    if missing := [key for key in _HEAD if key not in head]:
        raise _refuse(file, f"{missing[0]} is missing")
    if not isinstance(head["as_of"], dt.date):
        raise _refuse(file, "as_of has to be a date")
    if head["confidence"] not in CONFIDENCES:
        raise _refuse(file, f"confidence has to be one of {', '.join(CONFIDENCES)}")
    try:
        head |= {"hosts": tuple(head.get("hosts", table.get("hosts", ()))), "stay": tuple(table.get("stay", ()))}
        provider = LinkProvider(
            file=file,
            **head,
            note=table.get("note", ""),
            ids={name: _made(IdRule, row, file, name=name) for name, row in table.get("ids", {}).items()},
            shapes=tuple(_shape(row, file) for row in table.get("shapes", ())),
            probes={name: _made(Probe, row, file, name=name) for name, row in table.get("probes", {}).items()},
            rules=tuple(_made(Rule, row, file) for row in table.get("rules", ())),
            steps=tuple(_steps(row, file) for row in table.get("steps", ())),
        )
        _check(provider, file)
    except (AttributeError, TypeError) as error:  # a table where a list belongs, a number where a word belongs
        raise _refuse(file, f"a value of the wrong kind: {error}") from error
    return provider


def _shape(row: dict[str, Any], file: str) -> Shape:
    needs = tuple(_made(RequiredPart, need, file) for need in row.pop("needs", ()))
    return _made(Shape, row, file, needs=needs)


def _steps(row: dict[str, Any], file: str) -> Steps:
    taps: dict[str, tuple[str, ...]] = {device: tuple(row[device]) for device in DEVICES if device in row}
    try:
        return Steps(tuple(row["verdicts"]), row["source"], row["as_of"], row["confidence"], taps)
    except KeyError as error:
        raise _refuse(file, f"a row of steps has no {error.args[0]}") from error


def _check(provider: LinkProvider, file: str) -> None:
    """Refuse names that lead nowhere."""
    for rule in provider.ids.values():
        if rule.alphabet not in ALPHABETS or any(check not in CHECKS for check in rule.checks):
            raise _refuse(file, f"the id {rule.name!r} names an alphabet or a check that does not exist")
    for shape in provider.shapes:
        names = {*shape.ids.values(), *(need.id for need in shape.needs if need.id)}
        if unknown := names - provider.ids.keys():
            raise _refuse(file, f"a shape names the id rule {min(unknown)!r}, which is not there")
        if not DAMAGE.issuperset(shape.seen_live):
            raise _refuse(file, f"seen_live of a shape has to be of {', '.join(sorted(DAMAGE))}")
        if unknown := set(shape.probe) - provider.probes.keys():
            raise _refuse(file, f"a shape names the probe {min(unknown)!r}, which is not there")
    for answer in provider.rules:
        if answer.basis not in BASES:
            raise _refuse(file, f"basis has to be one of {', '.join(BASES)}")
        if (
            unknown := {*answer.probe, *((answer.then,) if answer.then not in {"", NEXT} else ())}
            - provider.probes.keys()
        ):
            raise _refuse(file, f"a rule names the probe {min(unknown)!r}, which is not there")


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A detour that other apps put around a link."""

    host: str
    path: str
    label: str
    source: str
    as_of: dt.date
    confidence: str
    parameter: tuple[str, ...] = ()
    example: str = ""  # what stands before the link; with {link}, the whole
    how: str = ""  # a named way of `lib.links.unwrap`; empty: percent-encoded in a parameter, or as the whole query
    filter: bool = False  # a mail filter, between the sender and whoever reads the mail


@dataclass(frozen=True, slots=True)
class Expiry:
    """A signed address that carries its own end."""

    label: str
    parameter: str
    form: str  # "hex", "unix", "amz", "goog", "iso"
    source: str
    as_of: dt.date
    confidence: str
    host: str = ""  # a pattern; empty: any
    examples: tuple[str, ...] = ()


@functools.cache
def wrappers() -> tuple[Wrapper, ...]:
    """Return every detour that is known."""
    file = "wrappers.toml"
    return tuple(
        _made(Wrapper, row, file, parameter=tuple(row.pop("parameter", ()))) for row in _toml(FOLDER / file)["wrappers"]
    )


@functools.cache
def expiries() -> tuple[Expiry, ...]:
    """Return every kind of signed address whose end can be read."""
    return tuple(_made(Expiry, row, "expiring.toml") for row in _toml(FOLDER / "expiring.toml")["expiring"])
