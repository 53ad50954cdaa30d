"""Find what the guide says about something, as people type it: SQLite's full-text search, in memory.

Three ways to be found, best first: the words that people type for an answer in eight languages
(content/search.toml), its title, its text. A word that nothing holds is read as the nearest one that something does: a
letter wrong does not matter.
"""

from __future__ import annotations

import functools
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from lib.facts import all_steps
from lib.guide import content
from lib.guide.content import Kind
from lib.guide.template import filled

_WORD: Final = re.compile(r"\w+")
_MARKS: Final = re.compile(r"[*_>`#\[\]]")
_LONGEST: Final = 200  # letters of a search that are read
# Words that say nothing about what is looked for, in the languages in which people ask.
_IDLE: Final = frozenset(
    _WORD.findall(
        "a an and are as at be but by can could did do does for from get has have how i if in is it me my not "
        "of on or our so some someone somebody than that the their them then there they this to too was we "
        "what when where which who why will with you your tiktok como que de la el los las un una mi en por "
        "para le les des du comment je ne pas mon ma mes wie ich die der das ein eine meine mein auf zu il lo "
        "une uma einen einem she he her his him qui quien wer chi quem siapa kim "
        "gli di come non mio mia o os as um uma meu minha no na yang di ke saya apa bir ve bu nasil mi "
        "wont doesnt dont isnt con del al se si su sus te mich mir dich dir sich sie er es ist mit von und oder im am "
        "avec sur dans est sont qui ce da con dei delle com meus suas dan dengan untuk bisa ile icin var "
    )
)
# Words that nearly every answer holds, each with its kind: they tell an answer from others only where nothing else was
# typed, and all of a kind count as one word, in whatever language.
_KINDS: Final[Mapping[str, str]] = {
    "photo": "photos pic pics picture pictures image images foto fotos imagen imagenes bild bilder immagine immagini "
    "imagem imagens gambar fotograf fotografi fotografie fotograflar fotolar resim resmi resimler",
    "send": "sends sending sent share shares sharing enviar mando mandar envio envoyer envoie partager compartir "
    "compartilhar senden schicken verschicken teilen inviare invio condividere kirim mengirim gonder "
    "gondermek mande envie enviada enviado envoyee envoyees gesendet geschickt inviata mandata enviei mandei dikirim",
    "link": "links lien liens enlace enlaces tautan baglanti baglantisi",
    "can": "kann kannst puedo puede peux puis peut posso puo pode consigo bisa",
    "phone": "telefono telephone telefone handy telefon hp app",
}
_ONE_OF: Final = {word: kind for kind, words in _KINDS.items() for word in (kind, *words.split())}
# "500 pics" asks how to send many.
_MANY: Final = re.compile(r"\b\d{2,}\s+(?:\w+\s+)?(" + "|".join(w for w, k in _ONE_OF.items() if k == "photo") + r")\b")
_NEAREST: Final = 78  # how alike two words have to be, of 100: "blakmail" and "blackmail" are 94
_SHORTEST_GUESS: Final = 4  # letters; a shorter word is too like too many others
_SHORTEST_START: Final = 3  # letters from which the start of a word finds it
_SHORTEST_STEM: Final = 5  # letters of a known word that a longer one may begin or end with: "acosa" in "acosando"
# How much each column tells, in the order of the table: typed words, title, text.
_WEIGHTS: Final = "12.0, 6.0, 1.0"
_NAMED: Final = "{typed title} : "  # a place: what people type, and the title


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found and linked to."""

    id: str
    kind: Kind
    title: str
    text: str
    route: str = ""  # of a step
    step: int = 0


def _flat(text: str) -> str:
    """Return a text without accents and capitals: what people type on a phone."""
    lower = (
        text.casefold()
        .replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
        .replace("ß", "ss")
        .replace("’", "")
        .replace("'", "")
    )
    return unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()


def _words(text: str) -> list[str]:
    """Return the words of a flat text; words of one kind are the same word."""
    return [_ONE_OF.get(word, word) for word in _WORD.findall(text)]


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Everything that can be found, in the order of the guide."""
    menus: dict[str, list[str]] = {}
    for step in all_steps():
        menus.setdefault(step.task, []).append(step.text)
        menus[step.task].append(step.provider)
    found = [Entry(one.id, "stop", one.title, filled(" ".join((one.why, *one.do)))) for one in content.stops()]
    found += [
        Entry(one.id, "question", filled(one.ask), filled(f"{one.short} {one.answer}")) for one in content.questions()
    ]
    for route in content.routes():
        for number, step_ in enumerate(route.step):
            words = " ".join([filled(step_.text), *dict.fromkeys(menus.get(step_.task or "", []))])
            found.append(Entry(step_.id, "step", f"{route.title}: {step_.title}", words, route.id, number))
    found += [
        Entry(one.id, "mistake", filled(one.says), filled(f"{one.cause} {one.fix}")) for one in content.mistakes()
    ]
    found += [Entry(one.id, "habit", one.title, one.why) for one in content.habits()]
    found += [Entry(one.id, "section", one.title, filled(one.text)) for one in content.sections()]
    return tuple(Entry(e.id, e.kind, e.title, _MARKS.sub("", e.text), e.route, e.step) for e in found)


