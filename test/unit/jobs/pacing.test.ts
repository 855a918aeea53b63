import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  beginRecovery,
  freshPacing,
  giveBackSlots,
  type PacingState,
  reserveSlots,
  slowDown,
} from "../../../src/jobs/pacing.ts";
import { ceiling, rateAt, recoveredAt } from "../../../src/jobs/rate.ts";

const start = 1_000_000;
const ask = (now: number, interactive: number, background: number, backgroundRate = 8) => ({
  now,
  interactive,
  background,
  backgroundRate,
});

/** The most starts in any window of one second. */
function mostInASecond(starts: readonly number[]): number {
  const sorted = [...starts].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((from, i) => sorted.slice(i).filter((at) => at < from + 1_000).length));
}

/** What several windows get that each wait for `each` background calls and ask when they are told to. */
function drain(windows: number, each: number, backgroundRate: number) {
  let state: PacingState = freshPacing;
  const starts: number[] = [];
  const waiting = Array.from({ length: windows }, () => ({ left: each, askAt: start }));
  let requests = 0;
  for (let now = start; waiting.some(({ left }) => left > 0); now++) {
    for (const window of waiting) {
      if (window.left === 0 || window.askAt > now) continue;
      const { state: after, grant } = reserveSlots(state, ask(now, 0, window.left, backgroundRate));
      state = after;
      requests++;
      starts.push(...grant.background);
      window.left -= grant.background.length;
      window.askAt = grant.askAgainAt ?? now;
    }
  }
  return { starts, requests };
}

for (const [windows, rate, seconds] of [
  [1, 13, 10.4],
  [8, 13, 10.4],
  [1, 8, 16.9],
  [8, 8, 16.9],
] as const) {
  test(`${windows} windows drain at ${rate} calls/s, evenly and asking about once a call`, () => {
    const { starts, requests } = drain(windows, 136 / windows, rate);
    const took = (Math.max(...starts) - start) / 1_000;
    assert.ok(Math.abs(took - seconds) < 0.3, `took ${took} s`);
    assert.ok(mostInASecond(starts) <= Math.ceil(rate) + 1);
    assert.ok(requests < 2.2 * starts.length, `${requests} requests`);
  });
}

test("no second ever has more than 14 starts, whatever is asked, given back and throttled", () => {
  const step = fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 100_000 })),
    interactive: fc.integer({ min: 0, max: 6 }),
    background: fc.integer({ min: 0, max: 6 }),
    rate: fc.constantFrom(0.5, 8, 13, 100),
    giveBack: fc.boolean(),
    throttled: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state: PacingState = freshPacing;
      let now = start;
      const starts = new Set<number>();
      for (const { wait, interactive, background, rate, giveBack, throttled } of steps) {
        now += wait;
        const before = Math.max(now, state.nextAt);
        const { state: after, grant } = reserveSlots(state, ask(now, interactive, background, rate));
        state = after;
        for (const at of [...grant.interactive, ...grant.background]) {
          assert.ok(at >= now);
          assert.ok(!starts.has(at), "a start is given once");
          starts.add(at);
        }
        assert.equal(grant.interactive.length, interactive);
        for (const at of grant.background) assert.ok(at <= before + 2_100);
        if (giveBack && grant.interactive.length > 0) {
          const back = grant.interactive.at(-1)!;
          starts.delete(back);
          state = giveBackSlots(state, [back], now);
        }
        if (throttled) state = slowDown(state, now, undefined);
        if (giveBack) state = beginRecovery(state, now);
      }
      assert.ok(mostInASecond([...starts]) <= 14);
    }),
    { numRuns: 150 },
  );
});

test("an interactive call starts at most two slots after now, however many polls wait", () => {
  let state: PacingState = freshPacing;
  for (let now = start; now < start + 5_000; now += 7) {
    state = reserveSlots(state, ask(now, 0, 500, 13)).state;
    const slot = reserveSlots(state, ask(now, 1, 0)).grant.interactive[0]!;
    assert.ok(slot - now <= 2 * (1_000 / ceiling) + 1, `${slot - now} ms`);
  }
});

