import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../../src/vod/clock.ts";
import { FakeClock } from "../support/clock.ts";

describe("systemClock", () => {
  it("never wakes early", async () => {
    for (const ms of [0, 0.4, 1.5, 3]) {
      const start = performance.now();
      await systemClock.sleep(ms);
      assert.ok(performance.now() - start >= ms, `${ms} ms`);
    }
  });

  it("rejects with the signal's reason, before and while it sleeps", async () => {
    const reason = new Error("enough");
    await assert.rejects(systemClock.sleep(60_000, AbortSignal.abort(reason)), reason);
    const controller = new AbortController();
    const sleep = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(sleep, reason);
  });

  it("can sleep longer than a timer can, without asking a timer for it", async (test) => {
    const warnings: string[] = [];
    const listen = ({ name }: Error) => void warnings.push(name);
    process.on("warning", listen);
    test.after(() => process.off("warning", listen));
    const controller = new AbortController();
    const sleep = assert.rejects(systemClock.sleep(2 ** 32, controller.signal));
    await systemClock.sleep(5);
    controller.abort();
    await sleep;
    assert.deepEqual(warnings, [], "Node wakes after 1 ms instead, and warns");
  });
});

describe("FakeClock", () => {
  it("wakes sleepers in the order they are due, each after what the one before set off", async () => {
    const clock = new FakeClock(0);
    const log: string[] = [];
    const nap = async (name: string, ms: number) => {
      await clock.sleep(ms);
      log.push(`${name} ${clock.now()}`);
    };
    void nap("late", 30);
    void nap("early", 10).then(() => nap("chained", 5));
    void nap("same", 10);
    await clock.advance(20);
    assert.deepEqual(log, ["early 10", "same 10", "chained 15"]);
    assert.equal(clock.now(), 20);
    assert.equal(clock.sleeping, 1);
    assert.equal(clock.nextDue, 10);
    await clock.advance(10);
    assert.equal(log.at(-1), "late 30");
    assert.equal(clock.nextDue, undefined);
  });

  it("rejects aborted sleeps and forgets them", async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const sleep = clock.sleep(10, controller.signal);
    controller.abort(new Error("enough"));
    await assert.rejects(sleep, /enough/);
    assert.equal(clock.sleeping, 0);
    await assert.rejects(clock.sleep(10, controller.signal), /enough/);
  });

  it("jumps without waking anybody", async () => {
    const clock = new FakeClock(0);
    let woke = false;
    void clock.sleep(10).then(() => {
      woke = true;
    });
    clock.jump(100);
    assert.equal(clock.now(), 100);
    assert.equal(woke, false);
    await clock.advance(0);
    assert.equal(woke, true);
  });
});
