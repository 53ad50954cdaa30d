// The name that a colour profile goes by; it may name a device.

import { ascii, cut, latin1, number } from "./bytes.js";
import { ICC_ORDINARY } from "./tables.js";

const LIMIT_TAGS = 100;

/** The description inside the profile; empty where there is none. @param {Uint8Array} profile */
export function nameOf(profile) {
  for (let n = 0; n < Math.min(number(profile, 128, 4), LIMIT_TAGS); n++) {
    const at = 132 + n * 12;
    if (ascii(profile, at, 4) === "desc") return description(profile.subarray(number(profile, at + 4, 4)));
  }
  return "";
}

/** @param {Uint8Array} tag */
function description(tag) {
  if (ascii(tag, 0, 4) === "desc") return latin1(cut(tag.subarray(12, 12 + Math.min(number(tag, 8, 4), 200)))[0]).trim();
  if (ascii(tag, 0, 4) !== "mluc") return "";
  const size = Math.min(number(tag, 20, 4), 400), at = number(tag, 24, 4);
  return new TextDecoder("utf-16be").decode(tag.subarray(at, at + size)).split("\0")[0].trim();
}

/** Whether millions of devices share a profile of this name, so that it says nothing about one of them. @param {string} name */
export const isOrdinary = (name) => ICC_ORDINARY.some((word) => name.toLowerCase().includes(word));
