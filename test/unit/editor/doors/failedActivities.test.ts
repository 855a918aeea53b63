import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { FailedActivities } from "../../../../src/editor/doors/failedActivities.ts";
import type { StoredJobAnswer } from "../../../../src/jobs/tracker.ts";
import type { TrackedJob } from "../../../../src/jobs/types.ts";

const sample = path.resolve(import.meta.dirname, "../../../fixtures/get-job-detail.json");
const { ActivityResults } = JSON.parse(fs.readFileSync(sample, "utf8")).WorkflowTaskDetail;

const answer: StoredJobAnswer = {
  at: 0,
  answer: {
    requestId: "",
    raw: "",
    detail: { type: "workflow", id: "x", status: "Succeed", phase: "succeeded", activityResults: ActivityResults },
  },
};

function job(facts: Partial<TrackedJob>): TrackedJob {
  const ref = { account: "demo", region: "cn-shanghai", type: "workflow", id: "x" } as const;
  return { key: "k", ref, phase: "succeeded", addedAt: 0, seen: true, failedActivities: 1, ...facts };
}

test("the failed activity of the sample is named though the task succeeded, and its answer is read once", async () => {
  let reads = 0;
  const failed = new FailedActivities({
    answer: async () => {
      reads++;
      return answer;
    },
  });
  assert.deepEqual(await failed.namesOf(job({ checkedAt: 1 })), ["Translate_zh_en"]);
  await failed.namesOf(job({ checkedAt: 1 }));
  assert.equal(reads, 1);
  await failed.namesOf(job({ checkedAt: 2 }));
  assert.equal(reads, 2, "a new answer is read anew");
});

test("nothing is read for a job without failed activities", async () => {
  const failed = new FailedActivities({ answer: () => assert.fail("read") });
  assert.deepEqual(await failed.namesOf(job({ failedActivities: 0 })), []);
  assert.deepEqual(await failed.namesOf(job({ failedActivities: undefined })), []);
});

test("a database that fails costs the names only, and is asked again", async () => {
  let reads = 0;
  const failed = new FailedActivities({
    answer: async () => {
      reads++;
      throw new Error("disk");
    },
  });
  assert.deepEqual(await failed.namesOf(job({})), []);
  assert.deepEqual(await failed.namesOf(job({})), []);
  assert.equal(reads, 2);
});

test("what is kept is bounded", async () => {
  let reads = 0;
  const failed = new FailedActivities({
    answer: async () => {
      reads++;
      return answer;
    },
  });
  for (let n = 0; n < 150; n++) await failed.namesOf(job({ key: `k${n}` }));
  await failed.namesOf(job({ key: "k149" }));
  assert.equal(reads, 150);
  await failed.namesOf(job({ key: "k0" }));
  assert.equal(reads, 151);
});
