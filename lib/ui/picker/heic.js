// HEIC where the browser itself has no reader for it, but the device decodes HEVC video (WebCodecs): Chrome on many
// Android phones, on macOS and on Windows. A HEIC photo is one such picture, or a grid of them. Only what is understood
// to its end is opened here; everything else goes to the server as it is, so no photo can come out in wrong colours.

const HEIC_S = 20; // for all tiles of one photo; a decoder that takes longer has stopped
const LIMIT_TILES = 256; // a 50 megapixel photo has 196 of 512 x 512
const LIMIT_SIDE = 16_384; // pixels; larger than any canvas

const PRIMARIES = { 1: "bt709", 12: "smpte432" };
const TRANSFERS = { 1: "bt709", 6: "smpte170m", 13: "iec61966-2-1" };
const MATRICES = { 1: "bt709", 5: "bt470bg", 6: "smpte170m" };
const PROFILES = { "Display P3": "smpte432", "sRGB": "bt709" };

/** What is needed to decode: {tiles, columns, rows, width, height, config, colours, turns}; null where a part is not understood. */
function readHeic(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { inside, items } = heifItems(bytes);
  const box = (list, type) => list.find((one) => one.type === type);
  const pitm = box(inside, "pitm"), iprp = box(inside, "iprp"), iref = box(inside, "iref");
  if (!pitm || !iprp) return null;
  const id = (wide, at) => (wide ? view.getUint32(at) : view.getUint16(at));
  const primary = id(bytes[pitm.from], pitm.from + 4);
  const both = boxes(bytes, iprp.from, iprp.to);
  const all = boxes(bytes, box(both, "ipco").from, box(both, "ipco").to);

  const properties = new Map(); // item -> its properties, in order
  for (const ipma of both.filter((one) => one.type === "ipma")) {
    const wideId = bytes[ipma.from] > 0, wideIndex = bytes[ipma.from + 3] & 1;
    let at = ipma.from + 8;
    for (let left = Math.min(view.getUint32(ipma.from + 4), LIMIT_PARTS); left > 0 && at < ipma.to; left--) {
      const item = id(wideId, at);
      at += wideId ? 4 : 2;
      const list = [];
      for (let count = bytes[at++]; count > 0; count--) {
        list.push(all[(wideIndex ? view.getUint16(at) & 0x7fff : bytes[at] & 0x7f) - 1]);
        at += wideIndex ? 2 : 1;
      }
      properties.set(item, list.filter(Boolean));
    }
  }
  const of = (item) => properties.get(item) ?? [];
  const references = (type, item, backwards = false) => {
    const found = [];
    for (const one of iref ? boxes(bytes, iref.from + 4, iref.to) : []) {
      const wide = bytes[iref.from] > 0, step = wide ? 4 : 2;
      const from = id(wide, one.from), count = view.getUint16(one.from + step);
      const to = Array.from({ length: Math.min(count, LIMIT_PARTS) }, (_, n) => id(wide, one.from + step + 2 + n * step));
      if (one.type !== type) continue;
      if (!backwards && from === item) found.push(...to);
      if (backwards && to.includes(item)) found.push(from);
    }
    return found;
  };
  const content = (item) => {
    const parts = items.get(item)?.parts ?? [];
    const whole = new Uint8Array(parts.reduce((sum, [from, to]) => sum + to - from, 0));
    let at = 0;
    for (const [from, to] of parts) { whole.set(bytes.subarray(from, to), at); at += to - from; }
    return whole;
  };

  const seeThrough = references("auxl", primary, true).some((item) => of(item).some((one) => one.type === "auxC" && /alpha|auxid:1$/.test(text(bytes, one.from + 4, one.to))));
  if (seeThrough) return null;
  const type = items.get(primary)?.type;
  let [columns, rows, tiles] = [1, 1, [primary]];
  let [width, height] = [0, 0];
  if (type === "grid") {
    const grid = content(primary), wide = grid[1] & 1;
    const sizes = new DataView(grid.buffer);
    [rows, columns] = [grid[2] + 1, grid[3] + 1];
    [width, height] = wide ? [sizes.getUint32(4), sizes.getUint32(8)] : [sizes.getUint16(4), sizes.getUint16(6)];
    tiles = references("dimg", primary);
  } else if (type !== "hvc1") return null;
  if (tiles.length !== rows * columns || tiles.length > LIMIT_TILES || tiles.some((item) => items.get(item)?.type !== "hvc1")) return null;

  const first = of(tiles[0]);
  const hvcC = box(first, "hvcC"), ispe = box(first, "ispe");
  const alike = (one, other) => one && ascii(bytes, one.from, one.to - one.from) === ascii(bytes, other.from, other.to - other.from);
  if (!hvcC || !ispe || tiles.some((item) => !alike(box(of(item), "hvcC"), hvcC) || !alike(box(of(item), "ispe"), ispe))) return null;
  const tile = [view.getUint32(ispe.from + 4), view.getUint32(ispe.from + 8)];
  if (type === "hvc1") [width, height] = tile;
  if (!width || !height || Math.max(width, height) > LIMIT_SIDE || tile[0] * columns < width || tile[1] * rows < height) return null;
  const description = bytes.slice(hvcC.from, hvcC.to);
  if ((description[16] & 3) !== 1 || description[17] & 7 || description[18] & 7) return null; // only 8 bits, 4:2:0: the rest is HDR or depth

  const turns = [];
  for (const one of of(primary)) {
    if (one.type === "irot") turns.push({ quarter: bytes[one.from] & 3 });
    else if (one.type === "imir") turns.push({ mirror: bytes[one.from] & 1 });
    else if (one.type === "clap") turns.push({ crop: [0, 8, 16, 24].map((at) => view.getInt32(one.from + at) / view.getUint32(one.from + at + 4)) });
  }
  const colours = coloursOf(bytes, [...of(primary), ...first].filter((one) => one.type === "colr"));
  if (!colours) return null;
  const config = { description, codedWidth: tile[0], codedHeight: tile[1], colorSpace: colours };
  return { tiles: tiles.map(content), columns, rows, width, height, tile, turns, colours, codecs: codecsOf(description), config };
}

