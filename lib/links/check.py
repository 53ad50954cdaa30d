"""From a link to a verdict: what its text shows, then what a stranger meets, then what that means.

`check_link` looks at one, `check_links` at many, each result as it comes. A link that does not open is a verdict, never
an exception; whatever kept us from seeing is called so and never blamed on the link.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import functools
import tomllib
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from lib.links import held
from lib.links.causes import NOT_FOUND, NotFoundCause, likely_causes
from lib.links.cookies import Cookies
from lib.links.evidence import Answer, blanks, derived, fill, fits, take
from lib.links.fetch import FailureKind, Fetched, Fetcher, Hop, Terms
from lib.links.guard import SELF_HOSTED_PORTS, WEB_PORTS
from lib.links.known import OTHER, common, provider
from lib.links.media import LABELS, RISKY, SHOWN_EVERYWHERE, by_name
from lib.links.pictures import looks_like_a_photo, way_of
from lib.links.recognise import MAX_LINKS, LinkFinding, Recognised, recognise
from lib.links.rules import CONFIDENCES, DEVICES, FOLDER, NEXT, LinkProvider, Probe, Rule
from lib.links.verdicts import WHO, Verdict, verdicts
from lib.links.walls import (
    MetWall,
    Wall,
    linked,
    met,
    named_picture,
    not_a_photo,
    other_picture,
    place_of,
    veto,
    wall_of,
)
from lib.settings import Settings
from lib.text.amounts import day
from lib.text.later import later

MAX_REQUESTS: Final = 4  # for one link: a stranger's own browser sends more
MAX_LEADS: Final = 3  # services that one link leads through: a short link, a share link, the place itself
SCHEMA: Final = 2  # of `Checked.to_dict`; raise it when a field changes its meaning or is removed
STARTED_TOGETHER: Final = 4  # links of a batch that are begun in one turn of the event loop
_GUESSES: Final = 2  # products that are tried by their own answers before a page is asked as any page
_OWN_SIGNS: Final = frozenset({"api", "structure", "text"})  # a status or a redirect is not one product's alone
PROVEN_UNASKED: Final = 250  # links of a list whose pictures are fetched and decoded without being told to
PROOF_BYTES: Final = 512_000  # of a picture that only has to prove that it is one
PHOTO_BYTES: Final = 15_000_000  # of a photo that is looked into; larger ones are judged by what came
_SOFT_CODES: Final = frozenset({"TRUNCATED", "CASE_LOST", "CHAR_DAMAGED", "KEY_MISSING"})
# Answers that damage can explain: to an id or a key that the provider does not know.
_NO_SUCH: Final = frozenset({"GONE", "GONE_OR_PRIVATE", "EXPIRED"})
_NOT_LET_IN: Final = frozenset({"NEEDS_SIGNIN", "NEEDS_REQUEST", "NEEDS_PASSWORD"})

_TRANSPORT: Final[Mapping[FailureKind, str]] = {
    FailureKind.UNSAFE_URL: "UNSAFE_URL",
    FailureKind.LOCAL_ONLY: "LOCAL_ONLY",
    FailureKind.NOT_WEB: "UNRECOGNISED_PAGE",
    FailureKind.DNS: "DNS",
    FailureKind.REFUSED: "REFUSED",
    FailureKind.TIMEOUT: "TIMEOUT",
    FailureKind.TLS_EXPIRED: "TLS_EXPIRED",
    FailureKind.TLS_NAME: "TLS_NAME",
    FailureKind.TLS_UNTRUSTED: "TLS_UNTRUSTED",
    FailureKind.TLS_CHAIN: "TLS_CHAIN",
    FailureKind.REDIRECT_LOOP: "REDIRECT_LOOP",
    FailureKind.BUSY: "CHECKER_RATE_LIMITED",
    FailureKind.ODD_PORT: "UNRECOGNISED_PAGE",
    FailureKind.BROKEN: "UNRECOGNISED_PAGE",
}


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The host's own keys for providers' interfaces, where there are any."""

    google_api_key: str = field(default="", repr=False)
    dropbox_app_auth: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> ApiKeys:
        """Take them from the settings."""
        google, secret = settings.google_api_key, settings.dropbox_app_secret
        pair = f"{settings.dropbox_app_key}:{secret.get_secret_value()}" if settings.dropbox_app_key and secret else ""
        return cls(google.get_secret_value() if google else "", base64.b64encode(pair.encode()).decode())

    def known(self) -> dict[str, str]:
        """Return the keys that there are, by their names in the rule files."""
        every = {"google_api_key": self.google_api_key, "dropbox_app_auth": self.dropbox_app_auth}
        return {name: value for name, value in every.items() if value}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, in words; `basis` says how: "text of the link", "redirect", "api", "status", …."""

    text: str
    basis: str
    host: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class SeenPhoto:
    """What an open link serves: the picture itself, as far as it was looked into."""

    kind: str  # "JPEG", "HEIC", …
    size_bytes: int
    seconds_slow: float  # on the slow connection of limits.toml
    original: bool  # the file that was uploaded, or a smaller copy by the provider
    preview: bytes = field(default=b"", repr=False)  # re-encoded small, without metadata
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)  # report of lib.photos, JSON values
    private: tuple[str, ...] = ()  # private things still inside, in words
    looked_inside: bool = False


@dataclass(frozen=True, slots=True)
class SeenInApp:
    """What the browser inside an app was told, as far as its words alone decide that."""

    browser: str
    verdict: str
    line: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The result for one link. Holds no secret but the link itself, inside `link`."""

    link: Recognised = field(repr=False)
    code: str
    confidence: str  # "firm", "likely", "unsure"
    evidence: tuple[Evidence, ...]
    checked_at: str = ""  # ISO, UTC; empty when nothing was asked
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)  # title, name, count, …
    photo: SeenPhoto | None = None
    in_app: tuple[SeenInApp, ...] = ()
    requests: int = 0
    elapsed_s: float = 0.0
    causes: tuple[
        NotFoundCause, ...
    ] = ()  # of "not found", likely ones first, where the text does not show that it is whole
    led_to: Recognised | None = field(default=None, repr=False)  # the known service's link that a short link led to
    wall: Wall | None = None  # what stands between a stranger and the photo, where that has words of its own
    final_url: str = field(default="", repr=False)  # the last address that answered
    hops: tuple[Hop, ...] = ()  # every answer on the way, in order
    screenshot: bytes = field(default=b"", repr=False)  # what a stranger's browser showed, where one looked

    @property
    def place(self) -> Recognised:
        """The link that was judged: the one that was pasted, or the one that it led to."""
        return self.led_to or self.link

    @property
    def _label(self) -> str:
        return self.place.label or "The service"

    @property
    def verdict(self) -> Verdict:
        """The verdict with its words."""
        return verdicts()[self.code]

    @property
    def opens(self) -> bool | None:
        """True: a stranger gets in. False: not so. None: could not tell."""
        return self.verdict.opens

    @property
    def line(self) -> str:
        """The verdict in one line."""
        line = self.wall.line if self.wall and self.wall.line else self.verdict.line
        return later(line, provider=later(self._label)) if "{provider}" in line else later(line)

    @property
    def sees(self) -> str:
        """What the recipient will see."""
        sees = self.wall.sees if self.wall and self.wall.sees else self.verdict.sees
        return later(sees, provider=later(self._label)) if "{provider}" in sees else later(sees)

    @property
    def who_mends(self) -> str:
        """Who can mend it, in words."""
        return WHO[self.verdict.who]

    @property
    def hints(self) -> tuple[str, ...]:
        """What looks odd in the text of a link that has not been opened yet: nothing is settled by it."""
        return tuple(each.text for each in self.link.findings if not each.sure) if self.code == "LOOKS_ODD" else ()

    def steps(self, device: str) -> tuple[str, ...]:
        """Return the taps that mend it, for "iphone", "android" or "web"."""
        label = self.place.label or later("the service")
        if self.wall and self.wall.steps:
            return self.wall.steps
        general = tuple(
            later(step, provider=later(label)) if "{provider}" in step else later(step) for step in self.verdict.steps
        )
        if not self.place.provider or self.verdict.group == "unknown":
            return general
        rows = provider(self.place.provider).steps
        if self.code != NOT_FOUND:
            return next((row.steps[device] for row in rows if self.code in row.verdicts), general)
        # First what shows whether the link is whole, then how to share anew.
        anew = next((row.steps[device] for row in rows if {"GONE", "GONE_OR_PRIVATE"} & {*row.verdicts}), general[2:])
        return (*general[:2], *anew)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values, for a page's memory, JSON or CSV."""
        photo = asdict(self.photo) if self.photo else None
        return {
            "schema": SCHEMA,
            "written": self.link.written,
            "url": self.link.url,
            "repaired": self.link.repaired,
            "provider": self.place.provider,
            "label": self.place.label,
            "kind": self.place.kind,
            "led_to": self.led_to.url if self.led_to else "",
            "final_url": self.final_url,
            "hops": [asdict(each) for each in self.hops],
            "wall": self.wall.id if self.wall else "",
            "verdict": self.code,
            "group": self.verdict.group,
            "opens": self.opens,
            "line": self.line,
            "icon": self.verdict.icon,
            "colour": self.verdict.colour,
            "confidence": self.confidence,
            "who": self.who_mends,
            "sees": self.sees,
            "steps": {device: list(self.steps(device)) for device in DEVICES},
            "causes": [asdict(each) for each in self.causes],
            "hints": list(self.hints),
            "findings": [asdict(each) for each in self.link.findings],
            "evidence": [asdict(each) for each in self.evidence],
            "note": provider(self.place.provider).note if self.place.provider and self.opens else "",
            "facts": dict(self.facts),
            "photo": photo,
            "screenshot": self.screenshot,
            "in_app": [asdict(each) for each in self.in_app],
            "checked_at": self.checked_at,
            "requests": self.requests,
            "elapsed_s": round(self.elapsed_s, 3),
        }


