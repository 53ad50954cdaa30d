// What a photo tells, by the same table as the server's own tests.

import { blankHidden, readHidden } from "./hidden.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

/** @type {{cases: {name: string, file: string, kinds: string[], orientation: number, position: [number, number] | null}[]}} */
const { cases } = JSON.parse(readFileSync(new URL("../../../tests/photos/planted.json", import.meta.url), "utf8"));
const bytesOf = (/** @type {string} */ encoded) => new Uint8Array(Buffer.from(encoded, "base64"));
const SECRET = "PLANTED-SECRET";
/** What is still told: not the pictures and numbers that stay, nor a block that is announced and not there. @param {Uint8Array} bytes */
const told = async (bytes) => (await readHidden(bytes)).findings.filter((one) => one.kind !== "profile" && !one.where.startsWith("HEIF") && one.value !== "0 bytes");

for (const { name, file, kinds, orientation, position } of cases) {
  test(`${name}: what is planted is found`, async () => {
    const found = await readHidden(bytesOf(file));
    assert.deepEqual([...new Set(found.findings.map((one) => one.kind))].sort(), kinds);
    assert.equal(found.orientation, orientation);
    assert.deepEqual(found.position && [found.position.latitude, found.position.longitude], position);
    if (!name.startsWith("HEIF")) assert.deepEqual([found.width, found.height], orientation > 4 ? [12, 16] : [16, 12]);
  });

  test(`${name}: what is blanked tells nothing any more`, async () => {
    const blank = await blankHidden(bytesOf(file));
    if (!blank) return assert.match(name, /^(GIF|BMP)/); // these are always made anew on the device
    assert.deepEqual(await told(blank), []);
    assert.ok(!Buffer.from(blank).includes(SECRET));
    return undefined;
  });
}

test("no broken file upsets the reading", async () => {
  let seed = 7;
  const random = (/** @type {number} */ below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  for (const { name, file } of cases.filter((one) => /: (nothing|EXIF|XMP|IPTC|MPF|caBX)/.test(one.name))) {
    const whole = bytesOf(file);
    for (let round = 0; round < 60; round++) {
      let bytes = whole.slice();
      for (let n = random(12); n >= 0; n--) bytes[random(bytes.length)] = random(256);
      if (random(3) === 0) bytes = bytes.slice(0, random(bytes.length));
      await readHidden(bytes);
      const blank = await blankHidden(bytes);
      assert.deepEqual(blank ? await told(blank) : [], [], name);
    }
  }
});
