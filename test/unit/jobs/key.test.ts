import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jobKey, parseJobKey } from "../../../src/jobs/key.ts";
import { jobTypes } from "../../../src/vod/types.ts";

const part = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const anyRef = fc.record(
  { account: part, region: part, type: fc.constantFrom(...jobTypes), id: part },
  { noNullPrototype: true },
);

test("a key names one job and can be read back", () => {
  fc.assert(fc.property(anyRef, (ref) => assert.deepEqual(parseJobKey(jobKey(ref)), ref)));
  fc.assert(
    fc.property(anyRef, anyRef, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      assert.notEqual(jobKey(a), jobKey(b));
    }),
  );
  assert.equal(
    jobKey({ account: "profile:dev", region: "cn-shanghai", type: "ai", id: "5c9d" }),
    "profile%3Adev/cn-shanghai/ai/5c9d",
  );
});

test("text that is no key names nothing", () => {
  for (const text of [
    "",
    "a",
    "a/b/c/d",
    "a/b/workflow",
    "a/b/workflow/",
    "a/b/workflow/%",
    "a/b/workflow/c/d",
    "//ai/x",
  ]) {
    assert.equal(parseJobKey(text), undefined, text);
  }
});
