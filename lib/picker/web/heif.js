// HEIF, the envelope of HEIC and AVIF: boxes, items, and references between them.

import { ascii, cut, join, latin1, nothing, number, part, startsWith } from "./bytes.js";
import { AUXILIARY, C2PA_UUID, HDR_CURVES, HEIF_PLAIN_BOXES } from "./tables.js";
import { bareExif } from "./png.js";

/** @typedef {import("./bytes.js").Part} Part */
/** @typedef {import("./bytes.js").Contents} Contents */
/** @typedef {{type: string, at: number, from: number, to: number}} Box */
/** @typedef {{type: string, contentType: string, parts: [number, number][], properties: Box[]}} Item */

const LIMIT_BOXES = 5000;
const LIMIT_ITEMS = 4096; // a photo of 100 megapixels in tiles of 512 pixels has about 400
const LIMIT_EXTENTS = 20_000;

/** The boxes of one box. @param {Uint8Array} bytes @param {number} from @param {number} to */
export function boxes(bytes, from, to) {
  /** @type {Box[]} */
  const list = [];
  for (let at = from; at + 8 <= to && list.length < LIMIT_BOXES; ) {
    let size = number(bytes, at, 4), head = 8;
    if (size === 1) { size = number(bytes, at + 8, 8); head = 16; }
    else if (size === 0) size = to - at;
    if (size < head) break;
    list.push({ type: ascii(bytes, at + 4, 4), at, from: at + head, to: Math.min(at + size, to) });
    at += size;
  }
  return list;
}