@functools.cache
def limits() -> Mapping[str, Mapping[str, Any]]:
    """Return the figures that verdicts about open photos rest on."""
    return tomllib.loads((FOLDER / "limits.toml").read_text(encoding="utf-8"))


@functools.cache
def browsers() -> tuple[Mapping[str, Any], ...]:
    """Return the browsers inside apps that can be imitated."""
    return tuple(tomllib.loads((FOLDER / "browsers.toml").read_text(encoding="utf-8"))["browsers"])


def seconds_on_slow_phone(size_bytes: int) -> float:
    """Return how long a photo takes on the slow connection of limits.toml."""
    slow = limits()["slow_4g"]
    return float(round(size_bytes * 8 / slow["bits_per_second"] + slow["round_trip_s"], 1))


def offline(link: Recognised) -> Checked:
    """Say what the text of a link shows, having asked nobody."""
    odd = any(not each.sure for each in link.findings)
    code = link.verdict or ("LOOKS_ODD" if odd else "NOT_CHECKED")
    return Checked(link, code, "firm" if link.verdict else "unsure", _of_text(link))


def _of_text(link: Recognised, *, hints: bool = True) -> tuple[Evidence, ...]:
    return tuple(Evidence(each.text, "text of the link") for each in link.findings if hints or not _is_hint(each))


