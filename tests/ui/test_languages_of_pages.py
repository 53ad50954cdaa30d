"""Every word of the sender's pages comes out of the catalogue: in a made-up language nothing is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po, write_po
from streamlit.testing.v1 import AppTest

from lib.albums import open_share
from lib.photos import prepare_photo
from lib.settings import settings
from lib.text import catalogue as room
from lib.ui import text
from tests.pictures import photo_with_secrets

OWNER = "an-owner-of-this-test-only"
# The same in every language, what the photo itself holds, and what the recipient's own translations say
NAMES = ("Dropbox", "Google Drive", "Passalong", "IMG_1.jpg", "EXIF", "GPS", "Foto", "Dezember")
# What a photo held, as it stood there, and what is said of a service out of the tables of facts, in English so far
QUOTED = re.compile(r"(?<=⟧\*\*): .*|^- [A-Z][\w ]+: .*$", re.MULTILINE)
ICON = re.compile(r":material/\w+:|:[\w-]+\[|https?://\S+|\[\]\(\S*\)")


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let German be a language that puts every text in brackets, and every visitor speak it."""
    with (room.FOLDER / "de.po").open("rb") as file:
        words = read_po(file, locale="de")
    for message in words:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else list(message.id)
            said = tuple(f"⟦{one}⟧" for one in forms)
            message.string = said[0] if isinstance(message.id, str) else said
    with (tmp_path / "de.po").open("wb") as out:
        write_po(out, words)
    monkeypatch.setattr(room, "FOLDER", tmp_path)
    monkeypatch.setattr(text, "language_of", lambda *_asked: "de")  # other rooms hold `language` by name
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    room.catalogue.cache_clear()
    yield
    settings.cache_clear()
    room.catalogue.cache_clear()


def page() -> None:
    import streamlit as st

    from lib.front import PAGES
    from lib.settings import ROOT
    from lib.ui import state

    state.begin()
    st.session_state["visitor.fallback_owner"] = "an-owner-of-this-test-only"
    wanted = st.session_state["test.page"]
    pages = [
        st.Page(ROOT / "pages" / one.file, title=one.title, url_path=one.path or "home", default=one.file == wanted)
        for one in PAGES
    ]
    st.navigation(pages, position="hidden").run()


def english(app: AppTest) -> list[str]:
    """Return what stands on the page and did not come out of the catalogue."""
    found = []
    for element in app.main.children.values():
        found += _texts(element)
    return sorted({one for one in found if re.search(r"[A-Za-z]{3}", _outside(one))})


def _outside(said: str) -> str:
    """Return a text without what is in brackets, however deep."""
    depth, left = 0, ""
    for letter in ICON.sub("", QUOTED.sub("", said)).replace("\\", ""):
        depth += letter == "⟦"
        left += "" if depth else letter
        depth -= letter == "⟧"
    for name in NAMES:
        left = left.replace(name, "")
    return left


def _texts(node: Any) -> Iterator[str]:
    for name in ("label", "help", "placeholder", "body", "icon_label"):
        value = getattr(getattr(node, "proto", None), name, "")
        if isinstance(value, str) and value:
            yield value
    options = getattr(getattr(node, "proto", None), "options", ())
    yield from (one for one in options if isinstance(one, str))
    for child in getattr(node, "children", {}).values():
        yield from _texts(child)


def drawn(name: str, **slots: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["test.page"] = name
    for slot, value in slots.items():
        app.session_state[slot.replace("__", ".")] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("made_up")
def test_the_senders_pages_speak_the_visitors_language_and_no_other() -> None:
    share = open_share(settings())
    seen = {
        "nothing yet": drawn("create_link.py"),
        "attach": drawn("attach_photos.py"),
        "video": drawn("make_video.py"),
    }
    seen["no links"] = drawn("my_links.py")
    album = share.albums.open(OWNER)
    share.photos.add(OWNER, album, name="IMG_1.jpg", photo=prepare_photo(photo_with_secrets(1)))
    seen["a photo cleaned here"] = drawn("create_link.py", create__simple=True)
    share.links.make(OWNER, album)
    seen["a link"] = drawn("my_links.py")
    assert len(list(_texts(seen["a photo cleaned here"].main))) > 40
    assert {state: left for state, app in seen.items() if (left := english(app))} == {}
