import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jobKey } from "../../../src/jobs/key.ts";
import { toPortable } from "../../../src/jobs/portable.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import type { TrackerChange } from "../../../src/jobs/tracker.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { FakeClock } from "../support/clock.ts";
import { close, FakeService, openWindow, ref, startWindow, temporaryFolder } from "./support.ts";

const job = ref("a");
const key = jobKey(job);

/** A promise that time must pass for. */
async function during<T>(clock: FakeClock, ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  await clock.advance(ms);
  return promise;
}

test("an added job is asked for at once, shown, and polled until it has ended", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = (_, now) => ({ createdAt: start, ...(now > start + 60_000 && { status: "done", finishedAt: now }) });
  const { added, already } = await tracker.track([job, job]);
  assert.deepEqual([added.length, already.length], [1, 1]);
  assert.equal(tracker.jobs.get(key)?.phase, "waiting");
  await clock.advance(200);
  assert.equal(service.calls.length, 1);
  assert.equal(tracker.jobs.get(key)?.phase, "running");
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "age");
  await clock.advance(600_000);
  const calls = service.calls.length;
  assert.equal(tracker.jobs.get(key)?.phase, "succeeded");
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "final");
  await clock.advance(1_800_000);
  assert.equal(service.calls.length, calls, "a finished job is never asked for again");
  assert.deepEqual(
    (await tracker.history(key)).map(({ phase }) => phase),
    ["running", "succeeded"],
  );
  await close();
});

test("changes come as one event per moment and name what changed", async () => {
  const { clock, tracker, close } = await startWindow({ polling: false });
  const changes: TrackerChange[] = [];
  const listener = tracker.onDidChange((change) => changes.push(change));
  await tracker.track([ref("a"), ref("b")]);
  await clock.advance(0);
  assert.deepEqual(changes, [{ changed: [key, jobKey(ref("b"))], removed: [], accounts: false }]);
  await tracker.untrack([key]);
  await clock.advance(0);
  assert.deepEqual(changes.at(-1), { changed: [], removed: [key], accounts: false });
  listener.dispose();
  await tracker.track([ref("c")]);
  assert.equal(changes.length, 2);
  await close();
});

test("undo brings a removed job back with its label, pin, answer and history", async () => {
  const { clock, service, tracker, close } = await startWindow();
  service.answer = () => ({ status: "done" });
  await tracker.track([job, ref("b")], { label: " mine " });
  await tracker.pin([key]);
  await clock.advance(500);
  const before = tracker.jobs.get(key);
  const removed = await tracker.clearFinished();
  assert.equal(removed.keys.length, 2);
  assert.equal(tracker.jobs.size, 0);
  await tracker.restore(removed);
  assert.deepEqual(tracker.jobs.get(key), before);
  assert.equal(before?.label, "mine");
  assert.equal(before?.pin, 0);
  assert.equal((await tracker.answer(key))?.answer.detail.phase, "succeeded");
  assert.equal((await tracker.history(key)).length, 1);
  await close();
});

test("a job that is tracked again begins anew, not with the label of before", async () => {
  const { tracker, close } = await startWindow({ polling: false });
  await tracker.track([job], { label: "old" });
  await tracker.pin([key]);
  await tracker.untrack([key]);
  await tracker.track([job]);
  assert.equal(tracker.jobs.get(key)?.label, undefined);
  assert.equal(tracker.jobs.get(key)?.pin, undefined);
  await close();
});

test("simultaneous look-ups share one call; one that gives up takes nothing from the others", async () => {
  const { clock, service, tracker, close } = await startWindow();
  service.latency = 1_000;
  const gaveUp = new AbortController();
  const first = tracker.lookUp(job, { signal: gaveUp.signal });
  const second = tracker.lookUp(job);
  first.catch(() => {});
  await clock.advance(500);
  gaveUp.abort();
  await assert.rejects(first, { kind: "cancelled" });
  const { answer, job: tracked } = await during(clock, 1_000, second);
  assert.equal(answer.detail.id, "a");
  assert.equal(tracked, undefined);
  assert.equal(service.calls.length, 1);
  assert.equal(service.calls[0]?.lane, "interactive");
  await close();
});

