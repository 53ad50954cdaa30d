"""A copy on Streamlit Community Cloud says on every page that its links open for nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import community_cloud
from tests.conftest import ROOT


@pytest.mark.parametrize(("place", "banners"), [("/mount/src/passalong", 1), ("/home/me/mount/src/passalong", 0)])
def test_the_banner_stands_where_links_cannot_open(
    place: str, banners: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(community_cloud, "ROOT", Path(place))
    page = AppTest.from_file(str(ROOT / "lib" / "ui" / "shell.py"), default_timeout=60).run()
    assert not page.exception
    assert page.title[0].value
    assert len([one for one in page.warning if "Streamlit Community Cloud" in one.value]) == banners
