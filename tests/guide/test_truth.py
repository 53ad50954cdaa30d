"""What the guide says is held against the settings, the facts and itself."""

import itertools
import re
import tomllib

import pytest

from lib.facts import all_facts, fact
from lib.guide import content, template
from lib.guide.decide import decide
from lib.guide.template import current, fill, filled
from lib.settings import Settings
from lib.ui.video.choices import MAX_SECONDS

TEXTS = [
    (file.name, text) for file in sorted(content.CONTENT.glob("*.toml")) for text in [file.read_text(encoding="utf-8")]
]


@pytest.mark.parametrize(
    ("key", "shipped"),
    [
        ("passalong.photos_per_album", Settings.model_fields["max_photos"].default),
        ("passalong.link_days", Settings.model_fields["default_link_days"].default),
        ("passalong.photo_size", Settings.model_fields["max_photo_bytes"].default / 1_000_000),
        ("passalong.draft_hours", Settings.model_fields["draft_life_s"].default / 3_600),
        ("passalong.undo_seconds", Settings.model_fields["undo_grace_s"].default),
        ("passalong.video_seconds", MAX_SECONDS),
    ],
)
def test_what_the_table_says_of_this_app_is_what_it_ships(key: str, shipped: float) -> None:
    assert fact(key).number == shipped


def test_the_guide_says_what_the_host_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "settings", lambda: Settings.model_construct(max_photos=77))
    assert current("passalong.photos_per_album").text == "77"
    assert "77 photos" in filled("An album holds {{passalong.photos_per_album}} photos")


@pytest.mark.parametrize("count", ["many", "lots"])
@pytest.mark.parametrize("who", ["chat", "new", "everyone"])
@pytest.mark.parametrize("keep", ["no", "yes", "video"])
def test_a_way_that_this_app_would_refuse_says_its_limit(who: str, count: str, keep: str) -> None:
    """More photos than an album or a video of this app holds: the advice has to say how many it takes."""
    advice = decide({"who": who, "count": count, "keep": keep, "device": "iphone"})
    assert advice
    if advice.route in {"link", "video"}:
        assert f"up to {fact('passalong.photos_per_album').text} photos" in filled(" ".join(advice.notes))


@pytest.mark.parametrize("one", [one for one in all_facts() if one.field.scope == "tiktok"], ids=lambda o: o.field.key)
def test_what_nobody_knows_has_a_sentence_of_its_own(one: object) -> None:
    known = one.known  # type: ignore[attr-defined]
    note = one.note  # type: ignore[attr-defined]
    if not known:
        assert note
        assert note[0].isupper()
        assert note.endswith(".")
        assert "not confirmed" not in note
        assert len(note.split()) >= 5


def test_a_place_for_a_value_that_nobody_knows_is_refused() -> None:
    with pytest.raises(template.FactProblem, match="say its note"):
        fill("It is {{tiktok.unsend_photo}}.")


# Words of sentences that people stumbled over, or that were not true.
NEVER = (
    "|status", "not confirmed", "as many as you like", "as many photos as you like, in your order", "a name to lose",
    "in other hands", "cannot leak", "must not travel", "closed door", "stores nothing", "No source says so",
    "can go another way", "every chat takes",
)  # fmt: skip


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_no_sentence_of_the_kind_that_was_mended_comes_back(name: str, text: str) -> None:
    assert [phrase for phrase in NEVER if phrase.lower() in text.lower()] == [], name


def test_the_first_sentence_of_an_answer_stands_alone() -> None:
    for one in content.questions():
        first = filled(one.short)
        assert len(first.split()) >= 4, one.id
        assert first.endswith((".", "!")), one.id
        assert not first.startswith(("It ", "They ", "This ", "That ")), one.id


def test_a_visit_is_said_to_count_when_it_counts() -> None:
    """On an open link by the first picture, on a guarded one by the tap; never by a preview."""
    (answer,) = (one for one in content.questions() if one.id == "was-it-opened")
    told = filled(answer.answer)
    assert "when a browser loads the first picture" in told
    assert "when somebody taps to see the photos" in told
    assert "preview is not counted" in told


def test_a_warning_is_never_called_normal() -> None:
    """Must not happen: somebody is taught to tap through a security warning."""
    table = tomllib.loads((content.CONTENT.parents[1] / "links" / "symptoms.toml").read_text(encoding="utf-8"))
    warnings = [one for one in table["symptoms"] if {"Not secure", "Suspicious link"} & set(one["also"])]
    assert warnings
    for one in warnings:
        assert "normal" not in str(one["causes"])
        assert "They tap on" not in str(one["causes"])
        assert re.search("stop there|do not go on|should not go on", one["causes"][0]["fix"])


def test_every_question_of_the_decision_can_be_answered_in_any_order() -> None:
    asks = content.decision().question
    for first, second in itertools.permutations(asks, 2):
        given = {first.id: next(iter(first.options)), second.id: next(iter(second.options))}
        assert decide(given) == decide(dict(reversed(given.items())))


def _cited(text: str) -> set[str]:
    return {match[1] for match in re.finditer(r"\{\{\s*([a-z0-9_]+\.[a-z0-9_]+)", text)}


def test_a_fact_was_never_read_after_the_day_on_which_its_answers_were_last_looked_at() -> None:
    """Must not happen: a fact changes, and "last looked at" says that somebody read the sentences around it since."""
    kinds: dict[content.Kind, str] = {
        "question": "questions.toml", "mistake": "mistakes.toml", "step": "routes.toml", "section": "sections.toml",
        "stop": "safety.toml",
    }  # fmt: skip
    texts = dict(TEXTS)
    for kind, file in kinds.items():
        cited = _cited(texts[file])
        assert cited, file
        assert {key: fact(key).as_of for key in cited if fact(key).as_of > content.looked_at(kind)} == {}, file
