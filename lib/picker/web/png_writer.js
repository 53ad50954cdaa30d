// A small PNG of exact pixels: with a palette where few colours are used, as the server writes it. A browser's own writer
// always spends four bytes a pixel before packing.

const LIMIT_COLOURS = 256;
const SAMPLE = 8; // every eighth row tells which filter packs best

/** @type {Uint32Array | null} */
let crcs = null;

/** @param {Uint8Array} bytes */
function crc(bytes) {
  crcs ??= Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });
  let sum = 0xffffffff;
  for (const byte of bytes) sum = crcs[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** @param {string} name @param {Uint8Array} content */
function chunk(name, content) {
  const whole = new Uint8Array(content.length + 12), view = new DataView(whole.buffer);
  view.setUint32(0, content.length);
  for (let n = 0; n < 4; n++) whole[4 + n] = name.charCodeAt(n);
  whole.set(content, 8);
  view.setUint32(content.length + 8, crc(whole.subarray(4, content.length + 8)));
  return whole;
}

/** Colours and, for each pixel, which one; null where there are more than a palette holds. @param {Uint32Array} codes */
function paletteOf(codes) {
  /** @type {Map<number, number>} */
  const places = new Map();
  const indices = new Uint8Array(codes.length);
  let last = -1, place = 0;
  for (let at = 0; at < codes.length; at++) {
    if (codes[at] !== last) {
      last = codes[at];
      const known = places.get(last);
      if (known === undefined) {
        if (places.size === LIMIT_COLOURS) return null;
        places.set(last, (place = places.size));
      } else place = known;
    }
    indices[at] = place;
  }
  return { colours: [...places.keys()], indices };
}

/** Palettes of up to 16 colours fit into fewer bits. @param {Uint8Array} indices @param {number} width @param {number} height @param {number} depth */
function packed(indices, width, height, depth) {
  if (depth === 8) return indices;
  const row = Math.ceil((width * depth) / 8), each = 8 / depth, out = new Uint8Array(row * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[y * row + Math.floor(x / each)] |= indices[y * width + x] << (8 - depth * ((x % each) + 1));
  return out;
}

/** Rows with their filter before them. @param {Uint8Array} rows @param {number} stride @param {number} step */
function filtered(rows, stride, step) {
  const height = rows.length / stride, out = new Uint8Array(rows.length + height);
  const guess = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ c) => {
    const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  };
  const lines = [0, 1, 2, 3].map(() => new Uint8Array(stride)), names = [0, 1, 2, 4];
  let best = 0;
  for (let y = 0; y < height; y++) {
    const from = y * stride, fresh = y % SAMPLE < 2;
    for (let n = fresh ? 0 : best, to = fresh ? 3 : best, least = Infinity; n <= to; n++) {
      const line = lines[n];
      let sum = 0;
      for (let x = 0; x < stride; x++) {
        const left = x >= step ? rows[from + x - step] : 0, up = y ? rows[from + x - stride] : 0, corner = y && x >= step ? rows[from + x - stride - step] : 0;
        const value = (rows[from + x] - (n === 0 ? 0 : n === 1 ? left : n === 2 ? up : guess(left, up, corner))) & 255;
        line[x] = value;
        sum += value < 128 ? value : 256 - value;
      }
      if (fresh && sum < least) [least, best] = [sum, n];
    }
    out[from + y] = names[best];
    out.set(lines[best], from + y + 1);
  }
  return out;
}

/** @param {Uint8Array} bytes */
async function deflate(bytes) {
  const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Write pixels (RGBA) without loss and with nothing beside them. @param {ImageData} image @returns {Promise<Blob>} */
export async function writePng({ data, width, height }) {
  const codes = new Uint32Array(data.buffer, data.byteOffset, width * height), palette = paletteOf(codes);
  const opaque = !data.some((value, at) => (at & 3) === 3 && value !== 255);
  const head = new Uint8Array(13), view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  /** @type {Uint8Array[]} */
  const chunks = [];
  let rows, stride;
  if (palette) {
    const depth = palette.colours.length <= 2 ? 1 : palette.colours.length <= 4 ? 2 : palette.colours.length <= 16 ? 4 : 8;
    const bytes = new Uint8Array(Uint32Array.from(palette.colours).buffer);
    head.set([depth, 3], 8);
    chunks.push(chunk("PLTE", Uint8Array.from({ length: palette.colours.length * 3 }, (_, n) => bytes[Math.floor(n / 3) * 4 + (n % 3)])));
    if (!opaque) chunks.push(chunk("tRNS", Uint8Array.from(palette.colours, (_, n) => bytes[n * 4 + 3])));
    stride = Math.ceil((width * depth) / 8);
    rows = unfiltered(packed(palette.indices, width, height, depth), stride);
  } else {
    const step = opaque ? 3 : 4;
    head.set([8, opaque ? 2 : 6], 8);
    stride = width * step;
    const flat = opaque ? new Uint8Array(width * height * 3) : new Uint8Array(data.buffer, data.byteOffset, data.length);
    if (opaque) for (let at = 0, to = 0; at < data.length; at += 4) { flat[to++] = data[at]; flat[to++] = data[at + 1]; flat[to++] = data[at + 2]; }
    rows = filtered(flat, stride, step);
  }
  const parts = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), chunk("IHDR", head), ...chunks, chunk("IDAT", await deflate(rows)), chunk("IEND", new Uint8Array())];
  return new Blob(/** @type {BlobPart[]} */ (parts), { type: "image/png" });
}

/** Rows of a palette pack best as they are. @param {Uint8Array} rows @param {number} stride */
function unfiltered(rows, stride) {
  const height = rows.length / stride, out = new Uint8Array(rows.length + height);
  for (let y = 0; y < height; y++) out.set(rows.subarray(y * stride, (y + 1) * stride), y * stride + y + 1);
  return out;
}
