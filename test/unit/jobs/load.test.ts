import assert from "node:assert/strict";
import { test } from "node:test";
import { JobGrouping } from "../../../src/editor/tree/grouping.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { FakeClock } from "../support/clock.ts";
import { close, FakeService, openWindow, ref, temporaryFolder } from "./support.ts";

const count = 10_000;
const changesASecond = 20;
const seconds = 600;

test(`a tree of ${count} jobs, ten minutes with changes each second: none is dropped, and no more is painted than changed`, async () => {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const [hub, other] = [new SqliteHub(folder), new SqliteHub(folder)];
  const refs = Array.from({ length: count }, (_, n) => ref(`job${n}`));
  await other.add(
    refs.map((job) => ({ ref: job, plan: { reason: "paused" } })),
    clock.now(),
  );
  const { tracker } = openWindow(hub, clock, new FakeService(clock), { polling: false });
  await tracker.start();
  const grouping = new JobGrouping(tracker.jobs, "status", "newest");
  let painted = 0;
  let all = 0;
  tracker.onDidChange(({ changed, removed }) => {
    const repaint = grouping.update([...changed, ...removed]);
    painted += changed.length;
    if (repaint.all) all++;
  });
  const statuses = new Map<string, string>();
  for (let second = 0; second < seconds; second++) {
    const jobs = Array.from({ length: changesASecond }, (_, n) => refs[(second * 37 + n * 499) % count]!);
    const phases = ["running", "failed", "succeeded"] as const;
    await other.save(
      jobs.map((job, n) => {
        const summary = { phase: phases[(second + n) % 3]!, status: `status ${second}` };
        statuses.set(jobKey(job), summary.status);
        return {
          ref: job,
          owner: "other",
          startedAt: clock.now(),
          at: clock.now() + 1,
          answer: { summary, raw: "{}" },
        };
      }),
    );
    await clock.advance(1_000);
    for (const job of jobs) assert.equal(tracker.jobs.get(jobKey(job))?.status, `status ${second}`);
  }
  for (const [key, status] of statuses) assert.equal(tracker.jobs.get(key)?.status, status);
  const anew = new JobGrouping(tracker.jobs, "status", "newest");
  assert.deepEqual(grouping.groups(), anew.groups());
  for (const { id } of anew.groups()) assert.deepEqual(grouping.members(id), anew.members(id));
  assert.equal(painted, seconds * changesASecond, "each change is told once");
  assert.ok(all <= 3, "the whole tree is painted only when groups come or go");
  await close([tracker], hub, clock);
  await other.close();
});