/** The items of a HEIC or AVIF file and how they refer to each other. */
export class Heif {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    /** @type {Map<number, Item>} */
    this.items = new Map();
    /** @type {{type: string, from: number, to: number[]}[]} */
    this.references = [];
    this.primary = 0;
    this.top = boxes(bytes, 0, bytes.length);
    const meta = this.top.find((one) => one.type === "meta");
    if (meta) this.#read(boxes(bytes, meta.from + 4, meta.to));
  }

  /** @param {Box[]} inside */
  #read(inside) {
    const { bytes } = this, box = (/** @type {string} */ type) => inside.find((one) => one.type === type);
    const pitm = box("pitm"), iinf = box("iinf"), iloc = box("iloc"), iref = box("iref"), iprp = box("iprp");
    if (pitm) this.primary = number(bytes, pitm.from + 4, bytes[pitm.from] ? 4 : 2);
    if (iinf) this.#infos(iinf);
    if (iloc) this.#places(iloc, box("idat"));
    if (iref) this.#references(iref);
    if (iprp) this.#properties(iprp);
  }

  /** @param {Box} iinf */
  #infos({ from, to }) {
    const { bytes } = this;
    for (const infe of boxes(bytes, from + (bytes[from] ? 8 : 6), to)) {
      if (infe.type !== "infe" || this.items.size >= LIMIT_ITEMS) continue;
      const wide = bytes[infe.from] > 2, place = infe.from + (wide ? 8 : 6), type = ascii(bytes, place + 2, 4);
      const [, contentType] = type === "mime" ? cut(bytes.subarray(place + 6, infe.to)) : [null, bytes.subarray(0, 0)];
      this.items.set(number(bytes, infe.from + 4, wide ? 4 : 2), { type, contentType: latin1(cut(contentType)[0]), parts: [], properties: [] });
    }
  }

  /** @param {Box} iloc @param {Box | undefined} idat */
  #places({ from, to }, idat) {
    const { bytes } = this, version = bytes[from], sizes = number(bytes, from + 4, 2);
    const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version ? sizes & 15 : 0];
    let at = from + 6, extentsLeft = LIMIT_EXTENTS;
    const next = (/** @type {number} */ size) => number(bytes, (at += size) - size, size);
    const idSize = version === 2 ? 4 : 2, count = next(idSize);
    for (let n = 0; n < Math.min(count, LIMIT_ITEMS) && at <= to; n++) {
      const item = this.items.get(next(idSize)), inIdat = version ? (next(2) & 15) === 1 : false;
      next(2);
      const base = next(baseSize), extents = next(2);
      for (let m = 0; m < extents && at <= to && extentsLeft > 0; m++, extentsLeft--) {
        next(indexSize);
        const start = base + next(offsetSize) + (inIdat ? (idat?.from ?? bytes.length) : 0), length = next(lengthSize);
        const end = Math.min(length ? start + length : bytes.length, inIdat ? (idat?.to ?? 0) : bytes.length);
        if (start < end) item?.parts.push([start, end]);
      }
    }
  }

  /** @param {Box} iref */
  #references({ from, to }) {
    const { bytes } = this, size = bytes[from] ? 4 : 2;
    for (const one of boxes(bytes, from + 4, to)) {
      const count = Math.min(number(bytes, one.from + size, 2), LIMIT_ITEMS, Math.floor((one.to - one.from) / size));
      const ends = Array.from({ length: count }, (_, n) => number(bytes, one.from + size + 2 + n * size, size));
      if (this.references.length < LIMIT_ITEMS) this.references.push({ type: one.type, from: number(bytes, one.from, size), to: ends });
    }
  }

  /** @param {Box} iprp */
  #properties({ from, to }) {
    const { bytes } = this, both = boxes(bytes, from, to), ipco = both.find((one) => one.type === "ipco");
    const shelf = ipco ? boxes(bytes, ipco.from, ipco.to) : [];
    let left = LIMIT_EXTENTS;
    for (const ipma of both.filter((one) => one.type === "ipma")) {
      const idSize = bytes[ipma.from] ? 4 : 2, wide = bytes[ipma.from + 3] & 1;
      let at = ipma.from + 8;
      for (let n = Math.min(number(bytes, ipma.from + 4, 4), LIMIT_ITEMS); n > 0 && at < ipma.to; n--) {
        const item = this.items.get(number(bytes, at, idSize));
        at += idSize;
        for (let count = bytes[at++] ?? 0; count > 0 && left > 0; count--, left--) {
          const property = shelf[(wide ? number(bytes, at, 2) & 0x7fff : bytes[at] & 0x7f) - 1];
          at += wide ? 2 : 1;
          if (property) item?.properties.push(property);
        }
      }
    }
  }

  /** @param {Item} item */
  content(item) {
    return join(item.parts.map(([from, to]) => this.bytes.subarray(from, to)));
  }

  /** The content of the first property of that name. @param {Item | undefined} item @param {string} type */
  property(item, type) {
    const found = item?.properties.find((one) => one.type === type);
    return found ? this.bytes.subarray(found.from, found.to) : null;
  }

  /** @param {string} type @param {number} from */
  referred(type, from) {
    return this.references.find((one) => one.type === type && one.from === from)?.to ?? [];
  }

  /** @param {string} type @param {number} to */
  referring(type, to) {
    return this.references.filter((one) => one.type === type && one.to.includes(to)).map((one) => one.from);
  }

  /** Width and height as stored, before turning: the larger of what the header and a grid announce. @param {Item | undefined} item @returns {[number, number]} */
  size(item) {
    const extent = this.property(item, "ispe") ?? new Uint8Array();
    let [width, height] = [number(extent, 4, 4), number(extent, 8, 4)];
    if (item?.type === "grid") {
      const grid = this.content(item), wide = grid[1] === 1 ? 4 : 2;
      [width, height] = [Math.max(width, number(grid, 4, wide)), Math.max(height, number(grid, 4 + wide, wide))];
    }
    return [width, height];
  }

  /** What kind of auxiliary picture this is: alpha, depth …; empty for others. @param {Item} item */
  auxiliary(item) {
    const content = this.property(item, "auxC");
    if (!content) return "";
    const urn = latin1(cut(content.subarray(4))[0]).toLowerCase();
    return Object.keys(AUXILIARY).find((end) => urn.endsWith(end)) ?? (urn.split(":").at(-1) || "unknown");
  }

  /** Whether the numbers of an item's colours name a curve of HDR. @param {Item | undefined} item */
  hdr(item) {
    return (item?.properties ?? []).some((one) => one.type === "colr" && startsWith(this.bytes, one.from, "nclx") && HDR_CURVES.includes(number(this.bytes, one.from + 6, 2)));
  }

  /** Whether a gain map waits beside the picture. */
  get glow() {
    return [...this.items.values()].some((item) => item.type === "tmap" || this.auxiliary(item) === "hdrgainmap");
  }
}