test("a start that is given back goes to whoever asks next", () => {
  const first = reserveSlots(freshPacing, ask(start, 3, 0));
  const [, second] = first.grant.interactive as [number, number, number];
  const state = giveBackSlots(first.state, [second], start + 10);
  assert.equal(reserveSlots(state, ask(start + 20, 1, 0)).grant.interactive[0], second);
  assert.ok(reserveSlots(state, ask(second + 1, 1, 0)).grant.interactive[0]! > second, "but not when it has passed");
});

test("after an idle hour there is no burst", () => {
  const { state } = reserveSlots(freshPacing, ask(start, 1, 0));
  const { grant } = reserveSlots(state, ask(start + 3_600_000, 14, 0));
  assert.ok(mostInASecond(grant.interactive) <= 13 + 1);
  assert.ok(grant.interactive[1]! - grant.interactive[0]! > 76);
});

test("a wall clock that was set back blocks nobody", () => {
  const { state } = reserveSlots(freshPacing, ask(start + 86_400_000, 1, 0));
  const { grant } = reserveSlots(state, ask(start, 1, 0));
  assert.ok(grant.interactive[0]! <= start + 1_000);
});

test("throttling halves the rate, holds as long as the service says, and recovers additively", () => {
  const table: [now: number, rate: number][] = [
    [0, 6.5],
    [2_000, 6.5], // held; nothing answered yet
    [12_000, 8.5],
    [22_000, 10.5],
    [34_500, 13],
    [100_000, 13],
  ];
  let state = slowDown(freshPacing, start, 2_000);
  state = slowDown(state, start + 200, 500); // in flight with the first: the same throttling
  assert.equal(reserveSlots(state, ask(start + 300, 1, 0)).grant.interactive[0], start + 2_000);
  state = beginRecovery(state, start + 1_000); // answered while held: it had started before
  assert.equal(state.slowdown?.recoveringSince, undefined);
  state = beginRecovery(state, start + 2_000);
  for (const [now, rate] of table) assert.equal(Math.round(rateAt(state.slowdown, start + now) * 10) / 10, rate);
  assert.equal(recoveredAt(state.slowdown!, start + 5_000), start + 34_500);
  const again = slowDown(state, start + 12_000, undefined);
  assert.equal(again.slowdown?.rate, 8.5 / 2);
});

test("an absurd retry-after does not stop an account for good", () => {
  const state = slowDown(freshPacing, start, 1e12);
  assert.ok(reserveSlots(state, ask(start, 1, 0)).grant.interactive[0]! <= start + 600_000);
});

test("many who wait at a slow rate are no clock set back: each still gets a start of its own", () => {
  let state = freshPacing;
  for (let n = 0; n < 4; n++) state = slowDown(state, start + n * 2_000, 0);
  const rate = state.slowdown!.rate;
  const starts: number[] = [];
  for (let n = 0; n < 20; n++) {
    const { state: after, grant } = reserveSlots(state, ask(start + 7_000 + n, 10, 0));
    state = after;
    starts.push(...grant.interactive);
  }
  assert.equal(new Set(starts).size, 200);
  for (const [n, at] of starts.entries()) {
    if (n > 0) assert.ok(at - starts[n - 1]! >= 999 / rate, `${n}: ${at - starts[n - 1]!} ms after the one before`);
  }
});

test("with the wall clock set back, calls start at once again though they were slowed or waited for", () => {
  let { state } = reserveSlots(slowDown(freshPacing, start, 120_000), ask(start, 20, 5));
  state = giveBackSlots(state, [start + 121_000], start);
  const back = start - 600_000;
  const { grant } = reserveSlots(state, ask(back, 3, 1));
  assert.ok(grant.interactive[0]! <= back + 1_000 && grant.interactive[2]! < back + 2_000, String(grant.interactive));
  assert.ok(Math.abs((grant.askAgainAt ?? grant.background[0]!) - back) < 5_000);
});
