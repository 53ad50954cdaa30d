// One policy for size and form, the server's own (lib/photos/policy.py): its numbers come in tables.js, and both test
// suites read the same cases (tests/photos/policy_cases.json).

import { POLICY } from "./tables.js";

/** @typedef {"photo" | "panorama" | "long" | "drawing"} Kind */
/** @typedef {{longest: number | null, shortest: number | null, max_area: number | null, max_side: number | null, quality: number, chroma: string, note: string}} Row */
/** @typedef {{[name: string]: any, kinds: Record<Kind, Row>}} Table */
/** What the policy looks at, upright; `flat` is null where nobody looked.
 * @typedef {{width: number, height: number, lossless?: boolean, camera?: boolean, flat?: number | null}} Facts */
/** @typedef {{kind: Kind, width: number, height: number, quality: number, chroma: string, note: string}} Choice */

/** One number of the table. @param {string} name @returns {number} */
export const value = (name) => POLICY[name].value;

/** What kind of picture this is. @param {Facts} facts @returns {Kind} */
export function kindOf(facts) {
  if (drawn(facts)) return "drawing";
  const [short, long] = [Math.min(facts.width, facts.height), Math.max(facts.width, facts.height)];
  if (long <= value("elongated") * short) return "photo";
  return facts.height > facts.width && !facts.camera ? "long" : "panorama";
}

/** @param {Facts} facts */
function drawn({ width, height, lossless, camera, flat }) {
  if (lossless && width * height <= value("tiny")) return true;
  if (flat === null || flat === undefined) return false;
  return lossless ? flat >= value("flat_lossless") : !camera && flat >= value("flat_lossy");
}

/** Kind, size and form; `wish` is the longest side of an ordinary photo, in pixels. @param {Facts} facts @param {number} wish @returns {Choice} */
export function choose(facts, wish) {
  const kind = kindOf(facts), row = POLICY.kinds[kind], [width, height] = size(facts, row, wish);
  const told = Math.max(facts.width, facts.height) > wish && wish >= value("thumbnail_below");
  const note = row.note.replace("{width}", width.toLocaleString("en")).replace("{height}", height.toLocaleString("en"));
  return { kind, width, height, quality: row.quality, chroma: row.chroma, note: told ? note : "" };
}

/** Whether it is worth to look how flat a lossy picture is. @param {Facts} facts @param {number} wish */
export const mayBeDrawn = (facts, wish) => !facts.camera && Math.max(facts.width, facts.height) > wish && wish >= value("thumbnail_below");

/** A drawing stays without loss where that is smaller; what is transparent may cost more. All else is a JPEG.
 * @param {Kind} kind @param {{pngBytes: number, jpegBytes: number, transparent: boolean}} sizes @returns {"JPEG" | "PNG"} */
export function formOf(kind, { pngBytes, jpegBytes, transparent }) {
  return kind === "drawing" && pngBytes <= jpegBytes * (transparent ? value("transparent_factor") : 1) ? "PNG" : "JPEG";
}

/** @param {Facts} facts @param {Row} row @param {number} wish @returns {[number, number]} */
function size({ width, height }, row, wish) {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  let scale = wish / long;
  if (wish >= value("thumbnail_below")) {
    const scales = [row.longest ? (row.longest * wish) / long : 0, row.shortest ? (row.shortest * wish) / short : 0].filter(Boolean);
    scale = scales.length ? Math.max(...scales) : 1;
    if (row.max_area) scale = Math.min(scale, Math.sqrt(row.max_area / (width * height)));
    scale = Math.min(scale, (row.max_side ?? value("jpeg_side")) / long);
  }
  scale = Math.min(1, scale);
  return [Math.max(1, Math.floor(width * scale + 0.5)), Math.max(1, Math.floor(height * scale + 0.5))];
}

/** The rows of a picture that are looked at. @param {number} height */
export function rowsOf(height) {
  const rows = Math.min(value("flat_rows"), height);
  return Array.from({ length: rows }, (_, n) => Math.floor(((n + 0.5) * height) / rows));
}

/** The share of pixels that stand in a run of equal colours; what is wholly transparent counts for nothing.
 * @param {Uint8ClampedArray | Uint8Array} pixels RGBA, row after row @param {number} width */
export function flatShare(pixels, width) {
  const codes = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4), run = value("flat_run");
  let flat = 0, seen = 0;
  for (let row = 0; row < codes.length; row += width) {
    for (let at = row; at < row + width; ) {
      let end = at + 1;
      const clear = pixels[at * 4 + 3] === 0;
      while (end < row + width && (clear ? pixels[end * 4 + 3] === 0 : codes[end] === codes[at])) end++;
      if (!clear) {
        seen += end - at;
        if (end - at >= run) flat += end - at;
      }
      at = end;
    }
  }
  return seen ? flat / seen : 1;
}
