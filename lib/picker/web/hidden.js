// What a photo file tells beside its picture, read on this device; and a copy of it without that, where the picture itself
// cannot be made anew here. Nothing in this file sends anything anywhere.

import { latin1, nothing, short, startsWith, text } from "./bytes.js";
import { barePng, readPng } from "./png.js";
import { bareJpeg, readJpeg } from "./jpeg.js";
import { bareWebp, readWebp } from "./webp.js";
import { blankHeif, readHeif } from "./heif.js";
import { formatOf } from "./formats.js";
import { isOrdinary, nameOf } from "./icc.js";
import { readBmp } from "./bmp.js";
import { readExif } from "./exif.js";
import { readGif } from "./gif.js";
import { readIptc, readPhotoshop } from "./iptc.js";
import { readXmp } from "./xmp.js";
import { EXIF_BLOCKS, EXIF_TELLING } from "./tables.js";
import { Tiff } from "./tiff.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./bytes.js").Contents} Contents */
/** @typedef {import("./exif.js").Finding} Finding */
/** @typedef {import("./exif.js").Position} Position */
/** Everything found. Width and height are upright; `camera`: the file names what took it; `preview`: a small JPEG inside.
 * @typedef {{format: import("./formats.js").Format | null, width: number, height: number, frames: number, findings: Finding[], position: Position | null,
 *   orientation: number, camera: boolean, preview: Uint8Array | null, whole: boolean, lossless: boolean, hdr: boolean, glow: boolean, inks: boolean}} Hidden */

const LOOKED_THROUGH = 4096; // bytes; the name of a record stands at its start
const LIMIT_NESTING = 4; // an EXIF block in a Photoshop block in a TIFF is two
const LIMIT_FINDINGS = 2000; // more is an attack on the page that lists them
const EMPTY = "0 bytes"; // of a block that is announced, and not there
const CREDENTIALS = { label: "Content Credentials", value: "a signed record of camera and edits; TikTok reads it to label AI pictures" };
const TOLERATED = new Set(["HEIF auxiliary picture", "HEIF thumbnail", "HEIF colour", "HEIF item"]); // pictures and numbers that stay in a blanked file

/** @type {Record<import("./formats.js").Format, (bytes: Uint8Array) => Contents | Promise<Contents>>} */
const READERS = { JPEG: readJpeg, PNG: readPng, WebP: readWebp, GIF: readGif, BMP: readBmp, HEIC: readHeif, AVIF: readHeif, TIFF: readTiff, raw: readTiff };

/** @param {Uint8Array} bytes @returns {Contents} */
function readTiff(bytes) {
  const tiff = new Tiff(bytes);
  return { ...nothing(), lossless: true, width: tiff.number("0th", 0x0100), height: tiff.number("0th", 0x0101), frames: Math.max(1, tiff.pages),
    parts: [{ kind: "exif", where: "TIFF", data: bytes, name: "" }] };
}

/** Read everything that a photo tells. Never throws on a broken file: what could be read counts. @param {Uint8Array} bytes @returns {Promise<Hidden>} */
export async function readHidden(bytes) {
  const format = formatOf(bytes);
  /** @type {Hidden} */
  const found = { format, ...nothing(), findings: [], position: null, orientation: 1, camera: false, preview: null };
  if (!format) return found;
  try {
    const { parts, ...contents } = await READERS[format](bytes);
    Object.assign(found, contents);
    interpret(found, parts, 0);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  }
  if (format === "HEIC" || format === "AVIF") found.orientation = 1; // there, only the container turns
  if (found.orientation > 4) [found.width, found.height] = [found.height, found.width];
  const seen = new Set();
  found.findings = found.findings.filter((one) => {
    const signature = JSON.stringify(one);
    return !seen.has(signature) && seen.add(signature);
  }).slice(0, LIMIT_FINDINGS);
  return found;
}

/** @param {Hidden} found @param {Part[]} parts @param {number} depth */
function interpret(found, parts, depth) {
  if (depth > LIMIT_NESTING) return;
  for (const one of parts) {
    if (found.findings.length >= LIMIT_FINDINGS) return;
    READ_PART[one.kind]?.(found, one, depth);
  }
}

/** @param {Hidden} found @param {string} kind @param {string} label @param {string} value @param {string} where */
const say = (found, kind, label, value, where) => found.findings.push({ kind, label, value, where });

