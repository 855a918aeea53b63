import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { endedBy, learnDurations, medianEnd } from "../../../src/jobs/durationModel.ts";
import { delayCost, type PlanFacts, planPoll } from "../../../src/jobs/pollPlan.ts";
import { nextPollAge, planPolls } from "../../../src/jobs/pollTimes.ts";
import type { Pace, PollReason } from "../../../src/jobs/types.ts";

const start = Date.UTC(2025, 0, 1);
const day = 24 * 3_600_000;

/** Thirty finished jobs around a median, evenly over the log-normal distribution. */
function thirtyAround(median: number, spread: number): number[] {
  const quantiles = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];
  const z = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];
  return quantiles.flatMap((_, n) => Array.from({ length: 3 }, () => median * Math.exp(spread * z[n]!)));
}

const times = (ofKind: readonly number[], pace: Pace = "normal", ofType: readonly number[] = []) =>
  planPolls(learnDurations(ofKind, ofType), delayCost[pace] / 1_000);

const running: PlanFacts = { phase: "running", createdAt: start, addedAt: start, checkedAt: start, failures: 0 };

/** The seconds after creation at which a job is polled that never ends, and the reasons. */
function polls(ofKind: readonly number[], until: number, pace: Pace = "normal", focused = true) {
  const learned = times(ofKind, pace);
  const seconds: number[] = [];
  const reasons: PollReason[] = [];
  for (let checkedAt = start; checkedAt < start + until * 1_000; ) {
    const plan = planPoll({ ...running, checkedAt }, learned, pace, 0.5);
    checkedAt = (focused ? plan.at : plan.unfocusedAt)!;
    seconds.push(Math.round((checkedAt - start) / 1_000));
    reasons.push(plan.reason);
  }
  return { seconds, reasons };
}

test("without history, polls grow apart with the job's age", () => {
  const { seconds, reasons } = polls([], 3_600);
  const intervals = seconds.map((at, n) => at - (seconds[n - 1] ?? 0));
  assert.ok(seconds.length >= 15 && seconds.length <= 45, seconds.join(" "));
  assert.ok(intervals.at(-1)! > 4 * intervals[0]!, intervals.join(" "));
  assert.deepEqual(new Set(reasons), new Set(["age"]));
});

test("with history, polls gather where the end is likely, and thin out when it is overdue", () => {
  const { seconds, reasons } = polls(thirtyAround(120_000, 0.15), 1_200);
  const between = (from: number, to: number) => seconds.filter((at) => at >= from && at < to).length;
  assert.equal(between(0, 90), 0, seconds.join(" "));
  assert.ok(between(90, 180) >= 4, seconds.join(" "));
  assert.ok(between(900, 1_200) <= 12, seconds.join(" "));
  assert.equal(reasons[0], "history");
  assert.equal(reasons.at(-1), "overdue");
});

test("paces poll more or less", () => {
  const kind = thirtyAround(300_000, 0.5);
  const count = (pace: Pace) => polls(kind, 600, pace).seconds.length;
  assert.ok(count("relaxed") < count("normal") && count("normal") < count("eager"));
});

test("without focus polls are rarer", () => {
  const kind = thirtyAround(300_000, 0.5);
  assert.ok(polls(kind, 900, "normal", false).seconds.length <= polls(kind, 900).seconds.length / 1.5);
});

test("the reasons and times of every kind of job", () => {
  const learned = times(thirtyAround(120_000, 0.3));
  const problem = (kind: "service" | "not-found", at = start) => ({ kind, at });
  const table: [what: string, facts: Partial<PlanFacts>, reason: PollReason, seconds: number | undefined][] = [
    ["never asked", { checkedAt: undefined }, "first", 0],
    ["succeeded", { phase: "succeeded" }, "final", undefined],
    ["failed", { phase: "failed" }, "final", undefined],
    ["canceled", { phase: "canceled" }, "final", undefined],
    ["skipped", { phase: "skipped" }, "final", undefined],
    ["a word nobody documented is polled on", { phase: "unknown" }, "history", 100],
    ["first failure", { failures: 1, problem: problem("service") }, "problem", 5],
    ["second", { failures: 2, problem: problem("service") }, "problem", 10],
    ["fifth", { failures: 5, problem: problem("service") }, "problem", 80],
    ["hundredth", { failures: 100, problem: problem("service") }, "problem", 900],
    ["hundredth not found", { failures: 100, problem: problem("not-found") }, "problem", 7_200],
    ["failed before any answer", { checkedAt: undefined, failures: 1, problem: problem("service") }, "problem", 5],
    ["created after this clock's now", { createdAt: start + day }, "history", 100],
    ["half a year old", { createdAt: start - 180 * day }, "overdue", 900],
    ["past what the service remembers", { createdAt: start - 185 * day }, "too-old", undefined],
  ];
  for (const [what, facts, reason, seconds] of table) {
    const plan = planPoll({ ...running, ...facts }, learned, "normal", 0.5);
    assert.equal(plan.reason, reason, what);
    const wait = plan.at === undefined ? undefined : Math.round((plan.at - start) / 1_000);
    if (seconds === undefined || wait === undefined) assert.equal(wait, seconds, what);
    else assert.ok(Math.abs(wait - seconds) <= seconds * 0.15, `${what}: ${wait} s`);
  }
});

test("what failed together is not tried again together", () => {
  const failed = { ...running, failures: 1, problem: { kind: "service" as const, at: start } };
  const at = (random: number) => planPoll(failed, times([]), "normal", random).at! - start;
  assert.deepEqual([at(0), at(0.5), at(1)], [3_750, 5_000, 6_250]);
});

test("the likely end is the median of those that took as long", () => {
  const model = learnDurations(thirtyAround(120_000, 0.3), []);
  assert.ok(Math.abs(medianEnd(model, 0)! - 120_000) < 2_000);
  assert.ok(medianEnd(model, 150_000)! > 155_000);
  assert.equal(medianEnd(model, model.ages.at(-1)! * 2), undefined);
});

test("a kind that is new is expected to take as long as its type", () => {
  const ofType = thirtyAround(600_000, 0.4);
  const first = nextPollAge(times([], "normal", ofType), 0);
  assert.ok(first > 150_000, `${first} ms`);
  assert.ok(first > 2 * nextPollAge(times([]), 0));
});

test("any history gives a distribution, and plans that go on forever and never stand still", () => {
  const durations = fc.array(fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 1e9 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(durations, durations, fc.constantFrom<Pace>("relaxed", "normal", "eager"), (ofKind, ofType, pace) => {
      const model = learnDurations(ofKind, ofType);
      for (let i = 1; i < model.ages.length; i++) {
        assert.ok(model.ages[i]! >= model.ages[i - 1]!);
        assert.ok(model.ended[i]! >= model.ended[i - 1]!);
      }
      assert.ok(Math.abs(endedBy(model, Number.MAX_VALUE) - 1) < 1e-9);
      const learned = planPolls(model, delayCost[pace] / 1_000);
      let checkedAt = start;
      for (let n = 0; n < 200; n++) {
        const plan = planPoll({ ...running, checkedAt }, learned, pace, 0.5);
        assert.ok(plan.at! >= checkedAt + 2_000 && plan.at! <= checkedAt + 30 * 60_000);
        assert.ok(plan.unfocusedAt! > plan.at!);
        checkedAt = plan.at!;
      }
    }),
    { numRuns: 25 },
  );
});
