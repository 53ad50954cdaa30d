// Pixels on this device: canvases, drawing, encoding.

/** @typedef {OffscreenCanvas | HTMLCanvasElement} Canvas */
/** @typedef {ImageBitmap | HTMLImageElement | Canvas} Picture */

/** @param {number} width @param {number} height @returns {Canvas} */
export function canvasOf(width, height) {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** @param {Canvas} canvas @returns {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} */
export function pen(canvas, options = {}) {
  const found = /** @type {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null} */ (canvas.getContext("2d", options));
  if (!found) throw new Error("no canvas"); // too large for this device
  return found;
}

/** @param {Canvas} canvas @param {string} type @param {number} [quality] @returns {Promise<Blob>} */
export async function encode(canvas, type, quality) {
  /** @type {Blob | null} */
  const blob = await ("convertToBlob" in canvas ? canvas.convertToBlob({ type, quality }) : new Promise((done) => canvas.toBlob(done, type, quality)));
  if (blob?.type !== type) throw new Error("no picture");
  return blob;
}

/** @param {Picture} picture @returns {[number, number]} */
export const sizeOf = (picture) => ("naturalWidth" in picture ? [picture.naturalWidth, picture.naturalHeight] : [picture.width, picture.height]);

/** Decode, turned as the format's own reader turns it, or null where this browser cannot. @param {Blob} blob @returns {Promise<Picture | null>} */
export async function decode(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    if (typeof document === "undefined") return null;
  }
  const url = URL.createObjectURL(blob);
  try {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    return image.naturalWidth ? image : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** How EXIF's eight turns move the points of a picture. @param {number} turn @param {number} width @param {number} height @returns {[number, number, number, number, number, number]} */
function move(turn, width, height) {
  switch (turn) {
    case 2: return [-1, 0, 0, 1, width, 0];
    case 3: return [-1, 0, 0, -1, width, height];
    case 4: return [1, 0, 0, -1, 0, height];
    case 5: return [0, 1, 1, 0, 0, 0];
    case 6: return [0, 1, -1, 0, height, 0];
    case 7: return [0, -1, -1, 0, height, width];
    case 8: return [0, -1, 1, 0, 0, width];
    default: return [1, 0, 0, 1, 0, 0];
  }
}

/** A picture at another size, then turned. `width` and `height` are upright. @param {Picture} picture @param {number} width @param {number} height
 * @param {{background?: string, turn?: number}} [how] @returns {Promise<Canvas>} */
export async function draw(picture, width, height, { background, turn = 1 } = {}) {
  const canvas = canvasOf(width, height), brush = pen(canvas, { alpha: !background });
  if (background) {
    brush.fillStyle = background;
    brush.fillRect(0, 0, width, height);
  }
  const [w, h] = turn > 4 ? [height, width] : [width, height];
  const small = await shrink(picture, w, h);
  brush.imageSmoothingQuality = "high";
  brush.setTransform(...move(turn, w, h));
  brush.drawImage(small, 0, 0, w, h);
  if (small !== picture) release(small);
  return canvas;
}

/** Browsers shrink best by a filter of their own (Lanczos in Chromium), which a drawing on a canvas does not use.
 * @param {Picture} picture @param {number} width @param {number} height @returns {Promise<Picture>} */
async function shrink(picture, width, height) {
  const [w, h] = sizeOf(picture);
  if (w === width && h === height) return picture;
  try {
    return await createImageBitmap(picture, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
  } catch {
    return picture; // the canvas shrinks it
  }
}

/** Give memory back at once: 48 MB for 12 megapixels. @param {Picture} picture */
export function release(picture) {
  if ("close" in picture) picture.close();
  else if (!("naturalWidth" in picture)) picture.width = 0;
}

/** @param {number} width @param {number} height @param {number} side @returns {[number, number]} */
export function fitInside(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
