"""A `VideoDecoder` for HEVC in the browser of the tests, which has none: it really decodes, by FFmpeg.

It follows the WebCodecs specification (https://www.w3.org/TR/webcodecs/, HEVC registration): a codec name, a
description (hvcC), key chunks in length-prefixed form, and real `VideoFrame`s in the colours of the configuration.
"""

from __future__ import annotations

import base64
import re
from typing import Any, Final

import av
import numpy as np
from playwright.sync_api import Page

_CODEC: Final = re.compile(r"hvc1\.[ABC]?\d+\.[0-9A-F]{1,8}\.[LH]\d+(\.[0-9A-F]{1,2}){0,6}")

_SCRIPT: Final = """
{
  const coded = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
  window.VideoDecoder = class {
    constructor({ output, error }) { Object.assign(this, { output, error, state: "unconfigured", queue: [] }); }
    static async isConfigSupported(config) {
      return { supported: await window.hevcSupported(config.codec), config };
    }
    configure(config) { Object.assign(this, { config, state: "configured" }); }
    decode(chunk) {
      if (this.state !== "configured" || chunk.type !== "key") throw new DOMException("no", "InvalidStateError");
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      this.queue.push([chunk.timestamp, data]);
    }
    async flush() {
      for (const [timestamp, data] of this.queue.splice(0)) {
        const told = await window.hevcDecode(coded(this.config.description), coded(data));
        if (!told) { this.state = "closed"; this.error(new DOMException("broken", "EncodingError")); return; }
        const pixels = Uint8Array.from(atob(told.data), (letter) => letter.charCodeAt(0));
        this.output(new VideoFrame(pixels, { format: "I420", codedWidth: told.width, codedHeight: told.height,
          timestamp, colorSpace: this.config.colorSpace }));
      }
    }
    close() { this.state = "closed"; }
  };
}
"""


def give_hevc_decoder(page: Page, *, refuses: str = "nothing") -> list[str]:
    """Give the pages of `page` the decoder and return the list of codec names that will be asked for.

    The decoder refuses codec names that contain `refuses`, as a device does that decodes some profiles only.
    """
    asked: list[str] = []

    def supported(codec: str) -> bool:
        asked.append(codec)
        return _CODEC.fullmatch(codec) is not None and refuses not in codec

    def decode(description: str, data: str) -> dict[str, Any] | None:
        decoder = av.CodecContext.create("hevc", "r")
        decoder.extradata = base64.b64decode(description)
        try:
            frame = [*decoder.decode(av.Packet(base64.b64decode(data))), *decoder.decode(None)][0]
        except (av.error.FFmpegError, IndexError):
            return None
        rows = ((plane, plane.height, plane.width) for plane in frame.planes)
        pixels = b"".join(
            np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)[:, :width].tobytes()
            for plane, height, width in rows
        )
        return {"width": frame.width, "height": frame.height, "data": base64.b64encode(pixels).decode()}

    page.expose_function("hevcSupported", supported)
    page.expose_function("hevcDecode", decode)
    page.add_init_script(_SCRIPT)
    return asked
