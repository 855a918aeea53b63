import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readActivities } from "../../../src/workflow/activities.ts";
import { aloneTimes } from "../../../src/workflow/alone.ts";
import { criticalChain } from "../../../src/workflow/chain.ts";
import { describeRun, shareOf } from "../../../src/workflow/model.ts";
import { activitySpan, spanEnd, spanStart } from "../../../src/workflow/span.ts";
import { parseTime } from "../../../src/workflow/times.ts";
import type { Activity } from "../../../src/workflow/types.ts";
import { activity, activityLists, sample } from "./support.ts";

const task = {
  status: "Succeed",
  phase: "succeeded",
  createdAt: parseTime("2025-03-27T08:15:46Z"),
  finishedAt: parseTime("2025-03-27T08:20:19Z"),
};

test("the specification's sample: the axis begins before the task, the failure is seen, one activity was alone", () => {
  const run = describeRun(readActivities(sample.activityResults).activities, task, 0);
  assert.deepEqual(
    run.rows.map(({ activity }) => activity.name),
    ["Act_Start", "Translate_zh_en", "VodSnapshot_123", "VodDynamicImage_123"],
  );
  assert.equal(run.from, parseTime("2025-03-27T08:15:45Z"));
  assert.equal(run.to, task.finishedAt);
  assert.deepEqual(run.rows[0]?.span, { kind: "point", at: run.from, missing: "end" });
  assert.deepEqual(run.summary, {
    total: 4,
    counts: { pending: 0, running: 0, succeeded: 3, failed: 1, canceled: 0, skipped: 0, unknown: 0 },
    status: "Succeed",
    disagrees: true,
    live: false,
    duration: 274_000,
    firstFailure: "Translate_zh_en",
    longest: { name: "Translate_zh_en", duration: 273_000 },
    alone: { name: "Translate_zh_en", duration: 265_000, share: 265 / 274 },
  });
  assert.equal(shareOf(273_000, run), 273 / 274);
});

test("an activity without an end is running only if its status says so", () => {
  assert.deepEqual(activitySpan(activity("a", 1, undefined, { status: "Processing" })), {
    kind: "running",
    start: 1000,
  });
  for (const status of ["Succeed", "Failed", "Strange", ""]) {
    assert.deepEqual(activitySpan(activity("a", 1, undefined, { status })), {
      kind: "point",
      at: 1000,
      missing: "end",
    });
  }
  assert.deepEqual(activitySpan(activity("a", undefined, 2)), { kind: "point", at: 2000, missing: "start" });
  assert.deepEqual(activitySpan(activity("a", 3, 2)), { kind: "point", at: 3000, missing: "order" });
  assert.deepEqual(activitySpan(activity("a")), { kind: "none" });
});

test("rows go by start, then end with the running last, then name; what has no time comes last", () => {
  const running = activity("r", 1, undefined, { status: "Processing" });
  const list = [
    activity("none"),
    activity("c", 1, 5),
    running,
    activity("b", 1, 5),
    activity("a", 1, 9),
    activity("z", 0, 9),
  ];
  assert.deepEqual(
    describeRun(list, {}, 0).rows.map(({ activity }) => activity.name),
    ["z", "b", "c", "a", "r", "none"],
  );
});

test("a run is live while the task or an activity is at work, and then ends now", () => {
  const running = [activity("a", 10, undefined, { status: "Processing" })];
  const live = describeRun(running, { phase: "running", createdAt: 9000 }, 60_000);
  assert.deepEqual([live.from, live.to, live.summary.live], [9000, 60_000, true]);
  const finished = describeRun(running, { phase: "failed", createdAt: 9000, finishedAt: 30_000 }, 60_000);
  assert.deepEqual([finished.to, finished.summary.live], [30_000, false]);
  const unknown = describeRun([activity("a", 10, 20)], { phase: "unknown" }, 60_000);
  assert.deepEqual([unknown.from, unknown.to, unknown.summary.live], [10_000, 20_000, false]);
});

test("only a task that says it succeeded disagrees with its failures", () => {
  const failed = [activity("a", 0, 1, { status: "Failed" })];
  const disagrees = (phase: string) => describeRun(failed, { phase }, 0).summary.disagrees;
  assert.deepEqual(["succeeded", "failed", "running"].map(disagrees), [true, false, false]);
  assert.equal(describeRun([activity("a", 0, 1)], { phase: "succeeded" }, 0).summary.disagrees, false);
});

test("a clock that is behind the service does not turn the axis around", () => {
  const run = describeRun([activity("a", 100, undefined, { status: "Processing" })], { phase: "running" }, 0);
  assert.deepEqual([run.from, run.to], [100_000, 100_000]);
});

test("no activities, or none with a time", () => {
  const empty = describeRun([], {}, 5);
  assert.deepEqual([empty.from, empty.to, empty.summary.total, empty.summary.duration], [0, 0, 0, undefined]);
  const timeless = describeRun([activity("a")], {}, 5);
  assert.deepEqual([timeless.rows.length, timeless.from, timeless.to], [1, 0, 0]);
});

test("time alone: as counted moment by moment", () => {
  const now = 25_000;
  fc.assert(
    fc.property(activityLists(), (activities) => {
      const expected = activities.map(() => 0);
      for (let at = 0; at < 40; at++) {
        const active = activities.flatMap((item, index) => {
          const span = activitySpan(item);
          const timed = span.kind === "bar" || span.kind === "running";
          return timed && span.start <= at * 1000 && at * 1000 < spanEnd(span, now)! ? [index] : [];
        });
        if (active.length === 1) expected[active[0]!]! += 1000;
      }
      assert.deepEqual([...aloneTimes(activities.map(activitySpan), now)], expected);
    }),
  );
});

test("the critical chain: by time, and held to what is stated", () => {
  const list = [
    activity("start", 0),
    activity("long", 1, 50),
    activity("short", 1, 5),
    activity("after", 51, 60),
    activity("other", 6, 20),
  ];
  assert.deepEqual(criticalChain(list, 0), ["start", "long", "after"]);
  const stated: Record<string, string[]> = { after: ["short", "missing"], short: ["start"] };
  assert.deepEqual(
    criticalChain(list, 0, (name) => stated[name]),
    ["start", "short", "after"],
  );
  assert.deepEqual(criticalChain([], 0), []);
  assert.deepEqual(criticalChain([activity("a")], 0), []);
});

test("the critical chain is a chain: each had ended when the next started, and nothing that had ended later did", () => {
  fc.assert(
    fc.property(activityLists(), (activities) => {
      const now = 30_000;
      const timed = (item: Activity) => {
        const span = activitySpan(item);
        return { start: spanStart(span), end: spanEnd(span, now) };
      };
      const chain = criticalChain(activities, now).map((name) => timed(activities.find((item) => item.name === name)!));
      const all = activities.map(timed).filter((item) => item.end !== undefined);
      const latest = (ends: (number | undefined)[]) => Math.max(Number.NEGATIVE_INFINITY, ...ends.map((end) => end!));
      if (all.length > 0) assert.equal(chain.at(-1)?.end, latest(all.map(({ end }) => end)));
      assert.equal(new Set(criticalChain(activities, now)).size, chain.length);
      for (const [i, link] of chain.entries()) {
        // Points of the same moment may stand before or behind each other.
        const others = all.filter((item) => !(item.start === link.start && item.end === link.start));
        const before = others.filter((item) => item.end! <= link.start!);
        if (i === 0) assert.equal(before.length, 0);
        else assert.ok(chain[i - 1]!.end! <= link.start! && chain[i - 1]!.end! >= latest(before.map(({ end }) => end)));
      }
    }),
  );
});
