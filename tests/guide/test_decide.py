"""Every combination of answers leads to exactly one way, with its reason."""

import itertools

import pytest

from lib.guide import content
from lib.guide.decide import decide, known_answers, optional_questions, questions_to_ask
from lib.guide.template import fill

TABLE = content.decision()
COMBINATIONS = [
    dict(zip((ask.id for ask in TABLE.question), options, strict=True))
    for options in itertools.product(*(ask.options for ask in TABLE.question))
]


def test_every_combination_leads_to_one_way_with_a_reason() -> None:
    for answers in COMBINATIONS:
        _leads_to_one_way(answers)


def _leads_to_one_way(answers: dict[str, str]) -> None:
    advice = decide(answers)
    assert advice
    if advice.stop:
        assert not advice.route
        stop = content.stop(advice.stop)
        assert all(fill(line).text for line in (stop.why, *stop.do))
        return
    assert advice.route in {route.id for route in content.routes()}
    assert fill(advice.because).text
    for note in advice.notes:
        assert fill(note).text


def test_every_rule_decides_something_and_every_way_is_reached() -> None:
    reached = {advice.because for answers in COMBINATIONS if (advice := decide(answers))}
    assert reached == {rule.because or content.stop(rule.stop or "").title for rule in TABLE.rule}
    assert {rule.route for rule in TABLE.rule if rule.route} == {"attach", "link", "post", "video"}
    assert {rule.stop for rule in TABLE.rule if rule.stop} == {stop.id for stop in content.stops()}


@pytest.mark.parametrize(
    ("answers", "way"),
    [
        ({"who": "chat", "count": "few", "keep": "no", "device": "iphone"}, "attach"),
        ({"who": "chat", "count": "few", "keep": "no", "device": "android"}, "attach"),
        ({"who": "chat", "count": "few", "keep": "no", "device": "web"}, "link"),
        ({"who": "chat", "count": "few", "keep": "yes"}, "link"),
        ({"who": "chat", "count": "many", "keep": "no"}, "link"),
        ({"who": "chat", "count": "few", "keep": "video"}, "video"),
        ({"who": "new", "count": "few", "keep": "no", "device": "iphone"}, "attach"),
        ({"who": "new", "count": "many", "keep": "no"}, "link"),
        ({"who": "everyone", "count": "few", "keep": "no"}, "post"),
        ({"who": "everyone", "count": "many", "keep": "no"}, "post"),
        ({"who": "everyone", "count": "lots", "keep": "no"}, "post"),
        ({"who": "everyone", "count": "few", "keep": "yes"}, "link"),
        ({"who": "chat", "count": "few", "keep": "no", "device": "iphone", "age": "teen"}, "attach"),
    ],
)
def test_the_way_that_fits(answers: dict[str, str], way: str) -> None:
    advice = decide(answers)
    assert advice
    assert advice.route == way


def test_nothing_is_decided_while_a_question_is_open() -> None:
    assert decide({}) is None
    assert decide({"who": "chat", "count": "few", "keep": "no"}) is None


def test_a_question_is_asked_only_while_it_can_change_the_way() -> None:
    assert [ask.id for ask in questions_to_ask({})] == ["who"]
    assert questions_to_ask({"concern": "threats"}) == []
    assert [ask.id for ask in questions_to_ask({"who": "new", "age": "child"})] == ["who"]
    assert [ask.id for ask in questions_to_ask({"who": "chat"})] == ["who", "count"]
    assert [ask.id for ask in questions_to_ask({"who": "chat", "count": "many", "keep": "no"})] == [
        "who",
        "count",
        "keep",
    ]


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.thorough)], ids=["some", "every"])
def test_at_most_four_questions_are_asked_and_skipped_ones_change_nothing(step: int) -> None:
    for answers in COMBINATIONS[::step]:
        _asks_little(answers)


def _asks_little(answers: dict[str, str]) -> None:
    asked = {ask.id for ask in questions_to_ask(answers)}
    assert len(asked) <= 4
    beside = {"age": answers["age"], "concern": answers["concern"]}
    shorter = decide({key: value for key, value in answers.items() if key in asked} | beside)
    full = decide(answers)
    assert shorter
    assert full
    assert (shorter.route, shorter.stop, shorter.because) == (full.route, full.stop, full.because)


def test_age_is_asked_beside_the_answer_only_where_it_matters() -> None:
    chat = {"who": "chat", "count": "few", "keep": "no", "device": "iphone"}
    assert [ask.id for ask in optional_questions(chat)] == ["age"]
    everyone = {"who": "everyone", "count": "few", "keep": "no"}
    assert [ask.id for ask in optional_questions(everyone)] == ["age"]
    assert [ask.id for ask in optional_questions({"concern": "intimate"})] == ["age"]
    assert optional_questions({"concern": "threats"}) == []


def test_answers_that_nobody_offered_are_ignored() -> None:
    given = {"who": "<b>me</b>", "count": "few", "colour": "red", "device": "", "q": "x"}
    assert known_answers(given) == {"count": "few"}
