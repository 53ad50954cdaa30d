from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
import segno
from PIL import Image

from lib.message import LANGUAGES, TONES, compose, contents, qr_png
from lib.text.catalogue import LANGUAGES as SPOKEN

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


def test_a_sender_finds_their_own_language_among_those_of_the_message() -> None:
    assert set(SPOKEN) <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hint_stands_in_every_language_and_differs(language: str) -> None:
    hint = compose(LINK, photo_count=1, size_bytes=1, language=language).body.splitlines()[1]
    others = [compose(LINK, photo_count=1, size_bytes=1, language=x).body for x in LANGUAGES if x != language]
    assert all(hint not in other for other in others)


@pytest.mark.parametrize(
    ("count", "size", "text"),
    [(1, 900, "1 photo for"), (2, 1_500_000, "2 photos for"), (1, 350_000, "350 kB"), (30, 12_345_678, "12.3 MB")],
)
def test_counts_and_sizes_read_naturally(count: int, size: int, text: str) -> None:
    assert text in compose(LINK, photo_count=count, size_bytes=size).text


@pytest.mark.parametrize(
    ("total", "videos", "text"),
    [
        (1, 0, "1 photo"), (3, 0, "3 photos"), (1, 1, "1 video"), (2, 2, "2 videos"), (4, 1, "3 photos and a video"),
        (2, 1, "1 photo and a video"), (5, 3, "2 photos and 3 videos"),
    ],
)  # fmt: skip
def test_videos_are_counted_apart_from_photos(total: int, videos: int, text: str) -> None:
    assert contents(total, videos) == text
    assert f"I have {text} for you" in compose(LINK, photo_count=total, video_count=videos, size_bytes=1).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_a_video(language: str) -> None:
    said = {contents(total, videos, language) for total, videos in ((1, 0), (1, 1), (2, 1), (3, 2), (2, 2), (2, 0))}
    assert len(said) == 6
    with_videos = said - {contents(1, 0, language), contents(2, 0, language)}
    assert all(re.search("v[ií]d[eé]o", text, re.IGNORECASE) for text in with_videos)


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


# Words by which each language speaks to one familiar person; beside a polite sentence they jar.
FAMILIAR = {
    "en": "^$", "es": r"\b(tu|te|ti|toca|cópialo)\b", "pt": r"\b(te|teu|tua)\b",
    "fr": r"\b(tu|te|t’|ton|ta|toi|touche)\b",
    "de": r"\b(du|dir|dich|dein\w*|tipp)\b", "it": r"\b(tu|ti|te|tuo|tocca|copialo)\b", "id": r"\b(kamu|ku\w+kirim)\b",
    "tr": r"\b(sen|senin|dokun|kopyala)\b",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_polite_message_is_polite_to_its_end_and_asks_nothing(language: str) -> None:
    """Must not happen: "vous" and "tu" in one message, or a question that the page takes no answer to."""
    words = compose(
        LINK, photo_count=2, size_bytes=1, language=language, tone="business", has_password=True, max_views=1
    ).body
    assert not re.search(FAMILIAR[language], words, re.IGNORECASE)
    assert "?" not in words
    assert "suit" not in words


# What each language says for one thing, and must not: a plural verb or pronoun, a wrong article.
ONE = [
    ("en", "here is 1 photo", "here are 1"), ("de", "ich habe 1 Foto", "sind 1 Foto"), ("pt", "envio 1 foto", "seguem"),
    ("es", "aquí tiene 1 foto", "abrirlas"), ("fr", "voici 1 photo", "les ouvrir"), ("it", "ecco 1 foto", "aprirle"),
    ("id", "berikut 1 foto", "fotos"), ("tr", "1 fotoğraf ", "Hangileri"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "never"), ONE)
def test_one_photo_is_spoken_of_as_one(language: str, text: str, never: str) -> None:
    texts = [compose(LINK, photo_count=1, size_bytes=1, language=language, tone=tone).body for tone in TONES]
    assert text in compose(LINK, photo_count=1, size_bytes=1, language=language, tone="business").body
    assert [text for text in texts if never in text] == []


PLURALS = {
    "en": ("1 photo", "2 photos", "5 photos", "21 photos", "1 video", "2 videos", "5 videos", "21 videos"),
    "es": ("1 foto", "2 fotos", "5 fotos", "21 fotos", "1 video", "2 videos", "5 videos", "21 videos"),
    "pt": ("1 foto", "2 fotos", "5 fotos", "21 fotos", "1 vídeo", "2 vídeos", "5 vídeos", "21 vídeos"),
    "fr": ("1 photo", "2 photos", "5 photos", "21 photos", "1 vidéo", "2 vidéos", "5 vidéos", "21 vidéos"),
    "de": ("1 Foto", "2 Fotos", "5 Fotos", "21 Fotos", "1 Video", "2 Videos", "5 Videos", "21 Videos"),
    "it": ("1 foto", "2 foto", "5 foto", "21 foto", "1 video", "2 video", "5 video", "21 video"),
    "id": ("1 foto", "2 foto", "5 foto", "21 foto", "1 video", "2 video", "5 video", "21 video"),
    "tr": ("1 fotoğraf", "2 fotoğraf", "5 fotoğraf", "21 fotoğraf", "1 video", "2 video", "5 video", "21 video"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", TONES)
def test_counts_read_right_in_every_language_and_tone(language: str, tone: str) -> None:
    said = PLURALS[language]
    for at, n in enumerate((1, 2, 5, 21)):
        photos = compose(LINK, photo_count=n, size_bytes=1, language=language, tone=tone).body
        videos = compose(LINK, photo_count=n, video_count=n, size_bytes=1, language=language, tone=tone).body
        assert re.search(rf"\b{said[at]}\b", photos)
        assert re.search(rf"\b{said[4 + at]}\b", videos)


@pytest.mark.parametrize(
    ("language", "day", "text"),
    [
        ("de", 1, "bis zum 1. März 2027"), ("fr", 1, "jusqu’au 1er mars 2027"), ("it", 1, "fino al 1º marzo 2027"),
        ("it", 8, "fino all’8 marzo 2027"), ("it", 11, "fino all’11 marzo 2027"), ("it", 12, "fino al 12 marzo 2027"),
        ("es", 1, "hasta el 1 de marzo de 2027"), ("pt", 1, "até 1 de março de 2027"), ("en", 1, "until 1 March 2027"),
    ],
)  # fmt: skip
def test_the_last_day_reads_as_people_say_it(language: str, day: int, text: str) -> None:
    until = datetime(2027, 3, day, 10, 0, tzinfo=UTC)
    assert text in compose(LINK, photo_count=2, size_bytes=1, language=language, expires_at=until).body