async def check_link(
    text: str | Recognised,
    fetcher: Fetcher,
    *,
    keys: ApiKeys | None = None,
    own_origins: frozenset[str] = frozenset(),
    look_inside: bool = True,
    in_app: bool = True,
    prove: bool = True,
    today: dt.date | None = None,
) -> Checked:
    """Check one link as a stranger would open it.

    `prove` fetches the picture of a link that seems open and decodes it: without that no open verdict is firm.
    `look_inside` also makes its preview and reads its metadata; `in_app` repeats the check with the words of TikTok's
    browser. Raises nothing for anything that a link or a server does.
    """
    link = text if isinstance(text, Recognised) else recognise(text, own_origins=own_origins)
    if not link.may_ask:
        return offline(link)
    now = dt.datetime.now(dt.UTC)
    visit = _Visit(fetcher, keys or ApiKeys(), today or now.date(), own_origins)
    seen = await _follow(link, visit)
    checked = await _with_proof(link, seen, visit, now, look_inside) if prove else _conclude(link, seen, now)
    if in_app:
        checked = await _as_in_app(checked, visit, seen)
    return checked


async def _with_proof(
    link: Recognised,
    seen: _Seen,
    visit: _Visit,
    now: dt.datetime,
    look_inside: bool,  # noqa: FBT001 - handed on once
) -> Checked:
    """Fetch the picture of a link that seems open, conclude, and look into the picture while there is room for it."""
    if not (look_inside and seen.photo and verdicts()[seen.code].opens):
        await _prove(seen, visit, whole=False)
        return _conclude(link, seen, now)
    async with held.PHOTOS.hold(PHOTO_BYTES) as whole:
        proven = await _prove(seen, visit, whole=whole)
        checked = _conclude(link, seen, now)
        if whole and checked.opens and proven is not None and seen.link is not None:
            checked = _with_photo(checked, await asyncio.to_thread(_look, proven, seen.original))
        return checked


async def check_links(
    links: Sequence[str | Recognised],
    fetcher: Fetcher,
    *,
    keys: ApiKeys | None = None,
    own_origins: frozenset[str] = frozenset(),
    look_inside: bool = False,
    in_app: bool = False,
    prove: bool | None = None,
    at_once: int = 512,
) -> AsyncGenerator[tuple[int, Checked], None]:
    """Check many links at the same time and yield each with its place in `links`, as it comes.

    `prove` as for `check_link`; None: for up to `PROVEN_UNASKED` links. A longer list goes by what the first bytes and
    the headers of a picture say, unless it is asked for more, and calls nothing firmly open.
    Closing the iterator stops everything under way. The fetcher is polite to each host.
    """
    proven = look_inside or (len(links) <= PROVEN_UNASKED if prove is None else prove)
    waiting = deque(enumerate(links[:MAX_LINKS]))
    done: asyncio.Queue[tuple[int, Checked] | None] = asyncio.Queue()
    expected, finished = len(waiting), 0

    async def work() -> None:
        nonlocal finished
        try:
            while waiting:
                place, link = waiting.popleft()
                checked = await check_link(
                    link,
                    fetcher,
                    keys=keys,
                    own_origins=own_origins,
                    look_inside=look_inside,
                    in_app=in_app,
                    prove=proven,
                )
                finished += 1
                done.put_nowait((place, checked))
        except BaseException:
            done.put_nowait(None)  # wakes whoever waits for a result that will not come
            raise

    workers: list[asyncio.Task[None]] = []

    async def start() -> None:
        """Begin a few more links in each turn of the event loop that brought no result.

        What has come is read first: it frees its connection for the next link to the same host. Quick servers are so
        asked over few connections, slow ones by all workers at once.
        """
        before = -1
        while waiting and len(workers) < at_once:
            if before == finished:
                more = min(STARTED_TOGETHER, at_once - len(workers))
                workers.extend(asyncio.create_task(work()) for _ in range(more))
            before = finished
            await asyncio.sleep(0)

    starting = asyncio.create_task(start())
    try:
        for _ in range(expected):
            result = await done.get()
            if result is None:
                break
            yield result
        await asyncio.gather(starting, *workers)
    finally:
        tasks = (starting, *workers)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One visitor of one check: a browser without a past, whose cookies end with it."""

    fetcher: Fetcher
    keys: ApiKeys
    today: dt.date
    own_origins: frozenset[str]
    user_agent: str = ""
    cookies: Cookies = field(default_factory=Cookies)

    def terms(self, each: LinkProvider) -> Terms:
        """Return on which terms a service's links are asked: no further than to a link of another one."""
        return Terms(self.cookies, lambda url: other_service(url, each, self.own_origins) is not None, _ports(each))


