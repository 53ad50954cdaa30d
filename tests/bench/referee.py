"""The referee of turn and colour: Chromium's own drawing of a picture, and how far another one is from it."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lib.photos import hdr

Pixels = NDArray[np.uint8]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
DRAW = """async ([data, type]) => {
  const image = new Image();
  image.src = `data:${type};base64,${data}`;
  try { await image.decode(); } catch { return null; }
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let words = "";
  for (let at = 0; at < pixels.length; at += 32768) words += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return [canvas.width, canvas.height, btoa(words)];
}"""


@contextmanager
def chromium() -> Iterator[Referee]:
    """A page of a running Chromium that draws what it is given."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: run ./tests/tools.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield Referee(browser.new_page())
        finally:
            browser.close()


class Referee:
    """Draws pictures on a canvas, on white."""

    def __init__(self, page: object) -> None:
        self._page = page

    def draw(self, data: bytes, media_type: str) -> Pixels | None:
        """Height x width x 3 in sRGB; None for what Chromium cannot show."""
        drawn = self._page.evaluate(DRAW, [base64.b64encode(data).decode(), media_type])  # type: ignore[attr-defined]
        if drawn is None:
            return None
        width, height, text = drawn
        return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]


def difference(first: Pixels, second: Pixels, side: int = 320) -> NDArray[np.float64]:
    """CIEDE2000 of two pictures, each pixel, both made at most `side` pixels long."""
    one = Image.fromarray(np.ascontiguousarray(first))
    scale = min(1.0, side / max(one.size))
    size = max(1, round(one.width * scale)), max(1, round(one.height * scale))
    planes = [
        Image.fromarray(np.ascontiguousarray(array)).resize(size, Image.Resampling.LANCZOS) for array in (first, second)
    ]
    return delta_e(*(np.asarray(plane) for plane in planes))


def delta_e(first: Pixels, second: Pixels) -> NDArray[np.float64]:
    """CIEDE2000 (Sharma, Wu, Dalal 2005) of two pictures in sRGB of the same size."""
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(_lab(pixels), -1, 0) for pixels in (first, second))
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean / (mean + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey, apart = c1 * c2 == 0, h2 - h1
    apart = np.where(grey, 0, np.where(apart > 180, apart - 360, np.where(apart < -180, apart + 360, apart)))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    total = h1 + h2
    far = np.abs(h1 - h2) > 180
    hue = np.where(grey, total, np.where(~far, total / 2, np.where(total < 360, total / 2 + 180, total / 2 - 180)))
    waves = ((1, -30, -0.17), (2, 0, 0.24), (3, 6, 0.32), (4, -63, -0.20))
    weight = 1 + sum(share * np.cos(np.radians(times * hue + shift)) for times, shift, share in waves)
    by_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    by_chroma, by_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    seventh = chroma**7
    turn = -2 * np.sqrt(seventh / (seventh + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    dl, dc = (l2 - l1) / by_light, (c2 - c1) / by_chroma
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(apart / 2)) / by_hue
    return np.asarray(np.sqrt(np.maximum(dl**2 + dc**2 + dh**2 + turn * dc * dh, 0)))


def _lab(pixels: Pixels) -> NDArray[np.float64]:
    light = hdr.from_srgb(pixels).astype(np.float64) @ hdr.to_xyz(hdr.PRIMARIES[hdr.BT709]).T
    light /= np.array([0.95047, 1.0, 1.08883])
    roots = np.where(light > 0.008856, np.cbrt(light), 7.787 * light + 16 / 116)
    return np.stack(
        (116 * roots[..., 1] - 16, 500 * (roots[..., 0] - roots[..., 1]), 200 * (roots[..., 1] - roots[..., 2])),
        axis=-1,
    )


def on_white(data: bytes) -> Pixels:
    """A clean picture as people see it."""
    with Image.open(io.BytesIO(data)) as image:
        clear = image.mode in {"RGBA", "LA"} or "transparency" in image.info
        seen = image.convert("RGBA" if clear else "RGB")
    if clear:
        ground = Image.new("RGBA", seen.size, "white")
        seen = Image.alpha_composite(ground, seen).convert("RGB")
    return np.asarray(seen)