/** The colours by the boxes of the file, else by the standard's defaults; null for what is not known to convert right. */
function coloursOf(bytes, list) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [primaries, transfer, matrix, fullRange] = [1, 13, 6, true]; // MIAF, where a file says nothing
  const nclx = list.find((one) => startsWith(bytes, one.from, "nclx"));
  if (nclx) [primaries, transfer, matrix, fullRange] = [...[4, 6, 8].map((at) => view.getUint16(nclx.from + at)), bytes[nclx.from + 10] > 127];
  const unsaid = (value, otherwise) => (value === 2 ? otherwise : value);
  const colours = { primaries: PRIMARIES[unsaid(primaries, 1)], transfer: TRANSFERS[unsaid(transfer, 13)], matrix: MATRICES[unsaid(matrix, 6)], fullRange };
  const icc = list.find((one) => /^(prof|rICC)/.test(ascii(bytes, one.from, 4)));
  if (icc) {
    const words = ascii(bytes, icc.from, Math.min(icc.to - icc.from, 4096)).replace(/\0/g, "");
    const name = Object.keys(PROFILES).find((one) => words.includes(one));
    if (!name) return null;
    Object.assign(colours, { primaries: PROFILES[name], transfer: "iec61966-2-1" });
  }
  return colours.primaries && colours.transfer && colours.matrix ? colours : null;
}

