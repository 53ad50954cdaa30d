"""Which wall stands between a stranger and the photo, on a page whose service has no rules of its own for it.

Structure is believed first: where a redirect led, the fields of a form, marks that firewalls and stores of files leave.
Words come second, in twenty languages, and only in a page that says little else. All signs are rows of walls.toml.
"""

from __future__ import annotations

import functools
import html
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import ada_url

from lib.links.evidence import Answer
from lib.links.rules import FOLDER, LinkRuleProblem

_LOOKED_AT: Final = 200_000  # characters of a page
_SHORT: Final = 1_800  # characters that a page of a wall shows at most; a page that shows more has something to show
_HARDLY_ANY: Final = 60  # characters that a frame shows before its program has run
# Which words are believed first where several are found.
_ORDER: Final = (
    "bot", "virus", "rules", "quota", "server", "expired", "country", "age", "org", "request", "password", "gone",
    "for_sale", "signin", "scanner", "preview", "app", "cookies",
)  # fmt: skip
_VETO: Final = frozenset({"password", "signin", "org", "request", "age", "bot"})


@dataclass(frozen=True, slots=True)
class Wall:
    """One kind of wall and its words; empty where the verdict's own are right."""

    id: str
    code: str
    seen: str
    line: str = ""
    sees: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetWall:
    """A wall that was met, by what it was known ("redirect", "structure", "text") and how sure that is."""

    wall: Wall
    basis: str
    confidence: str = "likely"


@functools.cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / "walls.toml").read_text(encoding="utf-8"))


@functools.cache
def walls() -> Mapping[str, Wall]:
    """Return every wall by its id."""
    try:
        return {
            name: Wall(id=name, **{**row, "steps": tuple(row.get("steps", ()))})
            for name, row in _table()["walls"].items()
        }
    except TypeError as error:
        msg = f"walls.toml: a wall lacks a field or has one too many ({error})."
        raise LinkRuleProblem(msg) from error


@functools.cache
def accepting() -> tuple[str, ...]:
    """Return what buttons say that let cookies pass, in small letters."""
    return tuple(_normalised(word) for words in _table()["buttons"]["cookies"].values() for word in words)


def met(wall: str, basis: str, confidence: str = "likely") -> MetWall:
    """Return a wall by its id, as met."""
    return MetWall(walls()[wall], basis, confidence)


