import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { activitiesProblems, activityNotes, readActivities } from "../../../src/workflow/activities.ts";
import { escapeOnce, sample } from "./support.ts";

const read = (value: unknown) => readActivities(JSON.stringify(value)).activities;

test("the specification's sample reads completely, and the same from both of its forms", () => {
  const { activities, problem } = readActivities(sample.plainActivityResults);
  assert.equal(problem, undefined);
  assert.deepEqual(readActivities(sample.activityResults), { activities });
  assert.deepEqual(readActivities(escapeOnce(sample.activityResults)), { activities });
  const facts = activities.map(({ name, kind, instanceId, phase, startedAt, endedAt }) => {
    const time = (at: number | undefined) => (at === undefined ? "" : new Date(at).toISOString().slice(11, 19));
    return [name, kind, instanceId, phase, time(startedAt), time(endedAt)].join(" ");
  });
  assert.deepEqual(facts, [
    "VodSnapshot_123 VodSnapshot c8cf62d53bef4e04bf703976bae6d0b9 succeeded 08:15:47 08:15:51",
    "Translate_zh_en VodTranslation c043a872bb044763a3d293a5c2458b50 failed 08:15:46 08:20:19",
    "Act_Start start 8a9402f4ff064084bf496707fb2d664a succeeded 08:15:45 ",
    "VodDynamicImage_123 VodDynamicImage 26e8dab82ab84110b1150f146caf633c succeeded 08:15:47 08:15:55",
  ]);
  assert.equal(activities[1]?.result, '{"Type":"VideoTranslationAll","Success":false}');
  assert.ok(activities.every((activity) => activity.notes === undefined));
});

test("nothing to read is no problem; what is no JSON or holds no activities is one", () => {
  for (const text of [undefined, "", " \n", "{}", "[]"]) assert.deepEqual(readActivities(text), { activities: [] });
  assert.deepEqual(readActivities("<html>"), { activities: [], problem: activitiesProblems.notJson });
  assert.deepEqual(readActivities('{"a":'), { activities: [], problem: activitiesProblems.notJson });
  for (const text of ["12", "null", '"text"']) {
    assert.deepEqual(readActivities(text), { activities: [], problem: activitiesProblems.notActivities });
  }
});

test("a Result that is no string keeps its own text: digits, key order, spaces", () => {
  const entry = '{"Status":"Succeed", "Result" : {"UserId":1797131669910763123, "2":0,"1":[ 1.50 ]} }';
  const expected = '{"UserId":1797131669910763123, "2":0,"1":[ 1.50 ]}';
  for (const text of [`{"a":${entry}}`, escapeOnce(`{"a":${entry}}`), `[${entry}]`]) {
    assert.equal(readActivities(text).activities[0]?.result, expected);
  }
  assert.equal(read({ a: { Result: 5 } })[0]?.result, "5");
  assert.equal(read({ a: { Result: null } })[0]?.result, undefined);
});

test("an instance id that came as a number keeps its digits", () => {
  const { activities } = readActivities('{"a":{"ActivityInstanceId":1797131669910763123}}');
  assert.equal(activities[0]?.instanceId, "1797131669910763123");
});

test("an entry that is itself a string is read; one that is no object is kept with a note", () => {
  const [inner, word, number, nothing, list] = read({
    inner: JSON.stringify({ ActivityId: "VodSnapshot", Status: "Failed" }),
    word: "oops",
    number: 5,
    nothing: null,
    list: [1],
  });
  assert.deepEqual([inner?.kind, inner?.phase, inner?.notes], ["VodSnapshot", "failed", undefined]);
  for (const activity of [word, number, nothing, list]) assert.deepEqual(activity?.notes, [activityNotes.notObject]);
  assert.deepEqual([word?.result, number?.result, nothing?.result, list?.result], ["oops", "5", undefined, "[1]"]);
});

test("names are never missing and never equal", () => {
  const activities = read([
    { ActivityName: "A" },
    { ActivityName: "A" },
    { ActivityId: "VodSnapshot" },
    { ActivityId: "VodSnapshot" },
    {},
    { ActivityName: "A (2)" },
  ]);
  assert.deepEqual(
    activities.map(({ name, notes }) => [name, ...(notes ?? [])]),
    [
      ["A"],
      ["A (2)", activityNotes.renamed],
      ["VodSnapshot", activityNotes.unnamed],
      ["VodSnapshot (2)", activityNotes.unnamed],
      ["activity 5", activityNotes.unnamed],
      ["A (2) (2)", activityNotes.renamed],
    ],
  );
  assert.equal(read({ " ": { ActivityId: "start" } })[0]?.name, "start");
  assert.equal(read({ "": {} })[0]?.name, "activity 1");
});

test("ten thousand activities of one name take no longer than ten thousand of different names", () => {
  const activities = read(Array.from({ length: 10_000 }, () => ({ ActivityName: "same" })));
  assert.equal(new Set(activities.map(({ name }) => name)).size, 10_000);
});

test("times that are none, or in the wrong order, are noted, not guessed", () => {
  const [wrong, order, blank, instant] = read({
    wrong: { StartTime: "yesterday", EndTime: 12 },
    order: { StartTime: "2025-03-27T08:15:47Z", EndTime: "2025-03-27T08:15:46Z" },
    blank: { StartTime: "", EndTime: null },
    instant: { StartTime: "2025-03-27T08:15:47Z", EndTime: "2025-03-27T08:15:47Z" },
  });
  assert.deepEqual(
    [wrong?.startedAt, wrong?.endedAt, wrong?.notes],
    [undefined, undefined, [activityNotes.start, activityNotes.end]],
  );
  assert.deepEqual([order!.endedAt! - order!.startedAt!, order?.notes], [-1000, [activityNotes.order]]);
  assert.deepEqual([blank?.startedAt, blank?.notes, instant?.notes], [undefined, undefined, undefined]);
});

test("no Result is decoded: a broken one of a megabyte is only carried along", () => {
  const result = `{"broken":${"[".repeat(1_000_000)}`;
  assert.equal(read({ a: { Result: result } })[0]?.result, result);
});

test("nothing makes it throw, and every activity has its own name", () => {
  const text = fc.string({ maxLength: 6, unit: fc.constantFrom(...'aA "\\{}[]\u0000\u202e\ud800<') });
  const field = fc.oneof(text, fc.integer(), fc.constantFrom(null, true, {}, [[]], "2025-03-27T08:15:46Z", "[1]"));
  const names = ["ActivityId", "ActivityInstanceId", "Status", "StartTime", "EndTime", "Result", "ActivityName"];
  const entry = fc.oneof(
    field,
    fc.array(fc.tuple(fc.constantFrom(...names), field), { maxLength: 7 }).map((fields) => Object.fromEntries(fields)),
  );
  const results = fc.oneof(
    fc.array(entry, { maxLength: 5 }),
    fc.array(fc.tuple(text, entry), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    field,
  );
  fc.assert(
    fc.property(results, fc.boolean(), (value, escaped) => {
      const text = JSON.stringify(value);
      const { activities } = readActivities(escaped ? escapeOnce(text) : text);
      assert.equal(new Set(activities.map(({ name }) => name)).size, activities.length);
      for (const { result } of activities) assert.ok(result === undefined || typeof result === "string");
    }),
  );
});
