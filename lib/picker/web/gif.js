// GIF: blocks, with comments and application data between the frames.

import { LIMIT_PARTS, join, latin1, nothing, number, part, trailer } from "./bytes.js";
import { GIF_LOOPING } from "./tables.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./bytes.js").Contents} Contents */

const LIMIT_BLOCKS = 200_000; // an animation of 25 MB has about half of that
const MAGIC_TRAILER = 257; // XMP in GIF ends with 01 FF FE … 01 00, so that readers who do not know it step over it
const table = (/** @type {number} */ flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

/** Take a GIF apart. @param {Uint8Array} bytes @returns {Contents} */
export function readGif(bytes) {
  const contents = { ...nothing(), lossless: true, width: number(bytes, 6, 2, true), height: number(bytes, 8, 2, true) };
  let at = 13 + table(bytes[10] ?? 0), frames = 0;
  for (let passed = 0; at < bytes.length && passed < LIMIT_BLOCKS && contents.parts.length <= LIMIT_PARTS; passed++) {
    const block = bytes[at];
    if (block === 0x3b) {
      contents.parts.push(...trailer(bytes, at + 1));
      break;
    }
    if (block === 0x2c) {
      frames++;
      at = blocks(bytes, at + 11 + table(bytes[at + 9] ?? 0)).at;
    } else if (block === 0x21) {
      const label = bytes[at + 1], from = at + 2, read = blocks(bytes, from);
      at = read.at;
      contents.parts.push(...extension(label, read.found, bytes.subarray(from, at)));
    } else at++;
  }
  contents.frames = Math.max(1, frames);
  return contents;
}

/** @param {Uint8Array} bytes @param {number} at */
function blocks(bytes, at) {
  /** @type {Uint8Array[]} */
  const found = [];
  while (at < bytes.length && bytes[at]) {
    found.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
    at += 1 + bytes[at];
  }
  return { at: at + 1, found };
}

/** @param {number} label @param {Uint8Array[]} list @param {Uint8Array} raw @returns {Part[]} */
function extension(label, list, raw) {
  if (label === 0xfe) return [part("comment", "GIF comment", join(list))];
  if (label === 0x01) return [part("text", "GIF text", join(list.slice(1)), "Text over the picture")];
  if (label !== 0xff || !list.length) return [];
  const name = latin1(list[0]);
  if (name === "XMP DataXMP") return [part("xmp", "XMP", raw.subarray(12, Math.max(12, raw.length - MAGIC_TRAILER - 1)))];
  if (GIF_LOOPING.includes(name)) return [];
  return [part("other", "GIF application data", join(list.slice(1)), name)];
}