test("a look-up that everybody gave up ends its call, and the next one asks anew", async () => {
  const { clock, service, tracker, close } = await startWindow();
  service.latency = 1_000;
  const gaveUp = new AbortController();
  const first = tracker.lookUp(job, { signal: gaveUp.signal });
  first.catch(() => {});
  await clock.advance(500);
  gaveUp.abort();
  await assert.rejects(during(clock, 0, first), { kind: "cancelled" });
  const { answer } = await during(clock, 2_000, tracker.lookUp(job));
  assert.equal(answer.detail.id, "a");
  assert.equal(service.calls.length, 2);
  await close();
});

test("a look-up answers from the database while the answer is fresh or final", async () => {
  const { clock, service, tracker, close } = await startWindow();
  await during(clock, 500, tracker.lookUp(job));
  await tracker.lookUp(job);
  assert.equal(service.calls.length, 1);
  await clock.advance(3_000);
  service.answer = () => ({ status: "done" });
  await during(clock, 500, tracker.lookUp(job));
  assert.equal(service.calls.length, 2);
  await clock.advance(1_800_000);
  await tracker.lookUp(job);
  assert.equal(service.calls.length, 2);
  await during(clock, 500, tracker.lookUp(job, { maxAge: 0 }));
  assert.equal(service.calls.length, 3);
  await close();
});

test("a job that was just looked up is not asked for again because it is tracked", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = ({ id }) => (id === "a" ? { createdAt: start } : { status: "done" });
  await during(clock, 500, Promise.all([tracker.lookUp(job), tracker.lookUp(ref("b"))]));
  const { added } = await tracker.track([job, ref("b")]);
  assert.deepEqual(
    added.map(({ phase, nextCheckReason }) => [phase, nextCheckReason]),
    [
      ["running", "age"],
      ["succeeded", "final"],
    ],
  );
  await clock.advance(5_000);
  assert.equal(service.calls.length, 2);
  await clock.advance(60_000);
  assert.ok(service.calls.length > 2);
  await close();
});

test("a database that is lost while a window is open is filled again from what the window has", async () => {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const hub = new SqliteHub(folder);
  const service = new FakeService(clock);
  const { tracker } = openWindow(hub, clock, service);
  await tracker.start();
  await tracker.track([job, ref("b")], { label: "mine" });
  await tracker.pin([jobKey(ref("b")), key]);
  await clock.advance(1_000);
  rmSync(join(folder, "jobs.db"));
  await clock.advance(2_000);
  await close([tracker], hub, clock);
  const again = new SqliteHub(folder);
  const { jobs } = await again.load("", 10);
  assert.deepEqual(
    jobs.map(({ ref, label, pin, phase }) => [ref.id, label, pin, phase]),
    [
      ["a", "mine", 1, "running"],
      ["b", "mine", 0, "running"],
    ],
  );
  await again.close();
});

test("two windows that look the same job up make one call", async () => {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const service = new FakeService(clock);
  const windows = [openWindow(hub, clock, service), openWindow(hub, clock, service)];
  service.latency = 700;
  const answers = await during(clock, 2_000, Promise.all(windows.map(({ tracker }) => tracker.lookUp(job))));
  assert.equal(service.calls.length, 1);
  assert.deepEqual(answers[0]?.answer.detail, answers[1]?.answer.detail);
  service.answer = () => {
    throw new VodError("not-found", "no such job");
  };
  const failing = windows.map(({ tracker }) => tracker.lookUp(ref("b")));
  const failures = await during(clock, 2_000, Promise.allSettled(failing));
  assert.deepEqual(
    failures.map((failure) => failure.status === "rejected" && (failure.reason as VodError).kind),
    ["not-found", "not-found"],
  );
  assert.equal(service.calls.length, 2);
  await close(
    windows.map(({ tracker }) => tracker),
    hub,
    clock,
  );
});