@functools.cache
def _phrases(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return one pattern for all wordings of each wall, in the order in which they are believed."""
    found: dict[str, list[str]] = {}
    for wall, languages in _table()[part].items():
        for phrases in languages.values():
            for phrase in phrases:
                word = re.escape(_normalised(phrase))
                latin = phrase[0].isascii() and phrase[-1].isascii()
                found.setdefault(wall, []).append(rf"(?<!\w){word}" if latin else word)
    return tuple((wall, re.compile("|".join(found[wall]))) for wall in _ORDER if wall in found)


_APART: Final = 48  # characters between two parts of one sentence
_STOPS: Final = ".!?;|•·।؟"


@functools.cache
def _pairs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return one pattern for the wordings of each wall that stand in two parts, in the order of belief."""
    found: dict[str, list[str]] = {}
    gap = rf"[^{re.escape(_STOPS)}]{{0,{_APART}}}?"
    for wall, languages in _table()["pairs"].items():
        for row in languages.values():
            of, after, before = (_either(row[part]) for part in ("of", "after", "before"))
            found.setdefault(wall, []).extend(
                [f"{of}{gap}{after}"] * bool(after) + [f"{before}{gap}{of}"] * bool(before)
            )
    return tuple((wall, re.compile("|".join(found[wall]))) for wall in _ORDER if wall in found)


def _either(words: list[str]) -> str:
    """Return a pattern for one of several words, each at the beginning of a word where its writing has spaces."""
    each = [
        rf"(?<!\w){re.escape(word)}" if word[0].isascii() and word[0].isalpha() else re.escape(word)
        for word in map(_normalised, words)
    ]
    return f"(?:{'|'.join(each)})" if each else ""


@functools.cache
def _rows(part: str, field: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    name = "what" if part == "pictures" else "wall"
    return tuple((row[name], re.compile(row[field], re.IGNORECASE)) for row in _table()[part] if field in row)


def place_of(answer: Answer) -> MetWall | None:
    """Return the wall that a redirect led to, by the address alone."""
    if not answer.moved:
        return None
    path = "/" + answer.url.partition("//")[2].partition("/")[2]
    if path == answer.first_path and answer.host == answer.first_host:
        return None
    for wall, pattern in _rows("places", "host"):
        if answer.host != answer.first_host and pattern.search(answer.host):
            return met(wall, "redirect")
    for wall, pattern in _rows("places", "path"):
        if pattern.search(path) and not pattern.search(answer.first_path):
            return met(wall, "redirect")
    return None


def wall_of(answer: Answer) -> MetWall | None:
    """Return the wall that an answer shows, or None where nothing is known about its page."""
    found = place_of(answer)
    if found is not None:
        return found
    if answer.media not in {"", "html"}:
        return None
    page = _Page(answer.text)
    return _by_structure(page) or _by_text(page) or _by_emptiness(page, answer) or _by_start_page(answer)


def veto(answer: Answer, title: str) -> MetWall | None:
    """Return the wall on a page that also shows signs of an open one; `title` is what its owner wrote."""
    page = _Page(answer.text)
    form = page.form()
    if form:
        return met(form, "structure")
    own = _normalised(title)
    for wall, pattern in _phrases("sentences"):
        if wall in _VETO and any(_says(wall, pattern, each) for each in page.headings if not own or own not in each):
            return met(wall, "text")
    return met("signin", "text") if "signin" in page.titles(own) else None


def not_a_photo(address: str) -> str:
    """Say what a picture is by its address where it is nobody's photo: "avatar", "logo", "placeholder"; else empty."""
    return next((what for what, pattern in _rows("pictures", "url") if pattern.search(address)), "")


_META: Final = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
_OF_PICTURE: Final = re.compile(
    r"(?:property|name)\s*=\s*[\"']?(?:og:image(?::secure_url|:url)?|twitter:image)\b", re.IGNORECASE
)
_CONTENT: Final = re.compile(r"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)


def named_picture(answer: Answer) -> str:
    """Return the picture that a page names for previews, where it can be the photo; else empty."""
    for meta in _META.findall(answer.text[:_LOOKED_AT]):
        found = _CONTENT.search(meta) if _OF_PICTURE.search(meta) else None
        if found is None:
            continue
        try:
            address = str(ada_url.join_url(answer.url, html.unescape(next(filter(None, found.groups()), ""))))
        except ValueError:
            continue
        if address.startswith(("https://", "http://")) and not not_a_photo(address):
            return address
    return ""


_ANCHOR: Final = re.compile(r"<a\b[^>]*?\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_MOST_LINKS: Final = 40  # a page in between has few


def linked(answer: Answer) -> list[str]:
    """Return the addresses that a page links to, in their order; nothing where it links to many."""
    found = [html.unescape(next(filter(None, each.groups()), "")) for each in _ANCHOR.finditer(answer.text)]
    if len(found) > _MOST_LINKS:
        return []
    return [each for each in dict.fromkeys(found) if each.startswith(("https://", "http://"))]


def other_picture(asked: str, came: str) -> str:
    """Return the wall where a link to one picture led to another: "placeholder", "other_picture", or nothing."""
    first, last = (_file_name(url) for url in (asked, came))
    if first == last or not last:
        return ""
    if not_a_photo(came) == "placeholder" and not_a_photo(asked) != "placeholder":
        return "placeholder"
    stem, ending = first.rpartition(".")[::2]
    names_a_picture = ending.lower() in {"jpg", "jpeg", "png", "webp", "gif", "avif", "heic"}
    return "other_picture" if names_a_picture and stem.lower() not in came.lower() else ""


def _file_name(url: str) -> str:
    try:
        return str(ada_url.URL(url).pathname).rpartition("/")[2]
    except ValueError:
        return ""


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())


_UNSHOWN: Final = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^>]*>")
_HEADING: Final = re.compile(r"<(title|h[1-3])\b[^>]*>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_FORM: Final = re.compile(r"<form\b.*?(?:</form\s*>|$)", re.DOTALL | re.IGNORECASE)
_INPUT: Final = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_TYPE: Final = re.compile(r"\btype\s*=\s*[\"']?([a-z]+)", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"\b(?:name|id|autocomplete)\s*=\s*[\"']?[^\"'>]*(?:user|mail|login|account|ident|phone|benutzer|pseudo)",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_PARTS: Final = re.compile(r"\s+[|\-–—·•»:]+\s+|[|·•»]")


class _Page:
    """A page, read only as far as a question needs."""

    def __init__(self, text: str) -> None:
        self.source = text[:_LOOKED_AT]

    @functools.cached_property
    def body(self) -> str:
        """The page without its scripts, styles and comments."""
        return _UNSHOWN.sub(" ", self.source)

    @functools.cached_property
    def text(self) -> str:
        """What a reader sees, in one line and small letters."""
        return _normalised(html.unescape(_TAG.sub(" ", self.body)))

    @functools.cached_property
    def headings(self) -> tuple[str, ...]:
        return tuple(_normalised(html.unescape(_TAG.sub(" ", found[2]))) for found in _HEADING.finditer(self.body))

    def titles(self, own: str = "") -> Iterator[str]:
        """Yield the walls that a heading names, the most believed first."""
        parts = {
            part.strip(" .!?…*\"'")
            for heading in self.headings
            for part in _PARTS.split(heading)
            if part.strip() != own
        }
        for wall, pattern in _phrases("headings"):
            if any(pattern.fullmatch(part) for part in parts):
                yield wall

    def form(self) -> str:
        """Return "password" or "signin" where a form asks for it and the page has little else to show."""
        if "password" not in self.body.lower():
            return ""
        for form in _FORM.findall(self.body) or [self.body]:
            fields = _INPUT.findall(form)
            kinds = [(found[1].lower() if (found := _TYPE.search(each)) else "text") for each in fields]
            if "password" not in kinds:
                continue
            pairs = list(zip(fields, kinds, strict=True))
            named = any(kind in {"email", "tel"} or (kind == "text" and _NAMED.search(each)) for each, kind in pairs)
            if not named and kinds.count("password") == 1 and "text" not in kinds:
                if _is_offered(_normalised(html.unescape(form))):  # a form of whoever owns the page
                    continue
                return "password"
            # Many galleries carry a small form for their members on every page.
            if len(self.text) <= _SHORT and (not self.shows_pictures or "signin" in self.titles()):
                return "signin"
        return ""

    @property
    def shows_pictures(self) -> bool:
        """Whether the page has a picture that is not a logo or a face by its address."""
        sources = (html.unescape(found[1]) for found in _IMAGE.finditer(self.body))
        return any(not source.startswith("data:") and not not_a_photo(f"/{source}") for source in sources)


def _by_structure(page: _Page) -> MetWall | None:
    for row, (wall, pattern) in zip(_table()["structure"], _rows("structure", "body"), strict=True):
        if pattern.search(page.source) and (not row.get("heading") or len(page.text) <= _SHORT):
            return met(wall, "structure")
    form = page.form()
    return met(form, "structure") if form else None


def _by_text(page: _Page) -> MetWall | None:
    short = len(page.text) <= _SHORT
    for heading in page.headings:
        for wall, pattern in _phrases("sentences"):
            if wall not in {"cookies", "app", "preview"} and _says(wall, pattern, heading):
                return met((short and wall in _VAGUE and _why(page)) or wall, "text")
    named = next(page.titles(), "")
    if short and named in _VAGUE and (why := _why(page)):
        return met(why, "text")
    if short:
        for wall, pattern in _phrases("sentences"):
            # A page that is headed "sign in" also says what to do with a lost password, or whose fault it was.
            if _says(wall, pattern, page.text) and not (
                named == "signin" and wall in {"gone", "password", "cookies", "app"}
            ):
                return met(wall, "text")
    if named:
        return met(named, "text")
    return _by_pairs(page) if short and not page.shows_pictures else None


def _by_pairs(page: _Page) -> MetWall | None:
    """Return the wall that two words in one sentence tell of."""
    found = next((wall for wall, pattern in _pairs() if _says(wall, pattern, page.text)), "")
    if found == "password" and _names_account().search(page.text):
        found = "signin"
    return met(found, "text") if found else None


@functools.cache
def _names_account() -> re.Pattern[str]:
    """A page that asks for a name or an address beside a password asks people to sign in."""
    return re.compile("|".join(re.escape(_normalised(word)) for word in _table()["account_names"]))


_VAGUE: Final = frozenset({"gone"})  # "not available": the text often says why
_WHY: Final = frozenset({"rules", "quota", "expired", "country", "org", "virus"})


def _why(page: _Page) -> str:
    """Return why nothing is there, where a short page that is headed "not available" says so."""
    said = (*_phrases("sentences"), *_pairs())
    return next((wall for wall, pattern in said if wall in _WHY and _says(wall, pattern, page.text)), "")


_BESIDE: Final = 30  # characters before and behind words about rules


def _says(wall: str, pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text says so, of this page: many offer to report what breaks the rules, or to set a password."""
    if wall == "password":
        return any(not _is_offered(_sentence(text, found)) for found in pattern.finditer(text))
    if wall != "rules":
        return bool(pattern.search(text))
    return any(
        not _reporting().search(text, max(0, found.start() - _BESIDE), found.end() + _BESIDE)
        for found in pattern.finditer(text)
    )


def _sentence(text: str, found: re.Match[str]) -> str:
    """Return what stands around a match, as far as its sentence goes."""
    behind = re.split(f"[{re.escape(_STOPS)}]", text[found.end() : found.end() + _APART], maxsplit=1)[0]
    before = re.split(f"[{re.escape(_STOPS)}]", text[max(0, found.start() - _APART) : found.start()])[-1]
    return f"{before}{found[0]}{behind}"


def _is_offered(text: str) -> bool:
    """Whether words about a password offer to set one."""
    return bool(_offering().search(text))


@functools.cache
def _offering() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(_normalised(word)) for word in _table()["offering"]))


@functools.cache
def _reporting() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(_normalised(word)) for word in _table()["reporting"]))


def _by_start_page(answer: Answer) -> MetWall | None:
    """A link to a photo that leads to the start page of its own site."""
    _, _, path = answer.url.partition("//")[2].partition("/")
    deeper = len(answer.first_path.partition("?")[0].strip("/")) > 1
    there = answer.moved and not path.partition("?")[0] and "#" not in path
    return met("start_page", "redirect", "unsure") if there and deeper and answer.host == answer.first_host else None


def _by_emptiness(page: _Page, answer: Answer) -> MetWall | None:
    if not answer.fetched.body.strip():
        return met("empty", "structure", "unsure")
    scripted = "<script" in page.source.lower()
    return met("script", "structure", "unsure") if scripted and len(page.text) <= _HARDLY_ANY else None
