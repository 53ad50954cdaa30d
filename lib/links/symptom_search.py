"""From a person's own words to the likely causes: by all phrases of all symptoms, misspelt or not, in eight languages.

Every phrase is a handful of words. A word counts the more, the fewer symptoms use it; a misspelt one counts by how near
it is. What the live check of the link has shown comes before all words.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from lib.links.symptoms import Cause, Symptom, common_words, symptoms

MAX_WORDS: Final = 80  # of what somebody writes: a complaint, not a letter
# Our own choices, tried out on every phrase of every symptom, misspelt ones, and complaints (tests/links).
_NEAR_ENOUGH: Final = 78  # likeness of two words in percent (rapidfuzz's ratio) from which they may be the same word
_WORD_OF_NOBODY: Final = 0.7  # the weight of a word that no phrase has
_SAME_STEM: Final = 5  # letters at the beginning that make two words forms of one: load, loading, loads
_STEM: Final = 8  # letters of a word beyond which its ending does not matter
_STEM_ONLY: Final = 0.72  # how sure that is; less than what makes a sign
_PART: Final = 0.74  # how sure it is that a word put together of two, as in German, means its last part
_LONGEST_ENDING: Final = 6  # letters
_ENOUGH: Final = 0.22  # below this nothing was found
_PLACES: Final = (1.0, 0.86, 0.74, 0.66, 0.6)  # what a cause's place in its list is worth
_SIGN: Final = 0.55  # what a sign of one cause adds to it
_POINTED: Final = 0.22  # what it adds to the whole symptom
_MOST_OF_A_SIGN: Final = 0.74
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """One likely cause, with the symptom that it belongs to."""

    symptom: Symptom
    cause: Cause
    score: float
    shown: bool  # the live check of a link on the page shows it


@dataclass(frozen=True, slots=True)
class _SymptomIndex:
    phrases: tuple[tuple[str, tuple[str, ...], float], ...]  # symptom, words, weight of all of them
    where: dict[str, tuple[int, ...]]  # word -> places of the phrases that hold it
    beginning: dict[str, tuple[str, ...]]  # first letters -> words that begin so
    weights: dict[str, float]
    bags: dict[str, tuple[str, ...]]  # symptom -> all its words
    words: tuple[str, ...]

    def weight(self, word: str) -> float:
        return self.weights.get(word, 1.0)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that tell something: small letters, no accents, no links."""
    text = re.sub(r"\S*://\S+", " ", text.casefold()).replace("\u0131", "i").replace("ß", "ss")
    unaccented = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    unaccented = re.sub("(?<=[a-z])['\u2019`\u00b4](?=t\\b)", "", unaccented)  # can't, doesn't
    found = _WORD.findall(unaccented)[:MAX_WORDS]
    telling = tuple(common_words().same.get(each, each) for each in found if each not in common_words().small)
    return telling or tuple(found)


@functools.cache
def _index() -> _SymptomIndex:
    phrases = tuple((each, words_of(phrase)) for each in symptoms() for phrase in each.phrases)
    bags = {
        each.id: tuple(dict.fromkeys(w for other, ws in phrases if other is each for w in ws)) for each in symptoms()
    }
    used = Counter(word for bag in bags.values() for word in bag)
    signs = {word for each in symptoms() for cause in each.causes for sign in cause.signs for word in words_of(sign)}
    weights = {word: math.log(1 + len(bags) / times) for word, times in used.items()}
    weights |= dict.fromkeys(signs - weights.keys(), 2.0)
    weighed = tuple((each.id, words, sum(weights.get(word, 1.0) for word in words)) for each, words in phrases)
    where: dict[str, list[int]] = {}
    for place, (_, words, _) in enumerate(weighed):
        for word in set(words):
            where.setdefault(word, []).append(place)
    beginning: dict[str, list[str]] = {}
    for word in weights:
        beginning.setdefault(word[: _SAME_STEM - 1], []).append(word)
    return _SymptomIndex(
        weighed,
        {word: tuple(places) for word, places in where.items()},
        {letters: tuple(words) for letters, words in beginning.items()},
        weights,
        bags,
        tuple(weights),
    )


@functools.lru_cache(maxsize=4_096)
def _known(word: str) -> tuple[tuple[str, float], ...]:
    """Return the words of the phrases that a word may be, each with how sure that is (0 to 1)."""
    index = _index()
    known = word in index.weights
    near = [(word, 1.0)] if known else []
    if len(word) >= _SAME_STEM - 1 and not word.isdigit():
        for other, likeness, _ in process.extract(
            word, index.words, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=8, processor=None
        ):
            if other != word and not other.isdigit() and len(other) > 3:  # noqa: PLR2004 - short words are all alike
                near.append((other, likeness / 100 * (0.5 if known else 0.95)))
        near += [
            (other, _STEM_ONLY) for other in index.beginning.get(word[: _SAME_STEM - 1], ()) if _one_stem(word, other)
        ]
        ends = (word[start:] for start in range(_SAME_STEM - 1, len(word) - _SAME_STEM + 1))
        near += [(end, _PART) for end in ends if end in index.weights]  # Sicherheits-warnung
    best: dict[str, float] = {}
    for other, how in near:
        best[other] = max(how, best.get(other, 0.0))
    return tuple(best.items())