/** Names of the codec as browsers want them, from its description: as it says, and as plain Main where it is that too. */
function codecsOf(description) {
  const view = new DataView(description.buffer);
  const space = ["", "A", "B", "C"][description[1] >> 6], tier = description[1] & 32 ? "H" : "L", profile = description[1] & 31;
  let flags = view.getUint32(2), compatible = 0;
  for (let bit = 0; bit < 32; bit++) { compatible = (compatible << 1) | (flags & 1); flags >>>= 1; }
  const constraints = [...description.subarray(6, 12)];
  while (constraints.length && !constraints.at(-1)) constraints.pop();
  const rest = [(compatible >>> 0).toString(16).toUpperCase(), `${tier}${description[12]}`, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join(".");
  const names = [`hvc1.${space}${profile}.${rest}`];
  if (compatible & 2 && profile !== 1) names.push(`hvc1.1.${rest}`);
  return names;
}

const SAME_COLOURS = { bt470bg: "smpte170m", smpte170m: "smpte170m" }; // one matrix, two names

/** Whether a decoder took the colours that it was told; what it does not say, it took. */
function sameColours(told, wanted) {
  const same = (name) => told[name] === null || told[name] === undefined || (SAME_COLOURS[told[name]] ?? told[name]) === (SAME_COLOURS[wanted[name]] ?? wanted[name]);
  return same("primaries") && same("matrix") && same("fullRange");
}

/** Decode a HEIC photo upright onto a canvas, or null where this device or this code cannot. */
async function decodeHeic(bytes) {
  if (typeof VideoDecoder === "undefined") return null;
  try {
    const photo = readHeic(bytes);
    if (!photo) return null;
    let config = null;
    for (const codec of photo.codecs) config ??= (await VideoDecoder.isConfigSupported({ ...photo.config, codec })).supported ? { ...photo.config, codec } : null;
    return config && upright(await paintTiles(photo, config), photo.turns);
  } catch {
    return null; // a decoder that says yes and then cannot: the server can
  }
}

async function paintTiles({ tiles, columns, width, height, tile, colours }, config) {
  const canvas = canvasOf(width, height);
  const pen = canvas.getContext("2d", { alpha: false });
  let painted = 0, clock, decoder;
  const whole = new Promise((done, failed) => {
    clock = setTimeout(() => failed(new Error("stopped")), HEIC_S * 1000);
    const paint = (frame) => {
      const at = Math.round(frame.timestamp / 1000);
      if (frame.displayWidth !== tile[0] || frame.displayHeight !== tile[1] || !sameColours(frame.colorSpace, colours)) failed(new Error("other than announced"));
      pen.drawImage(frame, (at % columns) * tile[0], Math.floor(at / columns) * tile[1]);
      frame.close(); // at once: devices decode into a few buffers
      painted++;
    };
    decoder = new VideoDecoder({ output: paint, error: failed });
    decoder.configure(config);
    // Each tile is a picture of its own; the time stamp, in thousandths, says which one.
    tiles.forEach((data, at) => decoder.decode(new EncodedVideoChunk({ type: "key", timestamp: at * 1000, data })));
    decoder.flush().then(done, failed);
  });
  try {
    await whole;
  } finally {
    clearTimeout(clock);
    if (decoder?.state !== "closed") decoder?.close();
  }
  if (painted !== tiles.length) throw new Error("a tile is missing");
  return canvas;
}

/** Crop, turn and mirror as the file asks, in its order. A quarter is 90 degrees against the clock. */
function upright(picture, turns) {
  for (const { quarter, mirror, crop } of turns) {
    const { width, height } = picture;
    let size = [width, height], move = null;
    if (crop) {
      const [w, h, right, down] = crop; // of the middle of what stays, from the middle of the picture
      const [x, y] = [(width - w) / 2 + right, (height - h) / 2 + down].map((edge) => Math.max(0, Math.floor(edge)));
      if (!(w >= 1 && h >= 1 && x + w <= width && y + h <= height)) return null;
      [size, move] = [[Math.floor(w), Math.floor(h)], [1, 0, 0, 1, -x, -y]];
    } else if (mirror !== undefined) move = mirror ? [-1, 0, 0, 1, width, 0] : [1, 0, 0, -1, 0, height];
    else if (quarter) {
      if (quarter & 1) size = [height, width];
      move = [, [0, -1, 1, 0, 0, width], [-1, 0, 0, -1, width, height], [0, 1, -1, 0, height, 0]][quarter];
    }
    if (!move) continue;
    const canvas = canvasOf(...size);
    const pen = canvas.getContext("2d", { alpha: false });
    pen.setTransform(...move);
    pen.drawImage(picture, 0, 0);
    picture.width = 0; // 48 MB for 12 megapixels: given back at once
    picture = canvas;
  }
  return picture;
}