test("windows poll each job once, and each sees what the other learned", async () => {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const service = new FakeService(clock);
  const start = clock.now();
  service.answer = (_, now) => ({ createdAt: start, ...(now > start + 30_000 && { status: "done", finishedAt: now }) });
  const windows = [1, 2, 3].map(() => openWindow(hub, clock, service));
  for (const { tracker } of windows) await tracker.start();
  const refs = Array.from({ length: 40 }, (_, n) => ref(`job${n}`));
  await windows[0]!.tracker.track(refs);
  await clock.advance(10_000);
  assert.equal(service.calls.length, 40);
  for (const { tracker } of windows) {
    assert.equal(tracker.jobs.size, 40);
    assert.ok([...tracker.jobs.values()].every(({ phase }) => phase === "running"));
  }
  await clock.advance(120_000);
  for (const { tracker } of windows) {
    assert.ok([...tracker.jobs.values()].every(({ phase }) => phase === "succeeded"));
  }
  const finals = new Set(service.calls.filter(({ at }) => at > start + 30_000).map(({ id }) => id));
  assert.equal(finals.size, 40);
  const told = await Promise.all(windows.map(({ tracker }) => tracker.takeDigest()));
  assert.equal(told.flat().length, 40, "each job is announced by one window");
  assert.equal(new Set(told.flat().map((one) => one.key)).size, 40);
  assert.equal((await windows[1]!.tracker.takeDigest()).length, 0);
  await close(
    windows.map(({ tracker }) => tracker),
    hub,
    clock,
  );
});

test("no digest tells of a job that had ended before it was added", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = () => ({ status: "failed", createdAt: start - 90_000, finishedAt: start - 60_000 });
  await tracker.track([job]);
  await clock.advance(1_000);
  assert.equal(tracker.jobs.get(key)?.phase, "failed");
  assert.equal(tracker.jobs.get(key)?.seen, false);
  assert.deepEqual(await tracker.takeDigest(), []);
  await tracker.markSeen([key]);
  assert.equal(tracker.jobs.get(key)?.seen, true);
  await close();
});

test("findType goes on after a not-found and stops at anything else", async () => {
  const { clock, service, tracker, close } = await startWindow();
  service.answer = ({ type }) => {
    if (type !== "ai") throw new VodError("not-found", "no such job");
    return { status: "done" };
  };
  const tried: string[] = [];
  const options = { account: "demo", region: "cn-shanghai", onTry: (type: string) => tried.push(type) };
  const found = await during(
    clock,
    3_000,
    tracker.findType("a", { ...options, order: ["workflow", "transcode", "ai", "snapshot"] }),
  );
  assert.equal(found?.ref.type, "ai");
  assert.deepEqual(tried, ["workflow", "transcode", "ai"]);
  assert.equal(await during(clock, 3_000, tracker.findType("b", { ...options, order: ["workflow"] })), undefined);
  service.answer = () => {
    throw new VodError("permission", "no");
  };
  await assert.rejects(during(clock, 3_000, tracker.findType("c", { ...options, order: ["workflow", "ai"] })), {
    kind: "permission",
  });
  assert.equal(tried.length, 5);
  await close();
});

test("refresh asks for one job interactively and rejects when it fails; for many it counts", async () => {
  const { clock, service, tracker, close } = await startWindow({ polling: false });
  const refs = Array.from({ length: 20 }, (_, n) => ref(`job${n}`));
  await tracker.track(refs);
  await during(clock, 1_000, tracker.refresh([jobKey(ref("job0"))]));
  assert.deepEqual(
    service.calls.map(({ lane }) => lane),
    ["interactive"],
  );
  service.answer = ({ id }) => {
    if (id === "job1") throw new VodError("not-found", "gone");
    return {};
  };
  const progress: number[] = [];
  const result = await during(
    clock,
    10_000,
    tracker.refresh(refs.map(jobKey), { onProgress: (done, total) => progress.push(done / total) }),
  );
  assert.deepEqual(result, { answered: 19, failed: 1 });
  assert.equal(progress.length, 20);
  assert.equal(progress.at(-1), 1);
  assert.equal(service.calls.at(-1)?.lane, "background");
  assert.equal(tracker.jobs.get(jobKey(ref("job1")))?.problem?.kind, "not-found");
  await assert.rejects(during(clock, 1_000, tracker.refresh([jobKey(ref("job1"))])), { kind: "not-found" });
  await close();
});

