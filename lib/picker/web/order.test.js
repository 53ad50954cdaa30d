// Where the arrow keys lead in a grid.

import assert from "node:assert/strict";
import test from "node:test";
import { walk } from "./order.js";

/** @type {[string, number, number][]} key, place, where it leads in a grid of ten in rows of four */
const TABLE = [["ArrowRight", 0, 1], ["ArrowLeft", 0, -1], ["ArrowDown", 1, 5], ["ArrowDown", 7, -1], ["ArrowUp", 5, 1], ["ArrowUp", 2, -1], ["Home", 7, 0], ["End", 2, 9], ["ArrowRight", 9, -1], ["a", 3, -1]];

for (const [key, at, to] of TABLE) test(`${key} from ${at}`, () => assert.equal(walk(key, at, 10, 4), to));