def entry(name: str) -> Entry | None:
    """Return the entry of this name, or None: names come from addresses, and addresses get old."""
    return next((one for one in entries() if one.id == name), None)


def _whole_or_begun(word: str) -> str:
    """Ask for a word, and for words that begin with it: the word itself counts twice."""
    return f'("{word}" OR "{word}"*)' if len(word) >= _SHORTEST_START else f'"{word}"'


class _GuideIndex:
    """The index of everything. It holds nothing of any visitor, so one serves all; one question at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._rows = sqlite3.connect(":memory:", check_same_thread=False)
        self._rows.execute("CREATE VIRTUAL TABLE entry USING fts5(typed, title, text, tokenize='porter unicode61')")
        # The words of the index as they are written, to find the nearest one to a word that is spelt wrong.
        typed = {one.id: " . ".join(one.also) for one in content.search_words()}
        words: set[str] = set()
        for number, one in enumerate(entries()):
            parts = [_words(_flat(part)) for part in (typed.get(one.id, ""), one.title, one.text)]
            words.update(*parts)
            row = [" ".join(part) for part in parts]
            self._rows.execute("INSERT INTO entry(rowid, typed, title, text) VALUES (?, ?, ?, ?)", (number, *row))
        self._words = sorted(words)

    def near(self, word: str) -> str:
        """Return the word itself where something holds it or begins with it, else the nearest word, else itself."""
        if word in self._words or len(word) < _SHORTEST_GUESS or any(one.startswith(word) for one in self._words):
            return word
        long_enough = [one for one in self._words if len(one) >= _SHORTEST_GUESS]
        stems = [one for one in long_enough if len(one) >= _SHORTEST_STEM]
        if begun := [one for one in stems if word.startswith(one)]:
            return max(begun, key=len)
        if found := process.extractOne(word, long_enough, scorer=fuzz.ratio, score_cutoff=_NEAREST):
            return found[0]
        return max((one for one in stems if word.endswith(one)), key=len, default=word)

    def find(self, place: str, words: list[str], joined_by: str, limit: int) -> list[Entry]:
        """Return the entries that hold the words at a place of the index, best first."""
        asked = f"{place}({f' {joined_by} '.join(map(_whole_or_begun, words))})"
        question = f"SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY bm25(entry, {_WEIGHTS}), rowid LIMIT ?"  # noqa: S608 - numbers of ours
        with self._turn:
            return [entries()[number] for (number,) in self._rows.execute(question, (asked, limit))]


@functools.cache
def _index() -> _GuideIndex:
    return _GuideIndex()


def search(text: str, limit: int = 8) -> list[Entry]:
    """Return what fits best, best first.

    Every word has to be found, in what people type or in a title before anywhere; where that finds nothing, every word
    that tells one answer from others, then any of these, then any at all.
    """
    flat = _flat(text[:_LONGEST])
    asked = _words(_MANY.sub("many photos", flat))
    wanted = list(dict.fromkeys(word for word in asked if word not in _IDLE)) or list(dict.fromkeys(asked))
    if not wanted:
        return []
    near = [_index().near(word) for word in wanted]
    telling = [found for word, found in zip(wanted, near, strict=True) if word not in _KINDS]
    attempts = (
        (_NAMED, near, "AND"), (_NAMED, telling, "AND"), ("", near, "AND"), ("", telling, "AND"), ("", telling, "OR"),
        ("", near, "OR"),
    )  # fmt: skip
    found: list[Entry] = []
    for place, words, by in attempts:
        if words and (not found or (not place and by == "AND")):
            found += [one for one in _index().find(place, words, by, limit) if one not in found]
    return found[:limit]
