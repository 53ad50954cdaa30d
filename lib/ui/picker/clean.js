// One photo in, one clean photo out, on this device: read, turned upright, sized, encoded anew. A canvas keeps the
// picture and nothing else, so no hidden data can survive. Runs in the worker and, where there is no worker, on the page.

const QUALITY = 0.82; // of Chromium's JPEG encoder: no visible loss at 2048 px, half the bytes of 0.92
const THUMBNAIL_SIDE = 240; // twice the 96 px of a card, with room for 3x screens
const GRAPHIC_FACTOR = 1.3; // a PNG this much larger than the JPEG is still worth its sharp edges

class Refusal extends Error {}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name within a sentence: one that runs from right to left must not turn the words around it. */
const inWords = (name) => (RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name);

const READABLE = "Passalong takes JPEG, PNG, WebP, HEIC, AVIF, GIF, BMP and TIFF photos.";
const MEDIA_TYPES = { JPEG: "image/jpeg", PNG: "image/png", WEBP: "image/webp", HEIC: "image/heic", AVIF: "image/avif",
  GIF: "image/gif", BMP: "image/bmp", TIFF: "image/tiff" };

/** Only the picture: browsers add a profile (always sRGB here), some an Exif block. The server keeps such a JPEG as it is. */
async function bare(blob) {
  if (blob.type !== "image/jpeg") return blob;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const marker = bytes[at + 1], to = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    const words = (marker > 0xe0 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
    if (!words) kept.push(bytes.subarray(at, to));
    at = to;
  }
  return new Blob([...kept, bytes.subarray(at)], { type: blob.type });
}

function canvasOf(width, height) {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

const encode = (canvas, type, quality) =>
  canvas.convertToBlob
    ? canvas.convertToBlob({ type, quality })
    : new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), type, quality));

/** Decode upright, or null where this browser cannot read the format. */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    if (typeof document === "undefined") return null;
  }
  const url = URL.createObjectURL(file);
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

function draw(picture, width, height, background) {
  const canvas = canvasOf(width, height);
  const pen = canvas.getContext("2d", { alpha: !background });
  pen.imageSmoothingQuality = "high";
  if (background) { pen.fillStyle = background; pen.fillRect(0, 0, width, height); }
  pen.drawImage(picture, 0, 0, width, height);
  return canvas;
}

function fitInside(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

function seeThrough(canvas) {
  const small = draw(canvas, ...fitInside(canvas.width, canvas.height, 256), null);
  const pixels = small.getContext("2d").getImageData(0, 0, small.width, small.height).data;
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] < 250) return true;
  return false;
}

/** The small preview that the camera put inside, upright: there at once, long before the photo itself is decoded. */
async function peek(file) {
  const bytes = new Uint8Array(await file.slice(0, 256_000).arrayBuffer());
  const found = readHidden(bytes);
  if (!found.preview || found.format !== "JPEG") return null;
  const picture = await createImageBitmap(new Blob([bytes.subarray(...found.preview)]), { imageOrientation: "none" }).catch(() => null);
  if (!picture) return null;
  const turned = found.orientation > 4;
  const canvas = canvasOf(turned ? picture.height : picture.width, turned ? picture.width : picture.height);
  const pen = canvas.getContext("2d");
  const [w, h] = [picture.width, picture.height];
  const turn = [, [1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, w, 0], [-1, 0, 0, -1, w, h], [1, 0, 0, -1, 0, h],
    [0, 1, 1, 0, 0, 0], [0, 1, -1, 0, h, 0], [0, -1, -1, 0, h, w], [0, -1, 1, 0, 0, w]][found.orientation] ?? [1, 0, 0, 1, 0, 0];
  pen.setTransform(...turn);
  pen.drawImage(picture, 0, 0);
  return encode(canvas, "image/jpeg", 0.8);
}

/**
 * Clean one file. Returns {blob, thumbnail, width, height, findings, position, removed, decoded, format}; `decoded` is
 * false where the browser could not read the picture: `blob` is then the file with its hidden data blanked, or the file as it is
 * with `removed` empty. Throws `Refusal` with words for what is no photo.
 */
async function cleanPhoto(file, limits) {
  if (file.size === 0) throw new Refusal(`${inWords(file.name)} is empty.`);
  if (file.size > limits.maxBytes)
    throw new Refusal(`${inWords(file.name)} is ${megabytes(file.size)}; the limit is ${megabytes(limits.maxBytes)} a photo.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const found = readHidden(bytes);
  if (!found.format) throw new Refusal(`${inWords(file.name)} is not a photo. ${READABLE}`);
  if (!found.whole) throw new Refusal(`${inWords(file.name)} is cut off: the file ends in the middle of the picture.`);
  const kinds = [...new Set(found.findings.map((one) => one.kind))];
  const common = { findings: found.findings, position: found.position, format: found.format };
  const picture = (await decode(new Blob([bytes], { type: MEDIA_TYPES[found.format] }))) ?? (found.format === "HEIC" ? await decodeHeic(bytes) : null);
  if (!picture) {
    if (!["HEIC", "AVIF", "TIFF"].includes(found.format)) throw new Refusal(`${inWords(file.name)} is broken, or too large for this device to open.`);
    const blanked = blankHidden(bytes);
    return { ...common, blob: new Blob([blanked ?? bytes], { type: MEDIA_TYPES[found.format] }), thumbnail: null, width: 0, height: 0,
      removed: blanked ? kinds : [], blanked: Boolean(blanked), decoded: false };
  }
  const size = [picture.naturalWidth || picture.width, picture.naturalHeight || picture.height];
  const [width, height] = fitInside(...size, limits.maxSide);
  let canvas = draw(picture, width, height, null);
  picture.close?.();
  const maybeGraphic = ["PNG", "WEBP", "GIF", "AVIF"].includes(found.format);
  const transparent = maybeGraphic && seeThrough(canvas);
  let png = maybeGraphic ? await encode(canvas, "image/png") : null;
  if (transparent) canvas = draw(canvas, width, height, "#fff");
  const jpeg = await bare(await encode(canvas, "image/jpeg", QUALITY));
  if (png && png.size > jpeg.size * (transparent ? 3 : GRAPHIC_FACTOR)) png = null;
  const thumbnail = await encode(draw(canvas, ...fitInside(width, height, THUMBNAIL_SIDE), "#fff"), "image/jpeg", 0.8);
  return { ...common, blob: png ?? jpeg, thumbnail, width, height, removed: kinds, blanked: true, decoded: true };
}

function megabytes(size) {
  return size < 1e6 ? `${Math.max(1, Math.round(size / 1000))} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
