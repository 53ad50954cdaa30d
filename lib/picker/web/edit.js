// What a person covers and cuts away in the picture itself, as numbers: the same as the server's (lib/photos/cover.py).
// Covers lie on the upright original; then it is turned, straightened and cropped, in this order.

/** Parts of the picture's width and height, from 0 to 1; a radius is a part of the longer side. `kind` says what was proposed here.
 * @typedef {{box?: number[], stroke?: number[], radius?: number, kind?: string}} Cover */
/** `turn` and `angle` in degrees clockwise; `crop` is of the picture as it stands after both. @typedef {{covers: Cover[], turn: number, angle: number, crop: number[] | null}} Edit */
/** x' = a x + c y + e, y' = b x + d y + f, in the order of a canvas. @typedef {[number, number, number, number, number, number]} Matrix */
/** @typedef {{corner: [number, number], size: [number, number], frame: [number, number], toOriginal: Matrix}} Plan */

export const COLOUR = "#111111"; // of every cover
export const MOST_COVERS = 200;
export const MOST_ANGLE = 45;
const NEAR = 1e-6; // pixels: numbers that came through fractions are whole again

/** @type {Edit} */
export const NOTHING = { covers: [], turn: 0, angle: 0, crop: null };

/** Whether it changes anything. @param {Edit | null} edit */
export const changes = (edit) => Boolean(edit && (edit.covers.length || edit.turn || edit.angle || edit.crop));

const near = (/** @type {number} */ value) => Math.floor(value + 0.5 + NEAR);
const whole = (/** @type {number} */ value) => Math.floor(value + NEAR);
const up = (/** @type {number} */ value) => Math.ceil(value - NEAR);

/** The size after turning and straightening: as much as has no empty corner, in the same shape.
 * @param {Edit} edit @param {number} width @param {number} height @returns {[number, number]} */
export function framed({ turn, angle }, width, height) {
  const [w, h] = turn % 180 ? [height, width] : [width, height], tilt = (Math.abs(angle) * Math.PI) / 180;
  const less = Math.cos(tilt) + Math.max(w / h, h / w) * Math.sin(tilt);
  return [w / less, h / less];
}

/** From a place in the turned and straightened picture to its place in the upright original. @param {Edit} edit @param {number} width @param {number} height @returns {Matrix} */
export function fromFrame(edit, width, height) {
  const [fw, fh] = framed(edit, width, height), [tw, th] = edit.turn % 180 ? [height, width] : [width, height];
  const tilt = (edit.angle * Math.PI) / 180, cos = Math.cos(tilt), sin = Math.sin(tilt), x = -fw / 2, y = -fh / 2;
  /** @type {Matrix} */
  const toTurned = [cos, -sin, sin, cos, tw / 2 + cos * x + sin * y, th / 2 - sin * x + cos * y];
  /** @type {Record<number, Matrix>} */
  const back = { 0: [1, 0, 0, 1, 0, 0], 90: [0, -1, 1, 0, 0, height], 180: [-1, 0, 0, -1, width, height], 270: [0, 1, -1, 0, width, 0] };
  return times(back[edit.turn], toTurned);
}

/** What has to be done to an upright picture of this size. @param {Edit} edit @param {number} width @param {number} height @returns {Plan} */
export function plan(edit, width, height) {
  const frame = framed(edit, width, height), [x, y, w, h] = edit.crop ?? [0, 0, 1, 1];
  const most = frame.map((side) => Math.max(1, whole(side)));
  const left = Math.min(near(x * frame[0]), most[0] - 1), top = Math.min(near(y * frame[1]), most[1] - 1);
  const wide = Math.max(1, Math.min(near((x + w) * frame[0]), most[0]) - left), high = Math.max(1, Math.min(near((y + h) * frame[1]), most[1]) - top);
  return { corner: [left, top], size: [wide, high], frame, toOriginal: times(fromFrame(edit, width, height), [1, 0, 0, 1, left, top]) };
}

/** Every pixel that a box touches: left, top, right and bottom, the last ones included. @param {number[]} box @param {number} width @param {number} height */
export function pixels([x, y, w, h], width, height, spread = 0) {
  const left = Math.max(0, whole(x * width) - spread), top = Math.max(0, whole(y * height) - spread);
  const right = Math.min(width, up((x + w) * width) + spread), bottom = Math.min(height, up((y + h) * height) + spread);
  return [left, top, Math.max(left, right - 1), Math.max(top, bottom - 1)];
}

/** The one matrix that moves a point by `second` and then by `first`. @param {Matrix} first @param {Matrix} second @returns {Matrix} */
export function times([a, b, c, d, e, f], [g, h, i, j, k, l]) {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** @param {Matrix} matrix @returns {Matrix} */
export function inverse([a, b, c, d, e, f]) {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}

/** @param {Matrix} by @param {number} x @param {number} y @returns {[number, number]} */
export const moved = ([a, b, c, d, e, f], x, y) => [a * x + c * y + e, b * x + d * y + f];

/** The crop that shows the same after a quarter turn clockwise. @param {number[] | null} crop */
export const turnedCrop = (crop) => crop && [1 - crop[1] - crop[3], crop[0], crop[3], crop[2]];

/** The numbers for the server, short. @param {Edit} edit */
export function told(edit) {
  const short = (/** @type {number[]} */ list) => list.map((value) => Math.round(value * 1e6) / 1e6);
  const covers = edit.covers.map(({ box, stroke, radius }) => (box ? { box: short(box) } : { stroke: short(stroke ?? []), radius: short([radius ?? 0])[0] }));
  return JSON.stringify({ unit: "fraction", covers, turn: edit.turn, angle: edit.angle, crop: edit.crop && safe(short(edit.crop)) });
}

/** Rounding must not lead outside. @param {number[]} crop */
const safe = ([x, y, w, h]) => [Math.max(0, x), Math.max(0, y), Math.min(w, 1 - Math.max(0, x)), Math.min(h, 1 - Math.max(0, y))];

/** How many covers of each kind, for the receipt: "face=2,code=1". @param {Edit} edit */
export function counted({ covers }) {
  /** @type {Record<string, number>} */
  const kinds = {};
  for (const { kind = "other" } of covers) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return Object.entries(kinds).map(([kind, n]) => `${kind}=${n}`).join(",");
}

/** What was done, step by step, to go back and forth. */
export class Steps {
  /** @param {Edit} edit */
  constructor(edit) {
    this.all = [edit];
    this.at = 0;
  }

  get now() {
    return this.all[this.at];
  }

  /** @param {Edit} edit */
  take(edit) {
    if (JSON.stringify(edit) === JSON.stringify(this.now)) return;
    this.all = [...this.all.slice(0, this.at + 1), edit];
    this.at += 1;
  }

  /** @param {number} by */
  go(by) {
    this.at = Math.max(0, Math.min(this.all.length - 1, this.at + by));
  }
}
