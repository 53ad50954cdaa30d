// What kind of file this is: by its first bytes, never by its name.

import { ascii, number, startsWith } from "./bytes.js";
import { AVIF_BRANDS, HEIC_BRANDS, PICTURE_BRANDS, RAW_SIGNATURES } from "./tables.js";
import { isRaw } from "./tiff.js";

/** @typedef {"JPEG" | "PNG" | "WebP" | "HEIC" | "AVIF" | "GIF" | "BMP" | "TIFF" | "raw"} Format */

/** @type {Record<Format, string>} */
export const MEDIA_TYPES = { JPEG: "image/jpeg", PNG: "image/png", WebP: "image/webp", HEIC: "image/heic", AVIF: "image/avif",
  GIF: "image/gif", BMP: "image/bmp", TIFF: "image/tiff", raw: "application/octet-stream" };
const BMP_HEADERS = new Set([12, 40, 52, 56, 64, 108, 124]);

/** The format, or null for what is no photo. @param {Uint8Array} bytes @returns {Format | null} */
export function formatOf(bytes) {
  if (startsWith(bytes, 0, "\xff\xd8\xff")) return "JPEG";
  if (startsWith(bytes, 0, "\x89PNG\r\n\x1a\n")) return "PNG";
  if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) return "WebP";
  if (startsWith(bytes, 0, "GIF87a") || startsWith(bytes, 0, "GIF89a")) return "GIF";
  if (startsWith(bytes, 0, "II*\0") || startsWith(bytes, 0, "MM\0*")) return isRaw(bytes) ? "raw" : "TIFF";
  if (startsWith(bytes, 0, "BM") && BMP_HEADERS.has(number(bytes, 14, 4, true))) return "BMP";
  if (RAW_SIGNATURES.some((one) => startsWith(bytes, 0, one))) return "raw";
  return startsWith(bytes, 4, "ftyp") ? ofBrands(bytes) : null;
}

/** @param {Uint8Array} bytes @returns {Format | null} */
function ofBrands(bytes) {
  const size = Math.min(number(bytes, 0, 4), bytes.length, 512);
  const brands = [ascii(bytes, 8, 4)];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(ascii(bytes, at, 4));
  for (const brand of brands) {
    if (AVIF_BRANDS.includes(brand)) return "AVIF";
    if (HEIC_BRANDS.includes(brand)) return "HEIC";
    if (brand === "crx ") return "raw";
  }
  return brands.some((brand) => PICTURE_BRANDS.includes(brand)) ? "HEIC" : null;
}
