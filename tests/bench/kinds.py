"""Every kind of picture: what came in, what came out, and how far it is from what Chromium shows.

`python -m tests.bench.kinds [FILES…]` prints the table of the server's road. ΔE: CIEDE2000 to Chromium's own drawing,
at 320 pixels; SSIM: of brightness, to a full decode and Lanczos in floating point.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from lib.photos import PhotoProblem, find_leftovers, prepare_photo, raw
from tests.bench.photos import PHONE, ssim
from tests.bench.referee import Pixels, Referee, chromium, difference, on_white

KINDS = PHONE.parent / "kinds"
TYPES = {".png": "image/png", ".avif": "image/avif", ".jpg": "image/jpeg", ".webp": "image/webp"}
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def drawn(referee: Referee, path: Path) -> Pixels | None:
    """What Chromium shows. What it cannot read is shown to it as a PNG of the same values, or as its preview."""
    from tests.photos.test_colour import codes, png16

    if path.suffix in TYPES:
        return referee.draw(path.read_bytes(), TYPES[path.suffix])
    if path.suffix == ".heic":
        opened = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        named = opened.info.get("nclx_profile")
        if named and opened.mode == "RGB;16":
            chunks = codes(named["color_primaries"], named["transfer_characteristics"])
            return referee.draw(png16(np.asarray(opened), chunks), "image/png")
        image, out = opened.to_pillow(), io.BytesIO()
        image.save(out, "PNG", icc_profile=image.info.get("icc_profile"), compress_level=1)
        return referee.draw(out.getvalue(), "image/png")
    return referee.draw(raw.preview(path.read_bytes()).data, "image/jpeg")


def likeness(shown: Pixels, made: Pixels) -> float:
    """SSIM of brightness, at the size that was made."""
    plane = Image.fromarray(shown.astype(np.float32) @ LUMA)
    size = made.shape[1], made.shape[0]
    small = np.asarray(plane.resize(size, Image.Resampling.LANCZOS)).clip(0, 255)
    return ssim(small, made.astype(np.float32) @ LUMA)


def rows(paths: list[Path]) -> list[list[str]]:
    """One row a file."""
    found = []
    with chromium() as referee:
        for path in paths:
            data = path.read_bytes()
            try:
                clean = prepare_photo(data)
            except PhotoProblem as problem:
                found.append([path.name, "", f"{len(data):,}", f"refused: {problem}", "", "", "", ""])
                continue
            shown, made = drawn(referee, path), on_white(clean.data)
            same = shown is not None and (shown.shape[1] > shown.shape[0]) == (made.shape[1] > made.shape[0])
            found.append([
                path.name, f"{clean.report.width} x {clean.report.height}", f"{len(data):,}",
                f"{clean.format} {clean.width} x {clean.height}", f"{len(clean.data):,}",
                f"{difference(shown, made).mean():.2f}" if shown is not None and same else "-",
                f"{likeness(shown, made):.4f}" if shown is not None and same else "-",
                " ".join(clean.notes) + " ".join(f" LEFT: {one.where}" for one in find_leftovers(clean.data)),
            ])  # fmt: skip
    return found


def main(names: list[str]) -> None:
    """Print the table as Markdown."""
    paths = [Path(name) for name in names] or sorted(KINDS.glob("*"))
    print("| file | came in | bytes | came out | bytes | ΔE | SSIM | said |")
    print("| --- | --- | ---: | --- | ---: | ---: | ---: | --- |")
    for row in rows(paths):
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
