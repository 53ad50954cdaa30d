"""Links as people paste them: found in a message, freed of what stuck to them, taken out of detours.

Everything here is deterministic and offline. What was done is said, so that both forms can be shown.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote

import ada_url

from lib.links.guard import host_matches
from lib.links.local_names import local_name_pattern
from lib.links.rules import wrappers

MAX_TEXT_CHARS: Final = 1_000_000  # of a pasted text; whoever has more has a file
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_BOTH = f"(?:{_INVISIBLE.pattern}|{_CONTROL.pattern})*"

# A link begins with a scheme, or it is a bare name with a path ("photos.app.goo.gl/…").
_START = re.compile(
    rf"""
    (?P<web>h{_BOTH}(?:tt|xx){_BOTH}ps?{_BOTH}(?::|%3a){_BOTH}(?:[/\\]|%2f){{0,6}}[^\s<>"|`]+)
    |(?P<bare>(?<![\w@./=-])(?:[a-z0-9](?:[a-z0-9-]{{0,62}})\.){{1,5}}[a-z]{{2,18}}(?::\d{{1,5}})?/[^\s<>"|`]*)
    |(?P<other>(?<![\w])(?:file|content|ph|assets-library|blob|data|javascript|smb|ftp|intent):[^\s<>"|`]*
        |(?<![\w/])[a-z]:\\[^\n<>"|`]+|(?<![\w/:.])/(?:Users|home|storage|sdcard|private|var)/[^\n<>"|`]+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TRAILING: Final = ".,;:!?'\"’”»*~…"  # not _ and -, which ids end with
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_ENCODED_WHOLE = re.compile(r"https?%3a", re.IGNORECASE)
_DOUBLED = re.compile(r"(?:https?:/{0,3})+(?=https?:/)", re.IGNORECASE)
_BROKEN = re.compile(r"(https?):(?:/(?!/)|//+/|[\\]+|(?![/\\]))[/\\]*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_MARKDOWN = re.compile(r"\]\((?=h)", re.IGNORECASE)
_URLDEFENSE = re.compile(r"/v3/__(.+?)__;")
_MORE = re.compile(r"[ \t]*\r?\n?[ \t]*([A-Za-z0-9._~%/?#&=+!-]+)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A link without what stuck to it. `done` says in words what was taken away."""

    url: str = field(repr=False)
    done: tuple[str, ...]
    cut_off: bool = False  # it ended in three dots


@dataclass(frozen=True, slots=True)
class Piece:
    """A link where it was found in a text, as it was written, and what stands behind it."""

    written: str = field(repr=False)
    start: int
    end: int


@functools.cache
def _local_hosts() -> re.Pattern[str]:
    """A local host as a whole text, without https:// before it: "localhost:8501", "nas.local/photos"."""
    name = local_name_pattern().pattern
    return re.compile(rf"^(?:localhost|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{name})(?::\d+)?(?:/\S*)?$", re.IGNORECASE)


def pieces(text: str) -> Iterator[Piece]:
    """Find everything in a text that looks like a link. Linear in its length; reads at most `MAX_TEXT_CHARS`."""
    text = text[:MAX_TEXT_CHARS]
    if _local_hosts().match(text.strip()):
        yield Piece(text.strip(), 0, len(text))
        return
    for match in _START.finditer(text):
        written = match[0]
        for inner in _MARKDOWN.split(written) if match["web"] else [written]:
            if inner and (inner is written or inner.lower().startswith(("http", "hxxp"))):
                yield Piece(inner, match.start(), match.end())


def rest_after(text: str, piece: Piece) -> str:
    """Return what may be the torn-off rest of a link: the next run of link characters, behind a break or a space."""
    match = _MORE.match(text, piece.end)
    return match[1] if match and "://" not in match[1] else ""


def clean(written: str) -> Cleaned:
    """Free a link of what stuck to it: invisible characters, punctuation, HTML and other people's encodings."""
    done: list[str] = []
    stripped = written.strip()
    url = _CONTROL.sub("", _INVISIBLE.sub("", stripped)).replace("\u00a0", "")
    if url != stripped:
        done.append("Invisible characters inside it were taken out.")
    if "&amp;" in url:
        url = html.unescape(url)
        done.append("HTML code (&amp;) became plain again.")
    if _ENCODED_WHOLE.match(url):
        url = unquote(url)
        done.append("It was percent-encoded as a whole; that was undone.")
    url, undone = _mend_scheme(url)
    done += undone
    url, cut_off, trimmed = _trim(url)
    if trimmed:
        done.append(f"Behind it stood {trimmed!r}, which is not part of it.")
    return Cleaned(url, tuple(done), cut_off)


def _mend_scheme(url: str) -> tuple[str, list[str]]:
    done: list[str] = []
    if url[:4].lower() == "hxxp":
        url = "http" + url[4:]
        done.append("It began with hxxp; links begin with http.")
    doubled = _DOUBLED.match(url)
    if doubled:
        url = url[doubled.end() :]
        done.append("It began with https:// twice.")
    broken = _BROKEN.match(url)
    if broken:
        url = f"{broken[1].lower()}://{url[broken.end() :]}"
        done.append("The slashes after https: were not right.")
    if not _SCHEME.match(url) and not url.startswith(("/", "\\")):
        url = f"https://{url}"
        done.append("https:// was missing at its beginning.")
    return url, done


def _trim(url: str) -> tuple[str, bool, str]:
    """Cut punctuation off the end; a closing bracket only where none was opened inside."""
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _TRAILING or (last in _PAIRS and url.count(_PAIRS[last], 0, end) < url.count(last, 0, end)):
            end -= 1
        else:
            break
    trimmed = url[end:]
    cut_off = "…" in trimmed or "..." in trimmed or "…" in url[:end]
    return url[:end], cut_off, "" if cut_off else trimmed


@functools.cache
def _wrapper_hosts() -> re.Pattern[str]:
    """A quick look: most links name none of these hosts anywhere."""
    return re.compile("|".join(re.escape(each.host.lstrip("*.")) for each in wrappers()), re.IGNORECASE)


def unwrap(url: str) -> tuple[str, str] | None:
    """Return the link inside a detour and the detour's name, or None."""
    if not _wrapper_hosts().search(url):
        return None
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return None
    host, path = parsed.hostname, parsed.pathname
    for wrapper in wrappers():
        if not (host_matches(host, (wrapper.host,)) and re.match(wrapper.path, path)):
            continue
        if inner := _inside(url, path, parsed.search, wrapper.parameter):
            return inner, wrapper.label
    return None


def _inside(url: str, path: str, search: str, names: tuple[str, ...]) -> str:
    if match := _URLDEFENSE.search(url):
        return match[1]
    if names:
        values = parse_qs(search.lstrip("?"))
        inner = next((values[name][0] for name in names if name in values), "")
    else:
        inner = unquote(search.lstrip("?")) or path.lstrip("/")
    for _ in range(2):  # encoded twice, now and then
        if _ENCODED_WHOLE.match(inner):
            inner = unquote(inner)
    return inner if re.match(r"https?://", inner, re.IGNORECASE) else ""
