"""What an answer shows: where it came from, its status, its JSON, its first bytes; and whether a rule fits it."""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

import ada_url

from lib.links import secrets_of_links
from lib.links.fetch import Fetched
from lib.links.media import SHOWN_EVERYWHERE, sniff
from lib.links.rules import Rule

_PLACEHOLDER: Final = re.compile(r"\{(&?)([a-z_]+)(\??)\}")
_RAW: Final = frozenset({"host", "origin", "there", "base"})  # parts of an address that a rule's pattern has checked
_MISSING: Final = object()


class Answer:
    """One answer, read only as far as a rule asks."""

    def __init__(self, fetched: Fetched) -> None:
        self.fetched = fetched
        self.status = fetched.status
        self.url = fetched.left_for or fetched.url

    @functools.cached_property
    def host(self) -> str:
        """The host that answered last, or the one that it sends people to."""
        if self.fetched.hops and not self.fetched.left_for:
            return self.fetched.host
        try:
            return ada_url.URL(self.url).hostname
        except ValueError:
            return ""

    @property
    def moved(self) -> bool:
        """Whether the answer came from elsewhere than the address that was asked first."""
        return bool(self.fetched.left_for) or len(self.fetched.hops) > 1

    @property
    def first_host(self) -> str:
        """The host that was asked first."""
        return self.fetched.hops[0].host if self.fetched.hops else ""

    @property
    def first_url(self) -> str:
        """The address that was asked first."""
        return self.fetched.hops[0].url if self.fetched.hops else self.fetched.url

    @property
    def first_path(self) -> str:
        """The path and query that were asked first."""
        return "/" + self.first_url.partition("//")[2].partition("/")[2]

    @functools.cached_property
    def text(self) -> str:
        """The body as text."""
        return self.fetched.body.decode("utf-8", "replace")

    @functools.cached_property
    def media(self) -> str:
        """What the first bytes are."""
        return sniff(self.fetched.body)

    @functools.cached_property
    def document(self) -> Any:
        """The body as JSON; `_MISSING` when it cannot be read as JSON."""
        try:
            return json.loads(self.fetched.body)
        except (ValueError, RecursionError):
            return _MISSING

    def at(self, path: str) -> Any:
        """Return what stands at a path of the JSON (`results/0/name`), or None. `?` is a bare number."""
        found = self.document
        if path == "?":
            found = found[0] if isinstance(found, list) and found else found
            return found if isinstance(found, int | str) else None
        for step in path.split("/"):
            if isinstance(found, list):
                found = found[int(step)] if step.isdigit() and int(step) < len(found) else _MISSING
            else:
                found = found.get(step, _MISSING) if isinstance(found, dict) else _MISSING
            if found is _MISSING:
                return None
        return None if found is _MISSING else found


def fits(rule: Rule, probe: str, answer: Answer, values: Mapping[str, str]) -> bool:
    """Whether every condition of a rule holds for an answer."""
    if rule.probe and probe not in rule.probe:
        return False
    if rule.status and answer.status not in rule.status:
        return False
    if (rule.media and answer.media not in rule.media) or answer.media in rule.not_media:
        return False
    if rule.basis == "redirect" and answer.media in SHOWN_EVERYWHERE and not answer.moved:
        return False  # /gallery/sign-in/beach.jpg that is a picture is no sign-in page
    return (
        (rule.host is None or bool(rule.host.search(answer.host)))
        and (rule.url is None or bool(rule.url.search(answer.url)))
        and (not rule.header or _headers_fit(answer.fetched.headers, rule.header))
        and (not rule.json or all(_json_fits(answer.at(path), wanted) for path, wanted in rule.json.items()))
        and (rule.body is None or bool(rule.body.search(answer.text)))
        and (rule.not_body is None or not rule.not_body.search(answer.text))
        and (not rule.check or CHECKS[rule.check](answer, values))
    )


def _headers_fit(headers: Mapping[str, str], wanted: Mapping[str, re.Pattern[str]]) -> bool:
    return all(pattern.search(headers.get(name, "")) for name, pattern in wanted.items())


def _json_fits(value: Any, wanted: str) -> bool:
    if wanted == "!":
        return value is None
    if value is None:
        return False
    return wanted == "*" or bool(re.search(wanted, str(value)))


