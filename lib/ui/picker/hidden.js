// What a photo file tells beside its picture, read on this device, and how to blank it where the picture itself
// cannot be re-encoded here. Nothing in this file sends anything anywhere. It runs in the worker and, where there is
// no worker, on the page.

const LIMIT_ENTRIES = 512; // entries of one directory; more is a broken file
const LIMIT_PARTS = 4096; // segments, chunks or boxes of one file; more is a broken file

const text = (bytes, from, to) => {
  let end = from;
  while (end < to && bytes[end] !== 0) end++;
  return new TextDecoder("utf-8").decode(bytes.subarray(from, end)).trim();
};
const ascii = (bytes, from, length) => String.fromCharCode(...bytes.subarray(from, from + length));
const startsWith = (bytes, from, word) => ascii(bytes, from, word.length) === word;

/** The format by content, never by name; null for what is no photo. */
function formatOf(bytes) {
  if (bytes.length < 12) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "JPEG";
  if (startsWith(bytes, 0, "\x89PNG\r\n\x1a\n")) return "PNG";
  if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) return "WEBP";
  if (startsWith(bytes, 0, "GIF87a") || startsWith(bytes, 0, "GIF89a")) return "GIF";
  if (startsWith(bytes, 0, "II*\0") || startsWith(bytes, 0, "MM\0*")) return "TIFF";
  if (startsWith(bytes, 0, "BM")) return "BMP";
  if (startsWith(bytes, 4, "ftyp")) {
    const size = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), 256, bytes.length);
    const brands = ascii(bytes, 8, Math.max(size - 8, 4));
    if (brands.includes("avif") || brands.includes("avis")) return "AVIF";
    if (/hei[cxms]|hev[cxm]|mif1|msf1/.test(brands)) return "HEIC";
  }
  return null;
}

// tag -> [kind, label]; the names of Exif 3.0
const TIFF_TAGS = {
  0x010e: ["caption", "Description"], 0x010f: ["device", "Maker"], 0x0110: ["device", "Model"],
  0x0131: ["software", "Software"], 0x0132: ["time", "Changed"], 0x013b: ["owner", "Artist"], 0x013c: ["device", "Computer"],
  0x02bc: ["xmp", "Notes by cameras and programs"], 0x83bb: ["iptc", "IPTC"], 0x8298: ["owner", "Copyright"], 0x8649: ["iptc", "Photoshop data"],
  0x9c9b: ["caption", "Title"], 0x9c9c: ["comment", "Comment"], 0x9c9d: ["owner", "Author"], 0x9c9e: ["caption", "Keywords"],
  0x9c9f: ["caption", "Subject"], 0x9003: ["time", "Taken"], 0x9004: ["time", "Digitised"], 0x927c: ["maker_note", "Maker's own notes"],
  0x9286: ["comment", "Comment"], 0xa420: ["serial", "Picture number"], 0xa430: ["owner", "Owner"],
  0xa431: ["serial", "Camera serial number"], 0xa433: ["lens", "Lens maker"], 0xa434: ["lens", "Lens"],
  0xa435: ["serial", "Lens serial number"], 0xa436: ["caption", "Title"], 0xa437: ["owner", "Photographer"],
  0xa438: ["owner", "Editor"], 0xc62f: ["serial", "Camera serial number"], 0xc614: ["device", "Camera"],
};
const TYPE_SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const WORDLESS = new Set(["xmp", "iptc", "maker_note"]); // said by name only: their content is no words

