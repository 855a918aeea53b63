import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallResult, HubJob, HubPosition, JobHub, JobSummary } from "../../../../src/jobs/hub.ts";
import { jobKey } from "../../../../src/jobs/key.ts";
import { SqliteHub } from "../../../../src/jobs/sqlite/hub.ts";
import type { JobRef } from "../../../../src/vod/types.ts";
import { ref, temporaryFolder } from "../support.ts";

const day = 24 * 3_600_000;
const at = (due: number | undefined) => ({ at: due, unfocusedAt: due && due + 50, reason: "age" as const });
const add = (hub: JobHub, jobs: readonly JobRef[], now = 1, due = now) =>
  hub.add(
    jobs.map((job) => ({ ref: job, plan: at(due) })),
    now,
  );
const lease = (owner: string, now: number, until = now + 20) => ({ owner, now, until });
const due = (owner: string, now: number, limit = 10) => ({
  ...lease(owner, now),
  account: "demo",
  limit,
  focused: true,
});
const idsOf = (jobs: readonly HubJob[]) => jobs.map((job) => job.ref.id);

function answered(job: JobRef, startedAt: number, summary: Partial<JobSummary>, owner = "a"): CallResult {
  const full = { phase: "running" as const, status: "Transcoding", ...summary };
  const raw = JSON.stringify(full);
  return { ref: job, owner, startedAt, at: startedAt + 1, answer: { raw, summary: full }, plan: at(startedAt + 100) };
}

test("due jobs are claimed by one, the longest due first, and again only when the lease has ended", async () => {
  const hub = new SqliteHub(undefined);
  await add(hub, [ref("late")], 1, 30);
  await add(hub, [ref("b")], 1, 20);
  await add(hub, [ref("a")], 1, 10);
  assert.deepEqual(idsOf(await hub.claimDue(due("one", 25))), ["a", "b"]);
  assert.deepEqual(idsOf(await hub.claimDue(due("two", 30))), ["late"]);
  assert.deepEqual(idsOf(await hub.claimDue(due("two", 44))), []);
  assert.deepEqual(idsOf(await hub.claimDue(due("two", 45, 1))), ["a"]);
  assert.deepEqual(await hub.renew([jobKey(ref("a")), jobKey(ref("b"))], lease("one", 46)), [], "both have run out");
  assert.deepEqual(await hub.renew([jobKey(ref("a"))], lease("two", 46, 100)), [jobKey(ref("a"))]);
  await hub.release("two");
  assert.deepEqual(idsOf(await hub.claimDue(due("three", 47))), ["a", "b", "late"]);
  await hub.close();
});

test("without focus, jobs are due by their later time; paused, removed and other accounts' ones never", async () => {
  const hub = new SqliteHub(undefined);
  await add(hub, [ref("a"), ref("paused"), ref("removed"), ref("b", "ai", "other")], 10);
  await hub.edit([{ key: jobKey(ref("paused")), paused: true }]);
  await hub.remove([jobKey(ref("removed"))], 11);
  assert.deepEqual(idsOf(await hub.claimDue({ ...due("one", 59), focused: false })), []);
  assert.deepEqual(idsOf(await hub.claimDue({ ...due("one", 60), focused: false })), ["a"]);
  await hub.close();
});

test("a look-up's claim is exclusive too, and leaves no tracked job behind", async () => {
  const hub = new SqliteHub(undefined);
  assert.equal((await hub.claim(ref("a"), lease("one", 10))).held, true);
  assert.deepEqual(await hub.claim(ref("a"), lease("two", 12)).then(({ held, heldUntil }) => [held, heldUntil]), [
    false,
    30,
  ]);
  assert.equal((await hub.claim(ref("a"), lease("two", 30))).held, true);
  assert.deepEqual((await hub.load("", 10)).jobs, []);
  await hub.save([answered(ref("a"), 31, {}, "two")]);
  assert.equal((await hub.answer(jobKey(ref("a"))))?.raw, '{"phase":"running","status":"Transcoding"}');
  assert.equal((await hub.claim(ref("a"), lease("one", 33))).job.status, "Transcoding");
  await add(hub, [ref("a")], 40);
  assert.equal((await hub.load("", 10)).jobs[0]?.status, "Transcoding", "what was looked up shows at once");
  await hub.close();
});

