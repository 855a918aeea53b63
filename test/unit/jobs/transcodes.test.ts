/** Why a transcode failed: asked once, by whichever window, kept, and nobody's trouble when it cannot be asked. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import type { JobTracker } from "../../../src/jobs/tracker.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { FakeClock } from "../support/clock.ts";
import { FakeService, openWindow, ref, temporaryFolder } from "./support.ts";

const job = ref("a");
const key = jobKey(job);
const reason = { errorCode: "InvalidParameter.ResourceContentBad", errorMessage: "The input file is damaged." };
const error = { code: reason.errorCode, message: reason.errorMessage };

/** Two windows on one file, the first with the focus; `failAt`: when jobs fail, ms after the start. */
async function twoWindows(failAt = 0, folder = temporaryFolder()) {
  const clock = new FakeClock();
  const service = new FakeService(clock);
  const start = clock.now();
  service.tell = () => reason;
  service.answer = (_, now) => ({
    createdAt: start,
    ...(now >= start + failAt && { status: "failed", finishedAt: now }),
  });
  const hubs = [new SqliteHub(folder, () => clock.now()), new SqliteHub(folder, () => clock.now())] as const;
  const open = (hub: SqliteHub, focused: boolean) => openWindow(hub, clock, service, { focused }).tracker;
  const [a, b] = [open(hubs[0], true), open(hubs[1], false)];
  await Promise.all([a.start(), b.start()]);
  async function during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = () => (done = true);
    work.then(end, end);
    for (let step = 0; !done && step < 10_000; step++) await clock.advance(50);
    return work;
  }
  async function close() {
    await during(Promise.all([a.dispose(), b.dispose()]));
    for (const hub of hubs) await hub.close();
  }
  return { clock, service, hubs, a, b, folder, during, close };
}

const errors = (trackers: readonly JobTracker[]) => trackers.map((tracker) => tracker.jobs.get(key)?.error);

test("a tracked job that fails is asked why, once, in the background; every window shows it and keeps it", async () => {
  const { clock, service, a, b, folder, during, close } = await twoWindows(60_000);
  await a.track([job]);
  await clock.advance(1_000);
  assert.deepEqual([a.jobs.get(key)?.phase, service.told], ["running", []], "a running job is not asked");
  await clock.advance(1_800_000);
  assert.deepEqual([service.told.map(({ lane }) => lane), errors([a, b])], [["background"], [error, error]]);
  for (const tracker of [a, b]) {
    assert.deepEqual((await during(tracker.transcode(job)))?.told?.errorMessage, reason.errorMessage);
    assert.equal((await tracker.answer(key))?.transcode?.told?.errorCode, reason.errorCode);
  }
  // The end of the story stays the end, also beside a newer answer that says the same.
  await during(b.lookUp(job, { maxAge: 0 }));
  await during(b.transcode(job, { again: true }));
  assert.deepEqual([service.told.length, ...errors([a, b])], [1, error, error]);
  await close();

  const later = await twoWindows(0, folder);
  assert.deepEqual(
    [later.a.jobs.get(key)?.error, (await later.during(later.a.transcode(job)))?.told?.errorCode],
    [error, reason.errorCode],
  );
  assert.deepEqual(later.service.told, []);
  await later.close();
});

test("look-ups and panels of both windows at once: one call, and an answer that is new brings one more", async () => {
  const { clock, service, a, b, during, close } = await twoWindows(60_000);
  const look = (tracker: JobTracker) => tracker.lookUp(job, { maxAge: 0 }).then(() => tracker.transcode(job));
  // A panel is open while the job runs: each answer is asked once.
  service.tell = () => ({ status: "Transcoding", phase: "running", progress: 42 });
  const [mine, others] = await during(Promise.all([look(a), look(b), a.lookUp(job), b.lookUp(job)]));
  assert.deepEqual([mine?.told?.progress, others?.told?.progress], [42, 42]);
  assert.equal(service.told.length, service.calls.length);
  await clock.advance(60_000);
  const before = [service.calls.length, service.told.length] as const;
  service.tell = () => reason;
  const told = await during(Promise.all([look(a), look(b), look(a), look(b)]));
  assert.deepEqual(new Set(told.map((facts) => facts?.told?.errorCode)), new Set([reason.errorCode]));
  assert.deepEqual([service.told.length - before[1], service.calls.length > before[0]], [1, true]);
  await close();
});