/** Read one TIFF structure (Exif, or a TIFF file). `blank` collects what has to go: [from, to, filler]. */
function readTiff(bytes, base, end, found, blank, where) {
  if (end - base < 8) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[base] === 0x49;
  const u16 = (at) => view.getUint16(at, little);
  const u32 = (at) => view.getUint32(at, little);
  const seen = new Set();

  const entries = (offset) => {
    const at = base + offset;
    if (offset < 8 || at + 2 > end || seen.has(offset)) return null;
    seen.add(offset);
    const count = Math.min(u16(at), LIMIT_ENTRIES);
    const list = [];
    for (let n = 0; n < count; n++) {
      const entry = at + 2 + n * 12;
      if (entry + 12 > end) break;
      const type = u16(entry + 2), values = u32(entry + 4);
      const size = (TYPE_SIZES[type] ?? 0) * values;
      const from = size <= 4 ? entry + 8 : base + u32(entry + 8);
      if (from + size <= end) list.push({ tag: u16(entry), type, values, from, size, entry });
    }
    const after = at + 2 + u16(at) * 12;
    return { at, list, after: Math.min(after + 4, end), next: after + 4 <= end ? u32(after) : 0 };
  };
  const number = (item) => (item.type === 3 ? u16(item.from) : item.type === 4 || item.type === 13 ? u32(item.from) : 0);
  const rational = (at) => (u32(at + 4) ? u32(at) / u32(at + 4) : 0);
  const degrees = (item) =>
    item && item.type === 5 && item.values >= 1
      ? [0, 1, 2].slice(0, item.values).reduce((sum, n) => sum + rational(item.from + n * 8) / 60 ** n, 0)
      : null;
  const words = (item) => {
    if (item.tag >= 0x9c9b && item.tag <= 0x9c9f)
      return new TextDecoder("utf-16le").decode(bytes.subarray(item.from, item.from + item.size)).replace(/\0+$/, "").trim();
    if (item.tag === 0x9286) return text(bytes, item.from + Math.min(8, item.size), item.from + item.size);
    return item.type === 2 || item.type === 7 || item.type === 1 ? text(bytes, item.from, item.from + item.size) : "";
  };

  const readGps = (offset) => {
    const ifd = entries(offset);
    if (!ifd) return;
    const by = Object.fromEntries(ifd.list.map((item) => [item.tag, item]));
    const latitude = degrees(by[2]), longitude = degrees(by[4]);
    if (latitude !== null && longitude !== null && latitude <= 90 && longitude <= 180 && (latitude || longitude)) {
      found.position = {
        latitude: latitude * (by[1] && bytes[by[1].from] === 0x53 ? -1 : 1),
        longitude: longitude * (by[3] && bytes[by[3].from] === 0x57 ? -1 : 1),
      };
    }
    if (ifd.list.length) {
      const value = found.position
        ? `${found.position.latitude.toFixed(5)}, ${found.position.longitude.toFixed(5)}`
        : "";
      if (found.position || by[2] || by[4]) add(found, "position", "Where it was taken", value, where);
      else if (ifd.list.some((item) => item.tag > 0)) add(found, "other", "GPS notes", "", where);
    }
    for (const item of ifd.list) if (item.size > 4) blank.push([item.from, item.from + item.size, 0]);
    blank.push([ifd.at, ifd.after, 0]);
  };

  const readDirectory = (offset, depth, thumbnail) => {
    const ifd = entries(offset);
    if (!ifd) return 0;
    let preview = 0, previewSize = 0;
    for (const item of ifd.list) {
      if (item.tag === 0x0112 && depth === 0 && !thumbnail) found.orientation = number(item) || 1;
      else if (item.tag === 0x8825) readGps(number(item));
      else if (item.tag === 0x8769 && depth < 3) readDirectory(number(item), depth + 1, false);
      else if (item.tag === 0x0201) preview = number(item);
      else if (item.tag === 0x0202) previewSize = number(item);
      else if (TIFF_TAGS[item.tag]) {
        const [kind, label] = TIFF_TAGS[item.tag];
        const value = WORDLESS.has(kind) ? "" : words(item);
        if ((value || WORDLESS.has(kind)) && item.size && !thumbnail) add(found, kind, label, value, where);
        blank.push([item.from, item.from + item.size, kind === "xmp" ? 0x20 : 0]);
      }
    }
    if (preview && previewSize > 64 && base + preview + previewSize <= end && bytes[base + preview] === 0xff) {
      add(found, "preview", "Small preview", `${Math.ceil(previewSize / 1000)} kB, taken before any cropping`, where);
      found.preview = [base + preview, base + preview + previewSize];
      blank.push([base + preview, base + preview + previewSize, 0]);
    }
    return ifd.next;
  };

  const next = readDirectory(u32(base + 4), 0, false);
  if (next) readDirectory(next, 0, where !== "TIFF");
}

