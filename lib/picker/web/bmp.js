// BMP: a header and the picture; a few carry a colour profile, or bytes behind the end.

import { ascii, nothing, number, part, trailer } from "./bytes.js";

/** @typedef {import("./bytes.js").Contents} Contents */

/** Take a BMP apart. @param {Uint8Array} bytes @returns {Contents} */
export function readBmp(bytes) {
  const header = number(bytes, 14, 4, true), contents = { ...nothing(), lossless: true };
  const signed = (/** @type {number} */ at) => Math.abs(number(bytes, at, 4, true) | 0);
  [contents.width, contents.height] = header === 12 ? [number(bytes, 18, 2, true), number(bytes, 20, 2, true)] : [signed(18), signed(22)];
  const kind = ascii(bytes, 70, 4);
  if (header >= 124 && (kind === "DEBM" || kind === "KNIL")) {
    const at = 14 + number(bytes, 126, 4, true), profile = bytes.subarray(at, at + number(bytes, 130, 4, true));
    contents.parts.push(kind === "DEBM" ? part("icc", "BMP profile", profile) : part("text", "BMP profile", profile, "Path of a colour profile"));
  }
  const end = number(bytes, 2, 4, true);
  if (end >= 14 + header) contents.parts.push(...trailer(bytes, end));
  return contents;
}
