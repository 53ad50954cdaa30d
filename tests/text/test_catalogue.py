"""The sender's words: every text of the code stands in every language, with its gaps and its forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.plurals import get_plural

from lib.text import catalogue as room
from lib.text.catalogue import LANGUAGES, catalogue, texts_of_the_code

OTHERS = LANGUAGES[1:]


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{[^}]*\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_code_is_there_with_its_gaps(language: str) -> None:
    spoken = catalogue(language)
    for text, where in texts_of_the_code():
        if isinstance(text, str):
            assert spoken.texts.get(text), f"{where}: {text!r} is missing; run python -m lib.text.catalogue"
            assert gaps(spoken.texts[text]) == gaps(text), (where, text)
        else:
            forms = spoken.forms.get(text[0], ())
            assert len(forms) == get_plural(language).num_plurals, (where, text)
            assert all(forms), (where, text)
            for form in forms:
                assert gaps(text[1]) - {"{n}"} <= gaps(form) <= gaps(text[1]), (where, form)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_kept_that_nobody_says(language: str) -> None:
    said = {text if isinstance(text, str) else text[0] for text, _ in texts_of_the_code()}
    spoken = catalogue(language)
    assert set(spoken.texts) | set(spoken.forms) <= said


def test_what_is_missing_stays_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(
        'msgid "Yes"\nmsgstr "Ja"\n\nmsgid "{n} cat"\nmsgid_plural "{n} cats"\nmsgstr[0] "{n} Katze"\n'
        'msgstr[1] "{n} Katzen"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(room, "FOLDER", tmp_path)
    catalogue.cache_clear()
    try:
        german = catalogue("de")
        assert german("Yes") == "Ja"
        assert german("No, {name}", name="Ana") == "No, Ana"
        assert [german.counted("{n} cat", "{n} cats", n) for n in (1, 2, 1_000)] == [
            "1 Katze", "2 Katzen", "1.000 Katzen",
        ]  # fmt: skip
        assert german.counted("{n} dog", "{n} dogs", 2) == "2 dogs"
        assert catalogue("xx").language == "en"
    finally:
        catalogue.cache_clear()
