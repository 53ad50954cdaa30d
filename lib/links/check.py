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

from lib.links.causes import NOT_FOUND, Cause, likely_causes
from lib.links.evidence import Answer, blanks, derived, fill, fits, take
from lib.links.fetch import FailureKind, Fetched, Fetcher
from lib.links.media import LABELS, RISKY, SHOWN_EVERYWHERE, by_name
from lib.links.recognise import MAX_LINKS, Finding, Recognised, recognise
from lib.links.rules import CONFIDENCES, DEVICES, FOLDER, NEXT, LinkProvider, Probe, Rule, common, provider
from lib.links.verdicts import WHO, Verdict, verdicts
from lib.settings import Settings

MAX_REQUESTS: Final = 4  # for one link: a stranger's own browser sends more
STARTED_TOGETHER: Final = 4  # links of a batch that are begun in one turn of the event loop
OWN: Final = "this-server"  # whose host decides about encryption
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
    FailureKind.BROKEN: "UNRECOGNISED_PAGE",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The host's own keys for providers' interfaces, where there are any."""

    google_api_key: str = field(default="", repr=False)
    dropbox_app_auth: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Keys:
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

    words: str
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
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)  # report of lib.photos, plain values
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
    causes: tuple[Cause, ...] = ()  # of "not found", likely ones first, where the text does not show that it is whole

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
        return self.verdict.line.replace("{provider}", self.link.label or "The service")

    @property
    def sees(self) -> str:
        """What the recipient will see."""
        return self.verdict.sees.replace("{provider}", self.link.label or "The service")

    @property
    def who_mends(self) -> str:
        """Who can mend it, in words."""
        return WHO[self.verdict.who]

    @property
    def hints(self) -> tuple[str, ...]:
        """What looks odd in the text of a link that has not been opened yet: nothing is settled by it."""
        return tuple(each.words for each in self.link.findings if not each.sure) if self.code == "LOOKS_ODD" else ()

    def steps(self, device: str) -> tuple[str, ...]:
        """Return the taps that mend it, for "iphone", "android" or "web"."""
        label = self.link.label or "the service"
        general = tuple(step.replace("{provider}", label) for step in self.verdict.steps)
        if not self.link.provider or self.verdict.group == "unknown":
            return general
        rows = provider(self.link.provider).steps
        if self.code != NOT_FOUND:
            return next((row.steps[device] for row in rows if self.code in row.verdicts), general)
        # First what shows whether the link is whole, then how to share anew.
        anew = next((row.steps[device] for row in rows if {"GONE", "GONE_OR_PRIVATE"} & {*row.verdicts}), general[2:])
        return (*general[:2], *anew)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values, for a page's memory, JSON or CSV."""
        photo = asdict(self.photo) if self.photo else None
        return {
            "written": self.link.written,
            "url": self.link.url,
            "repaired": self.link.repaired,
            "provider": self.link.provider,
            "label": self.link.label,
            "kind": self.link.kind,
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
            "note": provider(self.link.provider).note if self.link.provider and self.opens else "",
            "facts": dict(self.facts),
            "photo": photo,
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
    return tuple(Evidence(each.words, "text of the link") for each in link.findings if hints or not _is_hint(each))


async def check_link(
    text: str | Recognised,
    fetcher: Fetcher,
    *,
    keys: Keys | None = None,
    own_origins: frozenset[str] = frozenset(),
    look_inside: bool = True,
    in_app: bool = True,
    today: dt.date | None = None,
) -> Checked:
    """Check one link as a stranger would open it.

    `look_inside` also fetches the picture of an open link, for its preview and its metadata; `in_app` repeats the
    check with the words of TikTok's browser. Raises nothing for anything that a link or a server does.
    """
    link = text if isinstance(text, Recognised) else recognise(text, own_origins=own_origins)
    if not link.may_ask:
        return offline(link)
    now = dt.datetime.now(dt.UTC)
    seen = await _ask(link, fetcher, keys or Keys(), today or now.date())
    checked = _conclude(link, seen, now)
    if look_inside and checked.opens and seen.photo:
        checked = _with_photo(checked, await _look(link, fetcher, seen))
    if in_app:
        checked = await _as_in_app(checked, fetcher, seen, keys or Keys(), today or now.date())
    return checked


async def check_links(
    links: Sequence[str | Recognised],
    fetcher: Fetcher,
    *,
    keys: Keys | None = None,
    own_origins: frozenset[str] = frozenset(),
    look_inside: bool = False,
    in_app: bool = False,
    at_once: int = 512,
) -> AsyncGenerator[tuple[int, Checked], None]:
    """Check many links at the same time and yield each with its place in `links`, as it comes.

    Closing the iterator stops everything under way. The fetcher is polite to each host.
    """
    waiting = deque(enumerate(links[:MAX_LINKS]))
    done: asyncio.Queue[tuple[int, Checked] | None] = asyncio.Queue()
    expected, finished = len(waiting), 0

    async def work() -> None:
        nonlocal finished
        try:
            while waiting:
                place, link = waiting.popleft()
                checked = await check_link(
                    link, fetcher, keys=keys, own_origins=own_origins, look_inside=look_inside, in_app=in_app
                )
                finished += 1
                done.put_nowait((place, checked))
        except BaseException:
            done.put_nowait(None)  # for whoever waits for a result that will not come
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
    unknown_id: bool = False  # the answer is the one to ids that never were, too
    settled: bool = False  # a verdict stands; whatever else is asked can only make it more exact
    requests: int = 0
    elapsed_s: float = 0.0


async def _ask(link: Recognised, fetcher: Fetcher, keys: Keys, today: dt.date, user_agent: str = "") -> _Seen:
    """Ask a link's probes one after the other until a rule gives a verdict."""
    each = provider(link.provider)
    values = dict(link.ids) | derived(link.url, link.ids, _wanted(each.id)) | keys.known()
    seen = _Seen(values=values)
    todo = [name for name in link.probes if not user_agent or each.probes[name].in_app]
    while todo and seen.requests < MAX_REQUESTS:
        probe = each.probes[todo.pop(0)]
        fetched = await _send(probe, each, fetcher, values, user_agent)
        if fetched is None:  # a key that this host has not set, or an id that is not there
            continue
        seen.requests += 1
        seen.elapsed_s += fetched.elapsed_s
        if fetched.failure is not None:
            if seen.settled:
                return seen
            _failed(seen, fetched, each)
            if fetched.hops:
                return seen
            continue
        answer = Answer(fetched)
        rule, of = _first_fit(each, probe.name, answer, values)
        if seen.settled and (rule is None or of.id != each.id):
            return seen
        if rule is None:
            seen.evidence.append(_unknown(answer))
            seen.code, seen.confidence = "UNRECOGNISED_PAGE", "unsure"
            return seen
        taken = take(rule, answer, values)
        values |= taken
        seen.facts |= {name: value for name, value in taken.items() if name in _FACTS}
        seen.evidence.append(Evidence(rule.seen, rule.basis, answer.host, answer.status))
        if rule.verdict:
            values["final_url"] = fetched.url
            _judge(seen, rule, of, answer, today)
            seen.settled = bool(rule.then)
            if not rule.then:
                return seen
        todo = todo if rule.then == NEXT else [rule.then]
    return seen


@functools.cache
def _wanted(provider_id: str) -> frozenset[str]:
    """Return every name that a provider's probes and photos are filled with."""
    each = provider(provider_id)
    templates = [rule.photo for rule in each.rules]
    for probe in each.probes.values():
        templates += [probe.url, probe.body, *probe.headers.values()]
    return frozenset().union(*map(blanks, templates))


_FACTS: Final = frozenset({"title", "name", "count", "more", "owner", "size", "media_type"})


async def _send(
    probe: Probe, each: LinkProvider, fetcher: Fetcher, values: Mapping[str, str], user_agent: str
) -> Fetched | None:
    url = fill(probe.url, values, escape="url")
    headers = {name: fill(value, values, escape="header") for name, value in probe.headers.items()}
    body = fill(probe.body, values, escape="json")
    if url is None or body is None or None in headers.values():
        return None
    sent = {name: value for name, value in headers.items() if value}
    if user_agent:
        sent["User-Agent"] = user_agent
    return await fetcher.get(
        url,
        method=probe.method,
        headers=sent,
        body=body.encode() if body else None,
        max_bytes=probe.max_bytes,
        stay=each.stay,
        total_s=probe.total_s,
    )


def _failed(seen: _Seen, fetched: Fetched, each: LinkProvider) -> None:
    assert fetched.failure is not None  # noqa: S101 - the caller looked
    seen.code, seen.confidence = _TRANSPORT[fetched.failure.kind], "firm"
    known_name = bool(each.hosts) and not any("*" in host for host in each.hosts)
    if fetched.failure.kind is FailureKind.DNS and known_name:
        # The name of a service that everybody knows: it is this checker that has no way to the internet.
        seen.code, seen.confidence = "CHECKER_OFFLINE", "unsure"
    seen.evidence.append(Evidence(fetched.failure.words, "connection", fetched.host))


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
    words = f"A page answered (status {answer.status}) that shows none of the signs that we know."
    return Evidence(words, "status", answer.host, answer.status)


def _judge(seen: _Seen, rule: Rule, of: LinkProvider, answer: Answer, today: dt.date) -> None:
    """Turn a rule that fits into a verdict with its confidence."""
    confidence = rule.sure or of.confidence
    if rule.basis == "text":
        confidence = _weaker(confidence, "likely")
    if of.stale(today):
        confidence = CONFIDENCES[max(0, CONFIDENCES.index(confidence) - 1)]
        seen.evidence.append(
            Evidence(
                f"Our rules about {of.label} were last looked at on {of.as_of:%-d %B %Y}: we are less sure.", "age"
            )
        )
    seen.confidence = confidence
    seen.unknown_id = rule.unknown_id
    seen.code = _refined(rule.verdict, seen.facts, answer)
    seen.photo = fill(rule.photo, seen.values, escape="url") or "" if rule.photo else ""
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
    causes: tuple[Cause, ...] = ()
    if fault is not None:
        code, confidence = _with_fault(fault, seen, evidence)
    elif seen.unknown_id and (causes := likely_causes(link, code)):
        code = NOT_FOUND
    opens = verdicts()[code].opens
    if opens and any(each.code == "EXPIRES_AT" for each in link.findings):
        code = "EXPIRES_AT"
    elif opens and link.provider != OWN and seen.values.get("final_url", "").startswith("http:"):
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
    )


