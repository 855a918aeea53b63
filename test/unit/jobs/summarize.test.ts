import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { summarize } from "../../../src/jobs/summarize.ts";
import { readJobAnswer } from "../../../src/vod/answer.ts";
import type { JobType, WorkflowDetail } from "../../../src/vod/types.ts";

/** The sample of the GetJobDetail page, which fills the details of all four types. */
const sample = readFileSync(new URL("../../fixtures/get-job-detail.json", import.meta.url), "utf8");
const ofSample = (type: JobType) => summarize(readJobAnswer(sample, type).detail);

test("the page's sample in short, by type", () => {
  assert.deepEqual(ofSample("workflow"), {
    phase: "succeeded",
    status: "Succeed",
    createdAt: Date.UTC(2025, 2, 27, 8, 15, 46),
    finishedAt: Date.UTC(2025, 2, 27, 8, 20, 19),
    title: "2.mp4",
    kind: "vw_09d6*****b5c5b19a0c891e02",
    mediaId: "00f985a50ae371f0ad1c4106e0ea0102",
    activities: 4,
    failedActivities: 1,
  });
  assert.equal(ofSample("transcode").title, "HD");
  assert.equal(ofSample("transcode").kind, "dbfaaec9e**********bf0b81219244c");
  assert.equal(ofSample("snapshot").mediaId, "30e5d7**********bd900764de7c0102");
  assert.equal(ofSample("ai").kind, "AIVideoCensor");
});

const workflow = (detail: Partial<WorkflowDetail>) =>
  summarize({ type: "workflow", id: "a", status: "Init", phase: "running", ...detail });

test("a task that tells little is summed up in little", () => {
  assert.deepEqual(workflow({}).title, undefined);
  assert.equal(workflow({}).activities, undefined);
  assert.equal(workflow({ workflow: { name: "Flow" } }).title, "Flow");
  assert.equal(workflow({ activityResults: "{}" }).activities, 0);
  for (const taskInput of ["", "null", "[]", "3", "{", '{"Media":5,"Title":{}}']) {
    assert.deepEqual(
      [workflow({ taskInput }).title, workflow({ taskInput }).mediaId],
      [undefined, undefined],
      taskInput,
    );
  }
});

test("titles are one line of bounded length", () => {
  const title = workflow({ taskInput: JSON.stringify({ Title: `a\n\u0007b ${"x".repeat(500)}` }) }).title!;
  assert.match(title, /^a b x+$/);
  assert.equal(title.length, 200);
});
