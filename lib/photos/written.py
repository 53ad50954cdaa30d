"""What is written in a picture: number plates, house numbers, and other text.

PaddleOCR's small networks find the lines and read those that stand alone; RapidOCR brings them and runs them, on this
computer. As they take half a gigabyte of memory while they work, they run as a program of their own, at low priority,
which goes when it was not needed for a minute. What was read is forgotten there: only kinds and places come back.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import IO, Any, Final, Literal

import numpy as np
from PIL import Image

from lib.photos.resize import fit, resize

Kind = Literal["plate", "number", "text"]
Box = tuple[float, float, float, float]  # x, y, width and height

SIDE: Final = 1600  # pixels: with more a plate far away is read, at four times the memory
MOST_READ: Final = 30  # lines that stand alone; the largest first
MUCH: Final = 3  # lines together: a page, a screen or a label, whatever they say
SURE: Final[dict[Kind, float]] = {"plate": 0.6, "number": 0.75, "text": 0.8}  # of 1
LEAST_TEXT: Final = 3  # letters
PLATE: Final = re.compile(r"(?=.*\d)(?=.*[A-Z])(?:[A-Z0-9]{4,9})|\d{2,4}[ .-]\d{2,4}[ .-]\d{2,3}", re.ASCII)
PLATE_SHAPE: Final = 1.6, 8.0  # its length by its height
NUMBER: Final = re.compile(r"\d{1,4}(?:[ -/]?[A-Za-z]|[ -/]\d{1,3})?", re.ASCII)
_HEAD: Final = struct.Struct(">II")
LONGEST_S: Final = 60  # for one picture; then the program is stopped and nothing is proposed
IDLE_S: Final = 60


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """Where a line of letters stands: its corners in pixels, from its first letter's top on, clockwise."""

    corners: tuple[tuple[float, float], ...]

    @property
    def box(self) -> Box:
        """The upright rectangle around it."""
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)

    @property
    def size(self) -> tuple[float, float]:
        """How long and how high it is, along its own direction."""
        (a, b, c, d) = (np.array(corner) for corner in self.corners)
        along, across = (np.linalg.norm(b - a) + np.linalg.norm(c - d)) / 2, np.linalg.norm(d - a)
        return float(along), max(1.0, float((across + np.linalg.norm(c - b)) / 2))


def kind_of(text: str, sure: float, shape: float) -> Kind | None:
    """Return what a line that stands alone may be, by what it says and by its length in heights."""
    plain = text.strip().upper()
    bare = re.sub(r"[^A-Z0-9]", "", plain)
    if NUMBER.fullmatch(plain):
        return "number" if sure >= SURE["number"] else None
    if PLATE_SHAPE[0] <= shape <= PLATE_SHAPE[1] and (PLATE.fullmatch(bare) or PLATE.fullmatch(plain)):
        return "plate" if sure >= SURE["plate"] else None
    letters = sum(letter.isalnum() for letter in plain)
    return "text" if sure >= SURE["text"] and letters >= LEAST_TEXT else None