@dataclass(slots=True)
class _Seen:
    """What asking has shown so far."""

    code: str = "UNRECOGNISED_PAGE"
    confidence: str = "unsure"
    evidence: list[Evidence] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict, repr=False)
    photo: str = field(default="", repr=False)
    original: bool = False
    photo_is_ours: bool = False  # its address was put together from the link, not named by an answer
    shows_product: bool = False  # an answer that only this service gives
    unknown_id: bool = False  # the answer is the one to ids that never were, too
    earned: str = ""  # the confidence of an open verdict once its picture was seen
    settled: bool = False  # a verdict stands; whatever else is asked can only make it more exact
    requests: int = 0
    elapsed_s: float = 0.0
    link: Recognised | None = None  # the link that was asked last: the one that was pasted led to it
    by_tap: bool = False  # a page in between leads there, and only by a tap
    leads_to: Recognised | None = None  # another service's link that this one leads to
    wall: Wall | None = None
    fetched: Fetched | None = field(default=None, repr=False)  # the last answer
    hops: list[Hop] = field(default_factory=list, repr=False)

    def stop_at(self, found: MetWall, host: str = "", status: int = 0) -> None:
        """Let a wall be the verdict."""
        self.wall, self.code, self.confidence = found.wall, found.wall.code, found.confidence
        self.unknown_id = False
        self.evidence.append(Evidence(found.wall.seen, found.basis, host, status))


async def _follow(link: Recognised, visit: _Visit) -> _Seen:
    """Ask a link, and whatever known service's link it leads to, by that service's own rules."""
    seen = await _ask_by_name(link, visit)
    tapped = False
    for _ in range(MAX_LEADS):
        nearer = seen.leads_to
        if nearer is None:
            break
        way = [*seen.evidence, Evidence(f"It leads to a link of {nearer.label}.", "redirect", nearer.host)]
        before = seen
        if not nearer.may_ask:
            known = offline(nearer)
            seen = _Seen(code=known.code, confidence="firm", link=nearer, evidence=list(known.evidence))
        else:
            seen = await _ask(nearer, visit)
        seen.evidence[:0] = way
        tapped = tapped or before.by_tap
        seen.hops[:0] = before.hops
        seen.requests += before.requests
        seen.elapsed_s += before.elapsed_s
    seen.by_tap = tapped
    return seen


async def _ask_by_name(link: Recognised, visit: _Visit) -> _Seen:
    """Ask a link, and name a product that people host themselves only where an answer of its own shows which it is."""
    before: list[_Seen] = []
    for guess in link.maybe[:_GUESSES]:
        seen = await _ask(link.as_guessed(guess), visit)
        if seen.shows_product:
            break
        before.append(seen)
    else:
        seen = await _ask(link, visit)
    seen.requests += sum(each.requests for each in before)
    seen.elapsed_s += sum(each.elapsed_s for each in before)
    return seen


def other_service(url: str, each: LinkProvider, own_origins: frozenset[str]) -> Recognised | None:
    """Return what an address is where it is a link of another service that we know, else None."""
    found = recognise(url, own_origins=own_origins)
    if found.provider in {"", OTHER, each.id} or found.repaired:
        return None
    by_path_alone = "*" in provider(found.provider).hosts
    return None if by_path_alone and each.id != OTHER else found


