"""From answers to the one way that fits. Which question comes next follows from the rules, not from a script."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lib.guide import content
from lib.guide.content import Ask, Decision, DecisionRule, decision

Answers = Mapping[str, str]
UNSAID: Final = "unsaid"  # what a note may ask for: nobody answered this question
CONCERN: Final = "concern"  # the question that is asked before any other, and always may be


@dataclass(frozen=True, slots=True)
class Advice:
    """The way that fits, why, and what to add; or, with `stop`, why there is none. The words still hold places."""

    route: str
    because: str
    notes: tuple[str, ...]
    stop: str = ""  # the name of a stop in safety.toml; then there is no route


def known_answers(given: Mapping[str, str]) -> dict[str, str]:
    """Keep the answers that the decision knows; anything else in an address is ignored."""
    return {ask.id: given[ask.id] for ask in decision().question if given.get(ask.id) in ask.options}


def _fits(when: Mapping[str, tuple[str, ...]], answers: Answers) -> bool:
    return all(answers.get(question, UNSAID) in allowed for question, allowed in when.items())


@functools.cache
def _rules() -> Mapping[tuple[str, ...], DecisionRule]:
    """Return the rule for every full set of answers (one option for each question, in their order), worked out once."""
    table = decision()
    names = [ask.id for ask in table.question]
    return {
        options: next(rule for rule in table.rule if _fits(rule.when, dict(zip(names, options, strict=True))))
        for options in itertools.product(*(ask.options for ask in table.question))
    }


def _rule(answers: Answers) -> DecisionRule:
    return _rules()[tuple(answers[ask.id] for ask in decision().question)]


def _completions(table: Decision, answers: Answers) -> Iterator[dict[str, str]]:
    """Yield every full set of answers that agrees with those given.

    A question with `optional` that was not answered counts as answered with its first option.
    """
    choices = [
        [answers[ask.id]] if ask.id in answers else [next(iter(ask.options))] if ask.optional else list(ask.options)
        for ask in table.question
    ]
    for combination in itertools.product(*choices):
        yield dict(zip((ask.id for ask in table.question), combination, strict=True))


def _matters(table: Decision, ask: Ask, answers: Answers) -> bool:
    """Say whether the answer to this question can still change the rule."""
    rest = {key: value for key, value in answers.items() if key != ask.id}
    for full in _completions(table, rest):
        rules = {id(_rule(full | {ask.id: option})) for option in ask.options}
        if len(rules) > 1:
            return True
    return False


def questions_to_ask(answers: Answers) -> list[Ask]:
    """Return the questions to show: those answered that mattered, and the next one that still does.

    None is left where an optional question decides alone, such as a threat.
    """
    table = decision()
    shown: list[Ask] = []
    so_far = {ask.id: answers[ask.id] for ask in table.question if ask.optional and ask.id in answers}
    for ask in table.question:
        if ask.optional or not _matters(table, ask, so_far):
            continue
        shown.append(ask)
        if ask.id not in answers:
            break
        so_far[ask.id] = answers[ask.id]
    return shown


def decide(answers: Answers) -> Advice | None:
    """Return the way that fits, or None while a question is open."""
    asked = questions_to_ask(answers)
    if any(ask.id not in answers for ask in asked):
        return None
    table = decision()
    full = next(_completions(table, answers))
    rule = _rule(full)
    if rule.stop:
        return Advice("", content.stop(rule.stop).title, (), rule.stop)
    notes = tuple(note.text for note in table.note if rule.route in note.routes and _fits(note.when, answers))
    return Advice(rule.route or "", rule.because or "", notes)


def concern() -> Ask:
    """Return what is asked before everything else: whether this is a case in which not to send."""
    return next(ask for ask in decision().question if ask.id == CONCERN)


def optional_questions(answers: Answers) -> list[Ask]:
    """Return the questions to ask beside the answer: those that would change its way or its notes."""
    table = decision()
    return [
        ask
        for ask in table.question
        if ask.optional
        and ask.id != CONCERN
        and len({decide({**answers, ask.id: option}) for option in ask.options}) > 1
    ]
