"""The words: every figure comes from a table, every name leads somewhere, nothing is there twice."""

import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.facts import FactProblem, fact, fields, key_of, menu_steps, provider_names
from lib.facts.reader import Device
from lib.guide import content
from lib.guide.template import FILTERS, fill

FILES = sorted(content.CONTENT.glob("*.toml"))

# Written out on purpose: a name that holds a digit.
ALLOWED_NAMES = ("MP4",)
NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen"
)
UNITS = (
    "photos?|videos?|pictures?|[gmk]b|gigabytes?|megabytes?|px|pixels?|seconds?|minutes?|hours?|days?|weeks?|months?|"
    "years?|people|persons?|characters?|percent|dollars?|euros?|views?|downloads?|devices?|items?"
)
FIGURE = re.compile(r"\d")
WRITTEN_FIGURE = re.compile(rf"\b({NUMBER_WORDS})\b(\W+\w+)?\W+({UNITS})\b", re.IGNORECASE)
# Keys that hold names for the program, not words for people.
FOR_THE_PROGRAM = {"also", "read", "id", "field", "cites", "evidence", "how_field", "spoiled_by", "picture", "icon"}
MONTH = re.compile(
    r"\b(January|February|March|April|June|July|August|September|October|November|December)\b"
)  # "May" is a word
LOOKED = "looked_at = 2026-11-25\n"
PLACE = re.compile(r"\{\{.*?\}\}")


def texts(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield at, node
    elif isinstance(node, dict):
        for key, below in ((key, below) for key, below in node.items() if key not in FOR_THE_PROGRAM):
            yield from texts(below, f"{at}.{key}")
    elif isinstance(node, list):
        for number, below in enumerate(node):
            yield from texts(below, f"{at}[{number}]")


def figures(text: str) -> list[str]:
    bare = PLACE.sub("", text)
    for name in ALLOWED_NAMES:
        bare = bare.replace(name, "")
    return [found[0] for pattern in (FIGURE, WRITTEN_FIGURE, MONTH) for found in pattern.finditer(bare)]


def all_texts() -> list[Any]:
    return [
        pytest.param(text, id=f"{file.stem}{at}")
        for file in FILES
        for at, text in texts(tomllib.loads(file.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("up to 9 photos", ["9"]),
        ("up to nine photos", ["nine photos"]),
        ("Thirty-five photos", ["Thirty-five photos"]),
        ("since August", ["August"]),
        ("twelve long hours", ["twelve long hours"]),
        ("an MP4 of {{tiktok.video_width}} × {{tiktok.video_height|unit}}", []),
        ("up to {{tiktok.photos_per_message}} photos, and one link", []),
        ("both ways, for two people", ["two people"]),
    ],
)
def test_the_search_for_figures_finds_what_it_should(text: str, found: list[str]) -> None:
    assert figures(text) == found


@pytest.mark.parametrize("text", all_texts())
def test_no_figure_is_typed_into_the_prose(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize("text", all_texts())
def test_every_place_names_a_fact_that_is_there(text: str) -> None:
    fill(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{tiktok.colour}}", "tiktok.colour"),
        ("{{tiktok.photos_per_message|loud}}", "loud"),
        ("{{tiktok photos}}", "is not written as"),
        ("{{", "is not written as"),
    ],
)
def test_a_place_that_leads_nowhere_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FactProblem, match=reason):
        fill(text)


def test_a_fact_that_is_not_confirmed_has_a_sentence_of_its_own_and_no_place_for_its_value() -> None:
    assert not fact("pcloud.free_storage").confirmed
    for how in FILTERS:
        if how != "note":
            place = "{{pcloud.free_storage" + (f"|{how}" if how else "") + "}}"
            with pytest.raises(FactProblem, match="is not confirmed; say its note"):
                fill(place)


def test_every_citation_names_a_fact_that_is_there() -> None:
    for one in (*content.questions(), *content.mistakes(), *content.checklist()):
        fill("", one.cites)


