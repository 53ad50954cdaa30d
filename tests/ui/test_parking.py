"""A form that waits for a sign-in is nobody else's to read, and not for long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import time

import pytest
from streamlit.testing.v1 import AppTest

from lib.albums import Share, open_share
from lib.albums.clean_up import PARKED, PARKED_S
from lib.settings import settings
from lib.ui.providers import parking

SECRET = "https://drive.google.com/file/d/1SecretSecretSecret and private words"


def _script() -> None:
    import streamlit as st

    from lib.ui import state
    from lib.ui.providers import parking

    state.begin()
    st.session_state["check.text"] = "https://drive.google.com/file/d/1SecretSecretSecret and private words"
    parking.park()


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Share]:
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    opened = open_share(settings())
    yield opened
    opened.close()
    settings.cache_clear()


def parked(share: Share) -> str:
    ran = AppTest.from_function(_script).run(timeout=30)
    assert not ran.exception
    ((path, _),) = share.store.list(PARKED)
    return path


def test_it_is_encrypted_and_given_back_once(share: Share) -> None:
    path = parked(share)
    kept = share.store.get(path)
    assert b"Secret" not in kept
    assert b"private" not in kept
    found = parking._take(share, path)  # noqa: SLF001 - what the page calls after the sign-in
    assert found
    assert found[0]["check.text"] == SECRET
    assert share.store.list(PARKED) == []


def test_after_an_hour_it_is_neither_given_back_nor_kept(
    share: Share, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parked(share)
    now = time()
    monkeypatch.setattr(parking.time, "time", lambda: now + PARKED_S + 1)
    assert parking._take(share, path) is None  # noqa: SLF001
    monkeypatch.undo()
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))
    path = parked(share)
    fresh = Share(share.settings, share.index, share.store, share.keys)
    fresh.clean_up.sweep()
    assert share.store.list(PARKED)
    os.utime(tmp_path / "photos" / path, (now - PARKED_S - 1,) * 2)
    Share(share.settings, share.index, share.store, share.keys).clean_up.sweep()
    assert share.store.list(PARKED) == []


def test_one_that_another_key_encrypted_is_passed_over(share: Share) -> None:
    path = parked(share)
    share.store.put(path, b"gAAAAA not ours")
    assert parking._take(share, path) is None  # noqa: SLF001
