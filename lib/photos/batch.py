"""Several photos at once: parallel, in bounded memory, cancelled by closing the iterator."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from lib.photos.cover import Edit
from lib.photos.prepare import MAX_BYTES, MAX_PIXELS, MAX_SIDE, QUALITY, PreparedPhoto, prepare_photo
from lib.photos.problems import PhotoProblem

MAX_WORKERS = 4  # like the setting `workers`


def prepare_photos(
    items: Iterable[tuple[str, bytes]],
    *,
    max_side: int = MAX_SIDE,
    quality: int = QUALITY,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    workers: int | None = None,
    edit: Edit | None = None,
) -> Iterator[tuple[int, PreparedPhoto | PhotoProblem]]:
    """Prepare (name, bytes) pairs; yield position and outcome in the order in which they are ready.

    An item is taken from `items` only when a worker is free, so a generator that reads files keeps memory small.
    An `edit` is applied to each of them.
    Closing the iterator stops: what is being worked on is finished and dropped, nothing further is begun.
    """
    count = workers or min(MAX_WORKERS, os.cpu_count() or 1)
    coming = enumerate(items)

    def work(data: bytes) -> PreparedPhoto | PhotoProblem:
        try:
            return prepare_photo(
                data, max_side=max_side, quality=quality, max_bytes=max_bytes, max_pixels=max_pixels, edit=edit
            )
        except PhotoProblem as problem:
            return problem.with_traceback(None)

    with ThreadPoolExecutor(count, thread_name_prefix="photos") as pool:
        running: dict[Future[PreparedPhoto | PhotoProblem], int] = {}
        try:
            while True:
                while len(running) < count and (item := next(coming, None)) is not None:
                    position, (_, data) = item
                    running[pool.submit(work, data)] = position
                    del item, data
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
                del done, future
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
