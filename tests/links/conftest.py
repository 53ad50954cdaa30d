"""The small internet, for the tests of this room."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from internet import SmallInternet, small_internet


@pytest.fixture
async def internet() -> AsyncIterator[SmallInternet]:
    async with small_internet() as running:
        yield running
