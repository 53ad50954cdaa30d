"""What Create a link offers after a stopped upload depends on what the provider can do."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.services.base import Description
from lib.services.registry import all_descriptions


def page() -> None:
    import streamlit as st

    from lib.ui.create.making import unfinished

    place = unfinished()
    st.text(place.label if place else "nothing")


def offered(begun: str, phase: str) -> str:
    app = AppTest.from_function(page)
    app.session_state["create.begun"], app.session_state["create.phase"] = begun, phase
    app.run(timeout=20)
    assert not app.exception
    return str(app.text[0].value)


@pytest.mark.parametrize("one", [one for one in all_descriptions() if one.can_upload], ids=lambda one: one.id)
def test_what_was_uploaded_can_be_removed_where_the_provider_can(one: Description) -> None:
    for phase in ("cancelled", "failed"):
        assert offered(one.id, phase) == (one.label if one.can_discard else "nothing")


@pytest.mark.parametrize(
    ("begun", "phase"), [("", "failed"), ("dropbox", ""), ("dropbox", "making"), ("dropbox", "done")]
)
def test_nothing_is_offered_before_an_upload_or_while_it_runs(begun: str, phase: str) -> None:
    assert offered(begun, phase) == "nothing"