function add(found, kind, label, value, where) {
  const short = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  if (!found.findings.some((one) => one.kind === kind && one.label === label && one.value === short))
    found.findings.push({ kind, label, value: short, where });
}

function readXmp(packet, found) {
  add(found, "xmp", "Notes by cameras and programs", "", "XMP");
  const value = (name) => (packet.match(new RegExp(`${name}(?:="([^"]*)"|[^>]*>([^<]*)<)`)) ?? []).slice(1).find(Boolean);
  const serial = value("aux:SerialNumber") ?? value("exifEX:BodySerialNumber");
  const owner = value("aux:OwnerName") ?? value("exifEX:CameraOwnerName");
  if (serial) add(found, "serial", "Camera serial number", serial, "XMP");
  if (owner) add(found, "owner", "Owner", owner, "XMP");
  if (/GPSL(at|ong)itude/.test(packet) && !found.position) add(found, "position", "Where it was taken", "", "XMP");
}

function readJpeg(bytes, found) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  for (let n = 0; n < LIMIT_PARTS && at + 4 <= bytes.length; n++) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1];
    if (marker === 0xff) { at++; continue; }
    if (marker === 0xd9) { at += 2; break; }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) { at += 2; continue; }
    const size = view.getUint16(at + 2);
    const from = at + 4, to = Math.min(at + 2 + size, bytes.length);
    if (marker === 0xe1 && startsWith(bytes, from, "Exif\0\0")) readTiff(bytes, from + 6, to, found, [], "EXIF");
    else if (marker === 0xe1 && startsWith(bytes, from, "http://ns.adobe.com/x"))
      readXmp(new TextDecoder().decode(bytes.subarray(from + 29, to)), found);
    else if (marker === 0xed) add(found, "iptc", "Photoshop and IPTC notes", "", "IPTC");
    else if (marker === 0xfe) add(found, "comment", "Comment", text(bytes, from, to), "JPEG");
    else if (marker === 0xe2 && startsWith(bytes, from, "MPF\0")) add(found, "preview", "Further pictures", "", "MPF");
    at += 2 + size;
    if (marker === 0xda) {
      // Skip the picture itself: up to the next marker that is neither a stuffed byte nor a restart.
      for (;;) {
        at = bytes.indexOf(0xff, at);
        if (at < 0) {
          found.whole = false; // the file ends in the middle of the picture
          return;
        }
        const next = bytes[at + 1];
        if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
        else if (next === 0xff) at++;
        else break;
      }
    }
  }
  readTrailer(bytes, at, found);
}

function readTrailer(bytes, at, found) {
  const left = bytes.length - at;
  if (left < 32) return;
  const video = /ftyp(mp4|isom|qt|avc|MSNV|3gp)/.test(ascii(bytes, at, Math.min(left, 64)).replace(/\0/g, "")) ||
    findWord(bytes, "ftypmp4", at) || findWord(bytes, "ftypisom", at) || findWord(bytes, "MotionPhoto_Data", at);
  const size = left >= 1e6 ? `${(left / 1e6).toFixed(1)} MB` : `${Math.ceil(left / 1000)} kB`;
  add(found, "trailer", video ? "Hidden video" : "Data behind the picture", size, "trailer");
}

function findWord(bytes, word, from) {
  const first = word.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (startsWith(bytes, at, word)) return true;
  return false;
}

