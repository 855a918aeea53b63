import assert from "node:assert/strict";
import { test } from "node:test";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { StorageError } from "../../../src/jobs/storageError.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { FakeClock } from "../support/clock.ts";
import { close, FakeService, openWindow, ref, startWindow } from "./support.ts";

const job = ref("a");
const key = jobKey(job);
const jobs = (count: number) => Array.from({ length: count }, (_, n) => ref(`job${n}`));

/** The most calls in any second. */
const mostInASecond = (calls: readonly { at: number }[]) =>
  Math.max(0, ...calls.map(({ at }) => calls.filter((other) => other.at >= at && other.at < at + 1_000).length));

const fail = (kind: ConstructorParameters<typeof VodError>[0]) => () => {
  throw new VodError(kind, `made-up ${kind}`, { code: `Code.${kind}` });
};

/** Ends a window whose service answers again: the account has no trouble left after `ms`, and all its jobs are done. */
async function recovers({ clock, service, tracker, close }: Awaited<ReturnType<typeof startWindow>>, ms: number) {
  service.answer = () => ({ status: "done" });
  await clock.advance(ms);
  assert.equal(tracker.accounts.get("demo")?.serviceProblem, undefined);
  assert.ok([...tracker.jobs.values()].every(({ phase }) => phase === "succeeded"));
  await close();
}

test("one network failure marks the account offline; one probe at a time finds the network again", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = () => ({ createdAt: start });
  await tracker.track([...jobs(30), ref("other", "ai", "work")]);
  await clock.advance(6_000);
  service.answer = ({ account }) => (account === "demo" ? fail("network")() : { createdAt: start });
  await clock.advance(30_000);
  const state = tracker.accounts.get("demo")!;
  assert.ok(state.offlineSince! >= start + 6_000);
  assert.equal(state.credentialProblem, undefined);
  const waiting = [...tracker.jobs.values()].filter(({ ref }) => ref.account === "demo");
  assert.ok(waiting.every(({ nextCheckReason }) => nextCheckReason === "offline"));
  assert.ok(waiting.every(({ nextCheckAt }) => nextCheckAt === state.nextProbeAt));

  const before = service.calls.length;
  const changes: number[] = [];
  tracker.onDidChange(({ changed }) => changes.push(changed.length));
  await clock.advance(10 * 60_000);
  const probes = service.calls.slice(before).filter(({ id }) => id !== "other");
  assert.ok(probes.length >= 4 && probes.length <= 12, `${probes.length} probes in ten minutes`);
  assert.ok(Math.max(...changes) <= 2, "jobs have said once that they are offline");
  const others = service.calls.slice(before).filter(({ id }) => id === "other");
  assert.ok(others.length > 0, "another account goes on");

  service.answer = () => ({ createdAt: start, status: "done" });
  await clock.advance(tracker.accounts.get("demo")!.nextProbeAt! - clock.now() + 2_000);
  assert.equal(tracker.accounts.get("demo")?.offlineSince, undefined);
  await clock.advance(6_000);
  const recovered = [...tracker.jobs.values()].filter((one) => one.ref.account === "demo");
  assert.ok(
    recovered.every(({ phase }) => phase === "succeeded"),
    "recovery is immediate",
  );
  assert.ok(mostInASecond(service.calls.filter(({ id }) => id !== "other")) <= 14);
  await close();
});

test("a job whose region cannot be reached does not keep the others of its account waiting", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = ({ id }) => (id === "a" ? fail("network")() : { createdAt: start });
  await tracker.track([job, ...jobs(5)]);
  await clock.advance(10 * 60_000);
  assert.equal(tracker.jobs.get(key)?.problem?.kind, "network");
  assert.ok(service.times("a", start).length <= 9, service.times("a", start).join(" "));
  for (const one of jobs(5)) assert.ok(service.times(one.id, start).length >= 8, one.id);
  assert.equal(tracker.accounts.get("demo")?.offlineSince, undefined);
  await close();
});

test("offline in one window is offline in all, with one probe for all of them", async () => {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const service = new FakeService(clock);
  const trackers = [1, 2, 3].map(() => openWindow(hub, clock, service).tracker);
  for (const tracker of trackers) await tracker.start();
  await trackers[0]!.track(jobs(12));
  await clock.advance(5_000);
  service.answer = fail("timeout");
  await clock.advance(60_000);
  for (const tracker of trackers) assert.ok(tracker.accounts.get("demo")?.offlineSince);
  const before = service.calls.length;
  await clock.advance(5 * 60_000);
  const probes = service.calls.length - before;
  assert.ok(probes >= 2 && probes <= 6, `${probes} probes`);
  await close(trackers, hub, clock);
});