test("every change of status is observed once; an older answer changes nothing", async () => {
  const hub = new SqliteHub(undefined);
  const job = ref("a");
  await add(hub, [job]);
  await hub.save([answered(job, 10, {})]);
  await hub.save([answered(job, 20, {})]);
  await hub.save([answered(job, 30, { phase: "succeeded", status: "TranscodeSuccess" })]);
  await hub.save([{ ...answered(job, 25, {}), at: 40 }]); // was slower than the one after it
  assert.deepEqual(await hub.observations(jobKey(job)), [
    { at: 11, status: "Transcoding", phase: "running" },
    { at: 31, status: "TranscodeSuccess", phase: "succeeded" },
  ]);
  const row = await hub.job(jobKey(job));
  assert.deepEqual([row?.phase, row?.checkedAt, row?.changedAt], ["succeeded", 31, 31]);
  await hub.close();
});

test("a failure is kept beside the last answer until the next answer", async () => {
  const hub = new SqliteHub(undefined);
  const job = ref("a");
  await add(hub, [job]);
  await hub.save([answered(job, 10, {})]);
  const problem = { kind: "service", message: "out", at: 20 } as const;
  for (const startedAt of [15, 18])
    await hub.save([{ ref: job, owner: "a", startedAt, at: 20, problem, plan: at(99) }]);
  const failed = await hub.job(jobKey(job));
  assert.deepEqual([failed?.problem, failed?.failures, failed?.phase], [problem, 2, "running"]);
  await hub.save([answered(job, 30, {})]);
  const fine = await hub.job(jobKey(job));
  assert.deepEqual([fine?.problem, fine?.failures], [undefined, 0]);
  await hub.close();
});

test("failures are unseen until looked at; a failed activity counts though the task succeeded", async () => {
  const hub = new SqliteHub(undefined);
  await add(hub, [ref("failed"), ref("half"), ref("fine"), ref("canceled")]);
  await hub.save([
    answered(ref("failed"), 5, { phase: "failed" }),
    answered(ref("half"), 5, { phase: "succeeded", activities: 3, failedActivities: 1 }),
    answered(ref("fine"), 5, { phase: "succeeded", activities: 3, failedActivities: 0 }),
    answered(ref("canceled"), 5, { phase: "canceled" }),
  ]);
  const unseen = async () => idsOf((await hub.load("", 10)).jobs.filter(({ seen }) => !seen));
  assert.deepEqual(await unseen(), ["failed", "half"]);
  await hub.edit([{ key: jobKey(ref("half")), seen: true }]);
  await hub.save([answered(ref("half"), 15, { phase: "succeeded", failedActivities: 1 })]);
  assert.deepEqual(await unseen(), ["failed"], "asked again, it is no new failure");
  await hub.close();
});

test("other connections see every change, in order, and nothing when there is none", async () => {
  const folder = temporaryFolder();
  const [one, two] = [new SqliteHub(folder), new SqliteHub(folder)];
  let position: HubPosition = (await two.load("", 10)).position;
  const look = async (limit = 10) => {
    const changes = await two.changes(position, limit);
    position = changes?.position ?? position;
    return changes && [idsOf(changes.jobs), changes.removed, changes.accounts.length, changes.more];
  };
  assert.equal(await look(), undefined);
  await add(one, [ref("a"), ref("b"), ref("c")]);
  assert.deepEqual(await look(2), [["a", "b"], [], 0, true]);
  assert.deepEqual(await look(2), [["c"], [], 0, false]);
  assert.equal(await look(), undefined);
  await one.reserve("demo", { now: 1, interactive: 1, background: 0, backgroundRate: 8 });
  assert.equal(await look(), undefined, "slots concern nobody");
  await one.remove([jobKey(ref("a"))], 2);
  await one.throttled("demo", 3, undefined);
  assert.deepEqual(await look(), [[], [jobKey(ref("a"))], 1, false]);
  await two.edit([{ key: jobKey(ref("b")), label: "own" }]);
  assert.deepEqual(await look(), [["b"], [], 0, false], "its own changes too");
  await one.claim(ref("looked-up"), lease("x", 5));
  assert.equal(await look(), undefined, "a look-up is no tracked job");
  await one.close();
  await two.close();
});

