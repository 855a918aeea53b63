import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { JobGrouping } from "../../../src/editor/tree/grouping.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { FakeClock } from "../support/clock.ts";
import { close, FakeService, openWindow, ref, type SeenCall } from "./support.ts";

const hour = 3_600_000;

/** A clock whose wall time can be set while what sleeps by it sleeps on, as timers do. */
class WallClock extends FakeClock {
  #ahead = 0;

  override now(): number {
    return super.now() + this.#ahead;
  }

  set(ahead: number): void {
    this.#ahead += ahead;
  }
}

/** The most calls in any second; `calls` in the order they were made. */
function mostInASecond(calls: readonly SeenCall[]): number {
  let most = 0;
  let from = 0;
  for (const [n, { at }] of calls.entries()) {
    while (calls[from]!.at <= at - 1_000) from++;
    most = Math.max(most, n - from + 1);
  }
  return most;
}

/** Windows on one hub, all on one clock, with jobs that run for ever. */
async function startWindows(count: number, jobs: number) {
  const clock = new WallClock();
  const hub = new SqliteHub(undefined, () => clock.now());
  const service = new FakeService(clock);
  const begun = clock.now();
  service.answer = () => ({ createdAt: begun });
  const trackers = Array.from(
    { length: count },
    (_, n) => openWindow(hub, clock, service, { focused: n === 0 }).tracker,
  );
  for (const tracker of trackers) await tracker.start();
  await trackers[0]!.track(Array.from({ length: jobs }, (_, n) => ref(`job${n}`)));
  return { clock, hub, service, trackers, close: () => close(trackers, hub, clock) };
}

/** The calls of the next `ms`, asserted to come in no burst: the background share of 8 a second, and one at its edge. */
async function callsDuring(clock: FakeClock, service: FakeService, ms: number): Promise<SeenCall[]> {
  service.calls.length = 0;
  await clock.advance(ms);
  const calls = [...service.calls];
  assert.ok(mostInASecond(calls) <= 9, `${mostInASecond(calls)} calls in a second`);
  return calls;
}

test("after eight hours of sleep every window's backlog is spread, and each job is asked for once", async () => {
  const { clock, service, trackers, close } = await startWindows(3, 300);
  await callsDuring(clock, service, 60_000);
  clock.set(8 * hour);
  const woken = clock.now();
  const calls = await callsDuring(clock, service, 90_000);
  assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length, "none was asked for twice");
  assert.ok(calls.length >= 295, "those whose answers the sleep held up need no other");
  for (const tracker of trackers) {
    assert.equal(tracker.jobs.size, 300);
    for (const job of tracker.jobs.values()) assert.ok(job.checkedAt! >= woken, job.key);
  }
  await close();
});

for (const back of [90_000, hour]) {
  test(`a clock set back by ${back / 60_000} min stops no polls and makes no burst`, async () => {
    const { clock, service, close } = await startWindows(2, 60);
    await callsDuring(clock, service, 10 * 60_000);
    clock.set(-back);
    const calls = await callsDuring(clock, service, 20 * 60_000);
    const asked = Map.groupBy(calls, ({ id }) => id);
    assert.equal(asked.size, 60, "every job is asked for again");
    for (const [id, { length }] of asked) assert.ok(length <= 25, `${id} was asked for ${length} times`);
    await close();
  });
}

test("a clock set back while the account is offline or slowed delays recovery by a minute or so, not by an hour", async () => {
  const { clock, service, trackers, close } = await startWindows(1, 20);
  await callsDuring(clock, service, 30_000);
  service.answer = () => {
    throw new VodError("network", "unreachable");
  };
  await callsDuring(clock, service, 2 * 60_000);
  assert.ok(trackers[0]!.accounts.get("demo")?.offlineSince);
  trackers[0]!.budget("demo").throttled(30_000);
  clock.set(-hour);
  service.answer = () => ({ status: "done" });
  await callsDuring(clock, service, 5 * 60_000);
  assert.equal(trackers[0]!.accounts.get("demo")?.offlineSince, undefined);
  assert.ok([...trackers[0]!.jobs.values()].every(({ phase }) => phase === "succeeded"));
  await close();
});

