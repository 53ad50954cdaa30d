from __future__ import annotations

import pytest

from lib.text.languages import best_language

OFFERED = ("en", "de", "id", "fil", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"), ("de-DE", "de"), ("de_AT", "de"), ("in-ID", "id"), ("tl", "fil"), ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"), ("zh", "zh-Hans"), ("zh-CN,en;q=0.8", "zh-Hans"), ("fr,de;q=0.5", "de"),
        ("de;q=0", "en"), ("de;q=2", "en"), ("de;q=x,id;q=0.1", "id"), ("*", "en"),
    ],
)  # fmt: skip
def test_the_best_language_for_a_browser(header: str, expected: str) -> None:
    assert best_language(header, OFFERED) == expected
