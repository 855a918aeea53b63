import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedBudget } from "../../../src/jobs/budget.ts";
import type { JobHub } from "../../../src/jobs/hub.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import type { Lane } from "../../../src/vod/types.ts";
import { FakeClock } from "../support/clock.ts";

function budgets(count: number, rate = 8) {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const start = clock.now();
  const starts: { at: number; lane: Lane; window: number }[] = [];
  const windows = Array.from({ length: count }, () => new SharedBudget(hub, "demo", clock, () => rate));
  /** Takes a slot and writes down when it came, ms after the beginning. */
  const take = async (window: number, lane: Lane, signal?: AbortSignal) => {
    await windows[window]!.take(lane, signal);
    starts.push({ at: clock.now() - start, lane, window });
  };
  return { clock, hub, windows, starts, take };
}

const isIgnored = () => {};

test("windows share the background rate, each in its turn", async () => {
  const { clock, starts, take } = budgets(4);
  for (let n = 0; n < 80; n++) take(n % 4, "background").catch(isIgnored);
  await clock.advance(10_500);
  assert.ok(starts.length >= 78, `${starts.length} in 10.5 s`);
  for (let window = 0; window < 4; window++) {
    assert.ok(starts.filter((one) => one.window === window).length >= 18);
  }
});

test("interactive calls go before background ones, in their own and in other windows", async () => {
  const { clock, starts, take } = budgets(2, 13);
  for (let n = 0; n < 100; n++) take(n % 2, "background").catch(isIgnored);
  await clock.advance(2_000);
  take(0, "interactive").catch(isIgnored);
  take(1, "interactive").catch(isIgnored);
  await clock.advance(1_000);
  const waits = starts.filter(({ lane }) => lane === "interactive").map(({ at }) => at - 2_000);
  assert.equal(waits.length, 2);
  assert.ok(Math.max(...waits) <= 4 * 77 + 2, `waited ${waits} ms`);
  assert.ok(Math.min(...waits) <= 2 * 77 + 2);
});

test("an aborted wait rejects with its reason and gives its slot to the next", async () => {
  const { clock, starts, take } = budgets(1);
  const abort = new AbortController();
  await take(0, "interactive");
  const aborted = take(0, "interactive", abort.signal);
  aborted.catch(isIgnored);
  await clock.advance(20);
  abort.abort(new Error("left"));
  await assert.rejects(aborted, { message: "left" });
  take(0, "interactive").catch(isIgnored);
  await clock.advance(78);
  assert.equal(starts.length, 2, "the next had the slot that was given back, not one after it");
  await assert.rejects(take(0, "interactive", abort.signal), { message: "left" });
});

test("a background wait can be promoted by its signal", async () => {
  const { clock, windows, starts, take } = budgets(1, 0.5);
  const signal = new AbortController().signal;
  take(0, "background").catch(isIgnored);
  take(0, "background", signal).catch(isIgnored);
  await clock.advance(500);
  assert.equal(starts.length, 1);
  windows[0]!.promote(signal);
  await clock.advance(100);
  assert.equal(starts.length, 2);
});

test("after the process was held up, missed slots are not all used at once", async () => {
  const { clock, starts, take } = budgets(1, 13);
  for (let n = 0; n < 40; n++) take(0, "interactive").catch(isIgnored);
  await clock.advance(200);
  const before = starts.length;
  clock.jump(3_600_000);
  await clock.advance(1_000);
  const after = starts.slice(before);
  assert.ok(after.length >= 5, `${after.length} went on`);
  const most = Math.max(
    ...after.map(({ at }) => after.filter((other) => other.at >= at && other.at < at + 1_000).length),
  );
  assert.ok(most <= 15, `${most} in one second`);
});

test("throttling in one window slows all of them, and they recover once calls are answered", async () => {
  const { clock, windows, starts, take } = budgets(2, 13);
  windows[0]!.throttled(2_000);
  await clock.advance(10);
  for (let n = 0; n < 600; n++) take(n % 2, "background").catch(isIgnored);
  await clock.advance(1_900);
  assert.equal(starts.length, 0, "held");
  await clock.advance(10_000);
  const slow = starts.length;
  assert.ok(slow >= 60 && slow <= 68, `${slow} in 10 s at 6.5/s`);
  windows[1]!.succeeded();
  await clock.advance(40_000);
  const before = starts.length;
  await clock.advance(5_000);
  assert.ok(starts.length - before >= 62, "back at the ceiling");
});

test("a hub that fails fails those who wait, not those who come later", async () => {
  const { clock, hub } = budgets(0);
  let broken = true;
  const reserve: JobHub["reserve"] = (...args) =>
    broken ? Promise.reject(new Error("disk")) : SqliteHub.prototype.reserve.apply(hub, args);
  const budget = new SharedBudget(Object.assign(Object.create(hub), { reserve }), "demo", clock, () => 8);
  await assert.rejects(budget.take("interactive"), { message: "disk" });
  broken = false;
  await budget.take("interactive");
});
