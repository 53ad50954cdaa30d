// An edit, applied to pixels on this device: loaded only where a photo was covered or cropped.

import { COLOUR, inverse, moved, pixels, plan } from "./edit.js";
import { canvasOf, draw, pen, release, sizeOf } from "./canvas.js";

/** @typedef {import("./canvas.js").Canvas} Canvas */
/** @typedef {import("./canvas.js").Picture} Picture */
/** @typedef {import("./edit.js").Edit} Edit */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Brush */

const AREA = 16_700_000; // pixels that a canvas may have on every phone
const SPREAD = 8; // pixels by which covers grow where the original had to be made smaller first: as far as pixels run into each other

/** The picture upright, covered, turned, straightened and cropped, and the size that it had before.
 * @param {Picture} picture @param {number} turn of the file itself, as EXIF counts @param {Edit} edit @returns {Promise<{canvas: Canvas, before: [number, number]}>} */
export async function apply(picture, turn, edit) {
  const [w, h] = sizeOf(picture), upright = turn > 4 ? [h, w] : [w, h], scale = Math.min(1, Math.sqrt(AREA / (w * h)));
  const width = Math.max(1, Math.round(upright[0] * scale)), height = Math.max(1, Math.round(upright[1] * scale));
  const whole = await draw(picture, width, height, { turn });
  cover(pen(whole), edit, width, height, scale < 1 ? SPREAD : 0);
  const { size, toOriginal } = plan(edit, width, height), canvas = canvasOf(...size), brush = pen(canvas);
  brush.imageSmoothingEnabled = edit.angle !== 0;
  brush.imageSmoothingQuality = "high";
  brush.setTransform(...inverse(toOriginal));
  brush.drawImage(whole, 0, 0);
  release(whole);
  return { canvas, before: [width, height] };
}

/** @param {Brush} brush @param {Edit} edit @param {number} width @param {number} height */
function cover(brush, edit, width, height, spread = 0) {
  brush.fillStyle = brush.strokeStyle = COLOUR;
  for (const one of edit.covers) {
    if (one.box) {
      const [left, top, right, bottom] = pixels(one.box, width, height, spread);
      brush.fillRect(left, top, right - left + 1, bottom - top + 1);
    } else paint(brush, places(one.stroke, width, height), (one.radius ?? 0) * Math.max(width, height) + 1 + spread);
  }
}

/** A line with a round brush. The ring in which a canvas softens its edge lies outside. @param {Brush} brush @param {[number, number][]} points @param {number} radius */
export function paint(brush, points, radius) {
  brush.beginPath();
  if (points.length === 1) brush.arc(...points[0], radius, 0, 2 * Math.PI);
  else for (const point of points) brush.lineTo(...point);
  Object.assign(brush, { lineWidth: radius * 2, lineCap: "round", lineJoin: "round" });
  if (points.length === 1) brush.fill();
  else brush.stroke();
}

/** @param {number[] | undefined} stroke @returns {[number, number][]} */
const places = (stroke = [], width = 1, height = 1) => Array.from({ length: stroke.length / 2 }, (_, n) => [stroke[2 * n] * width, stroke[2 * n + 1] * height]);

/** Covers, sharp again after a resize mixed their edges with what is beside them. @param {Canvas} canvas @param {Edit} edit @param {[number, number]} before the size that `apply` had before it */
export function coverAgain(canvas, edit, [width, height]) {
  const { size, toOriginal } = plan(edit, width, height), forth = inverse(toOriginal), brush = pen(canvas), scale = [canvas.width / size[0], canvas.height / size[1]];
  const there = (/** @type {number} */ x, /** @type {number} */ y) => /** @type {[number, number]} */ (moved(forth, x, y).map((value, axis) => value * scale[axis]));
  brush.fillStyle = brush.strokeStyle = COLOUR;
  for (const { box, stroke, radius = 0 } of edit.covers) {
    if (stroke) {
      paint(brush, places(stroke, width, height).map((place) => there(...place)), radius * Math.max(width, height) * Math.min(...scale));
      continue;
    }
    const [x, y, w, h] = box ?? [], corners = [[x, y], [x + w, y], [x + w, y + h], [x, y + h]].map(([u, v]) => there(u * width, v * height));
    if (edit.angle) {
      brush.beginPath();
      for (const corner of corners) brush.lineTo(...corner);
      brush.fill();
      continue;
    }
    const xs = corners.map(([u]) => u), ys = corners.map(([, v]) => v), left = Math.min(...xs), top = Math.min(...ys);
    const [l, t, r, b] = pixels([left, top, Math.max(...xs) - left, Math.max(...ys) - top].map((value, at) => value / [canvas.width, canvas.height][at % 2]), canvas.width, canvas.height);
    brush.fillRect(l, t, r - l + 1, b - t + 1);
  }
}
