/** What a screen reader says of the tree: everything that shape and color say, in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import "../../panel/editorStub.ts";

const { jobItem } = await import("../../../src/editor/tree/jobItem.ts");

const now = Date.UTC(2025, 2, 27, 9);
const minute = 60_000;
const job: TrackedJob = {
  key: "demo/cn-shanghai/workflow/46ecc024aaaabbbbccccddddeeeeffff",
  ref: { account: "demo", region: "cn-shanghai", type: "workflow", id: "46ecc024aaaabbbbccccddddeeeeffff" },
  title: "2.mp4",
  phase: "running",
  status: "Processing",
  createdAt: now - 5 * minute,
  checkedAt: now - 1_000,
  addedAt: now - 5 * minute,
  seen: true,
};
const problem = { kind: "network", message: "", at: now } as const;
const ended = { finishedAt: now - 2 * minute };

const spoken: readonly (readonly [string, Partial<TrackedJob>, string])[] = [
  ["running", {}, "2.mp4, Running, workflow task, 5 min"],
  ["waiting", { phase: "waiting", checkedAt: undefined }, "2.mp4, Not checked yet, workflow task, 5 min"],
  ["succeeded", { phase: "succeeded", ...ended }, "2.mp4, Succeeded, workflow task, 2 min ago"],
  [
    "succeeded, it says",
    { phase: "succeeded", failedActivities: 2, ...ended },
    "2.mp4, Succeeded, 2 failed, workflow task, 2 min ago",
  ],
  ["failed", { phase: "failed", ...ended }, "2.mp4, Failed, workflow task, 2 min ago"],
  ["canceled", { phase: "canceled", ...ended }, "2.mp4, Canceled, workflow task, 2 min ago"],
  ["of an unknown status", { phase: "unknown", status: "Paused\u202e" }, "2.mp4, Paused, workflow task, 5 min"],
  ["pinned", { pin: 0 }, "2.mp4, Running, workflow task, 5 min, pinned"],
  ["that could not be checked", { problem }, "2.mp4, Running, workflow task, 5 min, last check failed"],
  [
    "never answered",
    { phase: "waiting", checkedAt: undefined, problem },
    "2.mp4, Cannot be checked, workflow task, 5 min, last check failed",
  ],
  ["with a name of its own", { label: "trailer" }, "trailer, Running, workflow task, 5 min"],
];

for (const [what, facts, words] of spoken) {
  test(`a job ${what} is “${words}”`, () => {
    const { accessibilityInformation } = jobItem({ ...job, ...facts }, now);
    assert.deepEqual(accessibilityInformation, { label: words, role: "treeitem" });
  });
}
