// What the device does not try to open itself, without a browser: these go to the server, with nothing hidden left inside.

import { Refusal, cleanPhoto } from "./clean.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

/** @type {{cases: {name: string, file: string}[]}} */
const { cases } = JSON.parse(readFileSync(new URL("../../../tests/photos/planted.json", import.meta.url), "utf8"));
const LIMITS = { maxBytes: 1_000_000, maxSide: 2048, exact: true };

/** @param {string} name */
const bytesOf = (name) => new Uint8Array(Buffer.from(cases.find((one) => one.name === name)?.file ?? "", "base64"));

/** The same JPEG, announced as larger, or as made of four inks. @param {Uint8Array} jpeg @param {{height?: number, width?: number, inks?: number}} told */
function announced(jpeg, { height = 12, width = 16, inks = 3 }) {
  const copy = jpeg.slice(), at = copy.findIndex((byte, n) => byte === 0xff && copy[n + 1] === 0xc0);
  new DataView(copy.buffer).setUint16(at + 5, height);
  new DataView(copy.buffer).setUint16(at + 7, width);
  copy[at + 9] = inks;
  return copy;
}

/** @type {[string, Uint8Array][]} */
const ELSEWHERE = [
  ["200 megapixels", announced(bytesOf("JPEG: EXIF"), { height: 12_240, width: 16_320 })],
  ["wider than any canvas", announced(bytesOf("JPEG: EXIF"), { width: 30_000 })],
  ["four inks", announced(bytesOf("JPEG: EXIF"), { inks: 4 })],
];

for (const [name, bytes] of ELSEWHERE)
  test(`${name}: goes to the server, blanked`, async () => {
    const made = await cleanPhoto(new File([/** @type {BlobPart} */ (bytes)], "x.jpg"), LIMITS);
    assert.deepEqual([made.decoded, made.blanked, made.format], [false, true, "JPEG"]);
    assert.ok(made.removed.includes("position"));
    assert.ok(!Buffer.from(await made.blob.arrayBuffer()).includes("PLANTED-SECRET"));
  });

/** @type {[string, Uint8Array, string][]} */
const REFUSED = [
  ["nothing", new Uint8Array(), "empty"],
  ["too much", new Uint8Array(1_000_001), "tooLarge"],
  ["a drawing with programs", new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"), "noPhoto"],
  ["half a photo", bytesOf("JPEG: EXIF").slice(0, -40), "cutOff"],
];

for (const [name, bytes, why] of REFUSED)
  test(`${name}: refused`, () => assert.rejects(cleanPhoto(new File([/** @type {BlobPart} */ (bytes)], "x.jpg"), LIMITS), (error) => error instanceof Refusal && error.message === why));
