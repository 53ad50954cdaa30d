// One photo in, one clean photo out, on this device: read, turned upright, sized, encoded anew. A canvas keeps the
// picture and nothing else, so no hidden data can survive. Runs in the worker and, where there is no worker, on the page.

import { blankHidden, readHidden } from "./hidden.js";
import { MEDIA_TYPES } from "./formats.js";
import { bareJpeg } from "./jpeg.js";
import { barePng } from "./png.js";
import { bareWebp } from "./webp.js";
import { canvasOf, decode, draw, encode, fitInside, pen, release, sizeOf } from "./canvas.js";
import { choose, flatShare, formOf, mayBeDrawn, rowsOf } from "./policy.js";
import { decodeHeic } from "./heic.js";
import { writePng } from "./png_writer.js";

/** @typedef {import("./hidden.js").Hidden} Hidden */
/** @typedef {import("./canvas.js").Picture} Picture */
/** @typedef {import("./canvas.js").Canvas} Canvas */
/** `exact`: the server makes every PNG anew, so it may get the one that the file holds. @typedef {{maxBytes: number, maxSide: number, exact?: boolean}} Limits */
/**
 * A clean photo. `decoded` is false where the picture itself stays as it was: the server makes it anew. `blanked` is false
 * where not even its hidden data could be removed here.
 * @typedef {{blob: Blob, thumbnail: Blob | null, width: number, height: number, findings: Hidden["findings"], position: Hidden["position"], removed: string[],
 *   decoded: boolean, blanked: boolean, format: string, notes: Note[]}} Cleaned
 */
/** @typedef {import("./edit.js").Edit} Edit */
/** `width` and `height` are those of the original, upright. @typedef {{bitmap: ImageBitmap, width: number, height: number}} Shown */
/** What the sender should know, as the name of a sentence and what to fill in. @typedef {{name: string, with?: Record<string, string | number>}} Note */

const THUMBNAIL_SIDE = 240; // twice the 110 px of a tile
const THUMBNAIL_QUALITY = 0.8;
const PEEK_BYTES = 256_000; // a camera's preview stands at the start
const QUALITIES = { photo: 0.88, panorama: 0.88, long: 0.92, drawing: 0.92 }; // of a browser's writer: as close to the original as the server's
const LOWER = [0.75, 0.6]; // tried where the JPEG grew larger than what came in
const LIMIT_SIDE = 16_384; // pixels that a canvas can have on every device; the server has no such limit
const LIMIT_AREA = 80_000_000; // pixels decoded here: 320 MB. Larger ones, of 100 and 200 megapixels, would end the page on many phones
const SHOWN_AREA = 16_700_000; // pixels of a picture that is looked at while it is covered
const OPAQUE = 250;
const SMALL_BYTES = 200_000; // of a drawing: goes up without loss in any case
const SAME_FACTOR = 1.6; // a JPEG that keeps its size may cost so much more on the way
const DRAWING_FACTOR = 1.3; // a PNG this much larger goes to the server too: it has a better JPEG for drawings, and compares anew

/** A reason in the words of the picker: the name of a sentence, and what to fill in. */
export class Refusal extends Error {
  /** @param {string} name @param {Record<string, string | number>} [values] */
  constructor(name, values = {}) {
    super(name);
    this.values = values;
  }
}

/** The small preview that the camera put inside, upright: there at once, long before the photo itself is decoded.
 * @param {Blob} file @returns {Promise<Blob | null>} */
export async function peek(file) {
  const found = await readHidden(new Uint8Array(await file.slice(0, PEEK_BYTES).arrayBuffer()));
  if (!found.preview || found.format !== "JPEG") return null;
  const picture = await createImageBitmap(new Blob([/** @type {BlobPart} */ (found.preview)]), { imageOrientation: "none" }).catch(() => null);
  if (!picture) return null;
  const size = found.orientation > 4 ? [picture.height, picture.width] : [picture.width, picture.height];
  return encode(await draw(picture, size[0], size[1], { turn: found.orientation }), "image/jpeg", THUMBNAIL_QUALITY);
}

/** The picture upright, to look at while it is covered: its own pixels where a phone can hold them. Null where this browser cannot open it.
 * @param {Blob} file @returns {Promise<Shown | null>} */
