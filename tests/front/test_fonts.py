"""The cut fonts hold every icon and every letter that the app shows, of the Streamlit that is installed."""

import io
import re

import pytest
from fontTools.ttLib import TTFont

from lib.facts import provider_facts, provider_names
from lib.front.fonts import LATIN, icons_of_the_app, known_icons, ranges, with_icons, with_latin
from lib.front.streamlit_files import StreamlitFiles, icons_in

FILES = StreamlitFiles()
# Names in Streamlit's script that its own font has never known: nothing of ours shows them.
NEVER_KNOWN = {"star_filled"}


@pytest.fixture(scope="module")
def whole() -> bytes:
    return FILES.read(FILES.font("MaterialSymbols-Rounded"))


@pytest.fixture(scope="module")
def cut(whole: bytes) -> bytes:
    return with_icons(whole, FILES.icons() | icons_of_the_app())


def test_no_icon_of_a_page_or_of_streamlit_is_missing(cut: bytes) -> None:
    there = set(known_icons(TTFont(io.BytesIO(cut))))
    assert icons_of_the_app() - there == set()
    assert FILES.icons() - there == NEVER_KNOWN


def test_an_icon_that_nobody_names_is_left_out_and_a_wrong_name_is_noticed(whole: bytes) -> None:
    few = set(known_icons(TTFont(io.BytesIO(with_icons(whole, frozenset({"link", "home", "no_such_icon"}))))))
    assert few == {"link", "home"}  # must not happen: the test above passes for any name


def test_the_icons_take_a_fifteenth_of_the_room(whole: bytes, cut: bytes) -> None:
    assert len(cut) <= 25_000 < 15 * 25_000 <= len(whole) + 25_000


def test_the_letters_of_most_pages_are_in_the_cut_font_and_the_others_in_the_whole_one() -> None:
    font = FILES.read(FILES.font("SourceSansVF-Upright"))
    small = with_latin(font)
    known = set(TTFont(io.BytesIO(small)).getBestCmap())
    everything = set(TTFont(io.BytesIO(font)).getBestCmap())
    assert set(map(ord, "Größe façade Łódź Ünïçödé “„–…×→✓⋯€")) <= known | (set(range(0x2000, 0x2800)) - everything)
    held, rest = (covered(text) for text in ranges(font))
    assert known <= held
    assert everything - held == rest & everything  # each letter is in one of the two
    assert not held & rest
    assert ord("Ж") in rest
    assert len(small) <= 55_000


def covered(text: str) -> set[int]:
    runs = re.findall(r"U\+([0-9A-F]+)-([0-9A-F]+)", text)
    return {code for low, high in runs for code in range(int(low, 16), int(high, 16) + 1)}


def test_what_the_tables_say_needs_no_second_font() -> None:
    text = "".join(fact.text for name in provider_names() for fact in provider_facts(name).values())
    beyond = {sign for sign in text if ord(sign) >= 0x20 and not any(low <= ord(sign) <= high for low, high in LATIN)}
    assert beyond == set()


def test_icons_are_found_as_they_are_written() -> None:
    assert icons_in(b'icon=":material/add_link:" `:material/speed_1_75:` :material/') == {"add_link", "speed_1_75"}