def _one_stem(one: str, other: str) -> bool:
    if one == other:
        return False
    shorter, longer = sorted((one, other), key=len)
    common = min(len(shorter), _STEM)
    return (
        len(shorter) >= _SAME_STEM - 1
        and longer.startswith(shorter[:common])
        and len(longer) - len(shorter) <= _LONGEST_ENDING
        and (common == len(shorter) or len(shorter) > _STEM)
    )


def _heard(said: Sequence[str]) -> Mapping[str, float]:
    """Return the words of the phrases that were said, each with how sure that is."""
    heard: dict[str, float] = {}
    for word in said:
        for other, how in _known(word):
            heard[other] = max(how, heard.get(other, 0.0))
    return heard


def _weight_of(index: _SymptomIndex, word: str) -> float:
    """Return the weight of a word that was said: its own, or that of the heaviest word that it may be."""
    if word in index.weights:
        return index.weights[word]
    return max([index.weights[other] for other, _ in _known(word)] or [_WORD_OF_NOBODY])


def _likeness(met: float, weight: float, all_said: float) -> float:
    """Return how well a phrase fits what was said: 1 where both are the same.

    `met` is the weight of the phrase's words that were said, `weight` that of all its words, `all_said` that of all
    words that were said. Where much else was said, a phrase of one word says less than one of four.
    """
    whole, share = met / weight, min(1.0, met / all_said)
    covered = 0.45 + 0.55 * share
    if whole == share == 1:
        return 1.35 * min(1.0, met)  # word for word; a word that fits everything is worth less
    if share > 0.6:  # noqa: PLR2004 - the phrase is most of what was said
        return float(whole * covered)
    return float(whole**1.4 * max(min(1.0, 0.55 + met / 12) * 0.85, covered) * min(1.0, met / 1.5))


def rank(text: str) -> list[tuple[Symptom, float]]:
    """Return the symptoms that a text may mean, likely ones first, each with a score; 1 is a phrase word for word."""
    index, said = _index(), words_of(text)
    if not said:
        return []
    heard = _heard(said)
    all_said = sum(_weight_of(index, word) for word in set(said))
    best: dict[str, float] = {}
    for place in {place for word in heard for place in index.where.get(word, ())}:
        symptom_id, words, weight = index.phrases[place]
        met = sum(index.weight(word) * heard.get(word, 0.0) for word in words)
        if met:
            score = _likeness(met, weight, all_said)
            best[symptom_id] = max(score, best.get(symptom_id, 0.0))
    for symptom in symptoms():
        met = sum(index.weight(word) * heard.get(word, 0.0) for word in index.bags[symptom.id])
        pointed = max((_signs(cause, heard) for cause in symptom.causes), default=0.0)
        best[symptom.id] = best.get(symptom.id, 0.0) * 0.8 + 0.2 * min(1.0, met / all_said) + _POINTED * pointed
    by_id = {each.id: each for each in symptoms()}
    order = {each.id: place for place, each in enumerate(symptoms())}
    ranked = sorted(best.items(), key=lambda item: (-item[1], order[item[0]]))
    return [(by_id[symptom_id], score) for symptom_id, score in ranked if score >= _ENOUGH]


def find_causes(text: str, verdicts: Collection[str] = (), at_most: int = 6) -> list[Found]:
    """Return the likely causes of what somebody sees, likely ones first.

    `verdicts` are what the live check of links on the page has shown: causes that they prove come first.
    """
    ranked, heard = rank(text), _heard(words_of(text))
    top = ranked[0][1] if ranked else 0.0
    found: list[Found] = []
    for symptom, score in ranked:
        if score < top * 0.55:
            continue
        for place, cause in enumerate(symptom.causes):
            shown = not set(verdicts).isdisjoint(cause.checks)
            worth = score * _PLACES[min(place, len(_PLACES) - 1)] + _SIGN * _signs(cause, heard) * score
            found.append(Found(symptom, cause, worth + (2.0 if shown else 0.0), shown))
    if verdicts and not any(each.shown for each in found):
        found += _shown_by_check(verdicts)
    found.sort(key=lambda each: -each.score)
    return _once(found)[:at_most]


def _shown_by_check(verdicts: Collection[str]) -> list[Found]:
    """Return what the check alone shows, where no word of the person fits it."""
    for symptom in symptoms():
        for cause in symptom.causes:
            if not set(verdicts).isdisjoint(cause.checks):
                return [Found(symptom, cause, 2.0, shown=True)]
    return []


def _signs(cause: Cause, heard: Mapping[str, float]) -> float:
    """Return how clearly a text points to one cause: 1 for one whole sign, more for several."""
    met = 0.0
    for sign in cause.signs:
        words = words_of(sign)
        part = sum(heard.get(word, 0.0) for word in words) / len(words)
        met += part if part > _MOST_OF_A_SIGN else 0.0
    return float(min(met, 3.0) ** 0.5)


def _once(found: Sequence[Found]) -> list[Found]:
    """Drop a cause with the same fix as one before it."""
    kept: dict[str, Found] = {}
    for each in found:
        kept.setdefault(each.cause.fix.partition(":")[0], each)
    return list(kept.values())
