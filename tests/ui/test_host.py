"""The host's page: nothing to see without the password, and nothing that was not reported with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from lib.albums import Share, open_share
from lib.albums.host_password import HostPassword
from lib.photos import prepare_photo
from lib.settings import settings
from lib.ui.state import SLOTS
from tests.pictures import photo_with_secrets

PASSWORD = "a horse, a battery and a staple"
OWNER = "owner-of-the-host-test"


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Share]:
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PASSALONG_HOST_PASSWORD", PASSWORD)
    settings.cache_clear()
    yield open_share(settings())
    settings.cache_clear()


def page() -> None:
    import streamlit as st

    from lib.settings import ROOT
    from lib.ui import state

    state.begin()
    st.session_state["visitor.fallback_owner"] = "the host's browser"
    st.navigation([st.Page(ROOT / "pages" / "host.py", default=True)], position="hidden").run()


def drawn() -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert app.title[0].value == "For the host"
    return app


def typed(app: AppTest, password: str) -> AppTest:
    app.text_input(key="host.typed").set_value(password)
    next(one for one in app.button if one.label == "Come in").click().run()
    assert not app.exception
    return app


def headings(app: AppTest) -> list[str]:
    return [one.value for one in app.header]


def test_without_the_password_there_is_nothing_and_after_wrong_ones_a_wait(hosted: Share) -> None:
    hosted.reports.add("gone", "intimate", "Please help")
    app = drawn()
    for wrong in ("", "x", "a horse"):
        typed(app, wrong)
        assert headings(app) == []
        assert "This is not the password of the host." in app.error[0].value
    said = [typed(app, f"guess {n}").error[0].value for n in range(3)]
    assert any("wait" in one.lower() for one in said), said
    assert headings(app) == []
    assert hosted.happened.lately(1)["host_guessed"] >= 3


def test_who_knew_a_password_that_was_changed_is_out(hosted: Share) -> None:
    app = typed(drawn(), PASSWORD)
    assert headings(app) == ["Reports", "How this server is doing", "When something was reported"]
    assert PASSWORD not in repr([app.session_state[slot] for slot in SLOTS])
    before = HostPassword(SecretStr("the one before"), hosted.keys, hosted.security)
    assert before.mark not in {"", hosted.host_password.mark}
    app.session_state["host.in"] = before.mark
    assert headings(app.run()) == []


def test_on_a_public_address_without_a_password_the_page_is_off(hosted: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSALONG_HOST_PASSWORD")
    monkeypatch.setenv("PASSALONG_PUBLIC_URL", "https://photos.example")
    settings.cache_clear()
    app = drawn()
    assert headings(app) == []
    assert len(app.text_input) == 0
    assert "host_password" in app.info[0].value
    assert hosted.host_password.is_set  # the same folder, as it was


def test_only_what_was_reported_is_ever_looked_at(hosted: Share) -> None:
    album = hosted.albums.open(OWNER)
    for n in range(3):
        hosted.photos.add(OWNER, album, name=f"{n}.jpg", photo=prepare_photo(photo_with_secrets(n)))
    link = hosted.links.make(OWNER, album)
    hosted.reports.add(link.id, "intimate", "", photo=2)
    (report,) = hosted.reports.all()
    kept = [one.id for one in hosted.photos.all(OWNER, album)]
    (seen,) = hosted.photos.reported(report.id, 12)
    assert seen == hosted.photos.read(OWNER, album, kept[1], small=True)
    hosted.reports.close(report.id)
    assert hosted.photos.reported(report.id, 12) == []
    hosted.reports.add(link.id, "harm", "all of it")
    (whole,) = hosted.reports.all()
    assert len(hosted.photos.reported(whole.id, 12)) == 3
    assert len(hosted.photos.reported(whole.id, 2)) == 2
    assert hosted.links.addresses_as_host(link.id) == hosted.links.addresses(OWNER, link.id)
    assert hosted.links.addresses_as_host("no such link") == []
    hosted.links.revoke_as_host(link.id)
    assert hosted.photos.reported(whole.id, 12) == []
