"""What do they see? Words find their symptom: every phrase, misspelt ones, complaints, eight languages."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.links.symptom_search import find_causes, rank, words_of
from lib.links.symptoms import symptoms
from lib.text.catalogue import LANGUAGES

COMPLAINTS = list(csv.DictReader((Path(__file__).with_name("complaints.csv")).read_text(encoding="utf-8").splitlines()))
PHRASES = [(each.id, phrase) for each in symptoms() for phrase in each.phrases]


def misspelt(phrase: str, random: Random) -> str:
    """A phrase with one letter of one longer word dropped, doubled, swapped or changed."""
    words = phrase.split()
    longer = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not longer:
        return phrase
    place = random.choice(longer)
    word, at = words[place], random.randrange(1, len(words[place]) - 1)
    words[place] = random.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + random.choice("aeiourstn") + word[at + 1 :],
        ]
    )
    return " ".join(words)


def test_every_phrase_in_every_language_finds_its_symptom_among_the_first_two() -> None:
    ranked = [(own, said, [each.id for each, _ in rank(said)[:2]]) for own, said in PHRASES]
    assert [(own, said) for own, said, found in ranked if own not in found] == []
    assert sum(found[0] == own for own, _, found in ranked) / len(PHRASES) > 0.98


@pytest.mark.parametrize("times", [1, pytest.param(6, marks=pytest.mark.thorough)])
def test_misspelt_phrases_find_their_symptom(times: int) -> None:
    random = Random(20261125)
    tried = [(own, misspelt(said, random)) for own, said in PHRASES[:: 3 if times == 1 else 1] for _ in range(times)]
    found = [own for own, said in tried if own in [each.id for each, _ in rank(said)[:2]]]
    assert len(found) / len(tried) > 0.98


def test_complaints_in_peoples_own_words_are_told_what_helps_among_the_first_two() -> None:
    """Where several things help, they stand apart by |. The aim for complaints that nobody has seen is 85 percent."""
    missed = [
        row["said"]
        for row in COMPLAINTS
        if not any(
            help_ in each.cause.fix for each in find_causes(row["said"])[:2] for help_ in row["helps"].split("|")
        )
    ]
    assert len(missed) / len(COMPLAINTS) < 0.05, missed


def test_every_symptom_can_be_said_in_eight_languages() -> None:
    for each in symptoms():
        assert set(each.elsewhere) == set(LANGUAGES[1:]), each.id
        assert all(len(phrases) >= 2 for phrases in each.elsewhere.values()), each.id


def test_what_the_check_has_shown_comes_before_all_words() -> None:
    first = find_causes("you need access", ["ORG_ONLY"])[0]
    assert first.shown
    assert "school or work" in first.cause.cause
    elsewhere = find_causes("white page", ["EXPIRED"])[0]
    assert elsewhere.shown
    assert "EXPIRED" in elsewhere.cause.checks


@pytest.mark.parametrize(
    "warning",
    ["Not secure", "Suspicious link", "Your connection is not private", "Is it normal that TikTok warns?",
     "Nicht sicher",      "Deceptive site ahead", "Enlace sospechoso", "You're about to open an external website"],
)  # fmt: skip
def test_a_warning_is_never_answered_with_go_on(warning: str) -> None:
    found = find_causes(warning)
    assert found
    for each in found[:2]:
        words = f"{each.cause.cause} {each.cause.fix}".lower()
        assert "normal" not in words
        assert "tap on" not in words
    assert any(word in found[0].cause.fix for word in ("stop", "do not go on", "only if"))


def test_a_device_limit_is_not_answered_with_waiting() -> None:
    fix = find_causes("viewed on too many devices")[0].cause.fix
    assert "Waiting does not help" in fix


def test_words_that_mean_nothing_find_nothing() -> None:
    assert find_causes("") == []
    assert find_causes("🙂🙂 zzz") == []


def test_a_link_among_the_words_says_nothing() -> None:
    assert words_of("https://photos.example.org/expired/album says 404") == ("404",)


@given(st.text(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_words_are_taken(text: str) -> None:
    found = find_causes(text)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
