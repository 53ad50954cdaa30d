// Size and form, by the same cases as the server's own tests.

import { choose, flatShare, formOf } from "./policy.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const { cases, forms, flat } = JSON.parse(readFileSync(new URL("../../../tests/photos/policy_cases.json", import.meta.url), "utf8"));

for (const { name, facts, wish, kind, width, height } of cases)
  test(name, () => {
    const choice = choose(facts, wish);
    assert.deepEqual([choice.kind, choice.width, choice.height], [kind, width, height]);
  });

for (const one of forms)
  test(`form of ${JSON.stringify(one)}`, () => assert.equal(formOf(one.kind, { pngBytes: one.png_bytes, jpegBytes: one.jpeg_bytes, transparent: one.transparent }), one.form));

for (const { name, rows, flat: share } of flat)
  test(`flat: ${name}`, () => assert.ok(Math.abs(flatShare(Uint8ClampedArray.from(rows.flat(2)), rows[0].length) - share) < 1e-9));