export async function show(file) {
  const bytes = new Uint8Array(await file.arrayBuffer()), found = await readHidden(bytes);
  const { picture, turn } = !found.format || unfit(found) ? { picture: null, turn: 1 } : await open(bytes, found);
  if (!picture) return null;
  const [w, h] = sizeOf(picture), [width, height] = turn > 4 ? [h, w] : [w, h], scale = Math.min(1, Math.sqrt(SHOWN_AREA / (w * h)));
  if (scale === 1 && turn === 1 && "close" in picture) return { bitmap: picture, width, height };
  const canvas = await draw(picture, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { turn });
  release(picture);
  return { bitmap: await createImageBitmap(canvas), width, height };
}

/** HDR is toned down by the server, from its full depth; raw photos hold their picture somewhere else; browsers turn printing
 * inks into colours each in its own way. @param {Hidden} found */
const unfit = (found) => found.hdr || found.inks || found.format === "raw" || Math.max(found.width, found.height) > LIMIT_SIDE || found.width * found.height > LIMIT_AREA;

/** Clean one file; with an edit it is covered and cropped first. Throws `Refusal` for what is no photo.
 * @param {File} file @param {Limits} limits @param {Edit | null} [edit] @returns {Promise<Cleaned>} */
export async function cleanPhoto(file, limits, edit = null) {
  if (file.size === 0) throw new Refusal("empty");
  if (file.size > limits.maxBytes) throw new Refusal("tooLarge", { size: file.size, limit: limits.maxBytes });
  const bytes = new Uint8Array(await file.arrayBuffer()), found = await readHidden(bytes);
  if (!found.format) throw new Refusal("noPhoto");
  if (!found.whole) throw new Refusal("cutOff");
  const { picture, turn } = unfit(found) ? { picture: null, turn: 1 } : await open(bytes, found);
  if (!picture) return throughServer(bytes, found);
  try {
    return await made(picture, turn, bytes, found, limits, edit);
  } catch {
    if (edit) throw new Refusal("notCovered"); // what is to be covered does not leave by another way
    return await throughServer(bytes, found); // too large for the canvas of this device
  }
}

/** @param {Hidden} found */
const kinds = (found) => [...new Set(found.findings.map((one) => one.kind))];

/** The file itself, with its hidden data blanked where that is possible. @param {Uint8Array} bytes @param {Hidden} found @returns {Promise<Cleaned>} */
async function throughServer(bytes, found) {
  const format = /** @type {import("./formats.js").Format} */ (found.format);
  if (["GIF", "BMP"].includes(format)) throw new Refusal("broken");
  const blanked = await blankHidden(bytes, found.orientation);
  // EXIF turns these; once it is blanked the server could not know.
  const turned = found.orientation !== 1 && (format === "PNG" || format === "WebP");
  const blob = new Blob([/** @type {BlobPart} */ (blanked && !turned ? blanked : bytes)], { type: MEDIA_TYPES[format] });
  const done = blanked !== null && !turned;
  return { blob, thumbnail: null, width: found.width, height: found.height, findings: found.findings, position: found.position, removed: done ? kinds(found) : [],
    decoded: false, blanked: done, format, notes: [] };
}

/** The picture, and the turn that is still to be made: browsers do not read the EXIF of WebP and PNG, or not all of them.
 * @param {Uint8Array} bytes @param {Hidden} found @returns {Promise<{picture: Picture | null, turn: number}>} */
async function open(bytes, found) {
  const type = MEDIA_TYPES[/** @type {import("./formats.js").Format} */ (found.format)];
  const own = found.format === "PNG" ? barePng(bytes) : found.format === "WebP" ? bareWebp(bytes) : null;
  const picture = await decode(new Blob([/** @type {BlobPart} */ (own ?? bytes)], { type }));
  if (picture) return { picture, turn: own ? found.orientation : 1 };
  return { picture: found.format === "HEIC" ? await decodeHeic(bytes) : null, turn: 1 };
}