test("a person's own call is made though the account is offline, and brings it back", async () => {
  const { clock, service, tracker, close } = await startWindow();
  await tracker.track([job]);
  await clock.advance(1_000);
  service.answer = fail("network");
  const looking = tracker.lookUp(job, { maxAge: 0 });
  looking.catch(() => {});
  await clock.advance(1_000);
  await assert.rejects(looking, { kind: "network" });
  assert.ok(tracker.accounts.get("demo")?.offlineSince);
  service.answer = () => ({ status: "done" });
  const again = tracker.lookUp(job, { maxAge: 0 });
  await clock.advance(1_000);
  assert.equal((await again).job?.phase, "succeeded");
  assert.equal(tracker.accounts.get("demo")?.offlineSince, undefined);
  await close();
});

test("a refused credential stops the account's polls until the credential changes", async () => {
  const { clock, service, tracker, log, close } = await startWindow();
  service.answer = fail("credentials");
  await tracker.track(jobs(20));
  await clock.advance(45_000);
  assert.ok(service.calls.length <= 8, `${service.calls.length} calls: those that were under way together`);
  assert.equal(tracker.accounts.get("demo")?.credentialProblem?.code, "Code.credentials");
  assert.equal(log.filter((line) => line.includes("Code.credentials")).length, 1, "told once");
  service.answer = () => ({ status: "done" });
  await tracker.credentialsChanged("demo");
  assert.equal(tracker.accounts.get("demo")?.credentialProblem, undefined);
  await clock.advance(5_000);
  assert.ok([...tracker.jobs.values()].every(({ phase }) => phase === "succeeded"));
  await close();
});

test("an account without a client says so like one with a wrong credential", async () => {
  const { clock, tracker, service, close } = await startWindow();
  service.answer = fail("credentials");
  await tracker.track([ref("x", "ai", "profile:gone")]);
  await clock.advance(1_000);
  assert.equal(tracker.accounts.get("profile:gone")?.credentialProblem?.kind, "credentials");
  await close();
});

test("a job that fails by itself backs off alone and keeps its plan", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = ({ id }) => (id === "a" ? fail("malformed")() : { createdAt: start });
  await tracker.track([job, ref("b")]);
  await clock.advance(10_000);
  assert.equal(tracker.jobs.get(key)?.problem?.kind, "malformed");
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "problem");
  assert.equal(tracker.jobs.get(jobKey(ref("b")))?.problem, undefined);
  await clock.advance(15 * 60_000);
  const waits = service.times("a", start).map((at, n, all) => at - (all[n - 1] ?? 0));
  assert.ok(waits.length >= 5 && waits.length <= 9, waits.join(" "));
  for (const [n, wait] of waits.entries()) if (n > 1) assert.ok(wait > waits[n - 1]!, waits.join(" "));
  service.answer = () => ({ createdAt: start });
  await clock.advance(16 * 60_000);
  assert.equal(tracker.jobs.get(key)?.problem, undefined);
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "age");
  await close();
});

test("a service that is out answers few questions, and one of them brings it back", async () => {
  const window = await startWindow();
  const { clock, service, tracker } = window;
  await tracker.track(jobs(40));
  await clock.advance(6_000);
  service.answer = fail("service");
  await clock.advance(120_000);
  assert.equal(tracker.accounts.get("demo")?.serviceProblem?.kind, "service");
  const before = service.calls.length;
  await clock.advance(5 * 60_000);
  assert.ok(service.calls.length - before <= 12, `${service.calls.length - before} calls`);
  await recovers(window, 12 * 60_000);
});

test("a sign-in page of the network in place of answers costs few calls, however many jobs there are", async () => {
  const window = await startWindow();
  const { clock, service, tracker } = window;
  await tracker.track(jobs(60));
  await clock.advance(12_000);
  service.answer = fail("malformed");
  const before = service.calls.length;
  await clock.advance(10 * 60_000);
  assert.equal(tracker.accounts.get("demo")?.serviceProblem?.kind, "malformed");
  assert.ok(service.calls.length - before <= 25, `${service.calls.length - before} calls`);
  await recovers(window, 7 * 60_000);
});

