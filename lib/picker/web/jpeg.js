// JPEG: a row of segments, the picture, and sometimes much more after its end.

import { LIMIT_PARTS, ascii, find, join, latin1, nothing, number, part, startsWith, trailer } from "./bytes.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./bytes.js").Contents} Contents */

const XMP = "http://ns.adobe.com/xap/1.0/\0", MORE_XMP = "http://ns.adobe.com/xmp/extension/\0", PHOTOSHOP = "Photoshop 3.0\0";
const MAX_PICTURES = 64; // cameras store two to four
const FRAMES = new Set([...Array(16).keys()].map((n) => 0xc0 + n).filter((marker) => ![0xc4, 0xc8, 0xcc].includes(marker)));

/** Where the next segment begins, in the coded picture or after rubbish; -1 at the end. @param {Uint8Array} bytes @param {number} at */
function nextMarker(bytes, at) {
  for (at = bytes.indexOf(0xff, at); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return -1;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return -1;
}

/** Marker, place and content of each segment; `whole` is false where the picture stops in its middle.
 * @param {Uint8Array} bytes @returns {{list: {marker: number, at: number, to: number, content: Uint8Array}[], whole: boolean}} */
export function segments(bytes) {
  /** @type {{marker: number, at: number, to: number, content: Uint8Array}[]} */
  const list = [];
  let at = 2;
  while (at + 1 < bytes.length && list.length <= LIMIT_PARTS) {
    if (bytes[at] !== 0xff) at = nextMarker(bytes, at);
    if (at < 0) break;
    const marker = bytes[at + 1];
    if (marker === 0xff) { at++; continue; }
    if (marker === 0xd9) {
      list.push({ marker, at, to: at + 2, content: bytes.subarray(0, 0) });
      return { list, whole: true };
    }
    if (marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) { at += 2; continue; }
    const to = at + 2 + Math.max(2, number(bytes, at + 2, 2));
    list.push({ marker, at, to, content: bytes.subarray(at + 4, to) });
    at = to;
    if (marker === 0xda) at = nextMarker(bytes, at);
    if (at < 0) break;
  }
  return { list, whole: false };
}

/** What follows the end of the picture, without the pictures that the index has named already. @param {Uint8Array} bytes @param {number} end @param {import("./bytes.js").Part[]} parts */
function behind(bytes, end, parts) {
  const rest = bytes.slice(end);
  for (const { where, data } of parts) {
    const at = where === "MPF" && data.length ? data.byteOffset - bytes.byteOffset - end : -1;
    if (at >= 0 && data.buffer === bytes.buffer) rest.fill(0, at, at + data.length);
  }
  return trailer(rest, 0);
}

/** Take a JPEG apart. @param {Uint8Array} bytes @returns {Contents} */
export function readJpeg(bytes) {
  const contents = nothing();
  const { list, whole } = segments(bytes);
  if (list.length > LIMIT_PARTS) return contents;
  contents.whole = whole || !list.some((one) => one.marker === 0xda);
  /** @type {Map<number, Uint8Array>} */
  const profile = new Map();
  /** @type {Map<string, Map<number, Uint8Array>>} */
  const extended = new Map();
  for (const { marker, at, content } of list) {
    if (marker === 0xd9) contents.parts.push(...behind(bytes, at + 2, contents.parts));
    else if (FRAMES.has(marker) && !contents.width) {
      [contents.height, contents.width] = [number(content, 1, 2), number(content, 3, 2)];
      contents.inks = content[5] === 4; // cyan, magenta, yellow, black
    }
    else if (marker === 0xfe) contents.parts.push(part("comment", "JPEG comment", content));
    else if (marker === 0xe1 && startsWith(content, 0, MORE_XMP)) {
      const rest = content.subarray(MORE_XMP.length), name = latin1(rest.subarray(0, 32));
      if (!extended.has(name)) extended.set(name, new Map());
      extended.get(name)?.set(number(rest, 36, 4), rest.subarray(40));
    } else if (marker === 0xe2 && startsWith(content, 0, "ICC_PROFILE\0")) profile.set(content[12] ?? 0, content.subarray(14));
    else if (marker >= 0xe0 && marker <= 0xef) contents.parts.push(...application(marker - 0xe0, content, bytes, at + 4));
  }
  const sorted = (/** @type {Map<number, Uint8Array>} */ chunks) => join([...chunks].sort(([one], [other]) => one - other).map(([, chunk]) => chunk));
  if (profile.size) contents.parts.push(part("icc", "JPEG APP2", sorted(profile)));
  for (const chunks of extended.values()) contents.parts.push(part("xmp", "Extended XMP", sorted(chunks)));
  contents.glow = contents.parts.some((one) => one.name === "gain map") || contents.parts.some((one) => one.kind === "xmp" && find(one.data, "hdrgm:") >= 0);
  return contents;
}

/** @param {number} app @param {Uint8Array} content @param {Uint8Array} bytes @param {number} at @returns {Part[]} */
function application(app, content, bytes, at) {
  const other = (/** @type {string} */ name) => [part("other", `JPEG APP${app}`, content, name)];
  if (app === 1 && startsWith(content, 0, "Exif\0")) return [part("exif", "EXIF", content.subarray(6))];
  if (app === 1 && startsWith(content, 0, XMP)) return [part("xmp", "XMP", content.subarray(XMP.length))];
  if (app === 2 && startsWith(content, 0, "MPF\0")) return pictures(content.subarray(4), bytes, at + 4);
  if (app === 13 && startsWith(content, 0, PHOTOSHOP)) return [part("photoshop", "Photoshop", content.subarray(PHOTOSHOP.length))];
  if (app === 0 && startsWith(content, 0, "JFXX\0")) return [part("preview", "JFXX", content[5] === 0x10 ? content.subarray(6) : content.subarray(0, 0))];
  if (app === 0 && startsWith(content, 0, "JFIF\0")) return content.length > 14 ? [part("preview", "JFIF", content.subarray(0, 0))] : [];
  return app === 14 ? [] : other(ascii(content, 0, 40).match(/^[ -~]{2,40}/)?.[0] ?? "");
}

/** The pictures behind the first one that an MPF index lists. @param {Uint8Array} index @param {Uint8Array} bytes @param {number} base @returns {Part[]} */
function pictures(index, bytes, base) {
  const little = startsWith(index, 0, "II"), ifd = number(index, 4, 4, little);
  /** @type {Part[]} */
  const found = [];
  for (let n = 0; n < Math.min(number(index, ifd, 2, little), 64); n++) {
    const at = ifd + 2 + n * 12;
    if (number(index, at, 2, little) !== 0xb002) continue;
    const size = Math.min(number(index, at + 4, 4, little), MAX_PICTURES * 16), table = number(index, at + 8, 4, little);
    for (let entry = table + 16; entry <= table + size - 16; entry += 16) {
      const length = number(index, entry + 4, 4, little), offset = number(index, entry + 8, 4, little);
      const picture = offset ? bytes.subarray(base + offset, base + offset + length) : bytes.subarray(0, 0);
      const head = Math.min(8192, picture.length);
      const glow = ["hdrgm:", "HDRGainMap", "iso:ts:21496"].some((word) => find(picture, word, 0, head) >= 0);
      found.push(part("preview", "MPF", startsWith(picture, 0, "\xff\xd8") ? picture : bytes.subarray(0, 0), glow ? "gain map" : "second picture"));
    }
  }
  return found.length ? found : [part("other", "MPF", index, "list of further pictures")];
}

/** An EXIF block that says how to turn the picture, and nothing else. @param {number} turn */
const turnOnly = (turn) => Uint8Array.of(0xff, 0xe1, 0, 34, ...[..."Exif\0\0II*\0"].map((letter) => letter.charCodeAt(0)), 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0, 0, 0, 0, 0);

/** Only the picture: every segment that is not needed to show it is left out; null where that cannot be done.
 * @param {Uint8Array} bytes @param {{profile?: boolean, turn?: number}} [keep] whether its colour profile and its turn stay @returns {Uint8Array | null} */
export function bareJpeg(bytes, { profile = false, turn = 1 } = {}) {
  const kept = [bytes.subarray(0, 2), ...(turn > 1 ? [turnOnly(turn)] : [])];
  const { list, whole } = segments(bytes);
  const scan = list.findIndex((one) => one.marker === 0xda), end = list.at(-1);
  if (!whole || scan < 0 || !end) return null;
  const needed = (/** @type {number} */ marker, /** @type {Uint8Array} */ content) => {
    if (marker === 0xe0) return content.length === 14 && startsWith(content, 0, "JFIF\0");
    if (marker === 0xe2) return profile && startsWith(content, 0, "ICC_PROFILE\0");
    return marker === 0xee ? startsWith(content, 0, "Adobe") : !(marker > 0xe0 && marker <= 0xef) && marker !== 0xfe;
  };
  for (const { marker, at, to, content } of list.slice(0, scan)) if (needed(marker, content)) kept.push(bytes.subarray(at, to));
  const inside = list.slice(scan).some(({ marker }) => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe);
  return inside ? null : join([...kept, bytes.subarray(list[scan].at, end.to)]);
}
