/** A panel that is closed while something is under way. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { PanelSource } from "../../../src/editor/panel/source.ts";
import { readJobAnswer } from "../../../src/vod/answer.ts";
import type { JobAnswer, JobRef } from "../../../src/vod/types.ts";
import { FakePage } from "../support/panel.ts";

const sample = JSON.parse(readFileSync(new URL("../../fixtures/get-job-detail.json", import.meta.url), "utf8"));
const ref: JobRef = { account: "demo", region: "cn-shanghai", type: "workflow", id: sample.WorkflowTaskDetail.TaskId };

/** A run that goes on: while it is shown, its axis is made anew again and again. */
const running = readJobAnswer(
  JSON.stringify({ WorkflowTaskDetail: { ...sample.WorkflowTaskDetail, Status: "Processing", FinishTime: undefined } }),
  "workflow",
);

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function sourceOf(more: Partial<PanelSource>): PanelSource {
  const none = { job: () => undefined, answer: () => undefined, history: () => [], previousRun: () => undefined };
  return { ...none, refresh: async () => {}, onDidChange: () => ({ dispose() {} }), ...more };
}

test("while its job is read: nothing is told, and no timer is left", async () => {
  const before = timers();
  const { promise, resolve } = Promise.withResolvers<JobAnswer>();
  const page = new FakePage(ref, sourceOf({ answer: () => promise as never }));
  await settled();
  page.dispose();
  resolve(running);
  await settled();
  await page.panel.changed();
  assert.equal(timers(), before);
  assert.deepEqual([page.said, page.faults], [[], []]);
});

test("while the service is asked: the call is cancelled, and no timer is left", async () => {
  const before = timers();
  let cancelled = 0;
  const refresh = (_ref: JobRef, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        cancelled++;
        reject(signal.reason);
      });
    });
  const page = new FakePage(ref, sourceOf({ answer: () => running, refresh }));
  await settled();
  assert.equal(timers(), before + 1, "the run is live");
  const asked = page.panel.refresh();
  page.dispose();
  await asked;
  const told = page.said.length;
  await settled();
  assert.deepEqual([cancelled, timers(), page.said.length], [1, before, told]);
});