test("a person who looks a job up does not wait for its turn among the background polls", async () => {
  const { clock, service, tracker, start, close } = await startWindow({ backgroundRate: 0.5 });
  await tracker.track([ref("a"), ref("b"), ref("c")]);
  await clock.advance(300);
  assert.equal(service.calls.length, 1, "the others wait for the slow background share");
  await during(clock, 500, tracker.lookUp(ref("c"), { maxAge: 0 }));
  const [wait] = service.times("c", start);
  assert.ok(wait! < 0.6, `waited until ${wait} s`);
  assert.equal(service.calls.filter(({ id }) => id === "c").length, 1);
  await close();
});

test("paused jobs are not polled in any window until they are resumed", async () => {
  const { clock, service, tracker, close } = await startWindow();
  await tracker.track([job, ref("b")]);
  await tracker.pause();
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "paused");
  assert.equal(tracker.jobs.get(key)?.nextCheckAt, undefined);
  await clock.advance(600_000);
  assert.ok(service.calls.length <= 2, "at most those under way");
  const before = service.calls.length;
  await tracker.resume([key]);
  await clock.advance(30_000);
  assert.ok(service.calls.length > before);
  assert.ok(service.calls.slice(before).every(({ id }) => id === "a"));
  await close();
});

test("polling off means by hand only", async () => {
  const { clock, service, tracker, close } = await startWindow({ polling: false });
  await tracker.track([job]);
  assert.equal(tracker.jobs.get(key)?.nextCheckReason, "paused");
  await clock.advance(600_000);
  assert.equal(service.calls.length, 0);
  await during(clock, 1_000, tracker.refresh([key]));
  assert.equal(service.calls.length, 1);
  tracker.setPolling({ enabled: true, pace: "normal" });
  await clock.advance(200_000);
  assert.ok(service.calls.length > 1);
  await close();
});

test("another pace plans unfinished jobs anew", async () => {
  const { clock, tracker, close } = await startWindow();
  await tracker.track([job]);
  await clock.advance(1_000);
  const normal = tracker.jobs.get(key)!.nextCheckAt!;
  tracker.setPolling({ enabled: true, pace: "eager" });
  await clock.advance(100);
  const eager = tracker.jobs.get(key)!.nextCheckAt!;
  assert.ok(eager < normal, `${eager} < ${normal}`);
  await close();
});

test("without focus polls are slower; with it they catch up at once, a moment apart", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = () => ({ createdAt: start });
  await tracker.track([job]);
  await clock.advance(1_000);
  const focused = tracker.jobs.get(key)!.nextCheckAt!;
  tracker.setFocused(false);
  const unfocused = tracker.jobs.get(key)!;
  assert.equal(unfocused.nextCheckReason, "unfocused");
  assert.ok(unfocused.nextCheckAt! >= focused + 10_000);
  await clock.advance(focused - clock.now() + 1_000);
  assert.equal(service.calls.length, 1);
  tracker.setFocused(true);
  assert.equal(tracker.jobs.get(key)!.nextCheckReason, "focus");
  await clock.advance(1_200);
  assert.equal(service.calls.length, 2);
  await close();
});

test("a job that somebody looks at is polled more eagerly", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  service.answer = () => ({ createdAt: start - 600_000 });
  await tracker.track([job, ref("b")]);
  const watching = tracker.watch(key);
  await clock.advance(120_000);
  const calls = (id: string) => service.calls.filter((call) => call.id === id).length;
  assert.ok(calls("a") >= 2 * calls("b"), `${calls("a")} and ${calls("b")}`);
  watching.dispose();
  const before = calls("a");
  await clock.advance(120_000);
  assert.ok(calls("a") - before <= calls("b"));
  await close();
});

