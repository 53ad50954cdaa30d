// EXIF and TIFF tags: what they tell. The table of tags is the server's own (tables.js is made from it).

import { latin1, part, short, startsWith, text, wide, decoded } from "./bytes.js";
import { EXIF_BLOCKS, EXIF_KNOWN, EXIF_PICTURE, EXIF_TELLING } from "./tables.js";
import { Tiff } from "./tiff.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./tiff.js").Tag} Tag */
/** One thing that a photo tells; every one of these says something about a person, a place or a device.
 * @typedef {{kind: string, label: string, value: string, where: string}} Finding */
/** @typedef {{latitude: number, longitude: number}} Position */
/** @typedef {{findings: Finding[], parts: Part[], position: Position | null, orientation: number, camera: boolean, preview: Uint8Array | null, pages: number, tiff: Tiff}} Exif */

const picture = new Set(EXIF_PICTURE), known = new Set(EXIF_KNOWN);
const GPS_SPECIAL = new Set([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 29]);
const CREDENTIALS = 0xcd41; // the tag of C2PA in TIFF

/** Read one EXIF block into findings. @param {Uint8Array} bytes @returns {Exif} */
export function readExif(bytes) {
  const tiff = new Tiff(bytes);
  /** @type {Exif} */
  const exif = { findings: [], parts: [], position: null, orientation: 1, camera: false, preview: null, pages: tiff.pages, tiff };
  for (const directory of tiff.directories) {
    const where = directory.name === "0th" || directory.name === "Exif" ? "EXIF" : `EXIF ${directory.name}`;
    if (directory.name === "GPS") readGps(exif, directory.tags);
    else for (const tag of directory.tags) readTag(exif, where, tag);
  }
  const turn = tiff.number("0th", 0x0112);
  exif.orientation = turn >= 1 && turn <= 8 ? turn : 1;
  exif.camera = [0x010f, 0x0110].some((tag) => short(asText(tiff, tiff.get("0th", tag))) !== "");
  const start = tiff.number("1st", 0x0201), size = tiff.number("1st", 0x0202);
  if (start) {
    const thumbnail = bytes.subarray(start, start + size);
    exif.preview = startsWith(thumbnail, 0, "\xff\xd8") ? thumbnail : null;
    exif.findings.push({ kind: "preview", label: "Small preview inside", value: `${size}`, where: "EXIF thumbnail" });
  }
  return exif;
}

/** @param {Exif} exif @param {string} where @param {Tag} tag */
function readTag(exif, where, tag) {
  const block = EXIF_BLOCKS[tag.tag], content = exif.tiff.content(tag);
  if (block && ![5, 10, 11, 12].includes(tag.type) && (tag.count > 1 || tag.type === 2 || tag.type === 7)) return void exif.parts.push(part(block, `${where} block`, content));
  if (tag.tag === CREDENTIALS) return void exif.parts.push(part("other", "TIFF tag 0xCD41", content, "c2pa"));
  if (picture.has(tag.tag)) return;
  const value = asText(exif.tiff, tag);
  if (!value) return;
  const telling = EXIF_TELLING[tag.tag];
  if (telling) exif.findings.push({ kind: telling[0], label: telling[1], value, where });
  else if (!known.has(tag.tag) || (isBytes(tag) && content.length > 64))
    exif.findings.push({ kind: "other", label: `Unknown tag 0x${tag.tag.toString(16).toUpperCase().padStart(4, "0")}`, value, where });
}

/** Whether Python keeps this value as bytes. @param {Tag} tag */
const isBytes = (tag) => tag.type === 7 || (tag.type === 1 && tag.count > 4) || (tag.count > 64 && tag.type !== 2);

/** @param {Tiff} tiff @param {Tag | undefined} tag */
function asText(tiff, tag) {
  if (!tag) return "";
  const content = tiff.content(tag);
  if (tag.tag >= 0x9c9b && tag.tag <= 0x9c9f) return short(wide(content));
  if (tag.tag === 0x927c) return `${content.length} bytes`;
  if (tag.type === 2) return short(decoded(content));
  if (isBytes(tag)) return bytesAsText(content);
  const row = tag.type === 5 || tag.type === 10 ? tiff.rationals(tag) : tiff.numbers(tag);
  return row.length ? short(row.map((one) => String(Number(one.toPrecision(6)))).join(", ")) : `${content.length} bytes`;
}

/** @param {Uint8Array} content */
function bytesAsText(content) {
  if (startsWith(content, 0, "ASCII\0\0\0")) return short(latin1(content.subarray(8)));
  if (startsWith(content, 0, "UNICODE\0")) return short(wide(content.subarray(8)));
  if (content.subarray(0, 8).every((byte) => byte === 0) && content.length >= 8) return short(text(content.subarray(8)));
  const line = latin1(content).replace(/^[\0 ]+|[\0 ]+$/g, "");
  if (line && /^[ -~]+$/.test(line)) return short(line);
  return content.length > 8 ? `${content.length} bytes` : [...content].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** @param {Exif} exif @param {Tag[]} tags */
function readGps(exif, tags) {
  const { tiff } = exif;
  const by = (/** @type {number} */ tag) => tags.find((one) => one.tag === tag);
  const say = (/** @type {string} */ label, /** @type {string} */ value) => exif.findings.push({ kind: "position", label, value, where: "EXIF GPS" });
  const degrees = (/** @type {number} */ tag, /** @type {string} */ negative) => {
    const row = tiff.rationals(by(tag)).slice(0, 3);
    if (!row.length || !Number.isFinite(row[0])) return null;
    const total = row.reduce((sum, one, n) => sum + (Number.isFinite(one) ? one : 0) / 60 ** n, 0);
    return asText(tiff, by(tag - 1)).toUpperCase().startsWith(negative) ? -total : total;
  };
  const latitude = degrees(2, "S"), longitude = degrees(4, "W");
  if (latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
    exif.position = { latitude, longitude };
    say("Location", `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
  }
  const [altitude] = tiff.rationals(by(6)), [direction] = tiff.rationals(by(17)), clock = tiff.rationals(by(7));
  if (Number.isFinite(altitude)) say("Altitude", `${altitude.toFixed(1)} m`);
  if (Number.isFinite(direction)) say("Direction of view", `${direction.toFixed(1)}°`);
  const date = asText(tiff, by(29)).replaceAll(":", "-");
  if (clock.length === 3 && clock.every(Number.isFinite)) say("Time by satellite", `${date} ${clock.map((one) => String(Math.floor(one)).padStart(2, "0")).join(":")} UTC`.trim());
  else if (date) say("Date by satellite", date);
  for (const tag of tags) {
    const value = asText(tiff, tag);
    if (!GPS_SPECIAL.has(tag.tag) && value) say("Further note by satellite", value);
  }
}