def take(rule: Rule, answer: Answer, values: Mapping[str, str]) -> dict[str, str]:
    """Read out of an answer what a rule wants to keep, as short text."""
    taken = {name: _taken(how, answer, values) for name, how in rule.take.items()}
    return {name: value[:4_000] for name, value in taken.items() if value}


def _taken(how: str, answer: Answer, values: Mapping[str, str]) -> str:
    kind, _, rest = how.partition(":")
    return _TAKERS[kind](rest, answer, values)


def _first_group(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.IGNORECASE | re.DOTALL)
    return html.unescape(match[1]).strip() if match else ""


def _from_header(rest: str, answer: Answer, _values: Mapping[str, str]) -> str:
    name, _, pattern = rest.partition(":")
    return _first_group(pattern or "(.+)", answer.fetched.headers.get(name, ""))


def _from_json(path: str, answer: Answer, _values: Mapping[str, str]) -> str:
    value = answer.at(path)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _length(path: str, answer: Answer, _values: Mapping[str, str]) -> str:
    value = answer.at(path)
    return str(len(value)) if isinstance(value, list) else ""


def _tally(rest: str, answer: Answer, _values: Mapping[str, str]) -> str:
    """Count the objects of a JSON list of which one field has one value: `tally:records:recordType=CPLAsset`."""
    path, _, wanted = rest.partition(":")
    name, _, value = wanted.partition("=")
    found = answer.at(path)
    return str(sum(isinstance(each, dict) and each.get(name) == value for each in found)) if found else ""


def _from_script(rest: str, answer: Answer, _values: Mapping[str, str]) -> str:
    """Read a value out of a JSON array that stands inside a page's script, behind a marker."""
    marker, _, path = rest.partition(":")
    place = answer.text.find(marker)
    start = answer.text.find("[", place)
    if place < 0 or start < 0:
        return ""
    try:
        found, _ = json.JSONDecoder().raw_decode(answer.text, start)
        for step in path.split("/"):
            found = found[int(step)]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return str(found) if isinstance(found, str | int) else ""


_TAKERS: Final[Mapping[str, Callable[[str, Answer, Mapping[str, str]], str]]] = {
    "json": _from_json,
    "len": _length,
    "tally": _tally,
    "header": _from_header,
    "body": lambda pattern, answer, _: _first_group(pattern, answer.text),
    "count": lambda pattern, answer, _: str(len(re.findall(pattern, answer.text))),
    "js": _from_script,
    "check": lambda name, answer, values: NAMED[name](answer, values),
}


@dataclass(frozen=True, slots=True)
class _Blank:
    """A place in a template that is filled in: `{name}`, `{name?}` or `{&name}`."""

    name: str
    joined: bool  # becomes `&name=…`
    optional: bool
    raw: bool  # an address, or a part of one that a rule's pattern has checked: not escaped again

    def filled(self, value: str, escape: str) -> str:
        if escape == "json":
            return json.dumps(value)[1:-1]
        if escape == "header":
            return re.sub(r"[^\x20-\x7e]", "", value)
        if self.joined:
            return f"&{self.name}={quote(value, safe='')}"
        return value if self.raw else quote(value, safe="")


@functools.lru_cache(maxsize=1_024)
def _template(template: str) -> tuple[str | _Blank, ...]:
    """Split a template of the rule files into literal text and blanks."""
    parts: list[str | _Blank] = []
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        if literal := template[end : match.start()]:
            parts.append(literal)
        joined, name, optional = match.groups()
        parts.append(_Blank(name, bool(joined), bool(joined or optional), name in _RAW or match.start() == 0))
        end = match.end()
    return (*parts, template[end:])


def blanks(template: str) -> frozenset[str]:
    """Return the names that a template is filled with."""
    return frozenset(part.name for part in _template(template) if isinstance(part, _Blank))


def fill(template: str, values: Mapping[str, str], *, escape: str) -> str | None:
    """Fill a template from what is known; None when something that has to be there is not.

    `{name}` has to be there, `{name?}` may be missing, `{&name}` becomes `&name=…` or nothing. `escape` says where the
    text goes: "url", "json" or "header".
    """
    filled: list[str] = []
    for part in _template(template):
        if isinstance(part, str):
            filled.append(part)
        elif value := values.get(part.name, ""):
            filled.append(part.filled(value, escape))
        elif not part.optional:
            return None
    return "".join(filled)


