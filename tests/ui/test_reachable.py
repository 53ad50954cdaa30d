"""The link on screen is the one to send, whatever happens to the tunnel while the page is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.tunnels import Phase, Standing

PUBLIC = "https://8beaa541ba3dc2.lhr.life"


def page() -> None:
    """Draw a link, then learn how it stands: between the two the tunnel comes up, as it did for the first run."""
    import streamlit as st

    from lib.ui import reachable, state, visit

    state.begin()
    reachable.sits_here = lambda: True
    drawn = visit.base_url() if st.session_state.get("again") else "http://localhost:8501"
    st.session_state["again"] = True
    st.markdown(f"link: {drawn}/s/x")
    reachable.show_reachable("result", drawn=f"{drawn}/s/x")


def test_a_link_that_was_drawn_before_the_tunnel_stood_is_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.settings import read_settings
    from lib.ui import reachable, visit

    settings = read_settings(data_dir=tmp_path)
    for module in (reachable, visit):
        monkeypatch.setattr(module, "settings", lambda: settings)
    monkeypatch.setattr(reachable, "sits_here", reachable.sits_here)  # put back at the end
    Standing(Phase.ON, "localhost_run", PUBLIC).write(tmp_path)
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert not shown.exception
    assert shown.markdown[0].value == f"link: {PUBLIC}/s/x"
    assert "Your links open from anywhere" in shown.success[0].value