test("throttling slows every window, is shown while it lasts, and is no job's problem", async () => {
  const { clock, service, tracker, log, start, close } = await startWindow();
  await tracker.track(jobs(40));
  await clock.advance(10_000);
  let throttle = 1;
  service.answer = () => {
    if (throttle-- > 0) throw new VodError("throttled", "Throttling.User", { retryAfter: 3_000 });
    return { createdAt: start, status: "done" };
  };
  await clock.advance(20_000);
  const state = tracker.accounts.get("demo")!;
  assert.ok(state.throttledUntil! > clock.now());
  assert.ok(state.ratePerSecond >= 6.5 && state.ratePerSecond < 13);
  assert.ok([...tracker.jobs.values()].every(({ problem }) => problem === undefined));
  let told = 0;
  tracker.onDidChange(({ accounts }) => {
    if (accounts) told++;
  });
  await clock.advance(120_000);
  assert.equal(tracker.accounts.get("demo")?.throttledUntil, undefined);
  assert.equal(tracker.accounts.get("demo")?.ratePerSecond, 13);
  assert.ok(told >= 1, "the end of the slowness is told");
  assert.deepEqual(
    log.map((line) => line.replace(/until about .*/, "until")),
    [
      "warn: account demo: slowed by the service to 6.5 calls/s until",
      "info: account demo: calls are at full rate again",
    ],
  );
  await close();
});

test("after the machine slept, the backlog is spread and begins a moment later", async () => {
  const { clock, service, tracker, log, start, close } = await startWindow();
  service.answer = () => ({ createdAt: start });
  await tracker.track(jobs(200));
  await clock.advance(40_000);
  const before = service.calls.length;
  clock.jump(3_600_000);
  const woken = clock.now();
  await clock.advance(60_000);
  const calls = service.calls.slice(before);
  assert.ok(calls.length >= 190);
  assert.ok(mostInASecond(calls) <= 9, "at the background rate");
  assert.ok(
    calls.filter(({ at }) => at < woken + 1_000).length <= 9,
    "not many at once, though each window wakes in the same moment",
  );
  assert.ok(log.some((line) => line.includes("slept")));
  await close();
});

test("a wall clock that was set back does not stop polls", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = () => ({ createdAt: start });
  await tracker.track([job]);
  await clock.advance(60_000);
  const before = service.times("a", start).length;
  clock.jump(-24 * 3_600_000);
  await tracker.track([ref("b")]); // the sleeps of a made-up clock do not end by themselves after this
  await clock.advance(10_000);
  assert.ok(service.times("a", start).length > before);
  await close();
});

test("a job past the six months that the service remembers is explained, not polled", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = () => ({ createdAt: start - 200 * 24 * 3_600_000 });
  await tracker.track([job]);
  await clock.advance(1_000);
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "too-old");
  assert.equal(tracker.jobs.get(key)?.nextCheckAt, undefined);
  await clock.advance(1_800_000);
  assert.equal(service.calls.length, 1);
  await close();
});

test("a hub that fails for a while costs a while, not the tracker", async () => {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const service = new FakeService(clock);
  let broken = false;
  const flaky = new Proxy(hub, {
    get(target, name) {
      const operation = Reflect.get(target, name, target) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => (broken ? Promise.reject(new Error("disk full")) : operation.apply(target, args));
    },
  });
  const { tracker, log } = openWindow(flaky, clock, service);
  await tracker.start();
  await tracker.track([job]);
  await clock.advance(1_000);
  broken = true;
  await clock.advance(200_000);
  assert.ok(log.some((line) => line.includes("disk full")));
  broken = false;
  const before = service.calls.length;
  await clock.advance(300_000);
  assert.ok(service.calls.length > before);
  await close([tracker], hub, clock);
});

for (const refused of ["save", "reserve"] as const) {
  test(`a store that refuses to ${refused} is not paid for with calls, nor taken for the service`, async () => {
    const clock = new FakeClock();
    const hub = new SqliteHub(undefined);
    const service = new FakeService(clock);
    let full = true;
    const refusing = new Proxy(hub, {
      get(target, name) {
        if (name === refused && full) return () => Promise.reject(new StorageError("full", "database or disk is full"));
        const operation = Reflect.get(target, name, target) as (...args: unknown[]) => unknown;
        return operation.bind(target);
      },
    });
    const { tracker, log } = openWindow(refusing, clock, service);
    await tracker.start();
    await tracker.track(jobs(100));
    await clock.advance(10 * 60_000);
    assert.equal(tracker.notices[0]?.kind, "full");
    assert.equal(tracker.accounts.get("demo")?.serviceProblem, undefined);
    assert.ok([...tracker.jobs.values()].every(({ problem }) => problem === undefined));
    assert.ok(service.calls.length < 150, `${service.calls.length} calls whose answers were lost`);
    full = false;
    await clock.advance(6 * 60_000);
    assert.deepEqual(tracker.notices, []);
    assert.ok([...tracker.jobs.values()].every(({ checkedAt }) => checkedAt !== undefined));
    assert.match(log.at(-1) ?? "", /takes changes again/);
    await close([tracker], hub, clock);
  });
}
