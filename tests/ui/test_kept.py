"""The page Create stands where it stood: after a restart of the server, and where a choice could not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from lib.albums import Share, albums, host, open_share
from lib.photos import prepare_photo
from lib.settings import settings
from tests.pictures import photo_with_secrets


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Somebody new on a host of its own."""
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    yield f"owner-{uuid4()}"
    settings.cache_clear()


def page() -> None:
    import streamlit as st

    from lib.front import PAGES
    from lib.settings import ROOT
    from lib.ui import state

    state.begin()
    st.session_state["visitor.fallback_owner"] = st.session_state["test.owner"]
    pages = [
        st.Page(ROOT / "pages" / one.file, url_path=one.path or "home", default=one.path == "create") for one in PAGES
    ]
    st.navigation(pages, position="hidden").run()


def drawn(owner: str, album: str = "") -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["test.owner"] = owner
    if album:
        app.query_params["album"] = album
    app.run()
    assert not app.exception
    return app


def with_photo(owner: str) -> tuple[Share, str]:
    share = open_share(settings())
    album = share.albums.open(owner)
    share.photos.add(owner, album, name="a.jpg", photo=prepare_photo(photo_with_secrets(1)))
    return share, album


def words(app: AppTest) -> str:
    return " ".join(str(one.value) for one in (*app.markdown, *app.caption, *app.error, *app.title))


def button(app: AppTest) -> bool:
    """Say whether Create link can be pressed."""
    return not next(one for one in app.button if one.label == "Create link").disabled


def test_what_could_not_be_kept_is_said_and_the_button_waits(owner: str) -> None:
    share, album = with_photo(owner)
    app = drawn(owner, album)
    assert button(app)
    app.text_input(key="create.password").set_value("abc").run()
    assert not button(app)
    assert "password" in " ".join(one.value for one in app.error)
    assert not share.albums.get(owner, album).choices.has_password
    app.text_input(key="create.password").set_value("three odd words").run()
    assert button(app)
    assert not app.error
    assert share.albums.get(owner, album).choices.has_password


def test_after_a_restart_of_the_server_the_page_stands_where_it_stood(
    owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    share, album = with_photo(owner)
    chosen = {"title": "Kept", "words": "Look!", "max_views": 3, "name": "Ben", "life_s": 7 * 86_400}
    share.albums.choose(owner, album, password="three odd words", allow_download=False, **chosen)

    def restart(share: Share) -> Share:
        share.close()
        monkeypatch.setattr(host, "_opened", {})
        return open_share(settings())

    share = restart(share)
    app = drawn(owner, album)
    for slot, value in {"title": "Kept", "words": "Look!", "name": "Ben", "views": 3, "download": False,
                        "life": 7 * 86_400}.items():  # fmt: skip
        assert app.session_state[f"create.{slot}"] == value, slot
    assert "A password is set." in words(app)
    assert button(app)

    link = share.links.make(owner, album)
    share.albums.keep(owner, album, receipt=share.albums.get(owner, album).receipt())
    share = restart(share)
    app = drawn(owner, album)
    assert "Send other photos" in [one.label for one in app.button]
    assert any(link.path in str(one.value) for one in app.code), "the message to paste holds the link"
    assert any(one.label.startswith("Privacy receipt") for one in app.expander)


def test_an_id_that_holds_what_streamlit_refuses_in_keys_breaks_no_page(
    owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One id in two hundred holds two low lines in a row."""
    monkeypatch.setattr(albums, "new_id", lambda: f"a__{uuid4().hex[:19]}")
    _, album = with_photo(owner)
    assert "__" in album
    assert button(drawn(owner, album))
