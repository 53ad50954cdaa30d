"""How much may be decoded at the same time in this process, so that memory stays bounded however many people upload."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# 64 megapixels are 256 MB at 4 bytes a pixel: one photo at the limit, or five of a usual phone.
MAX_PIXELS_AT_ONCE = 64_000_000


class Gate:
    """Lets pictures in while their pixels fit together; a picture larger than the gate comes in alone."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._inside = 0
        self._changed = threading.Condition()

    @contextmanager
    def room(self, pixels: int) -> Iterator[None]:
        """Wait until there is room for so many pixels, and hold it."""
        pixels = min(pixels, self.limit)
        with self._changed:
            self._changed.wait_for(lambda: self._inside + pixels <= self.limit)
            self._inside += pixels
        try:
            yield
        finally:
            with self._changed:
                self._inside -= pixels
                self._changed.notify_all()


decoding = Gate(MAX_PIXELS_AT_ONCE)