test("durations are learned from jobs that ended, newest first, once each", async () => {
  const hub = new SqliteHub(undefined);
  const end = (id: string, kind: string | undefined, finishedAt: number, duration: number) =>
    answered(ref(id), finishedAt, { phase: "succeeded", kind, createdAt: finishedAt - duration, finishedAt });
  await add(
    hub,
    ["a", "b", "c", "d", "e"].map((id) => ref(id)),
  );
  await hub.save([end("a", "hd", 1_000, 100), end("b", "hd", 3_000, 300), end("c", undefined, 2_000, 200)]);
  await hub.save([end("b", "hd", 3_500, 300), answered(ref("d"), 9, { createdAt: 1 }), end("e", "hd", 9_000, -5)]);
  assert.deepEqual(await hub.durations("transcode", "hd"), { ofKind: [300, 100], ofType: [300, 200, 100] });
  assert.deepEqual((await hub.durations("transcode", undefined)).ofKind, [200]);
  assert.deepEqual(await hub.durations("ai", "hd"), { ofKind: [], ofType: [] });
  await hub.close();
});

test("a blocked account is claimed from by one probe at a time", async () => {
  const hub = new SqliteHub(undefined);
  await add(hub, [ref("a"), ref("b")]);
  const problem = { kind: "network", message: "none", at: 10 } as const;
  await hub.block("demo", { kind: "offline", problem, startedAt: 8, probeAt: 20 });
  await hub.block("demo", { kind: "offline", problem: { ...problem, at: 11 }, startedAt: 9, probeAt: 90 });
  const [account] = (await hub.load("", 1)).accounts;
  assert.deepEqual([account?.block?.failures, account?.block?.probeAt], [1, 20], "calls in flight together count once");
  assert.deepEqual(await hub.claimDue(due("one", 15)), []);
  assert.equal(await hub.claimProbe("demo", lease("one", 19), 40), undefined);
  assert.equal((await hub.claimProbe("demo", lease("one", 20), 40))?.ref.id, "a");
  assert.equal(await hub.claimProbe("demo", lease("two", 21), 60), undefined);
  await hub.block("demo", { kind: "offline", problem: { ...problem, at: 25 }, startedAt: 21, probeAt: 60 });
  const [still] = (await hub.load("", 1)).accounts;
  assert.deepEqual([still?.block?.since, still?.block?.failures, still?.block?.probeAt], [10, 2, 60]);
  await hub.block("demo", undefined);
  assert.equal((await hub.claimDue(due("one", 50))).length, 2);
  await hub.close();
});

test("what is too old goes; what is tracked stays", async () => {
  const hub = new SqliteHub(undefined);
  const jobs = ["tracked", "removed", "recent", "empty"].map((id) => ref(id));
  await add(hub, jobs.slice(0, 3));
  await hub.claim(ref("empty"), lease("x", 1));
  for (const job of jobs.slice(0, 3)) {
    await hub.save([answered(job, 10, { phase: "succeeded", createdAt: 1, finishedAt: 9 })]);
  }
  await hub.remove([jobKey(ref("removed")), jobKey(ref("recent"))], 20);
  await hub.maintain(3 * day);
  assert.equal(await hub.job(jobKey(ref("empty"))), undefined);
  assert.ok(await hub.answer(jobKey(ref("removed"))), "history stays for half a year");
  await hub.maintain(200 * day);
  assert.equal(await hub.job(jobKey(ref("removed"))), undefined);
  assert.equal(await hub.answer(jobKey(ref("removed"))), undefined);
  assert.ok(await hub.answer(jobKey(ref("tracked"))));
  assert.deepEqual(await hub.observations(jobKey(ref("tracked"))), []);
  assert.deepEqual((await hub.durations("transcode", undefined)).ofType, []);
  await hub.close();
});

test("observations of one job are bounded", async () => {
  const hub = new SqliteHub(undefined);
  await add(hub, [ref("a")]);
  for (let n = 1; n <= 250; n++) await hub.save([answered(ref("a"), n * 10, { status: `s${n}` })]);
  const seen = await hub.observations(jobKey(ref("a")));
  assert.equal(seen.length, 200);
  assert.equal(seen.at(-1)?.status, "s250");
  await hub.close();
});

test("a transaction that fails changes nothing", async () => {
  const hub = new SqliteHub(undefined);
  const bad = { ref: ref("b"), plan: { at: 1, reason: null as never } };
  await assert.rejects(hub.add([{ ref: ref("a"), plan: at(1) }, bad], 1));
  assert.deepEqual((await hub.load("", 10)).jobs, []);
  await add(hub, [ref("c")]);
  assert.equal((await hub.load("", 10)).jobs.length, 1);
  await hub.close();
});
