// An edit moves places as the server's does, by the same cases; going back and forth is exact.

import { NOTHING, Steps, changes, counted, framed, inverse, moved, pixels, plan, told, turnedCrop } from "./edit.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const { plans, boxes } = JSON.parse(readFileSync(new URL("../../../tests/photos/edit_cases.json", import.meta.url), "utf8"));

for (const { name, size, edit, corner, out, to_original: [a, b, c, d, e, f] } of plans)
  test(name, () => {
    const found = plan({ ...NOTHING, ...edit }, size[0], size[1]);
    assert.deepEqual([found.corner, found.size], [corner, out]);
    for (const [at, value] of [a, d, b, e, c, f].entries()) assert.ok(Math.abs(found.toOriginal[at] - value) < 1e-4, `${at}: ${found.toOriginal} is not ${[a, d, b, e, c, f]}`);
    const [x, y] = moved(inverse(found.toOriginal), ...moved(found.toOriginal, 3, 5));
    assert.ok(Math.abs(x - 3) + Math.abs(y - 5) < 1e-6);
  });

for (const { size, box, pixels: filled } of boxes) test(`a cover of ${box}`, () => assert.deepEqual(pixels(box, size[0], size[1]), filled));

test("back and forth is exact, and a new step forgets what was undone", () => {
  const steps = new Steps(NOTHING), first = { ...NOTHING, covers: [{ box: [0, 0, 0.5, 0.5] }] }, second = { ...first, turn: 90 };
  steps.take(first);
  steps.take(second);
  steps.take({ ...second });
  assert.equal(steps.all.length, 3);
  steps.go(-1);
  assert.equal(steps.now, first);
  steps.go(-5);
  assert.equal(steps.now, NOTHING);
  steps.go(1);
  steps.go(1);
  assert.equal(steps.now, second);
  steps.go(-1);
  steps.take({ ...first, angle: 3 });
  steps.go(1);
  assert.equal(steps.now.angle, 3);
});

test("four quarter turns bring a crop back", () => {
  const crop = [0.1, 0.2, 0.3, 0.4];
  const there = turnedCrop(turnedCrop(turnedCrop(turnedCrop(crop)))) ?? [];
  for (const [at, value] of crop.entries()) assert.ok(Math.abs(there[at] - value) < 1e-9);
  assert.equal(turnedCrop(null), null);
});

test("a crop shows the same place after a turn", () => {
  const before = plan({ ...NOTHING, crop: [0.1, 0.2, 0.3, 0.4] }, 400, 300), after = plan({ ...NOTHING, turn: 90, crop: turnedCrop([0.1, 0.2, 0.3, 0.4]) }, 400, 300);
  assert.deepEqual(moved(before.toOriginal, 0, 0), moved(after.toOriginal, after.size[0], 0));
  assert.deepEqual(framed({ ...NOTHING, turn: 90 }, 400, 300), [300, 400]);
});

test("what is told to the server stays inside, and without words of this page", () => {
  const edit = { covers: [{ box: [0.123456789, 0, 0.5, 0.5], kind: "face" }, { stroke: [0.1, 0.2], radius: 0.02 }], turn: 270, angle: -1.5, crop: [0.3333333, 0, 0.6666667, 1] };
  const { covers, crop } = JSON.parse(told(edit));
  assert.deepEqual(covers, [{ box: [0.123457, 0, 0.5, 0.5] }, { stroke: [0.1, 0.2], radius: 0.02 }]);
  assert.ok(crop[0] + crop[2] <= 1);
  assert.equal(counted(edit), "face=1,other=1");
  assert.ok(changes(edit) && !changes(NOTHING) && !changes(null));
});
