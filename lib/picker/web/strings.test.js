// Words: filled in, in the right plural, and every sentence that a module asks for is there.

import { ENGLISH, KINDS, Speaker, isolated } from "./strings.js";
import { ENGLISH as OF_THE_EDITOR } from "./cover_words.js";
import { readFileSync, readdirSync } from "node:fs";
import assert from "node:assert/strict";
import test from "node:test";

test("numbers choose their plural and take the language's form", () => {
  const speaker = new Speaker();
  assert.equal(speaker.say("photos", { n: 1 }), "1 photo");
  assert.equal(speaker.contents([{}, {}, { video: true }]), "2 photos and a video");
  assert.equal(speaker.size(400), "1 kB");
  assert.equal(speaker.size(1_540_000), "1.5 MB");
  const german = new Speaker({ language: "de", photos: { one: "{n} Foto", other: "{n} Fotos" }, megabytes: "{n} MB" });
  assert.equal(german.contents([{}, {}]), "2 Fotos");
  assert.equal(german.size(1_540_000), "1,5 MB");
  assert.equal(german.say("undo"), "Undo"); // what is missing stays English
});

test("a name from right to left does not turn the words around it", () => assert.equal(isolated("صورة.jpg"), "\u2068صورة.jpg\u2069"));

test("every sentence that is asked for exists, and every one is asked for", () => {
  const folder = new URL(".", import.meta.url);
  const code = readdirSync(folder).filter((name) => /^(queue|view|sheet|clean)\.js$/.test(name)).map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
  const asked = new Set([...code.matchAll(/\b(?:say|with_)\(\s*(?:[\w.! =?&"]+\? )?"(\w+)"(?:\s*:\s*"(\w+)")?/g)].flatMap((one) => [one[1], one[2]]).filter(Boolean));
  for (const [, name] of code.matchAll(/new Refusal\("(\w+)"/g)) asked.add(name);
  assert.deepEqual([...asked].filter((name) => !(name in ENGLISH || name in OF_THE_EDITOR)), []);
  const mentioned = (/** @type {string} */ name) => code.includes(`"${name}"`) || KINDS.includes(name.slice(5));
  const own = new Set(["language", "photos", "videos", "andVideos", "both", "kilobytes", "megabytes", "drawing", "long", "panorama", "photo"]);
  assert.deepEqual(Object.keys(ENGLISH).filter((name) => !mentioned(name) && !own.has(name)), []);
});

test("every sentence of the editor exists, and every one is asked for", () => {
  const folder = new URL(".", import.meta.url), code = ["editor", "covering", "waiting", "clean"].map((name) => readFileSync(new URL(`${name}.js`, folder), "utf8")).join("\n");
  const asked = [...code.matchAll(/\b(?:this|speaker)\.say\(\s*(?:[\w.! =?&"]+\? )?"(\w+)"(?:\s*:\s*"(\w+)")?/g)].flatMap((one) => [one[1], one[2]]).filter(Boolean);
  assert.deepEqual(asked.filter((name) => !(name in OF_THE_EDITOR)), []);
  const built = new Set(["coverTab", "cropTab"]);
  assert.deepEqual(Object.keys(OF_THE_EDITOR).filter((name) => !code.includes(`"${name}"`) && !built.has(name)), []);
});

for (const [table, of] of /** @type {[Record<string, import("./strings.js").Words>, string][]} */ ([[ENGLISH, "words"], [OF_THE_EDITOR, "cover_words"]]))
  test(`every language says every sentence of ${of}, with its gaps and the plurals that it needs`, async () => {
    const gaps = (/** @type {import("./strings.js").Words} */ sentence) => new Set(JSON.stringify(sentence).match(/\{\w+\}/g) ?? []);
    const spoken = readdirSync(new URL(".", import.meta.url)).map((name) => /^words\.(\w+)\.js$/.exec(name)?.[1] ?? "").filter(Boolean);
    assert.ok(spoken.length >= 7);
    for (const language of spoken) {
      const { WORDS } = await import(`./${of}.${language}.js`);
      assert.equal(WORDS.language, language);
      assert.deepEqual(Object.keys(table).filter((name) => name !== "photo" && !(name in WORDS)), [], language);
      assert.deepEqual(Object.keys(WORDS).filter((name) => name !== "language" && !(name in table)), [], language);
      const needed = new Set([0, 1, 2, 5, 21].map((n) => new Intl.PluralRules(language).select(n)));
      for (const [name, sentence] of Object.entries(WORDS).filter(([one]) => one !== "language")) {
        const english = gaps(table[name]);
        assert.ok([...gaps(sentence)].every((gap) => english.has(gap)), `${language} ${name}`);
        if (typeof table[name] === "string") assert.deepEqual(gaps(sentence), english, `${language} ${name}`);
        else assert.ok([...needed].every((form) => form in /** @type {Record<string, string>} */ (sentence)), `${language} ${name}`);
      }
    }
  });
