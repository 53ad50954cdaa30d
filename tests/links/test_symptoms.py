"""Content of the link doctor: symptoms, verdicts, and rule files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.links.known import providers
from lib.links.rules import LinkRuleProblem, read_provider
from lib.links.symptoms import symptoms
from lib.links.verdicts import verdicts
from lib.services.reader import FOLDER


def test_every_symptom_has_causes_with_fixes_and_a_source() -> None:
    assert len(symptoms()) >= 25
    for symptom in symptoms():
        assert symptom.causes
        assert symptom.source
        assert all(cause.cause.endswith(".") and cause.fix.endswith(".") for cause in symptom.causes)


def test_every_closed_verdict_can_be_found_by_a_symptom() -> None:
    reachable = {code for symptom in symptoms() for cause in symptom.causes for code in cause.checks}
    closed = {code for code, verdict in verdicts().items() if verdict.group == "closed"}
    assert closed - reachable == {"OWNER_PLAN_LAPSED"}  # its own page says what to do


@pytest.mark.parametrize("verdict", verdicts().values(), ids=lambda each: each.code)
def test_every_verdict_has_its_words(verdict: object) -> None:
    assert verdict.line.endswith(".")
    assert verdict.sees.endswith(".")
    assert verdict.icon.startswith(":material/")
    assert verdict.steps or verdict.colour == "green"
    assert verdict.opens is not True or verdict.group == "open"


def test_every_provider_has_an_address_of_its_owner_and_steps() -> None:
    exempt = {"other", "wetransfer", "tiktok", "yandex_disk", "immich", "lychee", "google_pictures"}
    for each in providers():
        if each.id not in exempt:
            assert any(shape.role in {"own", "sign_in"} for shape in each.shapes), each.id
            assert each.steps, each.id


HEAD = {"id": "box", "label": "Box", "hosts": ("box.com",)}
GOOD = (FOLDER / "box" / "links.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("find", "put", "reason"),
    [
        ('source = "', 'sauce = "', "sauce does not belong here"),
        ('confidence = "firm"', "", "confidence is missing"),
        ('confidence = "firm"', 'confidence = "firm"\nhosts = ["box.com"]', "hosts does not belong here"),
        ("status = [", 'status = ["200", ', "status of Rule cannot be"),
        ("[[rules]]", "[rules]", "TOML"),
        ("as_of = 2026-11-21", 'as_of = "today"', "date"),
        ('confidence = "firm"', 'confidence = "very"', "confidence"),
        ('basis = "redirect"', 'basis = "feeling"', "basis"),
        ('probe = "page"', 'probe = "nowhere"', "nowhere"),
        ('ids = { id = "name" }', 'ids = { id = "nobody" }', "nobody"),
        ('alphabet = "lower"', 'alphabet = "greek"', "alphabet"),
        ("path = '^/v/[^/]+'", "path = '^/v/['", "no pattern"),
        ("[probes.page]", "[probes.page]\ncolour = 1", "colour"),
        ("[[rules]]", "[[rules", "TOML"),
        ("[[shapes]]", "shapes = 3\n[[rules]]", "wrong kind"),
    ],
)
def test_a_bad_rule_file_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, find: str, put: str, reason: str
) -> None:
    assert find in GOOD
    file = tmp_path / "box.toml"
    file.write_text(GOOD.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(LinkRuleProblem, match=rf"(?s)box\.toml.*{reason}"):
        read_provider(file, **HEAD)
