"""The measure itself, against pairs of the paper that defines its test data."""

from __future__ import annotations

import numpy as np
import pytest

from tests.photos.colour_difference import ciede2000

# Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", table 1: pairs 1, 4, 7, 10, 17, 25 and 34
PAIRS = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425), ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
    ((50, 0, 0), (50, -1, 2), 2.3669), ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
    ((50, 2.5, 0), (73, 25, -18), 27.1492), ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "far"), PAIRS)
def test_the_pairs_of_the_paper(first: tuple[float, ...], second: tuple[float, ...], far: float) -> None:
    assert ciede2000(np.array(first), np.array(second)) == pytest.approx(far, abs=1e-4)
