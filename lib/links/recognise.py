"""From pasted text to what a link is and what is wrong with it, without asking anybody.

Pure and offline: no request, no clock but the one passed in, well below a millisecond a link. Rules are data. Nothing
here guesses or repairs a character of an id.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, unquote

from lib.links import text as texts
from lib.links.guard import MAX_URL_CHARS, SELF_HOSTED_PORTS, Refusal, WebAddress, web_address
from lib.links.ids import find_fault
from lib.links.known import OTHER, at_host, other, own_pages, provider
from lib.links.local_names import is_local_name, names_inner_address
from lib.links.rules import LinkProvider, RequiredPart, Shape, Wrapper, expiries
from lib.links.unwrap import packed, unwrap
from lib.text import amounts

MAX_LINKS: Final = 1_000  # of one text: a batch that a polite checker can finish
_UNWRAPS: Final = 3
_REFUSED: Final = {"unsafe_url": "UNSAFE_URL", "local_only": "LOCAL_ONLY", "not_web": "NOT_A_LINK"}
_ON_THE_DEVICE = re.compile(r"^(?:file|content|ph|assets-library|blob|smb):|^[a-z]:\\|^/|^\\\\", re.IGNORECASE)
_TAILNET: Final = ".ts.net"
_ARCHIVES: Final = frozenset({"web.archive.org", "archive.ph", "archive.today", "archive.is"})
# Findings of the text that settle the verdict: asking could not change them, or would be wrong.
_SETTLED: Final = frozenset(
    {"NOT_A_LINK", "ACCOUNT_BOUND", "LOCAL_ONLY", "UPLOAD_REQUEST", "UNSAFE_URL", "EXPIRED_URL", "NEEDS_SIGNIN"}
)


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """One thing seen in a link's text. `sure` is False for a mere sign."""

    code: str
    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Guess:
    """A product that people host themselves, whose links have this path; named only once its own answer was seen."""

    provider: str
    kind: str
    ids: Mapping[str, str] = field(repr=False)
    probes: tuple[str, ...] = ()
    seen_live: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a link is, from its text alone. `url` and `ids` are secrets."""

    written: str = field(repr=False)  # as pasted
    url: str = field(repr=False)  # as it will be asked, after repairs
    provider: str  # "google_drive", …, "other"; empty when there is no web link
    label: str
    kind: str  # "album", "file", …
    ids: Mapping[str, str] = field(repr=False)
    findings: tuple[LinkFinding, ...]
    probes: tuple[str, ...] = ()
    host: str = ""
    seen_live: tuple[str, ...] = ()  # damage that its form cannot show: "cut", "case"
    maybe: tuple[Guess, ...] = ()  # what may answer at an address of this form; asking tells

    def as_guessed(self, guess: Guess) -> Recognised:
        """Return this link as one of the product that it may be of."""
        label = provider(guess.provider).label
        return replace(
            self, provider=guess.provider, label=label, kind=guess.kind, ids=guess.ids, probes=guess.probes,
            seen_live=guess.seen_live, maybe=(),
        )  # fmt: skip

    @property
    def verdict(self) -> str:
        """The verdict that the text alone gives; empty where the link has to be asked."""
        return next((each.code for each in self.findings if each.sure and each.code not in _NOTES), "")

    @property
    def may_ask(self) -> bool:
        """Whether a live check makes sense: nothing that the text shows settles it."""
        return bool(self.probes) and not any(
            each.sure and (each.code in _SETTLED or each.code.startswith("KEY_")) for each in self.findings
        )

    @property
    def repaired(self) -> bool:
        """Whether the link was freed of something that stuck to it."""
        return any(each.code == "REPAIRED" for each in self.findings)


_NOTES: Final = frozenset({"REPAIRED", "EXPIRES_AT", "HTTP_ONLY", "PORT", "COPY", "HIDDEN"})
_DAMAGE: Final = frozenset({"TRUNCATED", "KEY_MISSING", "KEY_CUT_BY_FILTER", "CHAR_DAMAGED", "CASE_LOST"})


def recognise(text: str, *, own_origins: frozenset[str] = frozenset(), now: dt.datetime | None = None) -> Recognised:
    """Say what the first link in a text is and what is wrong with it. Never raises.

    `own_origins` are the origins of this app: their share pages are the service "this_server". `now` decides about
    signed addresses that run out; by default it is the present moment.
    """
    found = next(recognise_all(text, own_origins=own_origins, now=now), None)
    return _nothing(text) if found is None else found


def recognise_all(
    text: str, *, own_origins: frozenset[str] = frozenset(), now: dt.datetime | None = None
) -> Iterator[Recognised]:
    """Recognise every link in a text, each once, in its order, at most `MAX_LINKS`. Never raises."""
    now = now or dt.datetime.now(dt.UTC)
    message = texts.prepare(text)
    seen: set[str] = set()
    for piece in texts.pieces(message):
        found = _one(piece, own_origins, now)
        if any(each.code in _DAMAGE for each in found.findings):
            found = _healed(message, piece, found, own_origins, now)
        if found.url in seen:
            continue
        seen.add(found.url)
        yield found
        if len(seen) >= MAX_LINKS:
            return


def _nothing(text: str) -> Recognised:
    reason = "The text is empty." if not text.strip() else "There is no web address in this text."
    return Recognised(text[:200], "", "", "", "", {}, (LinkFinding("NOT_A_LINK", reason),))


def _healed(
    message: texts.PastedText, piece: texts.Piece, found: Recognised, own_origins: frozenset[str], now: dt.datetime
) -> Recognised:
    """Try what else the damaged link may have been; keep that only where it heals every fault."""
    for written, text in texts.variants(message, piece, found.url, _DAMAGE.intersection(_codes(found))):
        whole = _one(replace(piece, written=written), own_origins, now)
        if whole.provider not in {"", OTHER} and all(each.code in _NOTES for each in whole.findings):
            kept = tuple(each for each in found.findings if each.code in _NOTES and each not in whole.findings)
            if "KEY_CUT_BY_FILTER" in _codes(found):
                kept += (_BY_CHAT,)
            return replace(
                whole, written=found.written, findings=(LinkFinding("REPAIRED", text), *kept, *whole.findings)
            )
    return found


def _one(piece: texts.Piece, own_origins: frozenset[str], now: dt.datetime) -> Recognised:
    if len(piece.written) > MAX_URL_CHARS + 200:
        piece = replace(piece, written=piece.written[: MAX_URL_CHARS + 200])
    written, cleaned = piece.written, texts.clean(piece)
    url, cut_off, findings = cleaned.url, cleaned.cut_off, [LinkFinding("REPAIRED", text) for text in cleaned.done]
    through: Wrapper | None = None
    for _ in range(_UNWRAPS):
        inner = unwrap(url) or packed(url)
        if inner is None:
            break
        if inner.wrapper.filter:
            through = inner.wrapper
        if not inner.url:
            text = f"{inner.wrapper.label} hides the link inside. What it leads to shows only when it is opened."
            findings.append(LinkFinding("HIDDEN", text, sure=False))
            break
        again = texts.clean(texts.Piece(inner.url, 0, 0))
        url, cut_off = again.url, cut_off or again.cut_off
        findings.append(LinkFinding("REPAIRED", f"It was inside {inner.wrapper.label}; this is the link itself."))
    if _ON_THE_DEVICE.match(url):
        text = "This is a place on your own device, not on the web."
        return Recognised(written, url, "", "", "", {}, (*findings, LinkFinding("LOCAL_ONLY", text)))
    address = web_address(url, own_origins)
    if isinstance(address, Refusal):
        named = re.match(r"https?://([^/?#:@]+)", url, re.IGNORECASE)
        if named and names_inner_address(named[1].lower()):
            findings.append(_inside(named[1].lower()))
        finding = LinkFinding(_REFUSED[address.kind], address.text)
        return Recognised(written, url, "", "", "", {}, (*findings, finding))
    findings += _of_address(address, own_origins)
    found = _described(written, url, address, address.origin in own_origins, findings, now)
    if cut_off:
        found = _shown_shortened(found, inside=cut_off == "inside")
    return _filtered(found, through) if through else found


def _of_address(address: WebAddress, own_origins: frozenset[str]) -> list[LinkFinding]:
    """Say what a host, a port and a scheme mean for strangers."""
    findings: list[LinkFinding] = []
    if address.host.endswith(_TAILNET):
        findings.append(
            LinkFinding("LOCAL_ONLY", f"{address.host} is reachable only inside your own Tailscale network.")
        )
    elif names_inner_address(address.host):
        findings.append(_inside(address.host))
    if address.origin in own_origins:
        return findings
    if address.port in SELF_HOSTED_PORTS:
        findings.append(
            LinkFinding("PORT", f"It names port {address.port}, which some mobile networks block.", sure=False)
        )
    if address.scheme == "http" and not is_local_name(address.host):
        findings.append(LinkFinding("HTTP_ONLY", "It begins with http:, without encryption.", sure=False))
    if address.host in _ARCHIVES:
        text = "This is an archive's copy of a page, not the photo's own place. Send the link of the photo itself."
        findings.append(LinkFinding("COPY", text, sure=False))
    return findings


def _inside(host: str) -> LinkFinding:
    text = f"{host} stands for an address inside your own network. Nobody outside can reach it."
    return LinkFinding("LOCAL_ONLY", text)


def _shown_shortened(found: Recognised, *, inside: bool) -> Recognised:
    """Say that dots stand in or behind a link, where they do not merely end a sentence."""
    whole = found.provider not in {"", OTHER} and bool(found.ids) and not (set(_codes(found)) - _NOTES)
    if not inside and whole:
        return found
    damaged = any(code in _DAMAGE for code in _codes(found))
    text = "It ends in dots: what you copied is a shortened display of the link."
    if not inside and not damaged:
        text = "Dots stand behind it. Perhaps what you copied is a shortened display of the link."
    finding = LinkFinding("TRUNCATED", text, sure=inside or damaged)
    return replace(found, findings=_in_order([finding, *found.findings]))


_BY_CHAT: Final = LinkFinding(
    "REPAIRED", "Send it by chat: their mail filter rewrites links, and the key behind the # can get lost."
)


def _filtered(found: Recognised, through: Wrapper) -> Recognised:
    """Blame the mail filter for a key that is missing behind it: a new copy from the mail would lack it, too."""
    text = f"{through.label} rewrote this link and lost the key behind the #."
    lost = any(each.code == "KEY_MISSING" and each.sure for each in found.findings)
    if not lost:
        return replace(found, findings=(*found.findings, _BY_CHAT)) if "#" in found.url else found
    rest = [each for each in found.findings if each.code != "KEY_MISSING"]
    return replace(found, findings=_in_order([LinkFinding("KEY_CUT_BY_FILTER", text), *rest]))


def _codes(found: Recognised) -> list[str]:
    return [each.code for each in found.findings]


def _described(
    written: str,
    url: str,
    address: WebAddress,
    own: bool,  # noqa: FBT001 - one of six things known so far
    findings: list[LinkFinding],
    now: dt.datetime,
) -> Recognised:
    host, parts = address.host, _parts(address)
    candidates = own_pages() if own else at_host(host)
    maybe: list[Guess] = []
    for each in candidates:
        for shape in each.shapes:
            match = _match(shape, host, parts)
            if match is None:
                continue
            ids, more = match
            if _is_self_hosted(each) and not shape.shows_product(host, parts.path):
                if not shape.verdict:
                    seen_live = _seen_live(each, shape, ids, parts)
                    maybe.append(Guess(each.id, shape.kind, ids, shape.probe, seen_live))
                break
            findings += _faults(each, shape, ids, parts) + more
            if not own:
                findings += _ends(host, parts, now)
            return Recognised(
                written, url, each.id, each.label, shape.kind, ids, _in_order(findings), shape.probe, host,
                _seen_live(each, shape, ids, parts), tuple(maybe),
            )  # fmt: skip
        if "*" not in each.hosts:  # a known host with an unknown path is asked like any other page of it
            break
    known, any_page = candidates[0], other().shapes[0]
    findings += _ends(host, parts, now)
    return Recognised(
        written, url, OTHER, known.label, "page", {}, _in_order(findings), any_page.probe, host, any_page.seen_live
    )


def _seen_live(each: LinkProvider, shape: Shape, ids: Mapping[str, str], parts: _LinkParts) -> tuple[str, ...]:
    """Return the damage that this link may have without showing it.

    One with a capital has not lost its capitals; one whose ids are as long as they can be has not lost its end.
    """
    if not shape.seen_live:
        return ()
    told = [(each.ids[rule], ids.get(name, "")) for name, rule in shape.ids.items()]
    keyed = [need for need in shape.needs if need.id]
    told += [(each.ids[need.id], next((ids[name] for name in _names(need) if name in ids), "")) for need in keyed]
    has_capital = any(value != value.lower() for value in ([value for _, value in told] or [parts.path]))
    full = bool(told) and all(rule.exact and rule.lengths and len(value) == max(rule.lengths) for rule, value in told)
    impossible = ({"case"} if has_capital else set()) | ({"cut"} if full else set())
    return tuple(damage for damage in shape.seen_live if damage not in impossible)


def _is_self_hosted(each: LinkProvider) -> bool:
    return "*" in each.hosts and each.id != OTHER


def _names(need: RequiredPart) -> tuple[str, ...]:
    """Return the names under which a needed part stands among the ids."""
    return (need.name,) if need.part == "query" else tuple(re.compile(need.pattern).groupindex)


@dataclass(frozen=True, slots=True)
class _LinkParts:
    path: str
    query: Mapping[str, str]
    fragment: str
    search: str


def _parts(address: WebAddress) -> _LinkParts:
    path, _, search = address.path_and_query.partition("?")
    query: dict[str, str] = {}
    if search:
        for name, value in parse_qsl(search.replace("+", "%2B"), keep_blank_values=True):
            query.setdefault(name, value)
    return _LinkParts(unquote(path), query, unquote(address.fragment.lstrip("#")), unquote(search))


def _match(shape: Shape, host: str, parts: _LinkParts) -> tuple[dict[str, str], list[LinkFinding]] | None:
    """Return the ids of a link of this shape and what the shape itself says, or None."""
    if shape.host is not None and not shape.host.search(host):
        return None
    path = shape.path.search(parts.path)
    if path is None or any(name not in parts.query for name in shape.query):
        return None
    ids = {name: value for name, value in path.groupdict().items() if value is not None}
    for pattern, text in ((shape.search, parts.search), (shape.fragment, parts.fragment)):
        if pattern is not None:
            match = pattern.search(text)
            if match is None:
                return None
            ids |= {name: value for name, value in match.groupdict().items() if value is not None}
    ids |= {group: parts.query[name] for name, group in shape.query.items()}
    said = [LinkFinding(shape.verdict, shape.text)] if shape.verdict else []
    return ids, said


def _faults(each: LinkProvider, shape: Shape, ids: dict[str, str], parts: _LinkParts) -> list[LinkFinding]:
    found: list[LinkFinding] = []
    for need in shape.needs:
        found += _need(each, need, ids, parts)
    for name, rule in shape.ids.items():
        if name in ids and (fault := find_fault(each.ids[rule], ids[name])):
            found.append(LinkFinding(fault.code, fault.text, fault.sure))
    return found


def _need(each: LinkProvider, need: RequiredPart, ids: dict[str, str], parts: _LinkParts) -> list[LinkFinding]:
    if need.part == "query":
        value = parts.query.get(need.name, "")
        ids[need.name] = value
    else:
        match = re.search(need.pattern, parts.fragment)
        groups = match.groupdict() if match else {}
        value = next(iter(groups.values()), "") or ""
        ids |= {name: text for name, text in groups.items() if text}
    if not value:
        return [LinkFinding(need.finding, f"{need.text}.", need.sure)]
    fault = find_fault(each.ids[need.id], value, "the key") if need.id else None
    return [LinkFinding(fault.code, fault.text, fault.sure)] if fault else []


def _ends(host: str, parts: _LinkParts, now: dt.datetime) -> list[LinkFinding]:
    """Say when a signed address runs out, where it carries its end."""
    if not parts.query:
        return []
    lowered = {name.lower(): value for name, value in parts.query.items()}
    for kind in expiries():
        if kind.parameter.lower() not in lowered or (kind.host and not re.search(kind.host, host)):
            continue
        end = _end(kind.form, lowered, kind.parameter.lower())
        if end is None:
            continue
        day = f"{amounts.day(end)}, {end:%H:%M} UTC"
        if end <= now:
            return [LinkFinding("EXPIRED_URL", f"It is a {kind.label}, which ran out on {day}.")]
        return [LinkFinding("EXPIRES_AT", f"It is a {kind.label}, which runs out on {day}.")]
    return []


def _end(form: str, query: Mapping[str, str], name: str) -> dt.datetime | None:
    try:
        if form in {"amz", "goog"}:
            start = dt.datetime.strptime(query[f"x-{form}-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            return start + dt.timedelta(seconds=int(query[name]))
        if form == "iso":
            end = dt.datetime.fromisoformat(query[name])
            return end if end.tzinfo else end.replace(tzinfo=dt.UTC)
        if not re.fullmatch(r"[0-9a-fA-F]{8,11}", query[name]):
            return None
        return dt.datetime.fromtimestamp(int(query[name], 16 if form == "hex" else 10), dt.UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


_ORDER: Final = (
    "NOT_A_LINK", "UNSAFE_URL", "LOCAL_ONLY", "ACCOUNT_BOUND", "UPLOAD_REQUEST", "EXPIRED_URL", "CASE_LOST",
    "TRUNCATED", "KEY_CUT_BY_FILTER", "KEY_MISSING", "CHAR_DAMAGED", "NEEDS_SIGNIN", "EXPIRES_AT",
)  # fmt: skip
_PLACE: Final = {code: number for number, code in enumerate(_ORDER)}


def _in_order(findings: list[LinkFinding]) -> tuple[LinkFinding, ...]:
    """Put what settles most first; each finding once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: (_PLACE.get(each.code, 99), not each.sure)))
