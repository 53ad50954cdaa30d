// PNG and APNG: a row of chunks.

import { LIMIT_PARTS, ascii, cut, inflate, join, latin1, nothing, number, part, startsWith, text, trailer } from "./bytes.js";
import { HDR_CURVES, PNG_DRAWING } from "./tables.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./bytes.js").Contents} Contents */

const drawing = new Set(PNG_DRAWING);

/** @param {Uint8Array} bytes @returns {Generator<{name: string, at: number, to: number, content: Uint8Array}>} */
export function* chunks(bytes) {
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = number(bytes, at, 4), name = ascii(bytes, at + 4, 4);
    yield { name, at, to: Math.min(at + 12 + length, bytes.length), content: bytes.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
    if (name === "IEND") return;
  }
}

/** Take a PNG apart. @param {Uint8Array} bytes @returns {Promise<Contents>} */
export async function readPng(bytes) {
  const contents = { ...nothing(), lossless: true, whole: false };
  for (const { name, at, content } of chunks(bytes)) {
    if (name === "IHDR") [contents.width, contents.height] = [number(content, 0, 4), number(content, 4, 4)];
    else if (name === "acTL") contents.frames = Math.max(1, number(content, 0, 4));
    else if (name === "cICP") contents.hdr ||= HDR_CURVES.includes(content[1]);
    else if (name === "IEND") {
      contents.parts.push(...trailer(bytes, at + 12 + content.length));
      contents.whole = true;
    }
    if (!drawing.has(name)) contents.parts.push(await chunkPart(name, content));
    if (contents.parts.length > LIMIT_PARTS) return nothing();
  }
  return contents;
}

/** @param {string} name @param {Uint8Array} content @returns {Promise<Part>} */
async function chunkPart(name, content) {
  const where = `PNG ${name}`;
  if (name === "eXIf") return part("exif", "EXIF", bareExif(content));
  if (name === "iCCP") {
    const [label, packed] = cut(content);
    return part("icc", where, await inflate(packed.subarray(1)), latin1(label));
  }
  if (name === "tEXt" || name === "zTXt" || name === "iTXt") return textPart(where, name, content);
  if (name === "tIME") return part("text", where, new TextEncoder().encode(time(content)), "Last changed");
  return part("other", where, content, name === "caBX" ? "content credentials" : "");
}

/** @param {Uint8Array} content */
export const bareExif = (content) => (startsWith(content, 0, "Exif\0\0") ? content.subarray(6) : content);

/** @param {Uint8Array} content */
function time(content) {
  const [month, day, hour, minute, second] = [2, 3, 4, 5, 6].map((at) => String(content[at] ?? 0).padStart(2, "0"));
  return `${String(number(content, 0, 2)).padStart(4, "0")}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}

/** @param {string} where @param {string} name @param {Uint8Array} content @returns {Promise<Part>} */
async function textPart(where, name, content) {
  let [key, written] = cut(content);
  if (name === "zTXt") written = await inflate(written.subarray(1));
  else if (name === "iTXt") {
    const packed = written[0] === 1;
    written = cut(cut(written.subarray(2))[1])[1];
    if (packed) written = await inflate(written);
  }
  const label = name === "iTXt" ? text(key) : latin1(key);
  if (label === "XML:com.adobe.xmp") return part("xmp", "XMP", written);
  return label.startsWith("Raw profile type ") ? rawProfile(where, label, written) : part("text", where, written, label);
}

/** ImageMagick's way to keep EXIF, IPTC and XMP: a name, a length, then hexadecimal digits.
 * @param {string} where @param {string} label @param {Uint8Array} written @returns {Part} */
function rawProfile(where, label, written) {
  const digits = latin1(written).split("\n").slice(3).join("").replace(/\s/g, "");
  if (digits.length % 2 || !/^[0-9a-fA-F]*$/.test(digits)) return part("text", where, written, label);
  const content = Uint8Array.from(digits.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  const kind = label.slice("Raw profile type ".length).toLowerCase();
  if (kind === "exif" || kind === "app1") return part("exif", "EXIF", bareExif(content));
  if (kind === "xmp") return part("xmp", "XMP", content);
  if (kind === "iptc" || kind === "8bim") return part("photoshop", "Photoshop", content);
  return part("text", where, content, label);
}

/** Only the chunks that say how to draw the picture. @param {Uint8Array} bytes */
export function barePng(bytes) {
  const kept = [bytes.subarray(0, 8)];
  for (const { name, at, to } of chunks(bytes)) if (drawing.has(name) || name === "iCCP") kept.push(bytes.subarray(at, to));
  return join(kept);
}
