from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
import segno
from PIL import Image

from lib.message import LANGUAGES, TONES, compose, contents, qr_png, qr_svg

LINK = "https://photos.example.org/s/abc123"
UNTIL = datetime(2026, 12, 21, 10, 0, tzinfo=UTC)


def test_there_are_at_least_six_languages_and_several_tones() -> None:
    assert len(LANGUAGES) >= 6
    assert len(TONES) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", TONES)
def test_every_language_and_tone_says_how_many_photos_and_holds_the_link_on_its_own_line(
    language: str, tone: str
) -> None:
    message = compose(
        LINK, photo_count=7, size_bytes=2_400_000, language=language, tone=tone,
        expires_at=UNTIL, has_password=True, max_views=3,
    )  # fmt: skip
    assert message.text.splitlines().count(LINK) == 1
    assert "7" in message.text
    assert re.search(r"2[.,]4 MB", message.text)
    assert "2026" in message.text
    assert "3" in message.text
    assert "{" not in message.text
    assert LINK not in repr(message)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hint_stands_in_every_language_and_differs(language: str) -> None:
    hint = compose(LINK, photo_count=1, size_bytes=1, language=language).words.splitlines()[1]
    others = [compose(LINK, photo_count=1, size_bytes=1, language=x).words for x in LANGUAGES if x != language]
    assert all(hint not in other for other in others)


@pytest.mark.parametrize(
    ("count", "size", "words"),
    [(1, 900, "1 photo for"), (2, 1_500_000, "2 photos for"), (1, 350_000, "350 kB"), (30, 12_345_678, "12.3 MB")],
)
def test_counts_and_sizes_read_naturally(count: int, size: int, words: str) -> None:
    assert words in compose(LINK, photo_count=count, size_bytes=size).text


@pytest.mark.parametrize(
    ("total", "videos", "words"),
    [
        (1, 0, "1 photo"), (3, 0, "3 photos"), (1, 1, "1 video"), (2, 2, "2 videos"), (4, 1, "3 photos and a video"),
        (2, 1, "1 photo and a video"), (5, 3, "2 photos and 3 videos"),
    ],
)  # fmt: skip
def test_videos_are_counted_apart_from_photos(total: int, videos: int, words: str) -> None:
    assert contents(total, videos) == words
    assert f"I have {words} for you" in compose(LINK, photo_count=total, video_count=videos, size_bytes=1).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_a_video(language: str) -> None:
    said = {contents(total, videos, language) for total, videos in ((1, 0), (1, 1), (2, 1), (3, 2), (2, 2), (2, 0))}
    assert len(said) == 6
    with_videos = said - {contents(1, 0, language), contents(2, 0, language)}
    assert all(re.search("v[ií]d[eé]o", words, re.IGNORECASE) for words in with_videos)


def test_what_was_not_asked_for_is_not_mentioned() -> None:
    text = compose(LINK, photo_count=2, size_bytes=1_000_000).text
    assert "password" not in text
    assert "until" not in text
    assert "times" not in text


def test_the_qr_code_reads_back_as_the_link() -> None:
    picture = Image.open(io.BytesIO(qr_png(LINK, scale=1))).convert("L")
    matrix = [[bool(cell) for cell in row] for row in segno.make(LINK, error="m", micro=False).matrix]
    drawn = [[picture.getpixel((x + 4, y + 4)) < 128 for x in range(len(matrix))] for y in range(len(matrix))]
    assert drawn == matrix
    assert qr_svg(LINK).startswith("<?xml")
