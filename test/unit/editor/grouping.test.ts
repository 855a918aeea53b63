import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { groupings, JobGrouping, page, sortings } from "../../../src/editor/tree/grouping.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import { jobTypes, type Phase } from "../../../src/vod/types.ts";

const phases: Phase[] = ["waiting", "running", "succeeded", "failed", "canceled", "skipped", "unknown"];

function job(n: number, more: Partial<TrackedJob> = {}): TrackedJob {
  const ref = { account: "demo", region: "cn-shanghai", type: jobTypes[n % 4]!, id: `id${n}` };
  return { key: `k${n}`, ref, phase: "running", addedAt: 1_700_000_000_000 + n * 1000, seen: true, ...more };
}

function mapOf(...jobs: TrackedJob[]): Map<string, TrackedJob> {
  return new Map(jobs.map((one) => [one.key, one]));
}

test("jobs are grouped by status, newest first, pinned ones above all", () => {
  const jobs = mapOf(
    job(1),
    job(2, { phase: "failed" }),
    job(3, { phase: "succeeded" }),
    job(4),
    job(5, { pin: 1, phase: "failed" }),
    job(6, { phase: "succeeded", failedActivities: 1 }),
  );
  const grouping = new JobGrouping(jobs, "status", "newest");
  assert.deepEqual(grouping.groups(), [
    { id: "pinned", count: 1 },
    { id: "running", count: 2 },
    { id: "failed", count: 2 },
    { id: "done", count: 1 },
  ]);
  assert.deepEqual(grouping.members("running").keys, ["k4", "k1"]);
  assert.deepEqual(grouping.members("failed").keys, ["k6", "k2"], "a failed activity counts as a failure");
});

test("a change that moves nothing repaints only the job", () => {
  const jobs = mapOf(job(1), job(2));
  const grouping = new JobGrouping(jobs, "status", "newest");
  jobs.set("k1", { ...jobs.get("k1")!, status: "Transcoding" });
  assert.deepEqual(grouping.update(["k1"]), { all: false, groups: new Set(), jobs: ["k1"] });
});

test("a change of group repaints both groups, and all when a group comes or goes", () => {
  const jobs = mapOf(job(1), job(2), job(3, { phase: "failed" }));
  const grouping = new JobGrouping(jobs, "status", "newest");
  jobs.set("k1", { ...jobs.get("k1")!, phase: "failed" });
  assert.deepEqual(grouping.update(["k1"]), { all: false, groups: new Set(["running", "failed"]), jobs: [] });
  jobs.delete("k2");
  assert.equal(grouping.update(["k2"]).all, true);
});

test("long groups are paged", () => {
  const jobs = mapOf(...Array.from({ length: page + 50 }, (_, n) => job(n)));
  const grouping = new JobGrouping(jobs, "none", "newest");
  assert.equal(grouping.members("all").keys.length, page);
  assert.equal(grouping.members("all").more, 50);
  grouping.showMore("all");
  assert.equal(grouping.members("all").more, 0);
});

test("every word of the filter must be found somewhere", () => {
  const jobs = mapOf(job(1, { title: "Trailer 4K.mp4" }), job(2, { label: "nightly" }));
  const grouping = new JobGrouping(jobs, "status", "newest");
  grouping.arrange({ filter: "trailer 4k" });
  assert.equal(grouping.size, 1);
  grouping.arrange({ filter: "trailer nightly" });
  assert.equal(grouping.size, 0);
});

test("names sort as people count: 2 before 10", () => {
  const jobs = mapOf(job(1, { label: "cut 10" }), job(2, { label: "Cut 2" }));
  assert.deepEqual(new JobGrouping(jobs, "none", "name").members("all").keys, ["k2", "k1"]);
});

test("any sequence of changes leaves the same tree as starting over", () => {
  const change = fc.record({
    n: fc.nat(11),
    gone: fc.boolean(),
    phase: fc.constantFrom(...phases),
    pin: fc.option(fc.nat(3), { nil: undefined }),
    label: fc.constantFrom("a", "b", undefined),
    changedAt: fc.nat(5),
  });
  const arrangement = fc.tuple(fc.constantFrom(...groupings), fc.constantFrom(...sortings), fc.constantFrom("", "a"));
  fc.assert(
    fc.property(arrangement, fc.array(fc.array(change, { maxLength: 4 })), ([by, sort, filter], batches) => {
      const jobs = new Map<string, TrackedJob>();
      const grouping = new JobGrouping(jobs, by, sort);
      grouping.arrange({ filter });
      for (const batch of batches) {
        for (const { n, gone, ...rest } of batch)
          if (gone) jobs.delete(`k${n}`);
          else jobs.set(`k${n}`, job(n, rest));
        grouping.groups().forEach(({ id }) => void grouping.members(id));
        grouping.update(batch.map(({ n }) => `k${n}`));
        const fresh = new JobGrouping(jobs, by, sort);
        fresh.arrange({ filter });
        assert.deepEqual(grouping.groups(), fresh.groups());
        for (const { id } of fresh.groups()) assert.deepEqual(grouping.members(id), fresh.members(id));
      }
    }),
  );
});

test("many changes at once leave the same order as starting over", () => {
  const jobs = mapOf(...Array.from({ length: 120 }, (_, n) => job(n, { label: `cut ${n}` })));
  const grouping = new JobGrouping(jobs, "none", "name");
  grouping.members("all");
  const keys = Array.from({ length: 60 }, (_, n) => `k${n * 2}`);
  for (const key of keys) jobs.set(key, { ...jobs.get(key)!, label: `a ${key}` });
  grouping.update(keys);
  assert.deepEqual(grouping.members("all"), new JobGrouping(jobs, "none", "name").members("all"));
});
