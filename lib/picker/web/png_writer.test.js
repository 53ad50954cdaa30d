// A PNG that was written here is read again as it was.

import assert from "node:assert/strict";
import { chunks } from "./png.js";
import { inflate } from "./bytes.js";
import test from "node:test";
import { writePng } from "./png_writer.js";

/** @param {number} width @param {number} height @param {(x: number, y: number) => number[]} colour */
function image(width, height, colour) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 4);
  return /** @type {ImageData} */ (/** @type {unknown} */ ({ data, width, height }));
}

/** A small reader of what the writer writes. @param {Uint8Array} bytes */
async function pixels(bytes) {
  const by = Object.fromEntries([...chunks(bytes)].map(({ name, content }) => [name, content]));
  const view = new DataView(by.IHDR.buffer, by.IHDR.byteOffset), width = view.getUint32(0), height = view.getUint32(4), depth = by.IHDR[8], kind = by.IHDR[9];
  const step = kind === 2 ? 3 : kind === 6 ? 4 : 1, stride = kind === 3 ? Math.ceil((width * depth) / 8) : width * step, rows = await inflate(by.IDAT);
  const plain = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x, a = x >= step ? plain[at - step] : 0, b = y ? plain[at - stride] : 0, c = y && x >= step ? plain[at - stride - step] : 0;
      const p = a + b - c, guess = Math.abs(p - a) <= Math.abs(p - b) && Math.abs(p - a) <= Math.abs(p - c) ? a : Math.abs(p - b) <= Math.abs(p - c) ? b : c;
      plain[at] = rows[y * (stride + 1) + 1 + x] + [0, a, b, 0, guess][rows[y * (stride + 1)]];
    }
  return { kind, depth, at: (/** @type {number} */ x, /** @type {number} */ y) => {
    if (kind !== 3) return [...plain.subarray(y * stride + x * step, y * stride + x * step + step)];
    const bit = x * depth, index = (plain[y * stride + (bit >> 3)] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    return [...by.PLTE.subarray(index * 3, index * 3 + 3), ...(by.tRNS ? [by.tRNS[index]] : [])];
  } };
}

/** @type {[string, number, (x: number, y: number) => number[], number, number][]} */
const TABLE = [
  ["two colours", 3, (x, y) => ((x + y) % 2 ? [0, 0, 0, 255] : [255, 255, 255, 255]), 1, 3],
  ["four colours", 3, (x) => [x % 4, 1, 2, 255], 2, 3],
  ["sixteen colours, some transparent", 4, (x, y) => [(x + y) % 16, 1, 2, (x + y) % 16 ? 255 : 0], 4, 3],
  ["two hundred colours", 3, (x, y) => [(x * 13 + y) % 200, 1, 2, 255], 8, 3],
  ["all colours", 3, (x, y) => [(x * 5) % 256, y * 7, (x * y) % 256, 255], 8, 2],
  ["all colours, transparent", 4, (x, y) => [(x * 5) % 256, y * 7, (x * y) % 256, x * 4], 8, 6],
];

for (const [name, channels, colour, depth, kind] of TABLE)
  test(name, async () => {
    const blob = await writePng(image(61, 33, colour)), read = await pixels(new Uint8Array(await blob.arrayBuffer()));
    assert.deepEqual([read.depth, read.kind], [depth, kind]);
    for (let y = 0; y < 33; y++) for (let x = 0; x < 61; x++) assert.deepEqual(read.at(x, y), colour(x, y).slice(0, channels));
  });