/** Take a HEIC or AVIF apart. @param {Uint8Array} bytes @returns {Contents} */
export function readHeif(bytes) {
  const heif = new Heif(bytes), main = heif.items.get(heif.primary), contents = nothing();
  const tile = heif.items.get(heif.referred("dimg", heif.primary)[0] ?? -1);
  [contents.width, contents.height] = heif.size(main);
  const turned = main?.properties.some((one) => one.type === "irot" && bytes[one.from] & 1);
  if (turned) [contents.width, contents.height] = [contents.height, contents.width];
  contents.frames = heif.top.some((one) => one.type === "moov") ? 2 : 1;
  contents.hdr = heif.hdr(main) || heif.hdr(tile);
  contents.glow = heif.glow;
  for (const [id, item] of heif.items) contents.parts.push(...itemParts(heif, id, item));
  const profiles = (/** @type {Item | undefined} */ item) => (item?.properties ?? [])
    .filter((one) => one.type === "colr" && /^(prof|rICC)/.test(ascii(bytes, one.from, 4)))
    .map((one) => part("icc", "HEIF colour", bytes.subarray(one.from + 4, one.to)));
  const own = profiles(main);
  contents.parts.push(...(own.length ? own : profiles(tile)));
  for (const box of heif.top.filter((one) => !HEIF_PLAIN_BOXES.includes(one.type)).slice(0, 200)) {
    const signed = box.type === "uuid" && C2PA_UUID.every((byte, n) => bytes[box.from + n] === byte);
    contents.parts.push(signed ? part("other", "HEIF uuid box", bytes.subarray(box.from, box.to), "content credentials") : part("trailer", `Box ${box.type}`, bytes.subarray(box.from, box.to), box.type));
  }
  return contents;
}

/** @param {Heif} heif @param {number} id @param {Item} item @returns {Part[]} */
function itemParts(heif, id, item) {
  const content = () => heif.content(item);
  if (item.type === "Exif") {
    const whole = content();
    return [part("exif", "EXIF", bareExif(whole.subarray(4 + number(whole, 0, 4))))];
  }
  if (item.type === "mime") {
    const kind = item.contentType.includes("rdf+xml") ? "xmp" : "other";
    return [part(kind, kind === "xmp" ? "XMP" : "HEIF item", content(), item.contentType)];
  }
  if (heif.referred("thmb", id).includes(heif.primary)) return [part("preview", "HEIF thumbnail", heif.bytes.subarray(0, 0), heif.size(item).join(" x "))];
  if (["uri ", "jumb", "c2pa"].includes(item.type)) return [part("other", "HEIF item", content(), item.type)];
  const label = heif.auxiliary(item), name = label ? (AUXILIARY[label] ?? label) : "";
  return name ? [part("other", "HEIF auxiliary picture", content(), name)] : [];
}

/**
 * A copy with its texts blanked in place and everything behind the picture cut off; the picture, its colours and its gain
 * map stay as they are. @param {Uint8Array} bytes @returns {Uint8Array}
 */
export function blankHeif(bytes) {
  const copy = bytes.slice(), heif = new Heif(bytes);
  for (const [id, item] of heif.items) {
    const label = heif.auxiliary(item), map = label && AUXILIARY[label] !== "gain map" && (AUXILIARY[label] ?? label);
    const isText = item.type === "mime" || item.type === "uri " || item.type === "jumb" || item.type === "c2pa";
    const small = heif.referred("thmb", id).includes(heif.primary);
    if (item.type === "Exif") blankExif(copy, item.parts);
    else if (isText || map || small) {
      for (const [n, [from, to]] of item.parts.entries()) {
        copy.fill(isText ? 0x20 : 0, from, to);
        if (item.contentType.includes("xml") && !n && to - from >= 4) copy.set([0x3c, 0x78, 0x2f, 0x3e], from); // "<x/>": XML that says nothing
      }
    }
  }
  for (const box of heif.top) {
    if (HEIF_PLAIN_BOXES.includes(box.type)) continue;
    copy.fill(0, box.from, box.to);
    copy.set([0x66, 0x72, 0x65, 0x65], box.at + 4); // "free"
  }
  const last = heif.top.findLast((one) => HEIF_PLAIN_BOXES.includes(one.type));
  return last ? copy.slice(0, last.to) : copy;
}

/** A valid but empty Exif: its header stays, its first directory has no entries. @param {Uint8Array} copy @param {[number, number][]} parts */
function blankExif(copy, parts) {
  for (const [n, [from, to]] of parts.entries()) {
    const tiff = from + 4 + (n ? 0 : number(copy, from, 4)), little = copy[tiff] === 0x49;
    copy.fill(0, from + (n ? 0 : 4), to);
    if (!n && tiff + 14 <= to) copy.set(little ? [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0] : [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8], tiff);
  }
}

