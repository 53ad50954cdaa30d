"""A link elsewhere, opened at once as a stranger would, and the verdict in words."""

from __future__ import annotations

import asyncio
from typing import Any

import streamlit as st

from lib.links import ApiKeys, Checked, Fetcher, check_link
from lib.links.budget import SHARED
from lib.settings import settings
from lib.ui.providers.mend import mend_panel, mender_of
from lib.ui.text import escape_markdown, say


def stranger_verdict(url: str, device: str = "web") -> dict[str, Any]:
    """Open a link as a stranger, show the verdict, and return it as JSON values (`Checked.to_dict`).

    The verdict is kept until the link changes or the person asks again.
    """
    kept: dict[str, Any] = st.session_state["providers.verdict"]
    if kept.get("asked") != url:
        with st.spinner(say("Opening the link as a stranger…")):
            kept = look(url) | {"asked": url}
        st.session_state["providers.verdict"] = kept
    _show(kept, device)
    st.button(
        say("Check again"), on_click=forget_verdict, icon=":material/refresh:", type="tertiary", key="providers.again",
    )  # fmt: skip
    return kept


def look(url: str) -> dict[str, Any]:
    """Open a link as a stranger and return the verdict as JSON values."""
    return asyncio.run(_check(url)).to_dict()


def forget_verdict() -> None:
    """Look again at the next run."""
    st.session_state["providers.verdict"] = {}


async def _check(url: str) -> Checked:
    async with Fetcher() as fetcher:
        fetcher.draw_on(SHARED)
        return await check_link(url, fetcher, keys=ApiKeys.of(settings()), look_inside=False, in_app=False)


def _show(verdict: dict[str, Any], device: str) -> None:
    draw = {True: st.success, False: st.error, None: st.info}[verdict["opens"]]
    draw(f"**{escape_markdown(say(verdict['line']))}** {escape_markdown(say(verdict['sees']))}", icon=verdict["icon"])
    if verdict["repaired"]:
        st.caption(say("The link was pasted with something around it; this is what it means:"))
        st.code(verdict["url"], language=None, wrap_lines=True)
    if verdict["opens"] is True:
        return
    steps = verdict["steps"].get(device) or []
    if steps:
        st.markdown("\n".join(f"{number}. {say(step)}" for number, step in enumerate(steps, 1)))
    if verdict["opens"] is False and mender_of(verdict["url"]) is not None:
        mended = mend_panel(verdict["url"], key="providers.mend")
        if mended is not None:
            forget_verdict()
            st.rerun()
