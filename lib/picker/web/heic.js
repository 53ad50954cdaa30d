// HEIC where the browser itself has no reader for it, but the device decodes HEVC video (WebCodecs): Chrome on many
// Android phones, on macOS and on Windows. A HEIC photo is one such picture, or a grid of them. Only what is understood
// to its end is opened here; everything else goes to the server as it is, so no photo can come out in wrong colours.

import { ascii, number, startsWith } from "./bytes.js";
import { canvasOf, pen, release } from "./canvas.js";
import { Heif } from "./heif.js";

/** @typedef {{quarter?: number, mirror?: number, crop?: number[]}} Turn */
/** @typedef {{primaries: string, transfer: string, matrix: string, fullRange: boolean}} Colours */
/** @typedef {{tiles: Uint8Array[], columns: number, width: number, height: number, tile: [number, number], turns: Turn[], colours: Colours, codecs: string[], description: Uint8Array}} Plan */

const LIMIT_S = 20; // for all tiles of one photo; a decoder that takes longer has stopped
const LIMIT_TILES = 256; // a 50 megapixel photo has 196 of 512 x 512
const LIMIT_SIDE = 16_384; // pixels; larger than any canvas

/** @type {Record<number, string>} */
const PRIMARIES = { 1: "bt709", 12: "smpte432" };
/** @type {Record<number, string>} */
const TRANSFERS = { 1: "bt709", 6: "smpte170m", 13: "iec61966-2-1" };
/** @type {Record<number, string>} */
const MATRICES = { 1: "bt709", 5: "bt470bg", 6: "smpte170m" };
/** @type {Record<string, string>} */
const PROFILES = { "Display P3": "smpte432", sRGB: "bt709" };

/** What is needed to decode; null where a part is not understood. @param {Uint8Array} bytes @returns {Plan | null} */
export function readHeic(bytes) {
  const heif = new Heif(bytes), main = heif.items.get(heif.primary);
  const helpers = heif.referring("auxl", heif.primary).map((id) => heif.items.get(id));
  if (!main || helpers.some((item) => item && ["alpha", "auxid:1"].includes(heif.auxiliary(item)))) return null;
  let [columns, rows, items] = [1, 1, [main]];
  let [width, height] = heif.size(main);
  if (main.type === "grid") {
    const grid = heif.content(main);
    [rows, columns] = [grid[2] + 1, grid[3] + 1];
    items = heif.referred("dimg", heif.primary).flatMap((id) => heif.items.get(id) ?? []);
    const wide = grid[1] & 1 ? 4 : 2;
    [width, height] = [number(grid, 4, wide), number(grid, 4 + wide, wide)];
  }
  const [first] = items, config = heif.property(first, "hvcC"), extent = heif.property(first, "ispe");
  if (!config || !extent || items.length !== rows * columns || items.length > LIMIT_TILES) return null;
  const alike = (/** @type {Uint8Array | null} */ one, /** @type {Uint8Array} */ other) => one && ascii(one, 0, one.length) === ascii(other, 0, other.length);
  if (!items.every((item) => item.type === "hvc1" && alike(heif.property(item, "hvcC"), config) && alike(heif.property(item, "ispe"), extent))) return null;
  const tile = /** @type {[number, number]} */ ([number(extent, 4, 4), number(extent, 8, 4)]);
  if (!width || !height || Math.max(width, height) > LIMIT_SIDE || tile[0] * columns < width || tile[1] * rows < height) return null;
  const description = config.slice();
  if ((description[16] & 3) !== 1 || description[17] & 7 || description[18] & 7) return null; // only 8 bits, 4:2:0: the rest is HDR or depth
  const colours = coloursOf(bytes, [...main.properties, ...first.properties].filter((one) => one.type === "colr"));
  if (!colours) return null;
  return { tiles: items.map((item) => heif.content(item)), columns, width, height, tile, turns: turnsOf(heif, main), colours, codecs: codecsOf(description), description };
}

/** @param {Heif} heif @param {import("./heif.js").Item} main @returns {Turn[]} */
function turnsOf({ bytes }, main) {
  const signed = (/** @type {number} */ at) => number(bytes, at, 4) | 0;
  return main.properties.flatMap(({ type, from }) => turn(type, from));

  /** @param {string} type @param {number} from @returns {Turn[]} */
  function turn(type, from) {
    if (type === "irot") return [{ quarter: bytes[from] & 3 }];
    if (type === "imir") return [{ mirror: bytes[from] & 1 }];
    return type === "clap" ? [{ crop: [0, 8, 16, 24].map((at) => signed(from + at) / number(bytes, from + at + 4, 4)) }] : [];
  }
}

/** The colours by the boxes of the file, else by the standard's defaults; null for what is not known to convert right.
 * @param {Uint8Array} bytes @param {import("./heif.js").Box[]} list @returns {Colours | null} */
function coloursOf(bytes, list) {
  let [primaries, transfer, matrix, fullRange] = [1, 13, 6, true]; // MIAF, where a file says nothing
  const nclx = list.find((one) => startsWith(bytes, one.from, "nclx"));
  if (nclx) [primaries, transfer, matrix, fullRange] = [number(bytes, nclx.from + 4, 2), number(bytes, nclx.from + 6, 2), number(bytes, nclx.from + 8, 2), bytes[nclx.from + 10] > 127];
  const unsaid = (/** @type {number} */ value, /** @type {number} */ otherwise) => (value === 2 ? otherwise : value);
  const colours = { primaries: PRIMARIES[unsaid(primaries, 1)], transfer: TRANSFERS[unsaid(transfer, 13)], matrix: MATRICES[unsaid(matrix, 6)], fullRange };
  const icc = list.find((one) => /^(prof|rICC)/.test(ascii(bytes, one.from, 4)));
  if (icc) {
    const letters = ascii(bytes, icc.from, Math.min(icc.to - icc.from, 4096)).replaceAll("\0", "");
    const name = Object.keys(PROFILES).find((one) => letters.includes(one));
    if (!name) return null;
    Object.assign(colours, { primaries: PROFILES[name], transfer: "iec61966-2-1" });
  }
  return colours.primaries && colours.transfer && colours.matrix ? colours : null;
}