def _is_hint(finding: Finding) -> bool:
    """Whether a finding is no more than a hint: an id without capitals, as one in so many is by chance."""
    return finding.code == "CASE_LOST" and not finding.sure


def _with_fault(fault: Finding, seen: _Seen, evidence: list[Evidence]) -> tuple[str, str]:
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


async def _look(link: Recognised, fetcher: Fetcher, seen: _Seen) -> SeenPhoto | None:
    """Fetch the picture of an open link and look into it. None when it could not be had."""
    each = provider(link.provider)
    fetched = await fetcher.get(seen.photo, max_bytes=PHOTO_BYTES, stay=each.stay, total_s=30)
    seen.requests += 1
    seen.elapsed_s += fetched.elapsed_s
    kind = Answer(fetched).media
    if not fetched.ok or kind in {"", "html"}:
        return None
    told = fetched.headers.get("Content-Length", "")
    size = int(told) if told.isdigit() and fetched.truncated else len(fetched.body)
    photo = SeenPhoto(LABELS[kind], size, seconds_on_slow_phone(size), seen.original)
    if kind not in SHOWN_EVERYWHERE | RISKY or fetched.truncated:
        return photo
    return await asyncio.to_thread(_look_inside, photo, fetched.body)


def _look_inside(photo: SeenPhoto, data: bytes) -> SeenPhoto:
    from lib.photos import prepare_photo, read_metadata, small_photo
    from lib.problems import Problem

    try:
        report = read_metadata(data)
        preview = small_photo(prepare_photo(data, max_side=960).data)
    except Problem:
        return photo
    private = tuple(
        f"{each.label}: {each.value}" if each.value else each.label for each in report.findings if each.private
    )
    return replace(photo, preview=preview, metadata=report.to_dict(), private=private, looked_inside=True)


def _with_photo(checked: Checked, photo: SeenPhoto | None) -> Checked:
    """Let what was really served correct an open verdict."""
    if photo is None:
        return checked
    kind = next(key for key, label in LABELS.items() if label == photo.kind)
    code = checked.code
    if code in {"OPEN_PHOTO", "OPEN_FILE_NOT_PHOTO", "OPEN_FORMAT_RISK", "OPEN_HEAVY"} and photo.original:
        code = _by_kind(kind, photo.size_bytes)
    return replace(checked, code=code, photo=photo, requests=checked.requests + 1)


async def _as_in_app(checked: Checked, fetcher: Fetcher, seen: _Seen, keys: Keys, today: dt.date) -> Checked:
    """Repeat the check with the words of browsers inside apps."""
    each = provider(checked.link.provider)
    if not any(each.probes[name].in_app for name in checked.link.probes):
        return checked
    views = await asyncio.gather(
        *(_ask(checked.link, fetcher, keys, today, browser["user_agent"]) for browser in browsers())
    )
    asked_page = any(
        Evidence(item.words, item.basis, item.host, item.status) in checked.evidence for item in seen.evidence
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
