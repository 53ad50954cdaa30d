"""Preparing photos: photos a second against sharp, pyvips and Pillow; quality, memory, and the slideshow."""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from tests.bench import Table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PHONE = ROOT.parent / "shared" / "photos" / "phone"
WORKERS, ROUNDS, SIDE = 2, 7, 2048
PASSES = 2  # every photo twice in a round, so that both workers end at about the same time
Plane = NDArray[np.float32]

SAME = (
    f"Longest side {SIDE}, quality 85, 4:2:0, sRGB, upright, metadata removed; {WORKERS} workers each. Rounds of all "
    f"contenders alternate; the figure is the median of {ROUNDS}. Passalong also reads and reports the metadata."
)

HUFFMAN = (
    "sharp's default searches optimal Huffman tables (1 to 3 % smaller files); Passalong, pyvips and Pillow do not, so "
    "sharp is measured both ways. SSIM: of brightness, to a full decode and Lanczos in floating point, in sRGB values."
)


@dataclass
class Rival:
    """One contender: how to start it, and what it took."""

    name: str
    command: list[str]
    rounds: list[dict[str, float]] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def ask(self, line: str) -> dict[str, float]:
        """Send a command, wait for the answer."""
        assert self.process
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))

    def median(self, what: str) -> float:
        """The median over the rounds."""
        return statistics.median(one[what] for one in self.rounds)


