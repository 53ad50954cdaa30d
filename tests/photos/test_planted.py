"""Whatever is planted into a picture is found, by its kind; the picker's own tests read the same table."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from lib.photos import read_metadata
from lib.photos.metadata.read import inspect
from lib.photos.sniff import format_of

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("planted.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_planted_is_found(case: dict[str, Any]) -> None:
    data = base64.b64decode(case["file"])
    report = read_metadata(data)
    assert sorted({finding.kind for finding in report.private}) == case["kinds"]
    assert inspect(data, format_of(data)).orientation == case["orientation"]
    position = None if report.latitude is None else [report.latitude, report.longitude]
    assert position == (case["position"] and pytest.approx(case["position"]))