async def _ask(link: Recognised, visit: _Visit) -> _Seen:
    """Ask a link's probes one after the other until a rule gives a verdict."""
    each = provider(link.provider)
    values = dict(link.ids) | derived(link.url, link.ids, _wanted(each.id)) | visit.keys.known()
    seen = _Seen(values=values, link=link)
    todo = [name for name in link.probes if not visit.user_agent or each.probes[name].in_app]
    while todo and seen.requests < MAX_REQUESTS:
        probe = each.probes[todo.pop(0)]
        fetched = await _send(probe, each, visit, values)
        if fetched is None:  # a key that this host has not set, or an id that is not there
            continue
        seen.requests += 1
        seen.elapsed_s += fetched.elapsed_s
        seen.hops += fetched.hops
        if fetched.failure is None:
            seen.fetched = fetched
            then = _read(seen, Answer(fetched), probe, each, visit)
        else:
            then = _failed(seen, fetched, each)
        if then is None:
            return seen
        todo = todo if then == NEXT else [then]
    return seen


def _read(seen: _Seen, answer: Answer, probe: Probe, each: LinkProvider, visit: _Visit) -> str | None:
    """Read an answer by the rules and return the probe to go on with; None: this was the last."""
    rule, of = _first_fit(each, probe.name, answer, seen.values)
    if answer.fetched.left_for and (rule is None or of.id != each.id):
        seen.leads_to = other_service(answer.url, each, visit.own_origins)
        if seen.leads_to is not None:
            return None
    wall = _wall(rule, of, answer)
    if wall is not None and (not seen.settled or wall.wall.code in _MORE_EXACT):
        seen.stop_at(wall, answer.host, answer.status)
        if wall.wall.id in _IN_BETWEEN:
            seen.leads_to, seen.by_tap = _named_link(answer, each, visit.own_origins), True
        return None
    if rule is None and not seen.settled:
        seen.evidence.append(_unknown(answer))
        seen.code, seen.confidence = "UNRECOGNISED_PAGE", "unsure"
    if rule is None or (seen.settled and (of.id != each.id or rule.verdict in _NO_SUCH)):
        return None
    taken = take(rule, answer, seen.values)
    seen.values |= taken
    seen.facts |= {name: value for name, value in taken.items() if name in _FACTS}
    seen.evidence.append(Evidence(rule.seen, rule.basis, answer.host, answer.status))
    seen.shows_product = of.id == each.id and bool(rule.verdict) and (rule.own_way or rule.basis in _OWN_SIGNS)
    if rule.verdict:
        seen.values["final_url"] = answer.fetched.url
        _judge(seen, rule, of, answer, visit.today)
        _earn(seen, rule, of, answer, probe)
        seen.settled = bool(rule.then)
    return rule.then or None


_IN_BETWEEN: Final = frozenset({"preview", "scanner"})  # pages whose one button leads on