@contextmanager
def running(rival: Rival) -> Iterator[Rival]:
    """The contender's process, ended at the end."""
    env = os.environ | {"VIPS_CONCURRENCY": "1", "UV_THREADPOOL_SIZE": "4"}
    pipe = subprocess.PIPE
    rival.process = subprocess.Popen(rival.command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
    try:
        yield rival
    finally:
        rival.process.communicate(timeout=60)


def python(name: str, label: str, files: list[Path]) -> Rival:
    """A contender written in Python."""
    return Rival(label, [sys.executable, "-m", "tests.bench._rival", name, str(WORKERS), *map(str, files * PASSES)])


def sharp(label: str, files: list[Path], *, optimise: bool) -> Rival:
    """Node's sharp."""
    return Rival(label, ["node", str(HERE / "sharp.mjs"), str(WORKERS), str(int(optimise)), *map(str, files * PASSES)])


def race(rivals: list[Rival], folder: Path) -> None:
    """Let all run in turns; keep what each made in a folder of its own."""
    with ExitStack() as stack:
        for rival in rivals:
            stack.enter_context(running(rival))
            kept = folder / rival.name
            kept.mkdir()
            rival.ask(f"write {kept}")  # warms up as well
        for _ in range(ROUNDS):
            for rival in rivals:
                rival.rounds.append(rival.ask("run"))


# --- quality ------------------------------------------------------------------------------------------------------


def exact(file: Path | io.BytesIO) -> Image.Image:
    """The slow, exact reference: full decode, colours converted, Lanczos in floating point, in sRGB values."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    image = Image.open(file)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image).convert("RGB")
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB")) or image
    return image


@cache
def reference(file: Path, size: tuple[int, int]) -> Plane:
    """The brightness of the reference in that size."""
    bands = [np.asarray(band.convert("F").resize(size, Image.Resampling.LANCZOS)) for band in exact(file).split()]
    return _luma(*bands)


def _luma(red: Plane, green: Plane, blue: Plane) -> Plane:
    return np.asarray(0.299 * red + 0.587 * green + 0.114 * blue, dtype=np.float32).clip(0, 255)


def ssim(first: Plane, second: Plane) -> float:
    """Structural similarity (Wang 2004): Gaussian window of 11 with sigma 1.5, mean over the picture."""
    window = np.exp(-((np.arange(11) - 5.0) ** 2) / (2 * 1.5**2)).astype(np.float32)
    window /= window.sum()

    def blur(plane: Plane) -> Plane:
        rows = sum(w * plane[n : plane.shape[0] - 10 + n] for n, w in enumerate(window))
        return np.asarray(sum(w * rows[:, n : rows.shape[1] - 10 + n] for n, w in enumerate(window)), np.float32)

    mean1, mean2 = blur(first), blur(second)
    var1, var2 = blur(first * first) - mean1**2, blur(second * second) - mean2**2
    both = blur(first * second) - mean1 * mean2
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean1 * mean2 + c1) * (2 * both + c2)
    return float((top / ((mean1**2 + mean2**2 + c1) * (var1 + var2 + c2))).mean())


def quality(folder: Path, files: list[Path]) -> list[float]:
    """SSIM of each made picture to the reference."""
    values = []
    for file in files:
        made = Image.open(folder / f"{file.stem}.jpg").convert("RGB")
        bands = [np.asarray(band, dtype=np.float32) for band in made.split()]
        values.append(ssim(_luma(*bands), reference(file, made.size)))
    return values


# --- tables -------------------------------------------------------------------------------------------------------


def speed_table(title: str, rivals: list[Rival], files: list[Path], folder: Path, notes: list[str]) -> Table:
    """Ratios first: how many times as many photos a second the first one makes."""
    ours = rivals[0]
    rows = []
    for rival in rivals:
        made = sum(path.stat().st_size for path in (folder / rival.name).iterdir())
        values = quality(folder / rival.name, files)
        rows.append([
            rival.name,
            f"{rival.median('wall_s') / ours.median('wall_s'):.2f}",
            f"{rival.median('cpu_s') / ours.median('cpu_s'):.2f}",
            f"{len(files) * PASSES / rival.median('wall_s'):.1f}",
            f"{1000 * rival.median('cpu_s') / len(files) / PASSES:.0f}",
            f"{made / 1e6:.2f}",
            f"{statistics.mean(values):.4f}",
            f"{min(values):.4f}",
        ])  # fmt: skip
    columns = ["", "Passalong is times as fast", "by processor time", "photos/s", "processor ms/photo", "MB in all",
               "SSIM, mean", "SSIM, worst"]  # fmt: skip
    return Table(title, columns, rows, notes)


def jpeg_table(files: list[Path], folder: Path) -> Table:
    """JPEG against sharp, pyvips and Pillow."""
    rivals = [python("passalong", "Passalong", files)]
    if (HERE / "node_modules" / "sharp").is_dir() and shutil.which("node"):
        rivals += [
            sharp("sharp", files, optimise=True),
            sharp("sharp without optimised Huffman tables", files, optimise=False),
        ]
    rivals += [python("pyvips", "pyvips", files), python("pillow", "Pillow", files)]
    race(rivals, folder)
    notes = [
        SAME,
        HUFFMAN,
    ]
    return speed_table(f"JPEG: {len(files)} phone photos", rivals, files, folder, notes)


def heic_table(files: list[Path], folder: Path) -> Table:
    """HEIC against plain pillow-heif (sharp's own builds cannot read HEIC)."""
    rivals = [python("passalong", "Passalong", files), python("pillow", "Pillow with pillow-heif", files)]
    race(rivals, folder)
    return speed_table(f"HEIC: {len(files)} iPhone and Galaxy photos", rivals, files, folder, [SAME])


MEMORY = """
import sys, pathlib
from lib.photos import prepare_photo, prepare_photos, PreparedPhoto
def status(what):
    row = next(row for row in open('/proc/self/status') if row.startswith(what))
    return int(row.split()[1]) / 1000
paths = [pathlib.Path(name) for name in sys.argv[1:]]
prepare_photo(pathlib.Path(sys.argv[1]).read_bytes(), max_side=64)
idle = status('VmRSS')
items = ((path.name, path.read_bytes()) for path in (paths * 100)[:100])
assert all(isinstance(photo, PreparedPhoto) for _, photo in prepare_photos(items, workers=2))
print(idle, status('VmHWM'))
"""


def memory_table(files: list[Path]) -> Table:
    """A batch of 100 photos of 12 megapixels and more."""
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    idle, peak = map(float, run.stdout.split())
    rows = [[f"{peak - idle:.0f}", f"{idle:.0f}", f"{peak:.0f}", f"{time.perf_counter() - started:.1f}"]]
    columns = ["MB above idle, at most", "MB idle", "MB peak", "seconds"]
    note = "Idle: after the libraries, the table of towns and one small photo. The aim is at most 250 MB above idle."
    return Table("Memory: a batch of 100 photos of 12 and 13 megapixels, two workers", columns, rows, [note])


def slideshow_table(files: list[Path], folder: Path) -> Table:
    """Ten photos as a video."""
    from lib.photos.slideshow import make_slideshow

    started = time.perf_counter()
    video = make_slideshow((files * 10)[:10], folder / "video.mp4")
    took = time.perf_counter() - started
    row = [f"{video.seconds / took:.2f}", f"{took:.1f}", f"{video.seconds:.0f}", f"{video.size_bytes / 1e6:.1f}"]
    columns = ["times as fast as it plays", "seconds to make", "seconds of video", "MB"]
    return Table("Slideshow: ten photos, 1080 x 1920, 30 fps, H.264", columns, [row])


def made_photos(folder: Path) -> list[Path]:
    """Stand-ins of 12 megapixels for machines without the real photos."""
    y, x = np.mgrid[0:3000, 0:4000].astype(np.float32)
    paths = []
    for n in range(4):
        random = np.random.default_rng(n)
        waves = [128 + 90 * np.sin(x / (30 + 9 * c + n)) * np.cos(y / (50 - 7 * c)) for c in range(3)]
        pixels = np.stack(waves, axis=-1) + random.normal(0, 6, (3000, 4000, 1))
        paths.append(folder / f"made-{n}.jpg")
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(paths[-1], quality=92)
    return paths


def large(files: list[Path]) -> list[Path]:
    """Those of 12 megapixels and more."""
    return [file for file in files if np.prod(Image.open(file).size) > 12e6]


def main() -> Iterator[Table]:
    """Measure and yield the tables one by one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = sorted(PHONE.glob("*.jpg")) or made_photos(folder)
        heics = sorted(PHONE.glob("*.heic"))
        for part in ("jpeg", "heic"):
            (folder / part).mkdir()
        yield jpeg_table(files, folder / "jpeg")
        if heics:
            yield heic_table(heics, folder / "heic")
        yield memory_table(large(files) + heics)
        yield slideshow_table(files + heics, folder)
