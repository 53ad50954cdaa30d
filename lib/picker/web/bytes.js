// Reading bytes: the few functions that every reader of a format uses. Beyond the end of a file there are no bytes.

/** A piece of a picture file that is not the picture; `where` names its place, as in lib/photos/containers/parts.py.
 * @typedef {{kind: string, where: string, data: Uint8Array, name: string}} Part */

/** What a file says about itself; 0 by 0 where its start is too broken to tell.
 * @typedef {{width: number, height: number, frames: number, parts: Part[], whole: boolean, lossless: boolean, hdr: boolean, glow: boolean, inks: boolean}} Contents */

export const LIMIT_PARTS = 5000; // of one file; more is an attack
const LIMIT_INFLATED = 4_000_000; // of one text or profile; what is longer is cut
const PADDING = new Set([0, 9, 10, 13, 32]);
const utf8 = new TextDecoder("utf-8");
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
const utf16 = new TextDecoder("utf-16le");

/** @returns {Contents} */
export const nothing = () => ({ width: 0, height: 0, frames: 1, parts: [], whole: true, lossless: false, hdr: false, glow: false, inks: false });

/** @param {string} kind @param {string} where @param {Uint8Array} data @returns {Part} */
export const part = (kind, where, data, name = "") => ({ kind, where, data, name });

/** An unsigned number. @param {Uint8Array} bytes @param {number} at @param {number} size */
export function number(bytes, at, size, little = false) {
  let value = 0;
  const to = Math.min(size, bytes.length - at);
  if (little) for (let n = to - 1; n >= 0; n--) value = value * 256 + bytes[at + n];
  else for (let n = 0; n < to; n++) value = value * 256 + bytes[at + n];
  return value;
}

/** @param {Uint8Array} bytes @param {number} from @param {number} length */
export function ascii(bytes, from, length) {
  let letters = "";
  for (let at = from; at < Math.min(from + length, bytes.length); at++) letters += String.fromCharCode(bytes[at]);
  return letters;
}

/** @param {Uint8Array} bytes @param {number} at @param {string} word */
export function startsWith(bytes, at, word) {
  for (let n = 0; n < word.length; n++) if (bytes[at + n] !== word.charCodeAt(n)) return false;
  return true;
}

/** Where a word stands, or -1. @param {Uint8Array} bytes @param {string} word */
export function find(bytes, word, from = 0, to = bytes.length) {
  const first = word.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0 && at < to; at = bytes.indexOf(first, at + 1)) if (startsWith(bytes, at, word)) return at;
  return -1;
}

/** @param {Uint8Array} bytes */
export const latin1 = (bytes) => ascii(bytes, 0, bytes.length);

/** @param {Uint8Array} bytes */
export const text = (bytes) => utf8.decode(bytes);

/** UTF-8 where it is, else Latin-1. @param {Uint8Array} bytes */
export function decoded(bytes) {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** @param {Uint8Array} bytes */
export const wide = (bytes) => utf16.decode(bytes);

/** The bytes up to a zero, and those behind it. @param {Uint8Array} bytes @returns {[Uint8Array, Uint8Array]} */
export function cut(bytes) {
  const at = bytes.indexOf(0);
  return at < 0 ? [bytes, new Uint8Array()] : [bytes.subarray(0, at), bytes.subarray(at + 1)];
}

/** @param {Uint8Array[]} pieces */
export function join(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** One line of at most 200 characters, without what nobody sees. @param {string} value */
export function short(value) {
  const line = value.replace(/[\s\0]+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** Whatever follows the end of the picture, unless it is only padding. @param {Uint8Array} bytes @param {number} end @returns {Part[]} */
export function trailer(bytes, end) {
  const rest = bytes.subarray(Math.max(0, end));
  return rest.some((byte) => !PADDING.has(byte)) ? [part("trailer", "After the end", rest)] : [];
}

/** The content of a zlib stream, cut where it grows too long; a broken one gives what could be read. @param {Uint8Array} packed */
export async function inflate(packed) {
  if (typeof DecompressionStream === "undefined") return new Uint8Array();
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  try {
    const reader = new Blob([/** @type {BlobPart} */ (packed)]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    while (size < LIMIT_INFLATED) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      size += value.length;
    }
    await reader.cancel();
  } catch {
    // Broken, or with something behind its end: what came before counts.
  }
  return join(pieces).subarray(0, LIMIT_INFLATED);
}
