"""Progress bars: a widget in a notebook, a line in a terminal, nothing in a file or a pipe."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_DELAY_S = 0.5  # work that is over by then needs no bar


@contextmanager
def bar(text: str, total: int, unit: str) -> Iterator[Any]:
    """Show how far work has come; yields an object with `update(by)`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "IProgress not found": without ipywidgets the bar is made of letters
        from tqdm.auto import tqdm
    shown = sys.stderr.isatty() or "ipykernel" in sys.modules
    with tqdm(total=total, desc=text, unit=f" {unit}", leave=False, delay=_DELAY_S, disable=not shown) as it:
        yield it
