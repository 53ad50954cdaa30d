"""A sentence that was made below the pages is said in the reader's language, also after it was kept or sent on."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lib.text.catalogue import Catalogue
from lib.text.later import Day, Moment, Number, Size, Together, from_plain, later, later_counted, to_plain

GERMAN = Catalogue(
    "de",
    {
        "{name} is {size}, the limit is {most}.": "{name} hat {size}, die Grenze ist {most}.",
        "The title": "Der Titel",
        "{what} ends on {day}.": "{what} endet am {day}.",
        "Try again.": "Versuche es noch einmal.",
        "It ends at {moment}, after {n} visits.": "Es endet am {moment}, nach {n} Besuchen.",
    },
    {"{n} photo of {name}": ("{n} Foto von {name}", "{n} Fotos von {name}")},
)
SENTENCES = [
    (
        later("{name} is {size}, the limit is {most}.", name="a.jpg", size=Size(2_400_000), most=Size(25_000_000)),
        "a.jpg is 2.4 MB, the limit is 25 MB.",
        "a.jpg hat 2,4 MB, die Grenze ist 25 MB.",
    ),
    (
        later("{what} ends on {day}.", what=later("The title"), day=Day(date(2026, 12, 1))),
        "The title ends on 1 December 2026.",
        "Der Titel endet am 1. Dezember 2026.",
    ),
    (
        Together((later("{what} ends on {day}.", what="X", day="Y"), "", later("Try again."))),
        "X ends on Y. Try again.",
        "X endet am Y. Versuche es noch einmal.",
    ),
    (
        later(
            "It ends at {moment}, after {n} visits.",
            moment=Moment(datetime(2026, 12, 1, 9, 5, tzinfo=UTC)), n=Number(1_200),
        ),
        "It ends at 1 December 2026 09:05 UTC, after 1,200 visits.",
        "Es endet am 1. Dezember 2026, 09:05 UTC, nach 1.200 Besuchen.",
    ),
    (later_counted("{n} photo of {name}", "{n} photos of {name}", 1, name="A"), "1 photo of A", "1 Foto von A"),
    (later_counted("{n} photo of {name}", "{n} photos of {name}", 3, name="A"), "3 photos of A", "3 Fotos von A"),
    ("What nobody marked", "What nobody marked", "What nobody marked"),
]  # fmt: skip
KEPT: list[Callable[[Any], Any]] = [
    lambda said: said,
    copy.deepcopy,
    lambda said: pickle.loads(pickle.dumps(said)),  # noqa: S301 - as photos go to the processes that clean them
    lambda said: from_plain(json.loads(json.dumps(to_plain(said)))),
]


@pytest.mark.parametrize("keep", KEPT, ids=("as it is", "copied", "to another process", "as JSON"))
@pytest.mark.parametrize(("sentence", "english", "german"), SENTENCES, ids=lambda said: str(said)[:20])
def test_a_sentence_is_english_and_can_be_said_again(
    sentence: str, english: str, german: str, keep: Callable[[Any], Any]
) -> None:
    kept = keep(sentence)
    assert kept == english
    assert GERMAN(kept) == german


def test_what_was_kept_before_stays_the_text_that_it_is() -> None:
    assert from_plain("Ends 1 December 2026") == "Ends 1 December 2026"
    assert from_plain({"something": "else"}) == {"something": "else"}