# What sentences take for granted without filling it in. Where a fact changes, so must the sentence.
TAKEN_FOR_GRANTED = {
    "google_drive.location": "kept", "dropbox.location": "kept", "imgur.location": "removed",
    "google_photos.location": "hidden", "google_drive.same_address": "yes", "mega.same_address": "yes",
    "dropbox.views": "paid", "pcloud.views": "free", "proton_drive.views": "free", "mega.e2ee": "yes",
    "proton_drive.e2ee": "yes", "ente.e2ee": "yes", "tiktok.e2ee": "no", "tiktok.read_status": "yes",
    "tiktok.first_message_photo": "no", "tiktok.photos_in_groups": "yes", "tiktok.web_text": "yes",
    "this_server.take_back": "yes", "this_server.location": "removed",
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), TAKEN_FOR_GRANTED.items())
def test_what_a_sentence_takes_for_granted_holds(key: str, value: str) -> None:
    assert fact(key).value == value


def test_every_provider_has_a_way_to_take_a_link_back() -> None:
    without = [name for name in provider_names() if fact(f"{key_of(name)}.take_back").value != "yes"]
    assert without == ["SwissTransfer"], "its transfers end by themselves"
    assert fact("swisstransfer.expiry").value == "automatic"


def test_no_two_answers_share_a_name() -> None:
    names = [
        one.id
        for one in itertools.chain(
            content.stops(), content.questions(), content.mistakes(), content.habits(), content.sections(),
            (step for route in content.routes() for step in route.step),
        )
    ]  # fmt: skip
    assert sorted(names) == sorted(set(names))


def test_the_content_as_shipped_has_no_problem() -> None:
    assert content.content_problems() == []


def test_all_twelve_questions_of_the_brief_are_answered() -> None:
    assert [one.id for one in content.questions()][:12] == [
        "several-photos", "without-cloud", "can-tiktok-see", "was-it-opened", "phone-full", "are-links-safe",
        "as-video", "make-a-link", "how-private", "take-it-back", "disappearing", "tap-notice",
    ]  # fmt: skip


def test_every_step_has_a_picture_of_its_own_with_words_for_it() -> None:
    steps = [step for route in content.routes() for step in route.step]
    for step in steps:
        drawing = (content.PICTURES / f"{step.picture}.svg").read_text(encoding="utf-8")
        assert f'aria-label="{step.alt}"' in drawing
        assert "<script" not in drawing
    assert len({step.picture for step in steps}) == len(steps)
    assert {path.stem for path in content.PICTURES.glob("*.svg")} == {step.picture for step in steps}


def test_a_step_through_tiktok_has_menu_words_on_every_device() -> None:
    for route in content.routes():
        for step in route.step:
            if step.menu == "TikTok":
                assert step.task
                assert all(menu_steps("TikTok", device, step.task) for device in Device), step.id


def test_the_checklist_and_the_needs_ask_for_columns_that_exist() -> None:
    columns = {field.key: field for field in fields("storage")}
    for item in content.checklist():
        assert item.how_field is None or item.how_field in columns
    for need in content.needs():
        allowed = set(columns[need.field].choices or ("yes", "no"))
        assert {*need.good, *need.partly} <= allowed
        assert need.spoiled_by is None or need.spoiled_by in columns
        assert bool(need.spoiled_by) is bool(need.spoiled_text)
        assert bool(need.partly) is bool(need.partly_text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[habit]]\nid = 'x'\ntitle = 'T'\nwhy = 'W'\nicon = 'i'", "looked_at: field required"),
        (f"{LOOKED}[[habit]]\nid = 'x'\ntitle = 'T'\nwhy = 'W'", "habit.1.icon: field required"),
        (f"{LOOKED}[[habit]]\nid = 'x'\ntitle = 'T'\nwhy = 'W'\nicon = 'i'\ncolour = 'red'", "habit.1.colour: extra"),
        (f"{LOOKED}[[habit]]\nid = 'x'\ntitle = ''\nwhy = 'W'\nicon = 'i'", "habit.1.title"),
        ("[[habit", "it cannot be read"),
    ],
)
def test_a_broken_content_file_is_named_with_the_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    (tmp_path / "habits.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(content, "CONTENT", tmp_path)
    content.habits.cache_clear()  # it fails, so nothing wrong is kept for the next test
    with pytest.raises(FactProblem, match=re.escape(reason)) as refused:
        content.habits()
    assert refused.value.file == "habits.toml"
    assert "habits.toml" in [problem.file for problem in content.content_problems()]
    assert "lib/guide/content" in refused.value.fix
