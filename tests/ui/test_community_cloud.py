"""A copy on Streamlit Community Cloud says on every page that its links open for nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import community_cloud
from tests.conftest import ROOT


@pytest.mark.parametrize(("place", "told"), [("/mount/src/passalong", True), ("/home/me/mount/src/passalong", False)])
def test_the_banner_stands_where_links_cannot_open(
    place: str,
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,  # noqa: FBT001 - a row of the table
) -> None:
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(community_cloud, "ROOT", Path(place))
    page = AppTest.from_file(str(ROOT / "lib" / "ui" / "shell.py"), default_timeout=60).run()
    assert not page.exception
    assert page.title or page.main.children
    banners = [one.value for one in page.warning if "Streamlit Community Cloud" in one.value]
    assert len(banners) == int(told)
