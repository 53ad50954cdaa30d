// WebP: RIFF chunks.

import { LIMIT_PARTS, ascii, join, nothing, number, part, trailer } from "./bytes.js";
import { bareExif } from "./png.js";
import { WEBP_DRAWING } from "./tables.js";

/** @typedef {import("./bytes.js").Contents} Contents */

const drawing = new Set(WEBP_DRAWING);

/** @param {Uint8Array} bytes @returns {Generator<{name: string, at: number, to: number, content: Uint8Array}>} */
function* chunks(bytes) {
  const end = Math.min(bytes.length, 8 + number(bytes, 4, 4, true));
  for (let at = 12; at + 8 <= end; ) {
    const length = number(bytes, at + 4, 4, true), to = at + 8 + length + (length % 2);
    yield { name: ascii(bytes, at, 4), at, to: Math.min(to, bytes.length), content: bytes.subarray(at + 8, at + 8 + length) };
    at = to;
  }
}

/** Take a WebP apart. @param {Uint8Array} bytes @returns {Contents} */
export function readWebp(bytes) {
  const contents = nothing();
  let frames = 0;
  for (const { name, content } of chunks(bytes)) {
    if (contents.parts.length > LIMIT_PARTS) return nothing();
    if (name === "VP8L") contents.lossless = true;
    if (name === "VP8X" || name === "VP8 " || name === "VP8L") {
      if (!contents.width || !contents.height) [contents.width, contents.height] = size(name, content);
    } else if (name === "ANMF") frames++;
    else if (name === "EXIF") contents.parts.push(part("exif", "EXIF", bareExif(content)));
    else if (name === "XMP ") contents.parts.push(part("xmp", "XMP", content));
    else if (name === "ICCP") contents.parts.push(part("icc", "WebP ICCP", content));
    else if (!drawing.has(name)) contents.parts.push(part("other", `WebP ${name.trim()}`, content));
  }
  const end = 8 + number(bytes, 4, 4, true);
  contents.whole = end <= bytes.length;
  contents.parts.push(...trailer(bytes, end + (end % 2)));
  contents.frames = Math.max(1, frames);
  return contents;
}

/** @param {string} name @param {Uint8Array} content @returns {[number, number]} */
function size(name, content) {
  if (name === "VP8X") return [1 + number(content, 4, 3, true), 1 + number(content, 7, 3, true)];
  if (name === "VP8L") {
    const bits = number(content, 1, 4, true);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  }
  return [number(content, 6, 2, true) & 0x3fff, number(content, 8, 2, true) & 0x3fff];
}

/** The same picture with nothing beside it but its colour profile. @param {Uint8Array} bytes */
export function bareWebp(bytes) {
  const kept = [bytes.slice(0, 12)];
  for (const { name, at, to } of chunks(bytes)) {
    if (!drawing.has(name) && name !== "ICCP") continue;
    const chunk = bytes.slice(at, to);
    if (name === "VP8X") chunk[8] &= ~0x0c; // says no longer that EXIF and XMP follow
    kept.push(chunk);
  }
  const bare = join(kept);
  new DataView(bare.buffer).setUint32(4, bare.length - 8, true);
  return bare;
}
