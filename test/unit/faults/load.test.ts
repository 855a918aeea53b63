/**
 * 10,000 tracked jobs and the panel of a run of 10,000 activities, with changes in every second: nothing is dropped and
 * nothing piles up. `VOD_JOBS_LONG=1`: ten minutes of a made-up clock instead of twenty seconds.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JobGrouping } from "../../../src/editor/tree/grouping.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { summarize } from "../../../src/jobs/summarize.ts";
import type { JobTracker } from "../../../src/jobs/tracker.ts";
import { readJobAnswer } from "../../../src/vod/answer.ts";
import type { JobRef } from "../../../src/vod/types.ts";
import { body, ref, startWindow } from "../jobs/support.ts";
import { settle } from "../support/clock.ts";
import { FakePage } from "../support/panel.ts";

const { panelSource } = await import("../../../src/editor/panelSource.ts");

const many = 10_000;
const seconds = process.env.VOD_JOBS_LONG === "1" ? 600 : 20;
/** Jobs and activities that change in each second. */
const changesASecond = 25;

/** A run in which activities start and end one after the other. */
class LiveRun {
  readonly ref = ref("f".repeat(32), "workflow");
  readonly #activities: Record<string, { ActivityId: string; Status: string; StartTime: string; EndTime?: string }> =
    {};
  readonly #start: number;
  #ended = 0;

  constructor(start: number) {
    this.#start = start;
    for (let n = 0; n < many; n++) {
      this.#activities[`activity ${n}`] = {
        ActivityId: "VodSnapshot",
        Status: "Processing",
        StartTime: this.#time(n % 50),
      };
    }
  }

  /** Lets the next activities end; every seventh fails. */
  advance(second: number): Map<string, string> {
    const ended = new Map<string, string>();
    for (let left = changesASecond; left > 0; left--) {
      const name = `activity ${this.#ended++ % many}`;
      const Status = this.#ended % 7 === 0 ? "Failed" : "Succeed";
      this.#activities[name] = { ...this.#activities[name]!, Status, EndTime: this.#time(60 + second) };
      ended.set(name, Status === "Failed" ? "failed" : "succeeded");
    }
    return ended;
  }

  get body(): string {
    return JSON.stringify({
      RequestId: "R",
      WorkflowTaskDetail: {
        TaskId: this.ref.id,
        Status: "Processing",
        CreateTime: this.#time(0),
        ActivityResults: JSON.stringify(this.#activities),
      },
    });
  }

  #time(second: number): string {
    return `${new Date(this.#start + second * 1_000).toISOString().slice(0, 19)}Z`;
  }
}

test(`${many} jobs, a panel of ${many} activities and changes in each of ${seconds} seconds`, {
  timeout: 600_000,
}, async () => {
  const { clock, hub, tracker, close } = await startWindow({ polling: false });
  const jobs = Array.from({ length: many }, (_, n) => ref(String(n).padStart(32, "0")));
  await tracker.track(jobs);
  const run = new LiveRun(clock.now() - 60_000);
  await tracker.track([run.ref]);
  /** Another window had an answer. */
  const answered = (of: JobRef, raw: string, at = clock.now()) => {
    const summary = summarize(readJobAnswer(raw, of.type).detail);
    return {
      ref: of,
      owner: "another window",
      startedAt: at - 1,
      at,
      answer: { summary, raw },
      plan: { at: at + 5_000, reason: "age" as const },
    };
  };
  await hub.save([answered(run.ref, run.body)]);
  await clock.advance(500);

  const tree = new JobGrouping(tracker.jobs, "status", "newest");
  const seen = new Set<string>();
  tracker.onDidChange(({ changed, removed }) => {
    for (const key of changed) seen.add(key);
    tree.update([...changed, ...removed]);
  });
  const page = new FakePage(run.ref, panelSource(tracker as JobTracker));
  await settled();
  assert.equal(page.activities.size, many);
  const whole = page.characters;

  const finished = new Set<string>();
  for (let second = 0; second < seconds; second++) {
    const some = jobs.slice(second * changesASecond, (second + 1) * changesASecond);
    const facts = {
      status: second % 9 === 0 ? "failed" : "done",
      createdAt: clock.now() - 9_000,
      finishedAt: clock.now(),
    };
    const ended = run.advance(second);
    seen.clear();
    await hub.save([...some.map((job) => answered(job, body(job, facts))), answered(run.ref, run.body)]);
    await clock.advance(1_000);
    await settled();
    for (const job of some) {
      finished.add(jobKey(job));
      assert.ok(seen.has(jobKey(job)), `second ${second}: ${job.id} was told of`);
      assert.equal(tree.placeOf(jobKey(job)), second % 9 === 0 ? "failed" : "done");
    }
    assert.ok(seen.size <= changesASecond + 1, `${seen.size} jobs were told of: those that changed`);
    for (const [name, phase] of ended) {
      assert.equal((page.activities.get(name) as { phase: string }).phase, phase, `second ${second}: ${name}`);
    }
    assert.equal(page.activities.size, many);
  }
  assert.deepEqual(page.faults, [], "every message follows the one before");
  const groups = tree.groups();
  assert.equal(
    groups.reduce((sum, { count }) => sum + count, 0),
    many + 1,
  );
  assert.equal(
    groups.filter(({ id }) => id !== "running" && id !== "pinned").reduce((sum, { count }) => sum + count, 0),
    finished.size,
  );
  const perSecond = (page.characters - whole) / seconds;
  assert.ok(perSecond < whole / 20, `${Math.round(perSecond)} characters a second, of ${whole} for all of it`);
  page.dispose();
  await close();
});

/** The panel has read and told what there is. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await settle();
}