test("the change to and from daylight saving time moves no poll; a day has its own 23 or 25 hours in the tree", async () => {
  const zone = process.env.TZ;
  const pollsIn = async (timeZone: string) => {
    process.env.TZ = timeZone;
    // Clocks in Berlin go back on 25 October 2026, at 01:00 UTC.
    const clock = new FakeClock(Date.UTC(2026, 9, 24, 23));
    const hub = new SqliteHub(undefined, () => clock.now());
    const service = new FakeService(clock);
    const begun = clock.now();
    service.answer = () => ({ createdAt: begun });
    const { tracker } = openWindow(hub, clock, service, { focused: false });
    await tracker.start();
    await tracker.track([ref("a")]);
    await clock.advance(3 * hour);
    await close([tracker], hub, clock);
    return service.times("a", begun).map(Math.round);
  };
  try {
    assert.deepEqual(await pollsIn("Europe/Berlin"), await pollsIn("UTC"));
    process.env.TZ = "Europe/Berlin";
    const at = (iso: string): TrackedJob => ({
      key: jobKey(ref(iso)),
      ref: ref(iso),
      phase: "running",
      createdAt: Date.parse(iso),
      addedAt: 0,
      seen: true,
    });
    // The first and the last moments of the long day, the hour that comes twice, and the days beside it.
    const times = ["2026-10-24T21:59", "2026-10-24T22:00", "2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T22:59"];
    const jobs = [...times, "2026-10-25T23:00"].map((time) => at(`${time}:00Z`));
    const grouping = new JobGrouping(new Map(jobs.map((job) => [job.key, job])), "day", "newest");
    assert.deepEqual(
      grouping.groups().map(({ id, count }) => `${id} ${count}`),
      ["2026-10-26 1", "2026-10-25 4", "2026-10-24 1"],
    );
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

/** The long form is `npm run test:long -- unit --grep "24 hours"`. */
const jobsOfADay = process.env.VOD_JOBS_LONG === "1" ? 500 : 25;

test(`24 hours with ${jobsOfADay} jobs: no drift, no leak, no burst`, async (t) => {
  const any = t.mock.method(AbortSignal, "any");
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined, () => clock.now());
  const service = new FakeService(clock);
  const { tracker } = openWindow(hub, clock, service, { focused: false });
  /** Of each job, when it began and when it ends: one in ten within the hour, the others later than this day. */
  const lives = new Map<string, { readonly from: number; readonly to: number }>();
  let latest = 0;
  service.answer = (job, now) => {
    const planned = tracker.jobs.get(jobKey(job))?.nextCheckAt;
    if (planned !== undefined) latest = Math.max(latest, now - planned);
    const { from, to } = lives.get(job.id)!;
    return { createdAt: from, kind: "hd", ...(now >= to && { status: "done", finishedAt: to }) };
  };
  await tracker.start();
  const hours: { calls: number; latest: number; heap: number }[] = [];
  for (let made = 0; hours.length < 24; ) {
    await tracker.clearFinished();
    for (const id of lives.keys()) if (!tracker.jobs.has(jobKey(ref(id)))) lives.delete(id);
    const fresh = Array.from({ length: jobsOfADay - tracker.jobs.size }, () => `job${made++}`);
    for (const [n, id] of fresh.entries()) {
      const lasts = made > jobsOfADay || n % 10 === 0 ? (5 + (n % 40)) * 60_000 : 48 * hour;
      lives.set(id, { from: clock.now(), to: clock.now() + lasts });
    }
    await tracker.track(fresh.map((id) => ref(id)));
    latest = 0;
    const { length: calls } = await callsDuring(clock, service, hour);
    service.calls.length = 0;
    collectGarbage();
    hours.push({ calls, latest, heap: process.memoryUsage().heapUsed });
  }
  assert.equal(tracker.jobs.size, jobsOfADay);
  const [morning, evening] = [hours.slice(4, 10), hours.slice(-6)];
  const told = JSON.stringify(hours);
  // A poll is as late as the wait for its turn among those due with it, and no later in the evening than in the morning.
  const worst = (some: typeof hours) => Math.max(...some.map((one) => one.latest));
  assert.ok(worst(evening) <= Math.max(2_000, worst(morning)), told);
  const least = (some: typeof hours, of: "calls" | "heap") => Math.min(...some.map((one) => one[of]));
  assert.ok(least(evening, "calls") > 0.5 * least(morning, "calls"), told);
  assert.ok(least(evening, "heap") - least(morning, "heap") < 1_000_000, told);
  // In Node 22, which editors run, each costs some 200 bytes for as long as the oldest of its signals lives.
  assert.equal(any.mock.callCount(), 0);
  await close([tracker], hub, clock);
});
