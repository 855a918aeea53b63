import assert from "node:assert/strict";
import { test } from "node:test";
import { readCandidates } from "../../../../src/editor/doors/candidates.ts";

const a = "5c9dff751ba0f3d1e2c34b59d50a967f";
const b = "2dc1634e0f3d1e2c34b59d503f1d22d1";
const masked = "2dc1634e**********3f1d22d1a0174e";

test("a plain list may hold ids of any form, each counted once", () => {
  for (const list of [`${a}\n${masked}\n${a}\n`, `${a},${masked}`, `"${a}"; '${masked}'`, `${a} ${masked}`])
    assert.deepEqual(
      readCandidates(list),
      [
        { id: a, certain: true },
        { id: masked, certain: true },
      ],
      list,
    );
});

test("an answer of SubmitTranscodeJobs gives its jobs with their type, not its media", () => {
  const answer = {
    RequestId: "25818875-5F78-4A13-BEF6-D7393642CA58",
    TranscodeTaskId: b,
    TranscodeJobs: { TranscodeJob: [{ JobId: a }, { JobId: a }] },
  };
  assert.deepEqual(readCandidates(JSON.stringify(answer, null, 2)), [{ id: a, type: "transcode", certain: true }]);
});

test("an id that stands in several places is what the clearest of them says", () => {
  assert.deepEqual(readCandidates(`see ${a} here\nthe snapshot job ${a}\nand ${a}`), [
    { id: a, type: "snapshot", certain: true },
  ]);
  assert.deepEqual(readCandidates(`we saw ${a} here`), [{ id: a, type: undefined, certain: false }]);
});

test("words without digits, sentences and nothing are no list", () => {
  for (const text of ["", "   ", "hello world", "configuration-management", "a".repeat(70)])
    assert.deepEqual(readCandidates(text), [], text);
});
