"""Look before you send: what is visible is said in one line, and a photo that was covered is not counted any more."""

from __future__ import annotations

import io

import pytest
import segno

from lib.albums import open_share
from lib.photos import find, prepare_photo, written
from lib.photos.cover import of_words
from lib.settings import settings
from tests.ui.test_kept import drawn, owner

__all__ = ["owner"]

LOOK = "Look for faces, codes, plates and text on our server"


@pytest.mark.skipif("code" not in find.kinds(), reason="no reader of codes is installed here")
def test_what_is_visible_is_said_until_it_is_covered_or_fine(owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written.apart, "look", lambda _picture: [])  # its own tests start that program
    share = open_share(settings())
    album = share.albums.open(owner, "look")
    made = io.BytesIO()
    segno.make("https://example.org/ticket", micro=False).save(made, "png", scale=6, border=8)
    kept = [share.photos.add(owner, album, name=f"{n}.png", photo=prepare_photo(made.getvalue())).id for n in range(2)]
    app = drawn(owner, album)
    said = [one.value for one in app.markdown]
    assert not any("visible" in one for one in said)
    next(one for one in app.button if one.label == LOOK).click().run()
    assert not app.exception
    assert "2 codes: visible. Look? Tap a photo, then **Cover and crop**." in [one.value for one in app.markdown]
    assert not next(one for one in app.button if one.label == "Create link").disabled  # a hint, never a lock
    assert LOOK not in [one.label for one in app.button]
    share.photos.remove(owner, album, kept[0])
    covered = prepare_photo(made.getvalue(), edit=of_words(["0,0,1,1"], None))
    share.photos.add(owner, album, name="0.png", photo=covered)
    app.run()
    assert any(one.value.startswith("1 code: visible.") for one in app.markdown)
    assert LOOK in [one.label for one in app.button]  # the new one was not looked at yet
    next(one for one in app.button if one.label == "Fine as it is").click().run()
    assert not any("visible. Look?" in one.value for one in app.markdown)
