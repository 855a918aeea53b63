import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobGrouping } from "../../src/editor/tree/grouping.ts";
import type { CallResult } from "../../src/jobs/hub.ts";
import { openHub } from "../../src/jobs/openHub.ts";
import { SqliteHub } from "../../src/jobs/sqlite/hub.ts";
import { JobTracker } from "../../src/jobs/tracker.ts";
import { systemClock } from "../../src/vod/clock.ts";
import type { JobRef } from "../../src/vod/types.ts";
import type { Row } from "./row.ts";

const tracked = 10_000;
const forgotten = 100_000;
/** What a person does not notice: a frame for what blocks, a tenth of a second for what is waited for; ms. */
const frame = 16;
const instant = 100;

const ref = (n: number): JobRef => ({
  account: "demo",
  region: "cn-shanghai",
  type: "transcode",
  id: n.toString(16).padStart(32, "0"),
});

/** Half of the tracked jobs run, half have ended; the rest has ended and is tracked no more. */
async function fill(folder: string): Promise<void> {
  const hub = new SqliteHub(folder);
  const now = Date.now();
  for (let from = 0; from < tracked + forgotten; from += 5_000) {
    const refs = Array.from({ length: 5_000 }, (_, n) => ref(from + n));
    await hub.add(
      refs.map((job) => ({ ref: job, plan: { at: now + 3_600_000, reason: "age" } })),
      now,
    );
    await hub.save(
      refs.map((job, n): CallResult => {
        const done = from >= tracked || n % 2 === 0;
        const summary = {
          phase: done ? ("succeeded" as const) : ("running" as const),
          status: done ? "TranscodeSuccess" : "Transcoding",
          title: `media ${n}.mp4`,
          kind: `template ${n % 20}`,
          mediaId: job.id,
          createdAt: now - 600_000,
          finishedAt: done ? now - n : undefined,
        };
        const raw = JSON.stringify({ RequestId: job.id, TranscodeJobDetail: { ...summary, JobId: job.id } });
        const plan = done ? { reason: "final" as const } : { at: now + 3_600_000, reason: "age" as const };
        return { ref: job, owner: "fill", startedAt: now, at: now, answer: { summary, raw }, plan };
      }),
    );
    if (from >= tracked) await hub.remove((await hub.load("", 10_000_000)).jobs.slice(tracked).map(keyOf), now);
  }
  await hub.close();
}
const keyOf = (job: { key: string }) => job.key;

/**
 * Does `work` and gives how long it took and how long it kept this thread busy without a pause at most, ms. Busy is
 * counted in the thread's own time, which other processes on the machine do not lengthen.
 */
async function measure(work: () => Promise<unknown>): Promise<{ took: number; blocked: number }> {
  let blocked = 0;
  const spent = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let last = spent();
  let going = true;
  const tick = () => {
    const now = spent();
    blocked = Math.max(blocked, now - last);
    last = now;
    if (going) setImmediate(tick);
  };
  setImmediate(tick);
  const begin = performance.now();
  await work();
  const took = performance.now() - begin;
  going = false;
  tick();
  return { took, blocked };
}

const heap = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

async function open(folder: string) {
  const hub = await openHub({ folder, workerFile: new URL("../../src/jobs/worker.ts", import.meta.url) });
  const tracker = new JobTracker({
    hub,
    clock: systemClock,
    random: Math.random,
    settings: { polling: true, pace: "normal", backgroundRate: 8, focused: true },
    clientFor: () => Promise.reject(new Error("nothing is due")),
  });
  const close = async () => {
    await tracker.dispose();
    await hub.close();
  };
  return { tracker, close };
}

/** 10,000 tracked jobs and 100,000 in history. Run with `--expose-gc` for a heap without garbage. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "scale-"));
  const rows: Row[] = [];
  const add = (name: string, ours: number, peer: number, unit: string) =>
    rows.push({
      name: `${tracked} tracked jobs, ${forgotten} in history: ${name}`,
      ours,
      peer,
      unit,
      ratio: ours / peer,
      goal: `≤ ${peer} ${unit}`,
      holds: ours <= peer,
    });
  try {
    await fill(folder);
    const other = await open(folder);
    await other.tracker.start();
    const before = heap();
    const one = await open(folder);
    const opening = await measure(() => one.tracker.start());
    add("heap of a window's jobs", (heap() - before) / 1e6, 20, "MB");
    add("opening, this thread blocked at most", opening.blocked, frame, "ms");
    add("opening, until every job is there", opening.took, 1_000, "ms");

    const tree = await measure(async () => {
      const grouping = new JobGrouping(one.tracker.jobs, "status", "newest");
      for (const { id } of grouping.groups()) grouping.members(id);
    });
    add("first page of the tree, this thread blocked at most", tree.blocked, 2 * frame, "ms");

    const key = one.tracker.jobs.keys().next().value!;
    const own = await measure(() => one.tracker.setLabel(key, "one update"));
    add("one update, until it shows", own.took, instant, "ms");
    const seen = new Promise<void>((resolve) => {
      other.tracker.onDidChange(({ changed }) => {
        if (changed.includes(key)) resolve();
      });
    });
    const others = await measure(async () => {
      await one.tracker.setLabel(key, "another");
      await seen;
    });
    add("one update, until another window shows it", others.took, 500, "ms");
    add("one update, the thread blocked at most", Math.max(own.blocked, others.blocked), frame, "ms");

    const finished = await measure(() => one.tracker.clearFinished());
    add(`removal of ${tracked / 2} finished ones, this thread blocked at most`, finished.blocked, frame, "ms");
    add(`removal of ${tracked / 2} finished ones, until they are gone`, finished.took, 1_000, "ms");
    await one.close();
    await other.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}