test("a window that ends while it asks gives the right back; one that was killed loses it with its lease", async () => {
  const { clock, service, hubs, a, b, during, close } = await twoWindows(3_600_000);
  service.latency = 5_000;
  await during(Promise.all([a.lookUp(job, { maxAge: 0 }), a.lookUp(ref("b"), { maxAge: 0 })]));
  a.transcode(job).catch(() => {});
  await clock.advance(100);
  await during(a.dispose());
  const first = clock.now();
  assert.equal((await during(b.transcode(job)))?.told?.errorCode, reason.errorCode);
  assert.deepEqual([service.told.length, clock.now() - first < 7_000], [2, true]);

  const killedAt = clock.now();
  const lease = { owner: "killed", now: killedAt, until: killedAt + 20_000 };
  assert.equal((await hubs[0].claimTranscode(ref("b"), lease))?.held, true);
  const asked = b.transcode(ref("b"));
  await clock.advance(19_000);
  assert.equal(service.told.length, 2, "it may still be asking");
  assert.equal((await during(asked))?.told?.errorCode, reason.errorCode);
  assert.equal(service.told.length, 3);
  await close();
});

test("an account that may not ask is asked once; its jobs and the account are well; a person can ask anew", async () => {
  const { clock, service, a, b, during, close } = await twoWindows();
  service.tell = () => {
    throw new VodError("permission", "no right", { code: "Forbidden.RAM" });
  };
  await a.track([job, ref("b"), ref("c")]);
  await clock.advance(60_000);
  await b.track([ref("d")]);
  await clock.advance(60_000);
  const asked = () => service.told.length;
  assert.equal(asked(), 1);
  for (const { phase, problem } of a.jobs.values()) assert.deepEqual([phase, problem], ["failed", undefined]);
  assert.equal(a.jobs.size, 4);
  assert.deepEqual(
    [a.accounts.get("demo")?.credentialProblem, a.accounts.get("demo")?.nextProbeAt],
    [undefined, undefined],
  );
  assert.equal((await during(b.transcode(ref("d"))))?.problem?.code, "Forbidden.RAM", "a panel is told why");
  assert.equal(asked(), 1);
  service.tell = () => reason;
  assert.equal((await during(b.transcode(ref("d"), { again: true })))?.told?.errorCode, reason.errorCode);
  await during(a.lookUp(ref("e"), { maxAge: 0 }));
  await clock.advance(1_000);
  assert.equal(asked(), 3, "since it was answered, others are asked again");

  service.tell = () => {
    throw new VodError("permission", "no right", { code: "Forbidden.RAM" });
  };
  await during(a.lookUp(ref("f"), { maxAge: 0 }));
  await clock.advance(1_000);
  await a.credentialsChanged("demo");
  await during(a.lookUp(ref("g"), { maxAge: 0 }));
  await clock.advance(1_000);
  assert.equal(asked(), 5, "another credential may be allowed");
  await close();
});

test("any other failure costs one call for each answer when nobody wants to know, and never the job's own state", async () => {
  const { clock, service, a, during, close } = await twoWindows();
  service.tell = () => {
    throw new VodError("network", "gone", { code: "ECONNRESET" });
  };
  await a.track([job]);
  await clock.advance(600_000);
  assert.deepEqual([service.told.length, a.jobs.get(key)?.phase, a.jobs.get(key)?.problem], [1, "failed", undefined]);
  assert.equal(a.accounts.get("demo")?.offlineSince, undefined);
  for (let n = 0; n < 3; n++) assert.equal((await during(a.transcode(job)))?.problem?.code, "ECONNRESET");
  assert.equal(service.told.length, 2);
  service.tell = () => reason;
  await during(a.lookUp(job, { maxAge: 0 }));
  assert.equal((await during(a.transcode(job)))?.told?.errorCode, reason.errorCode);
  assert.deepEqual([service.told.length, a.jobs.get(key)?.error], [3, error]);
  await close();
});

