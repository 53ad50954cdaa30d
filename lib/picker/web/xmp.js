// XMP, the most talkative block: names, places, editing history.

import { short, text } from "./bytes.js";
import { XMP_TELLING } from "./tables.js";

/** @typedef {import("./exif.js").Finding} Finding */
/** @typedef {import("./exif.js").Position} Position */

const LIMIT_BYTES = 8_000_000;
const LIMIT_PROPERTIES = 500; // an edited photo has up to a few hundred
const STRUCTURE = new Set(["about", "parseType", "xmptk", "lang", "ID", "nodeID", "resource", "datatype", "Seq", "Bag", "Alt"]);
const NAMELESS = new Set(["li", "Seq", "Bag", "Alt", "Description", "RDF", "xmpmeta"]);
const local = (/** @type {string} */ name) => name.split(":").at(-1) ?? "";
const ENTITIES = /** @type {Record<string, string>} */ ({ lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" });
const unescaped = (/** @type {string} */ value) => value.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name) => {
  if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
  const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
});

/** Read one XMP block into findings. @param {Uint8Array} bytes @returns {{findings: Finding[], position: Position | null}} */
export function readXmp(bytes, where = "XMP") {
  const properties = readProperties(text(bytes.subarray(0, LIMIT_BYTES)).replace(/^[\0\s\ufeff]+|[\0\s]+$/g, ""));
  if (!properties) return { findings: [{ kind: "xmp", label: "XMP block", value: `${bytes.length} bytes`, where }], position: null };
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [name, value] of properties) {
    if (!found.has(name)) found.set(name, value);
    const [kind, label] = XMP_TELLING[name] ?? ["xmp", name];
    findings.push({ kind, label, value: short(value), where });
  }
  const latitude = degrees(found.get("GPSLatitude")), longitude = degrees(found.get("GPSLongitude"));
  return { findings, position: latitude !== null && longitude !== null ? { latitude, longitude } : null };
}

/** Names without namespaces and their values, from attributes and elements alike; null for what is no XML.
 * @param {string} packet @returns {[string, string][] | null} */
function readProperties(packet) {
  if (!packet.startsWith("<") || packet.includes("<!DOCTYPE") || packet.includes("<!ENTITY")) return null;
  /** @type {[string, string][]} */
  const found = [];
  /** @type {{tag: string, name: string, said: boolean}[]} */
  const open = [];
  const pieces = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
  let roots = 0;
  for (let at = 0; at < packet.length; at = pieces.lastIndex) {
    pieces.lastIndex = at;
    const [, raw, closes, tag, attributes, ends, between] = pieces.exec(packet) ?? [null, undefined, undefined, undefined, undefined, undefined, undefined];
    if (pieces.lastIndex === 0) return null; // neither a tag nor text
    const inside = open.at(-1), said = raw ?? (between && unescaped(between));
    if (said?.trim()) {
      if (!inside) return null;
      // As in Python's reader: only what stands before the first child is the value.
      if (!inside.said) found.push([inside.name || "Text", said.trim()]);
    }
    if (!tag) continue;
    if (closes) {
      if (open.pop()?.tag !== tag) return null;
      continue;
    }
    if (!open.length && roots++) return null;
    if (inside) inside.said = true;
    const own = local(tag), name = NAMELESS.has(own) ? (inside?.name ?? "") : own;
    for (const [, key, double, single] of (attributes ?? "").matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      const value = unescaped(double ?? single ?? "").trim();
      if (value && key !== "xmlns" && !key.startsWith("xmlns:") && !STRUCTURE.has(local(key))) found.push([local(key), value]);
    }
    if (!ends) open.push({ tag, name, said: false });
  }
  return open.length || !roots ? null : found.slice(0, LIMIT_PROPERTIES);
}

/** 44,25.1234N or 44.4187 as degrees. @param {string | undefined} value */
function degrees(value) {
  const found = (value ?? "").match(/^(-?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEW]?)$/);
  if (!found) return null;
  const whole = Number(found[1]) + Number(found[2] ?? 0) / 60 + Number(found[3] ?? 0) / 3600;
  return found[4] === "S" || found[4] === "W" ? -whole : whole;
}