/** @param {Picture} picture @param {number} turn @param {Uint8Array} bytes @param {Hidden} found @param {Limits} limits @param {Edit | null} edit @returns {Promise<Cleaned>} */
async function made(picture, turn, bytes, found, limits, edit) {
  const [w, h] = sizeOf(picture);
  let [width, height] = turn > 4 ? [h, w] : [w, h];
  const facts = { width, height, lossless: found.lossless, camera: found.camera, flat: /** @type {number | null} */ (null) };
  if (facts.lossless || mayBeDrawn(facts, limits.maxSide)) facts.flat = flatness(picture);
  const editor = edit && (await import("./edit_canvas.js")), edited = editor && (await editor.apply(picture, turn, edit));
  if (edited) {
    release(picture);
    [picture, turn, width, height] = [edited.canvas, 1, edited.canvas.width, edited.canvas.height];
    Object.assign(facts, { width, height });
  }
  const choice = choose(facts, limits.maxSide), resized = choice.width !== width || choice.height !== height;
  const mayBeClear = ["PNG", "WebP", "GIF", "AVIF"].includes(String(found.format));
  let canvas = await draw(picture, choice.width, choice.height, { turn });
  release(picture);
  if (edited) editor.coverAgain(canvas, edit, edited.before);
  const transparent = mayBeClear && seeThrough(canvas);
  const exact = choice.kind === "drawing" ? pen(canvas).getImageData(0, 0, choice.width, choice.height) : null;
  if (transparent) canvas = await draw(canvas, choice.width, choice.height, { background: "#fff" });
  const [thumbnail, anew] = await Promise.all([
    draw(canvas, ...fitInside(choice.width, choice.height, THUMBNAIL_SIDE), { background: "#fff" }).then((small) => encode(small, "image/jpeg", THUMBNAIL_QUALITY)),
    writeJpeg(canvas, QUALITIES[choice.kind], resized || edit ? Infinity : bareSize(bytes, found)),
  ]);
  const jpeg = (!resized && !edit && limits.exact && sameJpeg(bytes, found, anew.size)) || anew;
  let png = exact && (await writePng(exact));
  if (png && !edit && limits.exact && found.format === "PNG" && !resized && turn === 1) {
    const bare = barePng(bytes);
    if (bare.length < png.size) png = new Blob([/** @type {BlobPart} */ (bare)], { type: png.type });
  }
  const jpegBytes = limits.exact ? Math.max(jpeg.size * DRAWING_FACTOR, SMALL_BYTES) : jpeg.size;
  const form = png ? formOf(choice.kind, { pngBytes: png.size, jpegBytes, transparent }) : "JPEG";
  /** @type {Note[]} */
  const notes = [];
  if (choice.note) notes.push({ name: choice.kind, with: { width: choice.width, height: choice.height } });
  if (form === "JPEG" && transparent) notes.push({ name: "white" });
  if (found.glow) notes.push({ name: "glow" });
  if (found.frames > 1) notes.push({ name: "frames", with: { n: found.frames } });
  return { blob: png && form === "PNG" ? png : jpeg, thumbnail, width: choice.width, height: choice.height, findings: found.findings, position: found.position,
    removed: kinds(found), decoded: true, blanked: true, format: String(found.format), notes };
}

/** The JPEG as it was compressed, with nothing but its turn and an ordinary profile: the server loses less than a second
 * encoding here would. Null where that is worth too many bytes. @param {Uint8Array} bytes @param {Hidden} found @param {number} size */
function sameJpeg(bytes, found, size) {
  if (found.format !== "JPEG" || found.findings.some((one) => one.kind === "profile")) return null;
  const bare = bareJpeg(bytes, { profile: true, turn: found.orientation });
  return bare && bare.length <= size * SAME_FACTOR ? new Blob([/** @type {BlobPart} */ (bare)], { type: "image/jpeg" }) : null;
}

/** How many bytes the picture takes without what it tells; a clean copy must not be larger. @param {Uint8Array} bytes @param {Hidden} found */
function bareSize(bytes, found) {
  return found.format === "JPEG" ? (bareJpeg(bytes)?.length ?? bytes.length) : Infinity;
}

/** @param {Canvas} canvas @param {number} quality @param {number} most */
async function writeJpeg(canvas, quality, most) {
  let best = await write(canvas, quality);
  for (const lower of LOWER) if (best.size > most) best = await write(canvas, lower);
  return best;
}

/** Only the picture: browsers add a profile (always sRGB here), some an Exif block. The server keeps such a JPEG as it is.
 * @param {Canvas} canvas @param {number} quality */
async function write(canvas, quality) {
  const blob = await encode(canvas, "image/jpeg", quality), bare = bareJpeg(new Uint8Array(await blob.arrayBuffer()));
  return bare ? new Blob([/** @type {BlobPart} */ (bare)], { type: blob.type }) : blob;
}

/** @param {Picture} picture */
function flatness(picture) {
  const [width, height] = sizeOf(picture), rows = rowsOf(height);
  const canvas = canvasOf(width, rows.length), brush = pen(canvas, { willReadFrequently: true });
  for (const [n, y] of rows.entries()) brush.drawImage(picture, 0, y, width, 1, 0, n, width, 1);
  return flatShare(brush.getImageData(0, 0, width, rows.length).data, width);
}

/** @param {Canvas} canvas */
function seeThrough(canvas) {
  const pixels = pen(canvas, { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data;
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] < OPAQUE) return true;
  return false;
}