/** @type {Record<string, (found: Hidden, part: Part, depth: number) => void>} */
const READ_PART = {
  exif(found, { data }, depth) {
    const exif = readExif(data);
    found.findings.push(...exif.findings);
    found.position ??= exif.position;
    if (found.orientation === 1 && depth === 0) found.orientation = exif.orientation;
    found.preview ??= exif.preview;
    found.camera ||= exif.camera;
    interpret(found, exif.parts, depth + 1);
  },
  xmp(found, { data, where }) {
    const xmp = readXmp(data, where);
    found.findings.push(...xmp.findings);
    found.position ??= xmp.position;
  },
  photoshop(found, { data }, depth) {
    const { findings, parts } = readPhotoshop(data);
    found.findings.push(...findings);
    interpret(found, parts, depth + 1);
  },
  iptc: (found, { data }) => found.findings.push(...readIptc(data)),
  icc(found, { data, name, where }) {
    const called = nameOf(data) || name || "without a name";
    if (!isOrdinary(called)) say(found, "profile", "Colour profile", short(called), where);
  },
  comment: (found, { data, where }) => say(found, "comment", "Comment", short(text(data)), where),
  text: (found, { data, where, name }) => say(found, "text", name || "Text", short(text(data)), where),
  preview(found, { data, where, name }) {
    say(found, "preview", name === "gain map" ? "Gain map inside" : "Second picture inside", data.length ? kilobytes(data.length) : name, where);
    if (data.length && name !== "gain map") found.preview ??= data;
  },
  trailer: (found, { data, where, name }) => credentials(found, { kind: "trailer", data, where, name }) || say(found, "trailer", trailerOf(data, name), kilobytes(data.length), where),
  other(found, one) {
    if (!credentials(found, one)) say(found, "other", one.name || "Further data", kilobytes(one.data.length), one.where);
  },
};

/** Whether this is (a piece of) Content Credentials by C2PA, wherever the format keeps them. Said once. @param {Hidden} found @param {Part} part */
function credentials(found, { data, where, name }) {
  const start = latin1(data.subarray(0, LOOKED_THROUGH)), said = found.findings.some((one) => one.kind === "credentials");
  const named = /^(content credentials|c2pa)/i.test(name) || where === "WebP C2PA", jumbf = /jum[bd]/.test(start) && /c2pa|cabx/.test(start);
  if (!named && !jumbf && !(said && where === "JPEG APP11" && start.startsWith("JP"))) return false;
  if (!said) say(found, "credentials", CREDENTIALS.label, CREDENTIALS.value, where);
  return true;
}

const kilobytes = (/** @type {number} */ size) => (size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.ceil(size / 1000)} kB`);

/** @param {Uint8Array} data @param {string} name */
function trailerOf(data, name) {
  const head = text(data.subarray(0, 64));
  if (head.includes("ftyp") || name === "mpvd" || text(data.subarray(0, 65_536)).includes("ftypmp42")) return "Hidden video";
  if (startsWith(data, 0, "\xff\xd8\xff")) return "Another picture";
  return "Data behind the picture";
}

/**
 * A copy of a file without what it tells; the picture stays as it is. Null where that cannot be done, or where something
 * is still found afterwards. A JPEG keeps its `turn`.
 * @param {Uint8Array} bytes @returns {Promise<Uint8Array | null>}
 */
export async function blankHidden(bytes, turn = 1) {
  const format = formatOf(bytes);
  /** @type {Uint8Array | null} */
  let copy = null;
  try {
    if (format === "TIFF") copy = blankTiff(bytes);
    else if (format === "HEIC" || format === "AVIF") copy = blankHeif(bytes);
    else if (format === "PNG") copy = barePng(bytes);
    else if (format === "WebP") copy = bareWebp(bytes);
    else if (format === "JPEG") copy = bareJpeg(bytes, { profile: true, turn });
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  }
  if (!copy) return null;
  const left = (await readHidden(copy)).findings.filter((one) => !TOLERATED.has(one.where) && one.kind !== "profile" && one.value !== EMPTY);
  return left.length ? null : copy;
}

/** Every tag that tells something, blanked in place; the numbers of the picture and the directories stay. @param {Uint8Array} bytes */
function blankTiff(bytes) {
  const copy = bytes.slice(), { tiff, findings } = readExif(bytes);
  const unknown = new Set(findings.flatMap((one) => one.label.match(/^Unknown tag (0x.*)$/)?.[1] ?? []).map(Number));
  for (const directory of tiff.directories) {
    const satellite = directory.name === "GPS";
    for (const { tag, from, size, entry } of directory.tags) {
      const telling = tag in EXIF_TELLING || unknown.has(tag), block = EXIF_BLOCKS[tag];
      if (!satellite && !telling && (!block || block === "icc") && tag !== 0xcd41 && tag !== 0x0201) continue;
      const start = tag === 0x0201 ? tiff.number(directory.name, 0x0201) : from, length = tag === 0x0201 ? tiff.number(directory.name, 0x0202) : size;
      copy.fill(0, start, start + length);
      copy.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], entry + 2); // type 0 without values: no reader takes it for something
    }
  }
  return copy;
}

