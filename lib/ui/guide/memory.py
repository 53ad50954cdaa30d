"""Ticks that survive a reload: kept in the visitor's own browser, on the visitor's own device, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

_JS = """
export default function ({ data, setStateValue }) {
  const name = `passalong.${data.slot}`
  try {
    if (data.loaded) localStorage.setItem(name, data.value)
    else setStateValue('kept', localStorage.getItem(name) ?? '[]')
  } catch {
    if (!data.loaded) setStateValue('kept', '[]') // a browser that keeps nothing
  }
}
"""
_memory = st.components.v2.component("passalong_memory", js=_JS)


def _names(text: object, known: Collection[str]) -> list[str]:
    """Read what the browser kept; anything that is not a name we know is dropped."""
    try:
        kept = json.loads(str(text))
    except ValueError:
        return []
    return [name for name in kept if isinstance(name, str) and name in known] if isinstance(kept, list) else []


def _take_over(slot: str, known: Collection[str], before: Callable[[], None]) -> None:
    before()
    result: Any = st.session_state.get(f"memory.{slot}")
    kept = _names(result.get("kept") if result else None, known)
    ticked = st.session_state[slot]
    st.session_state[slot] = [*ticked, *(name for name in kept if name not in ticked)]
    st.session_state["memory.loaded"] = [*st.session_state["memory.loaded"], slot]


def remember(slot: str, known: Collection[str], before: Callable[[], None] = lambda: None) -> None:
    """Keep a slot that is a list of names, and bring back what an earlier visit kept. Draws nothing.

    `before` is called before that is brought back.
    """
    _memory(
        key=f"memory.{slot}",
        data={
            "slot": slot,
            "loaded": slot in st.session_state["memory.loaded"],
            "value": json.dumps(st.session_state[slot]),
        },
        default={"kept": None},
        on_kept_change=lambda: _take_over(slot, known, before),
    )