_PREFETCH: Final = re.compile(r"registerStreamedPrefetch\(\s*\"[^\"]*\"\s*,\s*\"([A-Za-z0-9+/=_-]+)\"")


def _dropbox_password(answer: Answer, _values: Mapping[str, str]) -> bool:
    """Whether a Dropbox page carries its password form, in the open or inside its packed data."""
    if "/sm/password" in answer.text:
        return True
    return any(b"/sm/password" in secrets_of_links.base64_bytes(found) for found in _PREFETCH.findall(answer.text))


def _dropbox_parts(answer: Answer) -> list[str]:
    """Return what a Dropbox page carries packed inside its script."""
    return [secrets_of_links.base64_bytes(found).decode("utf-8", "replace") for found in _PREFETCH.findall(answer.text)]


_DROPBOX_PREVIEW: Final = re.compile(
    r"https://(?:[a-z0-9]+\.previews\.dropboxusercontent\.com/p/|www\.dropbox\.com/temp_thumb_from_token/)[\w/.?=&%~-]+"
)


def _dropbox_preview(answer: Answer, _values: Mapping[str, str]) -> str:
    """Return the address of the small picture that a Dropbox page shows of its file."""
    found = (_DROPBOX_PREVIEW.search(part) for part in (*_dropbox_parts(answer), answer.text))
    return next((match[0] for match in found if match), "")


def _dropbox_download(answer: Answer, _values: Mapping[str, str]) -> str:
    """Say whether a Dropbox page hands the file itself to strangers: "yes", "no", or nothing where it does not say."""
    parts = _dropbox_parts(answer)
    return "" if not parts else "yes" if any("anonymous:\tanonymous" in part for part in parts) else "no"


def _mega_name(answer: Answer, values: Mapping[str, str]) -> str:
    return secrets_of_links.mega_name(str(answer.at("0/at") or ""), values.get("key", "")) or ""


def _mega_opens(answer: Answer, values: Mapping[str, str]) -> bool:
    return secrets_of_links.mega_name(str(answer.at("0/at") or ""), values.get("key", "")) is not None


CHECKS: Final[Mapping[str, Callable[[Answer, Mapping[str, str]], bool]]] = {
    "dropbox_password": _dropbox_password,
    "dropbox_view_only": lambda _, values: bool(values.get("preview")) and values.get("download") == "no",
    "mega_key_opens": _mega_opens,
    "mega_key_fails": lambda answer, values: not _mega_opens(answer, values),
}
NAMED: Final[Mapping[str, Callable[[Answer, Mapping[str, str]], str]]] = {
    "mega_name": _mega_name,
    "dropbox_preview": _dropbox_preview,
    "dropbox_download": _dropbox_download,
}


def derived(url: str, ids: Mapping[str, str], wanted: frozenset[str]) -> dict[str, str]:
    """Return those of the `wanted` names that are computed from a link: its origin, its encoded form, …."""
    return {name: how(url, ids) for name, how in _DERIVED.items() if name in wanted}


def _raw_url(url: str, _ids: Mapping[str, str]) -> str:
    parsed = ada_url.URL(url)
    query = "&".join(part for part in parsed.search[1:].split("&") if part and not part.startswith(("dl=", "raw=")))
    return f"{parsed.origin}{parsed.pathname}?{query}&raw=1" if query else f"{parsed.origin}{parsed.pathname}?raw=1"


_DERIVED: Final[Mapping[str, Callable[[str, Mapping[str, str]], str]]] = {
    "url": lambda url, _: url.partition("#")[0],
    "host": lambda url, _: ada_url.URL(url).host,
    "origin": lambda url, _: ada_url.URL(url).origin,
    "raw_url": _raw_url,
    "onedrive_share": lambda url, _: secrets_of_links.onedrive_share(url),
    "icloud_partition": lambda _, ids: secrets_of_links.icloud_partition(ids.get("id", "")),
    "name": lambda _, ids: unquote(ids.get("name", "")),
}