function readPng(bytes, found) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  for (let n = 0; n < LIMIT_PARTS && at + 12 <= bytes.length; n++) {
    const size = view.getUint32(at), type = ascii(bytes, at + 4, 4), from = at + 8, to = Math.min(from + size, bytes.length);
    if (type === "eXIf") readTiff(bytes, from, to, found, [], "EXIF");
    else if (type === "iTXt" && startsWith(bytes, from, "XML:com.adobe.xmp"))
      readXmp(new TextDecoder().decode(bytes.subarray(from, to)), found);
    else if (/^(tEXt|zTXt|iTXt)$/.test(type)) add(found, "text", "Text", text(bytes, from, to), "PNG");
    else if (type === "tIME") add(found, "time", "Changed", "", "PNG");
    at = from + size + 4;
    if (type === "IEND") return readTrailer(bytes, at, found);
  }
}

function readWebp(bytes, found) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  for (let n = 0; n < LIMIT_PARTS && at + 8 <= bytes.length; n++) {
    const type = ascii(bytes, at, 4), size = view.getUint32(at + 4, true), from = at + 8, to = Math.min(from + size, bytes.length);
    if (type === "EXIF") readTiff(bytes, startsWith(bytes, from, "Exif\0\0") ? from + 6 : from, to, found, [], "EXIF");
    else if (type === "XMP ") readXmp(new TextDecoder().decode(bytes.subarray(from, to)), found);
    at = from + size + (size & 1);
  }
}

/** The boxes of one box of HEIC or AVIF: {type, at (its start), from (its content), to}. */
function boxes(bytes, from, to) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list = [];
  for (let at = from; at + 8 <= to && list.length < LIMIT_PARTS; ) {
    let size = view.getUint32(at), head = 8;
    if (size === 1 && at + 16 <= to) { size = Number(view.getBigUint64(at + 8)); head = 16; }
    if (size === 0) size = to - at;
    if (size < head || at + size > to) break;
    list.push({ type: ascii(bytes, at + 4, 4), at, from: at + head, to: at + size });
    at += size;
  }
  return list;
}

/** The items of a HEIC or AVIF file: id -> {type, parts: [[from, to]]}; and the boxes `inside` its meta box. */
function heifItems(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items = new Map();
  const meta = boxes(bytes, 0, bytes.length).find((box) => box.type === "meta");
  if (!meta) return { inside: [], items };
  const inside = boxes(bytes, meta.from + 4, meta.to);
  const iinf = inside.find((box) => box.type === "iinf"), iloc = inside.find((box) => box.type === "iloc");
  const idat = inside.find((box) => box.type === "idat");
  if (!iinf || !iloc) return { inside, items };
  const many = bytes[iinf.from] > 0;
  for (const infe of boxes(bytes, iinf.from + (many ? 8 : 6), iinf.to)) {
    const version = bytes[infe.from];
    if (infe.type !== "infe" || version < 2) continue;
    const id = version === 2 ? view.getUint16(infe.from + 4) : view.getUint32(infe.from + 4);
    items.set(id, { type: ascii(bytes, infe.from + (version === 2 ? 8 : 10), 4), parts: [] });
  }
  const version = bytes[iloc.from], sizes = view.getUint16(iloc.from + 4);
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version ? sizes & 15 : 0];
  let at = iloc.from + 6;
  const number = (size) => {
    let value = 0;
    for (let n = 0; n < size; n++) value = value * 256 + bytes[at++];
    return value;
  };
  const count = number(version < 2 ? 2 : 4);
  for (let n = 0; n < Math.min(count, LIMIT_PARTS) && at < iloc.to; n++) {
    const item = items.get(number(version < 2 ? 2 : 4));
    const method = version ? number(2) & 15 : 0;
    number(2);
    const base = number(baseSize), extents = number(2);
    for (let m = 0; m < extents && at < iloc.to; m++) {
      number(indexSize);
      const offset = base + number(offsetSize), length = number(lengthSize);
      const start = method === 1 ? (idat ? idat.from + offset : -1) : method === 0 ? offset : -1;
      if (start >= 0 && start + length <= bytes.length) item?.parts.push([start, start + length]);
    }
  }
  return { inside, items };
}

