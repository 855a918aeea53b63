import assert from "node:assert/strict";
import { test } from "node:test";
import { TrackedIds } from "../../../../src/editor/doors/trackedIds.ts";
import { findKnownIds } from "../../../../src/jobs/ids/find.ts";
import { jobKey } from "../../../../src/jobs/key.ts";
import type { TrackerChange } from "../../../../src/jobs/tracker.ts";
import type { TrackedJob } from "../../../../src/jobs/types.ts";
import type { JobRef } from "../../../../src/vod/types.ts";

const a = "5c9dff751ba0f3d1e2c34b59d50a967f";

/** What the index needs of a tracker. */
class FakeTracker {
  readonly jobs = new Map<string, TrackedJob>();
  readonly #listeners = new Set<(change: TrackerChange) => void>();

  onDidChange(listener: (change: TrackerChange) => void) {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }
  get listeners(): number {
    return this.#listeners.size;
  }
  add(ref: Partial<JobRef>): string {
    const full: JobRef = { account: "demo", region: "cn-shanghai", type: "transcode", id: a, ...ref };
    const key = jobKey(full);
    this.jobs.set(key, { key, ref: full, phase: "waiting", addedAt: 0, seen: true });
    this.#tell({ changed: [key], removed: [] });
    return key;
  }
  remove(key: string): void {
    this.jobs.delete(key);
    this.#tell({ changed: [], removed: [key] });
  }
  #tell(change: Pick<TrackerChange, "changed" | "removed">): void {
    for (const listener of this.#listeners) listener({ ...change, accounts: false });
  }
}

test("jobs are found by their ids from the start, when they are added, and no more when they are removed", () => {
  const tracker = new FakeTracker();
  tracker.add({});
  const ids = new TrackedIds(tracker);
  assert.equal(ids.jobsOf(a).length, 1);
  const other = tracker.add({ id: "vw_odd-form-17" });
  assert.equal(ids.jobsOf("vw_odd-form-17")[0]?.key, other);
  assert.equal(findKnownIds(`${a} vw_odd-form-17`, ids.known).length, 2);
  tracker.remove(other);
  assert.deepEqual(ids.jobsOf("vw_odd-form-17"), []);
  assert.equal(findKnownIds(`${a} vw_odd-form-17`, ids.known).length, 1);
});

test("one id of several accounts is known until the last of its jobs is removed", () => {
  const tracker = new FakeTracker();
  const ids = new TrackedIds(tracker);
  const keys = [tracker.add({}), tracker.add({ account: "default" }), tracker.add({ type: "workflow" })];
  tracker.add({ account: "default" });
  assert.equal(ids.jobsOf(a).length, 3);
  for (const key of keys) {
    assert.equal(findKnownIds(a, ids.known).length, 1);
    tracker.remove(key);
  }
  assert.equal(findKnownIds(a, ids.known).length, 0);
  tracker.remove("no/job/of ours");
});

test("it stops listening when it is disposed", () => {
  const tracker = new FakeTracker();
  const ids = new TrackedIds(tracker);
  assert.equal(tracker.listeners, 1);
  ids.dispose();
  assert.equal(tracker.listeners, 0);
});