test("trouble of the moment is asked about again a minute later, by who wants to know; an answer or a refusal is not", async () => {
  const { clock, service, a, b, during, close } = await twoWindows();
  const ask = (tracker: JobTracker, id = "a") => during(tracker.transcode(ref(id)));
  const fail = (kind: ConstructorParameters<typeof VodError>[0]) => () => {
    throw new VodError(kind, "made up", { code: `Code.${kind}` });
  };
  for (const [n, kind] of (
    ["network", "timeout", "service", "throttled", "malformed", "expired-token"] as const
  ).entries()) {
    const id = `moment${n}`;
    service.tell = fail(kind);
    await during(a.lookUp(ref(id), { maxAge: 0 }));
    assert.equal((await ask(a, id))?.problem?.code, `Code.${kind}`);
    const before = service.told.length;
    service.tell = () => reason;
    for (let n = 0; n < 5; n++) await ask(b, id);
    assert.equal(service.told.length, before, "not within the minute");
    await clock.advance(60_000);
    const told = await during(Promise.all([a, b, a].map((tracker) => tracker.transcode(ref(id)))));
    assert.deepEqual(
      told.map((facts) => facts?.told?.errorCode),
      Array(3).fill(reason.errorCode),
      kind,
    );
    await clock.advance(600_000);
    await ask(a, id);
    assert.equal(service.told.length, before + 1, `${kind}: one call for all of them, and none after it was told`);
  }
  for (const kind of ["permission", "invalid", "not-found"] as const) {
    service.tell = fail(kind);
    await during(a.lookUp(ref(kind), { maxAge: 0 }));
    assert.equal((await ask(a, kind))?.problem?.kind, kind);
    const before = service.told.length;
    await clock.advance(600_000);
    assert.equal((await ask(b, kind))?.problem?.kind, kind);
    assert.equal(service.told.length, before, kind);
    if (kind === "permission") await a.credentialsChanged("demo"); // else nobody would be asked any more
  }
  await close();
});

test("an account that works again asks why its transcodes failed meanwhile, a few of them and in the background", async () => {
  const { clock, service, a, b, close } = await twoWindows();
  const gone = () => {
    throw new VodError("network", "gone", { code: "ECONNRESET" });
  };
  service.tell = gone;
  await a.track(Array.from({ length: 30 }, (_, n) => ref(`job${n}`)));
  await clock.advance(30_000);
  assert.equal(service.told.length, 30);
  service.answer = gone;
  await a.track([job]);
  await clock.advance(90_000);
  assert.ok(a.accounts.get("demo")?.offlineSince);
  assert.equal(service.told.length, 30, "nobody asks while it is offline");
  service.tell = () => reason;
  service.answer = (_, now) => ({ createdAt: now, status: "failed", finishedAt: now });
  await clock.advance(180_000);
  assert.equal(a.accounts.get("demo")?.offlineSince, undefined);
  const asked = service.told.slice(30);
  assert.deepEqual([asked.length, new Set(asked.map(({ lane }) => lane))], [21, new Set(["background"])]);
  for (const { jobs } of [a, b]) {
    assert.equal([...jobs.values()].filter((one) => one.error?.code === reason.errorCode).length, 21);
  }
  await close();
});

test("many failures at once stay within the background's share of the budget", async () => {
  const { clock, service, a, close } = await twoWindows();
  await a.track(Array.from({ length: 60 }, (_, n) => ref(`job${n}`)));
  await clock.advance(60_000);
  assert.deepEqual([service.calls.length, service.told.length], [60, 60]);
  const starts = [...service.calls, ...service.told].map(({ at }) => at).sort((x, y) => x - y);
  const busiest = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length));
  assert.ok(busiest <= 9, `${busiest} calls in a second; the background has 8`);
  await close();
});

test("what is kept of it holds no secret: no signature of an address, no key that an error quotes", async () => {
  const { clock, service, a, folder, during, close } = await twoWindows();
  service.tell = () => ({
    errorCode: "Forbidden",
    errorMessage: "AccessKeySecret=canary-secret-77be02 is wrong for LTAI5tCanaryKeyId01",
    output: { url: "http://bucket/a.mp4?Expires=1&Signature=canary-signature" },
  });
  await a.track([job]);
  await clock.advance(10_000);
  assert.deepEqual((await during(a.transcode(job)))?.told?.output, { url: "http://bucket/a.mp4" });
  const told = JSON.stringify([...a.jobs.values()]);
  for (const bytes of [told, ...readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"))]) {
    assert.doesNotMatch(bytes, /canary-s|LTAI5tCanary/);
  }
  assert.match(told, /is wrong for/);
  await close();
});
