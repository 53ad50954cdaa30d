// What to look at, found on this device: codes and faces, by the browser's own detectors where it has them.

/** Parts of the picture's width and height. @typedef {{kind: string, box: number[]}} Proposal */
/** @typedef {{detect: (picture: ImageBitmap) => Promise<{boundingBox: DOMRectReadOnly}[]>}} Detector */

const MORE = { code: 0.08, face: 0.12 }; // of its size: a proposal reaches a little further than what was found

/** @type {Promise<[string, Detector][]> | null} */
let ready = null;

/** @returns {Promise<[string, Detector][]>} */
async function detectors() {
  const { BarcodeDetector, FaceDetector } = /** @type {Record<string, any>} */ (/** @type {unknown} */ (globalThis));
  /** @type {[string, Detector][]} */
  const found = [];
  try {
    if (BarcodeDetector && (await BarcodeDetector.getSupportedFormats()).length) found.push(["code", new BarcodeDetector()]);
    if (FaceDetector) found.push(["face", new FaceDetector({ maxDetectedFaces: 50 })]);
  } catch {
    // Some browsers know the name of a detector and cannot make one.
  }
  return found;
}

export const detect = {
  /** Whether this browser can look for codes or faces by itself. */
  async here() {
    return (await (ready ??= detectors())).length > 0;
  },

  /** @param {ImageBitmap} picture @returns {Promise<Proposal[]>} */
  async look(picture) {
    const all = await Promise.all((await (ready ??= detectors())).map(async ([kind, detector]) => {
      const found = await detector.detect(picture).catch(() => []);
      return found.map(({ boundingBox: { x, y, width, height } }) => ({ kind, box: grown(kind, [x / picture.width, y / picture.height, width / picture.width, height / picture.height]) }));
    }));
    return all.flat();
  },
};

/** @param {string} kind @param {number[]} box */
export function grown(kind, [x, y, w, h]) {
  const more = MORE[/** @type {"code" | "face"} */ (kind)] ?? 0, left = Math.max(0, x - w * more), top = Math.max(0, y - h * more);
  return [left, top, Math.min(1, x + w + w * more) - left, Math.min(1, y + h + h * more) - top];
}
