import assert from "node:assert/strict";
import { test } from "node:test";
import { findJobIds, findKnownIds } from "../../../../src/jobs/ids/find.ts";
import { KnownIds } from "../../../../src/jobs/ids/known.ts";

const usual = "5c9dff751ba0f3d1e2c34b59d50a967f";
const masked = "2dc1634e**********3f1d22d1a0174e";

test("a known id is given as it is known, also where it stands in another case", () => {
  const known = new KnownIds([usual]);
  assert.deepEqual(findKnownIds(`x ${usual.toUpperCase()}`, known), [{ id: usual, start: 2, end: 34 }]);
  known.add(usual.toUpperCase());
  assert.equal(known.named(usual.toUpperCase()), usual.toUpperCase());
  assert.equal(known.named(usual), usual);
});

test("forms that the documentation shows are found", () => {
  for (const id of [
    masked,
    "63df12s0**********4hdq249t82kr91",
    "46ecc024******92c8e26237e51",
    "vw_09d6-b5c5",
    "任务-000017",
  ]) {
    const known = new KnownIds([id]);
    assert.deepEqual(findKnownIds(`"${id}", (${id})`, known).length, 2, id);
    assert.deepEqual(findKnownIds(`x${id}`, known).length, /^[^0-9a-z]/i.test(id) ? 1 : 0, id);
  }
});

test("what is forgotten is not found any more", () => {
  const known = new KnownIds([usual, masked, "********"]);
  const text = `${usual} ${masked} ********`;
  assert.equal(findKnownIds(text, known).length, 3);
  for (const id of [usual, masked, "********"]) known.delete(id);
  assert.equal(findKnownIds(text, known).length, 0);
  known.delete("never added");
});

test("two known ids with the same longest word are told apart", () => {
  const known = new KnownIds(["aa**common1", "bb**common1"]);
  const found = findKnownIds("bb**common1 aa**common1 cc**common1", known);
  assert.deepEqual(
    found.map(({ id, start }) => [id, start]),
    [
      ["bb**common1", 0],
      ["aa**common1", 12],
    ],
  );
});

test("too short ids are not looked for: they would be found in ordinary words", () => {
  assert.equal(findKnownIds("job of ours", new KnownIds(["job", "of"])).length, 0);
});

test("a known id is found in a file's name, a path and under another's key, where others are silent", () => {
  for (const text of [`${usual}.json`, `/v/${usual}/x`, `"VideoId":"${usual}"`, `a_${usual}_b`, `00-${usual}-01`]) {
    assert.equal(findJobIds(text).length, 0, text);
    assert.equal(findJobIds(text, [usual])[0]?.because, "known", text);
  }
});

test("a known id keeps the type that its surroundings name", () => {
  assert.equal(findJobIds(`SubmitSnapshotJob ${masked}`, [masked])[0]?.type, "snapshot");
});