def blocks(lines: Sequence[WrittenLine]) -> list[list[WrittenLine]]:
    """Return lines in groups: those that stand below or beside each other, of about the same height."""
    parent = list(range(len(lines)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for one, other in combinations(range(len(lines)), 2):
        if _together(lines[one], lines[other]):
            parent[root(one)] = root(other)
    groups: dict[int, list[WrittenLine]] = {}
    for at, line in enumerate(lines):
        groups.setdefault(root(at), []).append(line)
    return list(groups.values())


def _together(one: WrittenLine, other: WrittenLine) -> bool:
    high = sorted((one.size[1], other.size[1]))
    if high[1] > 2 * high[0]:
        return False
    (x, y, w, h), (u, v, k, m) = one.box, other.box
    across, down = max(x, u) - min(x + w, u + k), max(y, v) - min(y + h, v + m)  # gaps; less than 0 where they overlap
    return across < high[1] * 1.5 and down < high[1] * 1.2


def around(lines: Sequence[WrittenLine]) -> Box:
    """Return the rectangle around lines."""
    boxes = [line.box for line in lines]
    left, top = min(x for x, *_ in boxes), min(y for _, y, *_ in boxes)
    return left, top, max(x + w for x, _, w, _ in boxes) - left, max(y + h for _, y, _, h in boxes) - top


class Reader:
    """The networks, in memory. For the program of their own."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR  # type: ignore[import-untyped,unused-ignore]

        self._engine: Any = RapidOCR(params={
            "Global.use_cls": False, "Global.log_level": "critical", "Global.max_side_len": SIDE * 2,
            "Det.limit_side_len": 32,  # a picture that comes is small enough; it is not made larger
            "EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        })  # fmt: skip

    def look(self, picture: Image.Image) -> Iterator[tuple[Kind, Box]]:
        """Yield what is written in an RGB picture, in pixels."""
        alone: list[WrittenLine] = []
        for block in blocks(self._lines(picture)):
            if len(block) >= MUCH:
                yield "text", around(block)
            else:
                alone += block
        for line in sorted(alone, key=lambda line: line.size[1], reverse=True)[:MOST_READ]:
            if kind := kind_of(*self._read(picture, line), line.size[0] / line.size[1]):
                yield kind, line.box

    def _lines(self, picture: Image.Image) -> list[WrittenLine]:
        found = self._engine(_as_opencv(picture), use_det=True, use_cls=False, use_rec=False).boxes
        return [
            WrittenLine(tuple((float(x), float(y)) for x, y in corners)) for corners in (() if found is None else found)
        ]

    def _read(self, picture: Image.Image, line: WrittenLine) -> tuple[str, float]:
        (a, b, c, d), (long, high) = line.corners, line.size
        size = max(1, round(long)), max(1, round(high))
        level = picture.transform(size, Image.Transform.QUAD, (*a, *d, *c, *b), Image.Resampling.BICUBIC)
        read = self._engine(_as_opencv(level), use_det=False, use_cls=False, use_rec=True)
        return (read.txts[0], float(read.scores[0])) if read.txts else ("", 0.0)


def _as_opencv(picture: Image.Image) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


# --- the program of their own -------------------------------------------------------------------------------------


class Apart:
    """Runs the reader as another program, one picture after the other."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._program: subprocess.Popen[bytes] | None = None
        self._rest: threading.Timer | None = None

    def look(self, picture: Image.Image) -> list[tuple[Kind, Box]]:
        """Return what is written in a picture, in parts of it; nothing where that cannot be said in time."""
        small = resize(picture, fit(picture.size, SIDE))
        with self._one_at_a_time:
            if self._rest:
                self._rest.cancel()
            try:
                found = self._ask(small)
            except (OSError, ValueError):
                self._stop()
                found = []
            self._rest = threading.Timer(IDLE_S, self.stop)
            self._rest.daemon = True
            self._rest.start()
        width, height = small.size
        return [(kind, (x / width, y / height, w / width, h / height)) for kind, (x, y, w, h) in found]

    def stop(self) -> None:
        """End the program, if it runs. The next picture starts it again."""
        with self._one_at_a_time:
            self._stop()

    def _ask(self, picture: Image.Image) -> list[tuple[Kind, Box]]:
        program = self._started()
        clock = threading.Timer(LONGEST_S, program.kill)
        clock.start()
        try:
            to, back = _pipes(program)
            to.write(_HEAD.pack(*picture.size) + picture.tobytes())
            to.flush()
            return [(kind, tuple(box)) for kind, box in json.loads(back.readline())]
        finally:
            clock.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._program and self._program.poll() is None:
            return self._program
        self._stop()
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ
        }
        self._program = subprocess.Popen(
            [sys.executable, "-m", "lib.photos.written"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        return self._program

    def _stop(self) -> None:
        program, self._program = self._program, None
        if program:
            program.kill()
            program.wait()
            for pipe in _pipes(program):
                with contextlib.suppress(OSError):
                    pipe.close()


def _pipes(program: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if program.stdin is None or program.stdout is None:
        raise ValueError
    return program.stdin, program.stdout


apart: Final = Apart()
atexit.register(apart.stop)


def main(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer for picture after picture, until nobody asks any more."""
    reader = Reader()
    while len(head := asked.read(_HEAD.size)) == _HEAD.size:
        width, height = _HEAD.unpack(head)
        picture = Image.frombytes("RGB", (width, height), asked.read(width * height * 3))
        answers.write(json.dumps(list(reader.look(picture))).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    main(sys.stdin.buffer, own)