def _named_link(answer: Answer, each: LinkProvider, own_origins: frozenset[str]) -> Recognised | None:
    """Return the one link of a service that we know that a page in between leads to by a tap."""
    found = {known.url: known for url in linked(answer) if (known := other_service(url, each, own_origins)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


# What a page may tell more exactly than the interface that was asked before it.
_MORE_EXACT: Final = frozenset({"NEEDS_PASSWORD", "EXPIRED", "TAKEN_DOWN", "QUOTA"})
_FORBIDDEN: Final = frozenset({401, 403, 404, 410, 503})


def _wall(rule: Rule | None, of: LinkProvider, answer: Answer) -> MetWall | None:
    """Return the wall on a page that no rule knows, or of which a rule knows no more than its status."""
    if rule is None:
        return wall_of(answer)
    if of.id != "_after" or rule.media:
        return None
    if rule.basis == "redirect":
        found = place_of(answer)
        return found if found is not None and found.wall.code != rule.verdict else None
    if rule.basis == "status" and answer.status in _FORBIDDEN:
        found = wall_of(answer)
        vague = {"gone", "empty", "script", "cookies", "app", "preview", "scanner"}
        if answer.status == 401:  # noqa: PLR2004 - HTTP
            vague |= {"signin", "request"}
        return None if found is None or (found.wall.id in vague and not _is_store(found, answer)) else found
    return None


def _is_store(found: MetWall, answer: Answer) -> bool:
    """Whether a store of files said in its own form that a file is not there or not public."""
    return found.wall.id == "gone" and found.basis == "structure" and answer.status == 403  # noqa: PLR2004 - HTTP


def _earn(seen: _Seen, rule: Rule, of: LinkProvider, answer: Answer, probe: Probe) -> None:
    """Hold an open verdict back to what was shown: how the server sends the picture, and what else the page says."""
    if not verdicts()[seen.code].opens or of.kept_here:
        return
    if rule.media:
        if of.id == "_after" and probe.url == "{url}":
            wall = other_picture(answer.first_url, answer.url) if answer.moved else ""
            if wall := wall or way_of(answer.fetched.headers, answer.media):
                seen.stop_at(met(wall, "structure"), answer.host, answer.status)
                return
    elif rule.basis in {"structure", "text"}:
        found = veto(answer, seen.facts.get("title", ""))
        if found is not None:
            seen.stop_at(found, answer.host, answer.status)
            return
        if not seen.photo and seen.code in _SHOWS_PHOTOS and answer.media == "html":
            seen.photo, seen.original, seen.photo_is_ours = named_picture(answer), False, False
    if seen.code in _SHOWS_PHOTOS:
        seen.earned = seen.confidence
        seen.confidence = _weaker(seen.confidence, "likely")  # until the picture itself was seen


# Open verdicts that promise a picture: firm only after one was decoded.
_SHOWS_PHOTOS: Final = frozenset(
    {"OPEN_PHOTO", "OPEN_ALBUM", "OPEN_VIEW_ONLY", "OPEN_REGION_RISK", "OPEN_HEAVY", "OPEN_FORMAT_RISK"}
)


@functools.cache
def _wanted(provider_id: str) -> frozenset[str]:
    """Return every name that a provider's probes and photos are filled with."""
    each = provider(provider_id)
    templates = [rule.photo for rule in each.rules]
    for probe in each.probes.values():
        templates += [probe.url, probe.body, *probe.headers.values()]
    return frozenset().union(*map(blanks, templates))


_FACTS: Final = frozenset({"title", "name", "count", "more", "owner", "size", "media_type"})


async def _send(probe: Probe, each: LinkProvider, visit: _Visit, values: Mapping[str, str]) -> Fetched | None:
    url = fill(probe.url, values, escape="url")
    headers = {name: fill(value, values, escape="header") for name, value in probe.headers.items()}
    body = fill(probe.body, values, escape="json")
    if url is None or body is None or None in headers.values():
        return None
    sent = {name: value for name, value in headers.items() if value}
    if visit.user_agent:
        sent["User-Agent"] = visit.user_agent
    return await visit.fetcher.get(
        url,
        method=probe.method,
        headers=sent,
        body=body.encode() if body else None,
        max_bytes=probe.max_bytes,
        stay=each.stay,
        total_s=probe.total_s,
        terms=visit.terms(each),
    )


def _ports(each: LinkProvider) -> frozenset[int]:
    """Return the ports at which a service's links may be asked: unusual ones only where people run it at home."""
    at_home = "*" in each.hosts and each.id != OTHER
    return WEB_PORTS | SELF_HOSTED_PORTS if at_home else WEB_PORTS


def _failed(seen: _Seen, fetched: Fetched, each: LinkProvider) -> str | None:
    """Read what kept a link from answering, and return what to go on with as `_read` does."""
    if fetched.failure is None or seen.settled:
        return None
    kind = fetched.failure.kind
    if kind is FailureKind.NOT_WEB and fetched.hops:
        seen.stop_at(met("app", "redirect"), fetched.host)
        return None
    if fetched.hops and (found := place_of(Answer(replace(fetched, left_for=fetched.url)))):
        seen.stop_at(found, fetched.host)  # it leads to a door, whether or not this checker reaches that
        return None
    seen.code, seen.confidence = _TRANSPORT[kind], "likely" if kind is FailureKind.TIMEOUT else "firm"
    known_name = bool(each.hosts) and not any("*" in host for host in each.hosts)
    if kind is FailureKind.DNS and known_name:
        # The name of a service that everybody knows: it is this checker that has no way to the internet.
        seen.code, seen.confidence = "CHECKER_OFFLINE", "unsure"
    seen.evidence.append(Evidence(fetched.failure.text, "connection", fetched.host))
    return None if fetched.hops else NEXT


def _first_fit(
    each: LinkProvider, probe: str, answer: Answer, values: Mapping[str, str]
) -> tuple[Rule | None, LinkProvider]:
    for rule, rules in _rules_for(each.id, probe, answer.status):
        if fits(rule, probe, answer, values):
            return rule, rules
    return None, each


@functools.lru_cache(maxsize=1_024)
def _rules_for(provider_id: str, probe: str, status: int) -> tuple[tuple[Rule, LinkProvider], ...]:
    """Return the rules that can fit an answer of this status, in their order, each with the file it is from."""
    before, after = common()
    return tuple(
        (rule, rules)
        for rules in (before, provider(provider_id), after)
        for rule in rules.rules
        if (not rule.probe or probe in rule.probe) and (not rule.status or status in rule.status)
    )


def _unknown(answer: Answer) -> Evidence:
    if answer.fetched.left_for:
        return Evidence(f"It leads to {answer.host}, where this provider's links do not lead.", "redirect", answer.host)
    text = f"A page answered (status {answer.status}) that shows none of the signs that we know."
    return Evidence(text, "status", answer.host, answer.status)


def _judge(seen: _Seen, rule: Rule, of: LinkProvider, answer: Answer, today: dt.date) -> None:
    """Turn a rule that fits into a verdict with its confidence."""
    confidence = rule.sure or of.confidence
    if rule.basis == "text":
        confidence = _weaker(confidence, "likely")
    if of.stale(today):
        confidence = CONFIDENCES[max(0, CONFIDENCES.index(confidence) - 1)]
        seen.evidence.append(
            Evidence(f"Our rules about {of.label} were last looked at on {day(of.as_of)}: we are less sure.", "age")
        )
    seen.confidence = confidence
    seen.unknown_id = rule.unknown_id
    seen.code = _refined(rule.verdict, seen.facts, answer)
    seen.photo = fill(rule.photo, seen.values, escape="url") or "" if rule.photo else ""
    seen.photo_is_ours = not blanks(rule.photo) & {*rule.take, "final_url"}
    seen.original = rule.photo_is == "original"


def _weaker(one: str, other: str) -> str:
    return min(one, other, key=CONFIDENCES.index)


def _refined(code: str, facts: Mapping[str, str], answer: Answer) -> str:
    """Say of an open file what it is: a photo, a risky format, something else, too heavy."""
    if code != "OPEN_FILE":
        return code
    kind = by_name(facts.get("name", ""), facts.get("media_type", "")) or (
        answer.media if answer.media not in {"html", ""} else ""
    )
    return _by_kind(kind, int(facts["size"]) if facts.get("size", "").isdigit() else 0)


def _by_kind(kind: str, size_bytes: int) -> str:
    if kind in RISKY:
        return "OPEN_FORMAT_RISK"
    if kind not in SHOWN_EVERYWHERE:
        return "OPEN_FILE_NOT_PHOTO"
    return "OPEN_HEAVY" if size_bytes > limits()["heavy"]["bytes"] else "OPEN_PHOTO"


def _conclude(link: Recognised, seen: _Seen, now: dt.datetime) -> Checked:
    """Bring together what the text shows and what the provider answered."""
    code, confidence, evidence = seen.code, seen.confidence, list(seen.evidence)
    fault = next((each for each in link.findings if each.code in _SOFT_CODES and not _is_hint(each)), None)
    causes: tuple[NotFoundCause, ...] = ()
    if fault is not None:
        code, confidence = _with_fault(fault, seen, evidence)
    elif seen.unknown_id and (causes := likely_causes(seen.link or link, code)):
        code = NOT_FOUND
    opens = verdicts()[code].opens
    if opens and seen.by_tap:
        code = "OPEN_AFTER_CLICK"
    elif opens and any(each.code == "EXPIRES_AT" for each in link.findings):
        code = "EXPIRES_AT"
    elif opens and not provider(link.provider).kept_here and seen.values.get("final_url", "").startswith("http:"):
        code = "HTTP_ONLY"
    return Checked(
        link,
        code,
        confidence,
        (*_of_text(link, hints=not opens), *evidence),
        checked_at=now.isoformat(timespec="seconds"),
        facts=seen.facts,
        requests=seen.requests,
        elapsed_s=seen.elapsed_s,
        causes=causes,
        led_to=seen.link if seen.link is not link else None,
        wall=seen.wall if seen.wall and seen.wall.code == code else None,
        final_url=seen.hops[-1].url if seen.hops else "",
        hops=tuple(seen.hops),
    )


def _is_hint(finding: LinkFinding) -> bool:
    """Whether a finding is no more than a hint: an id without capitals, as one in so many is by chance."""
    return finding.code == "CASE_LOST" and not finding.sure


def _with_fault(fault: LinkFinding, seen: _Seen, evidence: list[Evidence]) -> tuple[str, str]:
    """Weigh damage that the text shows against what the provider answered."""
    code, confidence = seen.code, seen.confidence
    verdict = verdicts()[code]
    if verdict.opens:
        evidence.append(
            Evidence("It opens all the same: our rule about its form may be out of date.", "text of the link")
        )
        return code, _weaker(confidence, "likely")
    explains = code in _NO_SUCH and (fault.sure or seen.unknown_id)
    if fault.sure and (explains or code in _NOT_LET_IN):
        return fault.code, "firm"
    return (fault.code, "likely") if explains or (fault.sure and verdict.group == "unknown") else (code, confidence)


async def _prove(seen: _Seen, visit: _Visit, *, whole: bool) -> Fetched | None:
    """Fetch the picture of a link that seems open, and let what came correct the verdict. None: no picture came."""
    if not seen.photo or seen.link is None or not verdicts()[seen.code].opens:
        return None
    each = provider(seen.link.provider)
    here = seen.fetched
    if here is not None and seen.photo == here.url and not (whole and here.truncated):
        fetched = here
    else:
        fetched = await visit.fetcher.get(
            seen.photo,
            max_bytes=PHOTO_BYTES if whole else PROOF_BYTES,
            stay=each.stay,
            total_s=30,
            terms=visit.terms(each),
        )
        seen.requests += 1
        seen.elapsed_s += fetched.elapsed_s
    answer = Answer(fetched)
    wall = await _wall_of_picture(seen.photo, answer, original=seen.original, ours=seen.photo_is_ours)
    if wall is not None:
        seen.stop_at(wall, answer.host, answer.status)
        return None
    if not fetched.ok or answer.media not in SHOWN_EVERYWHERE | RISKY:
        return fetched if fetched.ok and answer.media not in {"", "html"} else None
    if answer.media in SHOWN_EVERYWHERE:
        seen.confidence = seen.earned or seen.confidence
        seen.evidence.append(Evidence("The picture itself came, and it could be decoded.", "structure", answer.host))
    return fetched


_REFUSED: Final = {401: "pictures_closed", 403: "pictures_refused"}  # status of a picture -> wall
_DOORS: Final = frozenset({"NEEDS_SIGNIN", "NEEDS_PASSWORD", "ORG_ONLY"})
_FAULT: Final = 400  # an HTTP status from here on is a fault
_NOT_THERE: Final = frozenset(
    {
        FailureKind.DNS, FailureKind.REFUSED, FailureKind.TIMEOUT, FailureKind.TLS_EXPIRED, FailureKind.TLS_NAME,
        FailureKind.TLS_UNTRUSTED, FailureKind.TLS_CHAIN, FailureKind.REDIRECT_LOOP, FailureKind.LOCAL_ONLY,
    }
)  # fmt: skip


async def _wall_of_picture(address: str, answer: Answer, *, original: bool, ours: bool) -> MetWall | None:
    """Return what is wrong with a picture that a page names or that a link leads to; None where nothing is known.

    `ours`: the address was put together here, so that nothing under it says nothing about the page.
    """
    fetched, wall = answer.fetched, ""
    if fetched.failure is not None:
        # Where this checker had to wait, or does not ask, nothing is known; a server that is not there shows nothing.
        gone = fetched.failure.kind in _NOT_THERE and not ours
        return met("pictures_missing", "connection") if gone else None
    no_picture = bool(fetched.left_for) or answer.media in {"", "html"}
    if no_picture:
        found = wall_of(answer)
        wall = "pictures_closed" if found is not None and found.wall.code in _DOORS else ""
    wall = wall or _REFUSED.get(answer.status, "")
    if not wall and not ours and (answer.status >= _FAULT or (no_picture and not original)):
        wall = "pictures_missing"
    if fetched.ok and not wall:
        if not original and (what := not_a_photo(address) or not_a_photo(fetched.url)):
            wall = "placeholder" if what == "placeholder" else "not_the_photo"
        elif answer.media in SHOWN_EVERYWHERE:
            wall = await asyncio.to_thread(looks_like_a_photo, fetched.body, whole=not fetched.truncated)
    return met(wall, "structure") if wall else None


def _look(fetched: Fetched, original: bool) -> SeenPhoto:  # noqa: FBT001 - handed on once
    """Look into a picture that came: how heavy it is, and what it tells about its owner."""
    kind = Answer(fetched).media
    told = fetched.headers.get("Content-Length", "")
    size = int(told) if told.isdigit() and fetched.truncated else len(fetched.body)
    photo = SeenPhoto(LABELS[kind], size, seconds_on_slow_phone(size), original)
    if kind not in SHOWN_EVERYWHERE | RISKY or fetched.truncated:
        return photo
    return _look_inside(photo, fetched.body)


def _look_inside(photo: SeenPhoto, data: bytes) -> SeenPhoto:
    from lib.photos import prepare_photo, read_metadata, small_photo
    from lib.problems import Problem

    try:
        report = read_metadata(data)
        preview = small_photo(prepare_photo(data, max_side=960).data)
    except Problem:
        return photo
    private = tuple(each.text for each in report.private)
    return replace(photo, preview=preview, metadata=report.to_dict(), private=private, looked_inside=True)


def _with_photo(checked: Checked, photo: SeenPhoto) -> Checked:
    """Let what was really served correct an open verdict."""
    kind = next(key for key, label in LABELS.items() if label == photo.kind)
    code = checked.code
    by_kind = {"OPEN_PHOTO", "OPEN_FILE_NOT_PHOTO", "OPEN_FORMAT_RISK", "OPEN_HEAVY"}
    if checked.wall is None and code in by_kind and photo.original:
        code = _by_kind(kind, photo.size_bytes)
    return replace(checked, code=code, photo=photo)


async def _as_in_app(checked: Checked, visit: _Visit, seen: _Seen) -> Checked:
    """Repeat the check with the words of browsers inside apps, each without a past."""
    each = provider(checked.link.provider)
    if not any(each.probes[name].in_app for name in checked.link.probes):
        return checked
    views = await asyncio.gather(
        *(
            _follow(checked.link, replace(visit, user_agent=browser["user_agent"], cookies=Cookies()))
            for browser in browsers()
        )
    )
    asked_page = any(
        Evidence(item.text, item.basis, item.host, item.status) in checked.evidence for item in seen.evidence
    )
    seen_in_app = tuple(
        SeenInApp(
            browser["label"],
            code := checked.code if view.code == seen.code else view.code,  # the same answer means the same
            replace(checked, code=code).line,
            asked_page and _group(view.code) != _group(seen.code) and _group(view.code) != "unknown",
        )
        for browser, view in zip(browsers(), views, strict=True)
    )
    requests = checked.requests + sum(view.requests for view in views)
    return replace(checked, in_app=seen_in_app, requests=requests)


def _group(code: str) -> str:
    return verdicts()[code].group