/** The parts of a HEIC or AVIF file that hold words instead of pictures: [{type, from, to}]. */
function heifWords(bytes) {
  const words = [...heifItems(bytes).items.values()].filter(({ type }) => ["Exif", "mime", "uri "].includes(type));
  return words.flatMap(({ type, parts }) => parts.map(([from, to]) => ({ type, from, to })));
}

const HEIF_PARTS = new Set(["ftyp", "meta", "mdat", "moov", "free", "skip", "styp", "wide"]);

function readHeif(bytes, found) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const part of heifWords(bytes)) {
    if (part.type === "Exif" && part.to - part.from > 12) {
      const tiff = part.from + 4 + view.getUint32(part.from);
      if (tiff < part.to) readTiff(bytes, tiff, part.to, found, [], "EXIF");
    } else if (part.type === "mime") {
      const packet = new TextDecoder().decode(bytes.subarray(part.from, part.to));
      if (packet.trim()) readXmp(packet, found);
    }
  }
  for (const box of boxes(bytes, 0, bytes.length))
    if (!HEIF_PARTS.has(box.type) && box.to - box.from > 32) readTrailer(bytes, box.at, found);
}

function readGif(bytes, found) {
  if (findWord(bytes, "XMP DataXMP", 13)) add(found, "xmp", "Notes by cameras and programs", "", "GIF");
  if (findWord(bytes, "\x21\xfe", 13)) add(found, "comment", "Comment", "", "GIF");
}

/** Everything found: {format, findings, position, preview, orientation}. Never throws on a broken file. */
function readHidden(bytes) {
  const found = { format: formatOf(bytes), findings: [], position: null, preview: null, orientation: 1, whole: true };
  const read = { JPEG: readJpeg, PNG: readPng, WEBP: readWebp, HEIC: readHeif, AVIF: readHeif, GIF: readGif,
    TIFF: (all, into) => readTiff(all, 0, all.length, into, [], "TIFF") }[found.format];
  try {
    read?.(bytes, found);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error; // cut off in the middle: what was read counts
  }
  return found;
}

/**
 * A copy of a HEIC, AVIF or TIFF file with its words blanked in place and videos cut off; the picture stays as it is.
 * Null where that cannot be done or where something is still found afterwards.
 */
function blankHidden(bytes) {
  const format = formatOf(bytes);
  let copy = bytes.slice();
  const view = new DataView(copy.buffer);
  try {
    if (format === "TIFF") {
      const blank = [];
      readTiff(copy, 0, copy.length, { findings: [] }, blank, "TIFF");
      for (const [from, to, filler] of blank) copy.fill(filler, from, to);
    } else if (format === "HEIC" || format === "AVIF") {
      for (const part of heifWords(copy)) {
        if (part.type !== "Exif") { copy.fill(0x20, part.from, part.to); continue; }
        // A valid but empty Exif: its header stays, its first directory has no entries.
        const tiff = part.from + 4 + view.getUint32(part.from);
        const little = copy[tiff] === 0x49;
        copy.fill(0, part.from + 4, part.to);
        if (tiff + 14 <= part.to) {
          copy.set(little ? [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0] : [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8], tiff);
        }
      }
      const top = boxes(copy, 0, copy.length);
      for (const box of top) if (!HEIF_PARTS.has(box.type)) { copy.fill(0, box.from, box.to); copy.set([0x66, 0x72, 0x65, 0x65], box.at + 4); }
      const last = top.findLastIndex((box) => HEIF_PARTS.has(ascii(bytes, box.at + 4, 4)));
      if (last >= 0) copy = copy.slice(0, top[last].to);
    } else return null;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    return null;
  }
  return readHidden(copy).findings.length ? null : copy;
}
