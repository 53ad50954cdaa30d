// TIFF: directories of tags. EXIF is the same structure, so this reader serves both.

import { ascii, number, startsWith } from "./bytes.js";
import { RAW_COMPRESSION, RAW_PHOTOMETRIC } from "./tables.js";

/** One tag: its type, how many values, and where they stand.
 * @typedef {{tag: number, type: number, count: number, from: number, size: number, entry: number}} Tag */
/** A directory by its name ("0th", "1st", "Exif", "GPS" …), where it stands, and its tags.
 * @typedef {{name: string, at: number, end: number, tags: Tag[]}} Directory */

const LIMIT_TAGS = 1000; // in one directory; cameras write about 60
const LIMIT_DIRECTORIES = 64;
const LIMIT_BELOW = 16;
const LIMIT_NUMBERS = 64; // longer rows are tables
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const BELOW = /** @type {[number, string][]} */ ([[0x8769, "Exif"], [0x8825, "GPS"], [0xa005, "Interop"]]);
const SUB_DIRECTORIES = 0x014a;

/** A TIFF structure, read as far as it can be read. */
export class Tiff {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.little = startsWith(bytes, 0, "II");
    /** @type {Directory[]} */
    this.directories = [];
    /** Bytes of values that may still be read: honest values do not overlap. */
    this.left = bytes.length;
    this.pages = 0;
    if (this.little || startsWith(bytes, 0, "MM")) this.#readAll();
  }

  /** @param {string} name @param {number} tag */
  get(name, tag) {
    return this.directories.find((one) => one.name === name)?.tags.find((one) => one.tag === tag);
  }

  /** One whole number; 0 where there is none. @param {string} name @param {number} tag */
  number(name, tag) {
    return this.numbers(this.get(name, tag))[0] ?? 0;
  }

  /** @param {Tag | undefined} tag */
  numbers(tag) {
    if (!tag || ![1, 3, 4, 6, 8, 9, 13].includes(tag.type)) return [];
    const wide = SIZES[tag.type];
    return Array.from({ length: Math.min(tag.count, LIMIT_NUMBERS) }, (_, n) => this.u(tag.from + n * wide, wide));
  }

  /** @param {Tag | undefined} tag @returns {number[]} */
  rationals(tag) {
    if (!tag || (tag.type !== 5 && tag.type !== 10)) return [];
    const signed = (/** @type {number} */ at) => (tag.type === 10 ? this.u(at, 4) | 0 : this.u(at, 4));
    return Array.from({ length: Math.min(tag.count, LIMIT_NUMBERS) }, (_, n) => {
      const under = signed(tag.from + n * 8 + 4);
      return under ? signed(tag.from + n * 8) / under : Number.NaN;
    });
  }

  /** @param {Tag} tag */
  content(tag) {
    return this.bytes.subarray(tag.from, tag.from + tag.size);
  }

  /** @param {number} at @param {number} size */
  u(at, size) {
    return number(this.bytes, at, size, this.little);
  }

  #readAll() {
    /** @type {Set<number>} */
    const seen = new Set();
    let at = this.u(4, 4);
    for (let n = 0; at && !seen.has(at) && seen.size < LIMIT_DIRECTORIES; n++) {
      seen.add(at);
      const name = ["0th", "1st"][n] ?? `page ${n + 1}`, next = this.#read(name, at);
      this.pages++;
      for (const [index, place] of this.numbers(this.get(name, SUB_DIRECTORIES)).slice(0, LIMIT_BELOW).entries()) this.#below(`${name} sub ${index}`, place, seen);
      for (const [tag, below] of BELOW) this.#below(below, this.number(name, tag), seen);
      at = next;
    }
    this.#below("Interop", this.number("Exif", 0xa005), seen);
  }

  /** @param {string} name @param {number} at @param {Set<number>} seen */
  #below(name, at, seen) {
    if (!at || seen.has(at) || this.directories.some((one) => one.name === name)) return;
    seen.add(at);
    this.#read(name, at);
  }

  /** Read one directory, and return where the next one is. @param {string} name @param {number} at */
  #read(name, at) {
    const count = this.u(at, 2), end = at + 2 + count * 12;
    /** @type {Tag[]} */
    const tags = [];
    for (let n = 0; n < Math.min(count, LIMIT_TAGS) && at + 14 + n * 12 <= this.bytes.length; n++) {
      const entry = at + 2 + n * 12, tag = this.u(entry, 2), type = this.u(entry + 2, 2), values = this.u(entry + 4, 4);
      const size = (SIZES[type] ?? 0) * values, from = size > 4 ? this.u(entry + 8, 4) : entry + 8;
      if (!size || from + size > this.bytes.length || size > this.left) continue;
      this.left -= size;
      if (!tags.some((one) => one.tag === tag)) tags.push({ tag, type, count: values, from, size, entry });
    }
    this.directories.push({ name, at, end: Math.min(end + 4, this.bytes.length), tags });
    return end + 4 <= this.bytes.length ? this.u(end, 4) : 0;
  }
}

/** Whether a file that begins like a TIFF is a raw photo of a camera. @param {Uint8Array} bytes */
export function isRaw(bytes) {
  if (ascii(bytes, 8, 2) === "CR") return true;
  const tiff = new Tiff(bytes);
  return tiff.directories.some(({ tags }) => tags.some((tag) => {
    const value = tiff.numbers(tag)[0] ?? -1;
    return tag.tag === 0xc612 || (tag.tag === 0x0106 && RAW_PHOTOMETRIC.includes(value)) || (tag.tag === 0x0103 && RAW_COMPRESSION.includes(value));
  }));
}
