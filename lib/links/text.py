"""Links as people paste them: found in a message, freed of what stuck to them.

Everything here is deterministic and offline. What was done is said, so that both forms can be shown. Detours that apps
and mail filters put around a link stand in `lib.links.unwrap`.
"""

# ruff: noqa: RUF001 - signs of other scripts that look like ours are what people write behind a link

from __future__ import annotations

import bisect
import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from lib.links.known import providers
from lib.links.local_names import local_name_pattern

MAX_TEXT_CHARS: Final = 1_000_000  # of a pasted text; whoever has more has a file
_NOT_SEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+"
)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# What no link holds and what people write right behind one: quotes, the stops of other scripts, arrows, emoji.
_STOPS: Final = (
    r"\s<>\"|`“”„‟«»‹›¿¡"
    "、。〈〉《》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟・｡｢｣､！（），：；？［］｛｝～"
    "،؛؟۔।॥։።፣၊။។"
    "\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\u20e3\ufe00-\ufe0f\U0001f000-\U0001faff"
)
_DOT: Final = r"(?:\.|[。．｡](?=[a-z0-9])|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\))"
_IN: Final = rf"(?:[^{_STOPS}]|[。．｡](?=[a-z0-9-]{{1,63}}[./。．｡]))"
# "https" and the ways to mistype it. One that has lost its first letter must begin a word, or ftp would be http.
_HTTP: Final = r"(?:hh?[tx]{1,4}p{1,2}s{0,2}|hptts?|httsp|htpts?|(?<![a-z])[tx]{1,3}ps?)"
_COLON: Final = (
    r"(?:\s?(?:[:：;]{1,2}|\[:\])\s?[/\\／]{2,6}|:\\?/\\?/?|:(?=[a-z0-9])"
    r"|\.?[/／]{2,4}|%(?:25)*3a(?:/|%(?:25)*2f){0,6}|\[:?//\])\s?"
)
_START = re.compile(
    rf"""
    (?P<web>{_HTTP}{_COLON}{_IN}+)
    |(?P<bare>(?<![\w@./=-])(?:[a-z0-9](?:[a-z0-9-]{{0,62}}){_DOT}){{1,5}}[a-z]{{2,18}}(?::\d{{1,5}})?/{_IN}*)
    |(?P<other>(?<![\w])(?:file|content|ph|assets-library|blob|data|javascript|smb|ftp|intent):[^\s<>"|`]*
        |(?<![\w])[a-z]:\\[^\n<>"|`]+|(?<![\w/:.])/(?:Users|home|storage|sdcard|private|var)/[^\n<>"|`]+
        |(?<![\w\\:/])\\\\[\w.-]+\\[^\n<>"|`]+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Two links that were glued together. One inside the other's query or path (`?url=https://…`) is left alone.
_NEXT_LINK = re.compile(r"(?<![=/?&#:_@+~({!-])(?<!/www\.)(?=https?:/)", re.IGNORECASE)
_TRAILING: Final = ".,;:!?'\"’‘”»*~^…—–"  # not _ and -, which ids end with
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_ENCODED_WHOLE = re.compile(r"[a-z]{3,6}%(?:25)*3a", re.IGNORECASE)
_DOUBLED = re.compile(r"(?:https?:/{0,3}(?:www\.)?)+(?=https?:/)", re.IGNORECASE)
_BEGINNING = re.compile(rf"({_HTTP}){_COLON}(?:[/\\／]*)", re.IGNORECASE)
_RIGHT_BEGINNING = re.compile(r"https?://(?![/\\\s])", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_HTML_END = re.compile(
    r"&(?:nbsp|quot|lt|gt|apos|[lr][ad]quo|bull|middot|hellip|emsp|ensp|#\d{2,4}|#x[0-9a-f]{2,4});?", re.IGNORECASE
)
_BACKSLASH = re.compile(r"\\(?:u00([0-9a-f]{2})|/)", re.IGNORECASE)
_CODED_END = re.compile(r"(?:%(?:20|0A|0D|22|3C|3E|E2%80%8B|C2%A0|EF%BB%BF))+$", re.IGNORECASE)
_DEFANGED = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE)
# Scripts that put no space between words: a letter of theirs right behind a letter of a link begins the next word.
_NEXT_WORD = re.compile(
    r"(?<=[A-Za-z0-9])[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_LONGEST_WORD: Final = 24  # letters of a word that somebody wrote right behind a link: our own choice
_MAIL_CODING: Final = "It had the signs of e-mail's own coding inside (=3D); they were undone."
_TAG = re.compile(r"\[/?(?:url|img|link|quote|code|b|i|u|s|size|color|center)\b", re.IGNORECASE)  # of forums
# Nothing stuck to a link of these characters: the usual case, and the quick one.
_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/(?:[A-Za-z0-9._~/%=?&#+@!:-]*[A-Za-z0-9_/=&-])?")
_QUOTED = re.compile(r"=(?:3D|2E|2F|3F|26|25|23|5F|2D|20)")
_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n(?:[ \t]*>)*[ \t]?")
_MORE = re.compile(r"[ \t]*=?[ \t]*(?:\r?\n)?(?:[ \t]*[>|])*[ \t]*([A-Za-z0-9._~%/?#&=+!*@:,-]+)")
_WIDE_LINK = re.compile(r"[hｈ][tｔ][tｔ][pｐ][sｓ]?[:：][/／]{2}\S+", re.IGNORECASE)
_NARROWED: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()} | {
    ord(wide): narrow for wide, narrow in zip("／．：－＿＝＆＃％", "/.:-_=&#%", strict=True)
}
_HTML_SIGN = re.compile(r"&#(?:x(2[d-f]|3[adf]|5f|7e|2[356bB]|40)|(3[578]|4[3567]|58|6[134]|95|126));", re.IGNORECASE)
_OF_A_PHONE = re.compile(
    r"intent://([^\s#<>\"/]+\.[^\s#<>\"]+)#Intent;[^\s<>\"]*|googlechrome(s?)://(?=\S)", re.IGNORECASE
)
_SPACED_HOST = re.compile(r"(https?://)([a-z0-9.-]+(?:\. +| +\.)[a-z0-9.-]+)(?=/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CleanedLink:
    """A link without what stuck to it. `done` says in words what was taken away."""

    url: str = field(repr=False)
    done: tuple[str, ...]
    cut_off: str = ""  # it was shown shortened: "inside" or only "behind", where dots may be a sentence's


@dataclass(frozen=True, slots=True)
class Piece:
    """A link where it was found in a text, as it was written, and what stands around it."""

    written: str = field(repr=False)
    start: int
    end: int
    unseen: bool = False  # invisible characters stood inside it
    emphasis: int = 0  # how many underscores opened a slanted or bold text before it


@dataclass(frozen=True, slots=True)
class PastedText:
    """A pasted text, ready to be searched: without invisible characters and without the line breaks of e-mail."""

    text: str = field(repr=False)
    removed: tuple[int, ...] = ()  # where invisible characters stood

    def had_unseen(self, start: int, end: int) -> bool:
        """Whether something invisible stood between two places."""
        place = bisect.bisect_right(self.removed, start)
        return place < len(self.removed) and self.removed[place] < end


@functools.cache
def _local_hosts() -> re.Pattern[str]:
    """A local host as a whole text, without https:// before it: "localhost:8501", "nas.local/photos"."""
    name = local_name_pattern().pattern
    return re.compile(rf"^(?:localhost|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{name})(?::\d+)?(?:/\S*)?$", re.IGNORECASE)


def prepare(text: str) -> PastedText:
    """Make a pasted text ready. Reads at most `MAX_TEXT_CHARS`."""
    text = text[:MAX_TEXT_CHARS]
    if "=3D" in text:
        text = _SOFT_BREAK.sub("", text)
    if "&#" in text:
        text = _HTML_SIGN.sub(lambda found: chr(int(found[1], 16) if found[1] else int(found[2])), text)
    if "intent://" in text or "googlechrome" in text:
        text = _OF_A_PHONE.sub(_for_any_browser, text)
    if "：" in text or "／" in text:
        text = _WIDE_LINK.sub(lambda found: found[0].translate(_NARROWED), text)
    if ". " in text or " ." in text:
        text = _SPACED_HOST.sub(_joined_host, text)
    if text.isascii() and not _CONTROL.search(text):
        return PastedText(text)
    kept: list[str] = []
    removed: list[int] = []
    end = length = 0
    for found in _NOT_SEEN.finditer(text):
        kept.append(text[end : found.start()])
        length += found.start() - end
        removed.append(length)
        end = found.end()
    return PastedText("".join([*kept, text[end:]]), tuple(removed))


def _joined_host(found: re.Match[str]) -> str:
    """Close the gap in a host, where that makes the host of a known service."""
    host = found[2].replace(" ", "")
    known = any(each.serves(host.lower()) for each in providers() if "*" not in each.hosts)
    return found[1] + host if known else found[0]


def _for_any_browser(found: re.Match[str]) -> str:
    """Write an address that only one phone's browser takes as the web address that it stands for."""
    if not found[1]:
        return f"http{found[2]}://"
    return f"http{'' if 'scheme=http;' in found[0].lower() else 's'}://{found[1]}"


def pieces(message: PastedText) -> Iterator[Piece]:
    """Find everything in a text that looks like a link. Linear in its length."""
    text = message.text
    if _local_hosts().match(text.strip()):
        yield Piece(text.strip(), 0, len(text))
        return
    for match in _START.finditer(text):
        place = match.start()
        found = match[0]
        glued = match["web"] and found.find("http", 4) > 0
        for inner in _NEXT_LINK.split(found) if glued else (found,):
            end = place + len(inner)
            if inner:
                unseen = message.had_unseen(place, end)
                yield Piece(inner, place, end, unseen, _emphasis(text, place) if inner.rstrip()[-1:] == "_" else 0)
            place = end


def _emphasis(text: str, place: int) -> int:
    """Count the underscores that open a slanted text on the line before a place: `_look: https://…_`."""
    before = text[max(0, text.rfind("\n", 0, place) + 1, place - 300) : place]
    found = re.search(r"(?:^|[\s(\[*])(_{1,3})(?:[^\s_][^_]*)?$", before)
    return len(found[1]) if found else 0


def variants(message: PastedText, piece: Piece, url: str, damage: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what a damaged link may have been, each with what was done to it in words.

    `damage` holds the codes of what looks wrong. Nothing is guessed: every variant only joins, cuts off or decodes what
    stands in the text. Whoever asks keeps a variant only where it heals every fault.
    """
    if damage & {"TRUNCATED", "KEY_MISSING"} or piece.written.endswith("="):
        yield from _joined(message, piece)
    if "CHAR_DAMAGED" in damage:
        yield from _without_next_word(piece)
    if _QUOTED.search(piece.written):
        yield _unquoted(piece.written), _MAIL_CODING
    for coded in ("%2523", "%23", "*"):
        if coded in url and not damage.isdisjoint({"KEY_MISSING", "KEY_CUT_BY_FILTER", "TRUNCATED"}):
            yield url.replace(coded, "#", 1), f"The # in it had become {coded}; it is a # again."


def _joined(message: PastedText, piece: Piece) -> Iterator[tuple[str, str]]:
    rest, end = "", piece.end
    for _ in range(3):
        more = _MORE.match(message.text, end)
        if more is None or "://" in more[1]:
            return
        rest, end = rest + more[1], more.end()
        yield (
            piece.written.removesuffix("=") + rest,
            "It was torn apart by a space or a line break; both parts are together again.",
        )


def _without_next_word(piece: Piece) -> Iterator[tuple[str, str]]:
    glued = re.search(r"[^\x21-\x7e].*$", piece.written)
    if glued and glued.start():
        yield piece.written[: glued.start()], f"Behind it stood {glued[0]!r}, which is not part of it."
    sign = re.search(r"(?<=[\w=-])[;\[({,*'!].*$", piece.written[12:])
    if sign:
        yield piece.written[: 12 + sign.start()], f"Behind it stood {sign[0]!r}, which is not part of it."
    for start in range(len(piece.written) - 1, max(8, len(piece.written) - _LONGEST_WORD), -1):
        if not piece.written[start].isalpha():
            return
        yield piece.written[:start], f"The word {piece.written[start:]!r} was glued to its end."


def _unquoted(url: str) -> str:
    return re.sub(r"=([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), url)


def clean(piece: Piece) -> CleanedLink:
    """Free a link of what stuck to it: punctuation, HTML, brackets, a program's own signs and encodings."""
    done: list[str] = []
    url = piece.written.strip()
    if _PLAIN.fullmatch(url) and not (
        piece.unseen or piece.emphasis or "..." in url or "=3D" in url or "%" in url[-9:]
    ):
        return CleanedLink(url, ())
    if piece.unseen:
        done.append("Invisible characters inside it were taken out.")
    url, undone = _decoded(url)
    done += undone
    url, mended = _mend_scheme(url)
    done += mended
    whole = url
    url, cut_off = _trim(_cut_at_stranger(url))
    if piece.emphasis and url.endswith("_" * piece.emphasis):
        url = url[: -piece.emphasis]
    if (trimmed := whole[len(url) : len(url) + 40]) and not cut_off:
        done.append(f"Behind it stood {trimmed!r}, which is not part of it.")
    return CleanedLink(url, tuple(done), cut_off)


def _decoded(url: str) -> tuple[str, list[str]]:
    """Undo what programs make of a link: JSON, HTML, e-mail's coding, percent-encoding of the whole."""
    done: list[str] = []
    if _BACKSLASH.search(url):
        url = _BACKSLASH.sub(lambda found: chr(int(found[1], 16)) if found[1] else "/", url)
        done.append("A program's backslashes before its slashes were taken out.")
    if (stop := re.search(r"(?<=[\w/=-])\\(?:[nrt](?![a-z])|$|[nrt]\\)", url)) and not url[:12].count("\\"):
        url = url[: stop.start()]
        done.append("Behind it stood a program's sign for a new line.")
    if "&amp;" in url:
        while "&amp;" in url:
            url = url.replace("&amp;", "&")
        done.append("HTML code (&amp;) became plain again.")
    if ended := _HTML_END.search(url):
        url = url[: ended.start()]
        done.append(f"Behind it stood {html.unescape(ended[0]).strip() or 'a space'!r} as HTML code.")
    if len(_QUOTED.findall(url)) > 1 and url.count("=") == len(re.findall(r"=[0-9A-F]{2}", url)):
        url = _unquoted(url)
        done.append(_MAIL_CODING)
    if _ENCODED_WHOLE.match(url):
        for _ in range(3):
            url = unquote(url) if _ENCODED_WHOLE.match(url) else url
        done.append("It was percent-encoded as a whole; that was undone.")
    if _DEFANGED.search(url) or "[:" in url:
        url = _DEFANGED.sub(".", url).replace("[:]", ":").replace("[://]", "://").replace("[//]", "//")
        done.append("Brackets around its dots were taken out.")
    return url, done


def _mend_scheme(url: str) -> tuple[str, list[str]]:
    done: list[str] = []
    doubled = _DOUBLED.match(url)
    if doubled:
        url = url[doubled.end() :]
        done.append("It began with https:// twice.")
    begins = _BEGINNING.match(url)
    if begins and not _RIGHT_BEGINNING.match(url):
        known = begins[1].lower()
        scheme = "http" if known in {"http", "hxxp"} else "https" if "s" in known else "http"
        url = f"{scheme}://{url[begins.end() :]}"
        done.append(f"Its beginning was not right; it is {scheme}:// now.")
    elif begins:
        url = url[: begins.end(1)].lower() + url[begins.end(1) :]
    host = url.partition("//")[2].partition("/")[0]
    if any(dot in host for dot in "。．｡") or ("," in host and "." not in host):
        url = url.replace(host, re.sub("[。．｡,]", ".", host), 1)
        done.append("The dots of its host were not plain ones.")
    if not _SCHEME.match(url) and not url.startswith(("/", "\\")):
        url = f"https://{url}"
        done.append("https:// was missing at its beginning.")
    return url, done


def _cut_at_stranger(url: str) -> str:
    """Cut a link before a forum's tag, a closing bracket that none opened, and a word of a script without spaces."""
    start = url.find("//") + 2
    for stranger in (_NEXT_WORD, _TAG):
        if found := stranger.search(url, start):
            url = url[: found.start()]
    depth = dict.fromkeys(_PAIRS.values(), 0)
    for place in range(start, len(url)):
        letter = url[place]
        if letter in depth:
            depth[letter] += 1
        elif letter in _PAIRS:
            depth[_PAIRS[letter]] -= 1
            if depth[_PAIRS[letter]] < 0:
                return url[:place]
    return url


def _trim(url: str) -> tuple[str, str]:
    """Cut punctuation off the end; a closing bracket only where none was opened inside."""
    end = len(url)
    while end:
        last = url[end - 1]
        opened = {"(": ")", "[": "]", "{": "}"}.get(last)
        if last in _TRAILING or opened or last == "\\":
            end -= 1
        elif last == "-" and url[end - 2 : end - 1] in {";", ":"}:  # the nose of a smile
            end -= 2
        elif coded := _CODED_END.search(url, max(0, end - 30), end):
            end = coded.start()
        else:
            break
    trimmed = url[end:]
    inside = "…" in url[:end] or "..." in url[url.find("//") + 2 : end]
    behind = "…" in trimmed or "..." in trimmed
    return url[:end], "inside" if inside else "behind" if behind else ""