/** Names of the codec as browsers want them: as it says, and as plain Main where it is that too. @param {Uint8Array} description */
function codecsOf(description) {
  const space = ["", "A", "B", "C"][description[1] >> 6], tier = description[1] & 32 ? "H" : "L", profile = description[1] & 31;
  let flags = number(description, 2, 4), compatible = 0;
  for (let bit = 0; bit < 32; bit++) { compatible = (compatible << 1) | (flags & 1); flags >>>= 1; }
  const constraints = [...description.subarray(6, 12)];
  while (constraints.length && !constraints.at(-1)) constraints.pop();
  const rest = [(compatible >>> 0).toString(16).toUpperCase(), `${tier}${description[12]}`, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join(".");
  const names = [`hvc1.${space}${profile}.${rest}`];
  if (compatible & 2 && profile !== 1) names.push(`hvc1.1.${rest}`);
  return names;
}

/** @type {Record<string, string>} */
const SAME_COLOURS = { bt470bg: "smpte170m" }; // one matrix, two names

/** Whether a decoder took the colours that it was told; what it does not say, it took. @param {Record<string, unknown>} told @param {Record<string, unknown>} wanted */
function sameColours(told, wanted) {
  const usual = (/** @type {unknown} */ value) => SAME_COLOURS[String(value)] ?? value;
  return ["primaries", "matrix", "fullRange"].every((name) => told[name] === null || told[name] === undefined || usual(told[name]) === usual(wanted[name]));
}

/** Decode a HEIC photo upright onto a canvas, or null where this device or this code cannot. @param {Uint8Array} bytes */
export async function decodeHeic(bytes) {
  if (typeof VideoDecoder === "undefined") return null;
  try {
    const plan = readHeic(bytes);
    if (!plan) return null;
    const { description, tile, colours } = plan;
    for (const codec of plan.codecs) {
      const config = /** @type {VideoDecoderConfig} */ ({ codec, description, codedWidth: tile[0], codedHeight: tile[1], colorSpace: colours });
      if ((await VideoDecoder.isConfigSupported(config)).supported) return upright(await paintTiles(plan, config), plan.turns);
    }
    return null;
  } catch {
    return null; // a decoder that says yes and then cannot: the server can
  }
}

/** @param {Plan} plan @param {VideoDecoderConfig} config */
async function paintTiles({ tiles, columns, width, height, tile, colours }, config) {
  const canvas = canvasOf(width, height), brush = pen(canvas, { alpha: false });
  let painted = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let clock;
  /** @type {VideoDecoder | undefined} */
  let decoder;
  const whole = new Promise((done, failed) => {
    clock = setTimeout(() => failed(new Error("stopped")), LIMIT_S * 1000);
    const paint = (/** @type {VideoFrame} */ frame) => {
      const at = Math.round(frame.timestamp / 1000);
      const told = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (frame.colorSpace));
      if (frame.displayWidth !== tile[0] || frame.displayHeight !== tile[1] || !sameColours(told, { ...colours })) failed(new Error("other than announced"));
      brush.drawImage(frame, (at % columns) * tile[0], Math.floor(at / columns) * tile[1]);
      frame.close(); // at once: devices decode into a few buffers
      painted++;
    };
    decoder = new VideoDecoder({ output: paint, error: failed });
    decoder.configure(config);
    // Each tile is a picture of its own; the time stamp, in thousandths, says which one.
    for (const [at, data] of tiles.entries()) decoder.decode(new EncodedVideoChunk({ type: "key", timestamp: at * 1000, data }));
    decoder.flush().then(done, failed);
  });
  try {
    await whole;
  } finally {
    clearTimeout(clock);
    if (decoder && decoder.state !== "closed") decoder.close();
  }
  if (painted !== tiles.length) throw new Error("a tile is missing");
  return canvas;
}

/** Crop, turn and mirror as the file asks, in its order. A quarter is 90 degrees against the clock.
 * @param {import("./canvas.js").Canvas} picture @param {Turn[]} turns */
function upright(picture, turns) {
  for (const { quarter, mirror, crop } of turns) {
    const { width, height } = picture;
    /** @type {[number, number]} */
    let size = [width, height];
    /** @type {number[] | null} */
    let move = null;
    if (crop) {
      const [w, h, right, down] = crop; // of the middle of what stays, from the middle of the picture
      const [x, y] = [(width - w) / 2 + right, (height - h) / 2 + down].map((edge) => Math.max(0, Math.floor(edge)));
      if (!(w >= 1 && h >= 1 && x + w <= width && y + h <= height)) return null;
      [size, move] = [[Math.floor(w), Math.floor(h)], [1, 0, 0, 1, -x, -y]];
    } else if (mirror !== undefined) move = mirror ? [-1, 0, 0, 1, width, 0] : [1, 0, 0, -1, 0, height];
    else if (quarter) {
      if (quarter & 1) size = [height, width];
      move = [[], [0, -1, 1, 0, 0, width], [-1, 0, 0, -1, width, height], [0, 1, -1, 0, height, 0]][quarter];
    }
    if (!move) continue;
    const canvas = canvasOf(...size), brush = pen(canvas, { alpha: false });
    brush.setTransform(.../** @type {[number, number, number, number, number, number]} */ (move));
    brush.drawImage(picture, 0, 0);
    release(picture);
    picture = canvas;
  }
  return picture;
}