test("pins keep their order, also when moved", async () => {
  const { tracker, close } = await startWindow({ polling: false });
  const keys = ["a", "b", "c", "d"].map((id) => jobKey(ref(id)));
  const [a, b, c, d] = keys as [string, string, string, string];
  await tracker.track(["a", "b", "c", "d"].map((id) => ref(id)));
  const order = () =>
    [...tracker.jobs.values()]
      .filter(({ pin }) => pin !== undefined)
      .sort((x, y) => x.pin! - y.pin!)
      .map((one) => one.key);
  await tracker.pin([a, b, c]);
  await tracker.pin([d], 0);
  assert.deepEqual(order(), [d, a, b, c]);
  await tracker.movePin([c, b], a);
  assert.deepEqual(order(), [d, c, b, a]);
  await tracker.movePin([d], undefined);
  assert.deepEqual(order(), [c, b, a, d]);
  await tracker.unpin([b]);
  assert.deepEqual(order(), [c, a, d]);
  await close();
});

test("the previous run of a workflow is the last finished task of it before", async () => {
  const { clock, service, tracker, start, close } = await startWindow();
  const runs: Record<string, { kind: string; createdAt: number; status: string }> = {
    old: { kind: "vw_1", createdAt: start - 9_000_000, status: "done" },
    last: { kind: "vw_1", createdAt: start - 5_000_000, status: "failed" },
    other: { kind: "vw_2", createdAt: start - 2_000_000, status: "done" },
    unfinished: { kind: "vw_1", createdAt: start - 1_000_000, status: "running" },
    now: { kind: "vw_1", createdAt: start, status: "running" },
  };
  service.answer = ({ id }) => ({ ...runs[id], finishedAt: runs[id]!.status === "running" ? undefined : start });
  await tracker.track(Object.keys(runs).map((id) => ref(id, "workflow")));
  await clock.advance(2_000);
  const before = async (id: string) => (await tracker.previousRun(jobKey(ref(id, "workflow"))))?.answer.detail.id;
  assert.equal(await before("now"), "last");
  assert.equal(await before("last"), "old");
  assert.equal(await before("old"), undefined);
  await tracker.untrack([jobKey(ref("last", "workflow"))]);
  assert.equal(await before("now"), "last", "also of jobs that are tracked no more");
  await close();
});

test("what is exported can be imported, labels and pins included", async () => {
  const { tracker, close } = await startWindow({ polling: false });
  await tracker.track([job], { label: "mine" });
  await tracker.track([ref("b", "ai")]);
  await tracker.pin([key]);
  const exported = [...tracker.jobs.values()].map(toPortable);
  assert.equal(exported.length, 2);
  await tracker.untrack(exported.map((one) => jobKey(one)));
  const { added } = await tracker.importJobs(
    exported.map(({ account, region, type, id, label, pinned }) => ({
      ref: { account, region, type, id },
      label,
      pinned,
    })),
  );
  assert.equal(added.length, 2);
  assert.equal(tracker.jobs.get(key)?.label, "mine");
  assert.equal(tracker.jobs.get(key)?.pin, 0);
  await close();
});

test("a window that closes gives its jobs to the others at once", async () => {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const service = new FakeService(clock);
  service.latency = 10_000;
  const [one, two] = [openWindow(hub, clock, service), openWindow(hub, clock, service)];
  await one.tracker.start();
  await one.tracker.track([job]);
  await clock.advance(500);
  assert.equal(service.calls.length, 1);
  await Promise.all([one.tracker.dispose(), clock.advance(1)]);
  service.latency = 50;
  await two.tracker.start();
  await clock.advance(2_000);
  assert.equal(service.calls.length, 2);
  assert.equal(two.tracker.jobs.get(key)?.phase, "running");
  await close([two.tracker], hub, clock);
});
