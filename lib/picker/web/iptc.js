// Photoshop's blocks (8BIM) and the press captions (IPTC-IIM) inside them.

import { ascii, number, part, short, decoded } from "./bytes.js";
import { IPTC_TELLING } from "./tables.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./exif.js").Finding} Finding */

const SIGNATURES = new Set(["8BIM", "MeSa", "AgHg", "PHUT", "DCSR"]);
const THUMBNAIL_HEADER = 28;
const LIMIT_FIELDS = 1000; // the longest captions have some dozen

/** Read Photoshop's blocks into findings; blocks that hold other metadata come back as parts.
 * @param {Uint8Array} bytes @returns {{findings: Finding[], parts: Part[]}} */
export function readPhotoshop(bytes) {
  /** @type {Part[]} */
  const parts = [];
  let others = 0;
  for (let at = 0; SIGNATURES.has(ascii(bytes, at, 4)); ) {
    const code = number(bytes, at + 4, 2), name = 1 + (bytes[at + 6] ?? 0);
    at += 6 + name + (name % 2);
    const size = number(bytes, at, 4), content = bytes.subarray(at + 4, at + 4 + size);
    at += 4 + size + (size % 2);
    if (code === 0x0404) parts.push(part("iptc", "IPTC", content));
    else if (code === 0x0409 || code === 0x040c) parts.push(part("preview", "Photoshop thumbnail", content.subarray(THUMBNAIL_HEADER)));
    else if (code === 0x040f) parts.push(part("icc", "Photoshop", content));
    else if (code === 0x0422 || code === 0x0423) parts.push(part("exif", "Photoshop EXIF", content));
    else if (code === 0x0424) parts.push(part("xmp", "Photoshop XMP", content));
    else others++;
  }
  if (!parts.length && !others) return { findings: readIptc(bytes), parts: [] };
  return { findings: others ? [{ kind: "other", label: "Photoshop settings", value: `${others}`, where: "Photoshop" }] : [], parts };
}

/** Read IPTC captions into findings. @param {Uint8Array} bytes @returns {Finding[]} */
export function readIptc(bytes) {
  /** @type {Finding[]} */
  const found = [];
  for (let at = bytes.indexOf(0x1c); at >= 0 && bytes[at] === 0x1c && at + 5 <= bytes.length && found.length < LIMIT_FIELDS; ) {
    const record = bytes[at + 1], dataset = bytes[at + 2];
    let size = number(bytes, at + 3, 2);
    if (size & 0x8000) {
      const extra = size & 0x7fff; // extended: the size itself has a size
      size = number(bytes, at + 5, Math.min(extra, 8));
      at += extra;
    }
    const value = short(decoded(bytes.subarray(at + 5, at + 5 + size)));
    at += 5 + size;
    if (record !== 2 || dataset === 0 || !value) continue;
    const [kind, label] = IPTC_TELLING[dataset] ?? ["iptc", `IPTC field ${dataset}`];
    found.push({ kind, label, value, where: "IPTC" });
  }
  return found;
}
