import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { JobGrouping } from "../../../../src/editor/tree/grouping.ts";
import { jobKey } from "../../../../src/jobs/key.ts";
import { asStorageError, Database, migrate } from "../../../../src/jobs/sqlite/database.ts";
import { SqliteHub } from "../../../../src/jobs/sqlite/hub.ts";
import { databaseName } from "../../../../src/jobs/sqlite/open.ts";
import { schema } from "../../../../src/jobs/sqlite/schema.ts";
import { StorageError } from "../../../../src/jobs/storageError.ts";
import { FakeClock } from "../../support/clock.ts";
import "../../../panel/editorStub.ts";
import { close, FakeService, openWindow, ref, temporaryFolder } from "../support.ts";

const { jobItem } = await import("../../../../src/editor/tree/jobItem.ts");
const { jobTooltip } = await import("../../../../src/editor/tree/jobTooltip.ts");

/** What may happen to the file while windows use it: what was acknowledged is there, and what is not kept is told. */

const plan = { at: 1, reason: "first" } as const;
const names = Array.from({ length: 200 }, (_, n) => `job${n}`);
const pageSize = 4_096;

/** A database with jobs that have labels and answers, and nothing left in its journal. */
async function fill(folder: string): Promise<void> {
  const hub = new SqliteHub(folder);
  await hub.add(
    names.map((id) => ({ ref: ref(id), label: `label of ${id}`, plan })),
    1,
  );
  const summary = { phase: "running" as const, status: "Transcoding", title: "a title ".repeat(20) };
  await hub.save(
    names.map((id) => ({ ref: ref(id), owner: "a", startedAt: 2, at: 3, answer: { summary, raw: `answer ${id}` } })),
  );
  await hub.close();
}

async function tracked(hub: SqliteHub): Promise<Map<string, string | undefined>> {
  const jobs = new Map<string, string | undefined>();
  for (let after = "", more = true; more; ) {
    const page = await hub.load(after, 50);
    for (const job of page.jobs) jobs.set(job.ref.id, job.label);
    after = page.jobs.at(-1)?.key ?? after;
    more = page.more;
  }
  return jobs;
}

test("a file of the first version keeps what is in it, sound or damaged", async () => {
  const original = temporaryFolder();
  const first = new Database(join(original, databaseName));
  migrate(first, schema.slice(0, 1));
  for (const id of names) {
    const values = { ...ref(id), key: jobKey(ref(id)), body: deflateRawSync(`answer ${id}`) };
    first.run(
      `INSERT INTO jobs (key, account, region, type, id, tracked, label, added_at, reason, seq)
       VALUES (:key, :account, :region, :type, :id, 1, 'label of ' || :id, 1, 'first', 1)`,
      values,
    );
    first.run("INSERT INTO answers VALUES (:key, 3, :body)", values);
  }
  first.close();
  const bytes = readFileSync(join(original, databaseName));
  const pages = Math.floor(bytes.length / pageSize);
  const aside = `${databaseName}.unread-2026`; // as a window leaves it that died over saving it
  for (const [damaged, name] of [
    [undefined, databaseName],
    [Math.floor(pages / 3), databaseName],
    [pages - 2, databaseName],
    [pages - 2, aside],
  ] as const) {
    const folder = temporaryFolder();
    const harmed = Buffer.from(bytes);
    if (damaged !== undefined) harmed.fill(0x5a, damaged * pageSize, (damaged + 1) * pageSize);
    writeFileSync(join(folder, name), harmed);
    const hub = new SqliteHub(folder);
    await tracked(hub);
    const answers = await Promise.all(names.map((id) => hub.answer(jobKey(ref(id))).catch(() => undefined)));
    const jobs = await tracked(hub);
    assert.deepEqual([...jobs.keys()].sort(), [...names].sort(), `page ${damaged} of ${name}`);
    const labels = [...jobs].filter(([id, label]) => label === `label of ${id}`).length;
    const raw = answers.filter((answer, n) => answer?.raw === `answer ${names[n]}`).length;
    const least = damaged === undefined ? names.length : 0.6 * names.length;
    assert.ok(labels >= least && raw >= least, `page ${damaged}: ${labels} labels, ${raw} answers`);
    await hub.close();
  }
});

test("whichever page of the file is damaged, every tracked job is still tracked, and the file is kept", async () => {
  const original = temporaryFolder();
  await fill(original);
  const bytes = readFileSync(join(original, databaseName));
  let damaged = 0;
  let labels = 0;
  for (let page = 0; page < bytes.length / pageSize; page++) {
    const folder = temporaryFolder();
    const harmed = Buffer.from(bytes);
    harmed.fill(0x5a, page * pageSize, (page + 1) * pageSize);
    writeFileSync(join(folder, databaseName), harmed);
    const hub = new SqliteHub(folder);
    await tracked(hub);
    await hub.add([{ ref: ref("new"), plan }], 5);
    await hub.remove([jobKey(ref("new"))], 6);
    for (const id of names.slice(0, 3)) await hub.answer(jobKey(ref(id)));
    const jobs = await tracked(hub);
    assert.deepEqual([...jobs.keys()].sort(), [...names].sort(), `page ${page}`);
    const [notice] = await hub.notices();
    await hub.close();
    if (!notice) continue; // nothing needs that page
    damaged++;
    labels += [...jobs].filter(([id, label]) => label === `label of ${id}`).length;
    assert.equal(notice.kind, "damaged");
    assert.ok(notice.saved! >= names.length, `page ${page}`);
    const kept = readFileSync(notice.movedTo!).subarray(page * pageSize, (page + 1) * pageSize);
    assert.ok(kept.equals(harmed.subarray(page * pageSize, (page + 1) * pageSize)), "the damage is kept with the file");
  }
  assert.ok(damaged > 15, `${damaged} pages mattered`);
  assert.ok(labels > 0.8 * names.length * damaged, "and of most of them all the rest too");
});

/** As the letters of one row are harmed, not the structure of the file: SQLite notices nothing of it. */
test("whichever letter of a file is another than was written, the list opens and is shown, but for that job", async () => {
  const original = temporaryFolder();
  await fill(original);
  const problem = { kind: "network", message: "unreachable", at: 4 } as const;
  const filled = new SqliteHub(original);
  await filled.save(names.map((id) => ({ ref: ref(id), owner: "a", startedAt: 4, at: 5, problem })));
  await filled.block("demo", { kind: "offline", problem, startedAt: 4, probeAt: 9 });
  await filled.throttled("demo", 6, undefined);
  await filled.close();
  const bytes = readFileSync(join(original, databaseName));
  const words = [
    "CREATE TABLE jobs",
    "running",
    "network",
    "unreachable",
    '"kind"',
    '"offline"',
    "transcode/job7",
    "slowdown",
    "first",
  ];
  for (const word of words) {
    for (let letter = 0; letter < word.length; letter += 2) {
      const at = bytes.lastIndexOf(word) + letter;
      assert.ok(at > letter, word);
      const folder = temporaryFolder();
      const harmed = Buffer.from(bytes);
      harmed[at]! ^= 4;
      writeFileSync(join(folder, databaseName), harmed);
      const clock = new FakeClock();
      const hub = new SqliteHub(folder, () => clock.now());
      const { tracker } = await startOn(hub, clock);
      const what = `letter ${letter} of ${word}`;
      assert.ok(tracker.jobs.size >= names.length - 1, what);
      for (const by of ["status", "type", "day"] as const) new JobGrouping(tracker.jobs, by, "newest").groups();
      for (const job of tracker.jobs.values()) {
        jobItem(job, 10);
        jobTooltip(job, tracker.accounts.get("demo"), 10);
      }
      await tracker.track([ref("new")]);
      assert.ok(tracker.jobs.has(jobKey(ref("new"))), what);
      await close([tracker], hub, clock);
    }
  }
});

test("however short the journal is cut, the jobs are there up to one of them, in the order they were added", async () => {
  const original = temporaryFolder();
  await fill(original);
  const hub = new SqliteHub(original);
  const later = Array.from({ length: 30 }, (_, n) => `later${n}`);
  for (const id of later) await hub.add([{ ref: ref(id), plan }], 1);
  const journal = readFileSync(join(original, `${databaseName}-wal`));
  const counts: number[] = [];
  for (let share = 0; share <= 10; share++) {
    const folder = temporaryFolder();
    copyFileSync(join(original, databaseName), join(folder, databaseName));
    writeFileSync(join(folder, `${databaseName}-wal`), journal);
    truncateSync(join(folder, `${databaseName}-wal`), Math.floor((journal.length * share) / 10));
    writeFileSync(join(folder, `${databaseName}-shm`), "no index of a journal");
    const cut = new SqliteHub(folder);
    const jobs = await tracked(cut);
    assert.deepEqual(await cut.notices(), []);
    for (const id of names) assert.ok(jobs.has(id), id);
    const there = later.filter((id) => jobs.has(id));
    assert.deepEqual(there, later.slice(0, there.length));
    counts.push(there.length);
    await cut.close();
  }
  await hub.close();
  assert.equal(counts[0], 0);
  assert.equal(counts.at(-1), later.length);
});

/** Lets `work` run without a superuser's right to read and write everything. */
async function asOrdinaryUser(folder: string, work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  const nobody = 65_534;
  for (const name of ["", ...readdirSync(folder)]) chownSync(join(folder, name), nobody, nobody);
  process.seteuid!(nobody);
  try {
    await work();
  } finally {
    process.seteuid!(0);
  }
}

/** A window on a database, and when its clock says so the window of the next moment. */
async function startOn(hub: SqliteHub, clock: FakeClock) {
  const window = openWindow(hub, clock, new FakeService(clock), { polling: false });
  await window.tracker.start();
  return window;
}

test("a folder that cannot be written is told of; when it can be, the list is there and takes what was tracked meanwhile", {
  skip: process.platform === "win32",
}, async () => {
  const folder = temporaryFolder();
  await fill(folder);
  const before = readFileSync(join(folder, databaseName));
  await asOrdinaryUser(folder, async () => {
    chmodSync(join(folder, databaseName), 0o400);
    chmodSync(folder, 0o500);
    const clock = new FakeClock();
    const hub = new SqliteHub(folder, () => clock.now());
    const { tracker } = await startOn(hub, clock);
    assert.equal(tracker.notices[0]?.kind, "memory");
    await tracker.track([ref("meanwhile")], { label: "kept" });
    assert.equal(tracker.jobs.size, 1);
    assert.ok(readFileSync(join(folder, databaseName)).equals(before), "the file is untouched");
    chmodSync(join(folder, databaseName), 0o600);
    await clock.advance(15_000);
    assert.deepEqual(tracker.notices, []);
    assert.equal(tracker.jobs.size, names.length + 1);
    assert.equal(tracker.jobs.get(jobKey(ref("meanwhile")))?.label, "kept");
    await close([tracker], hub, clock);
  });
});

test("a file that another program has locked is waited for: at the start, and in use", async () => {
  const folder = temporaryFolder();
  await fill(folder);
  const path = join(folder, databaseName);
  let other = new DatabaseSync(path);
  other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  const clock = new FakeClock();
  const hub = new SqliteHub(folder, () => clock.now(), 10);
  const { tracker, log } = await startOn(hub, clock);
  assert.deepEqual(
    tracker.notices.map(({ kind, message }) => [kind, message]),
    [["memory", "database is locked"]],
  );
  await tracker.track([ref("meanwhile")]);
  other.close();
  await clock.advance(15_000);
  assert.deepEqual(tracker.notices, []);
  assert.equal(tracker.jobs.size, names.length + 1);

  other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(tracker.track([ref("refused")]), (error) => (error as StorageError).trouble === "locked");
  assert.deepEqual(
    tracker.notices.map(({ kind }) => kind),
    ["locked"],
  );
  await clock.advance(20_000);
  assert.equal(log.filter((line) => line.includes("takes no changes")).length, 1, "told once");
  other.exec("COMMIT");
  await clock.advance(6_000);
  assert.deepEqual(tracker.notices, []);
  assert.equal((await tracker.track([ref("taken")])).added.length, 1);
  assert.ok(!tracker.jobs.has(jobKey(ref("refused"))));
  other.close();
  await close([tracker], hub, clock);
});

const canLimit = process.platform === "linux" && execFileSync("sh", ["-c", "command -v prlimit || true"]).length > 0;

test("a disk that takes no more loses nothing that was acknowledged, and is used again when it does", {
  skip: !canLimit && "files' sizes can be limited on Linux only",
}, async () => {
  const folder = temporaryFolder();
  await fill(folder);
  const clock = new FakeClock();
  const hub = new SqliteHub(folder, () => clock.now());
  const { tracker } = await startOn(hub, clock);
  const limit = (bytes: number | "unlimited") =>
    execFileSync("prlimit", [`--pid=${process.pid}`, `--fsize=${bytes}:`], { stdio: "pipe" });
  const acknowledged = [...names];
  let refused = 0;
  limit(40 * pageSize);
  try {
    for (let n = 0; n < 60 && refused < 3; n++) {
      const id = `until-full${n}`;
      await tracker.track([ref(id)]).then(
        () => acknowledged.push(id),
        (error) => {
          assert.ok(error instanceof StorageError && error.trouble === "refused", error);
          refused++;
        },
      );
    }
    assert.equal(refused, 3, "the limit was met");
    assert.deepEqual(
      tracker.notices.map(({ kind }) => kind),
      ["refused"],
    );
  } finally {
    limit("unlimited");
  }
  await clock.advance(6_000);
  assert.deepEqual(tracker.notices, []);
  await tracker.track([ref("after")]);
  acknowledged.push("after");
  await close([tracker], hub, clock);
  const again = new SqliteHub(folder);
  assert.deepEqual(await again.notices(), []);
  assert.deepEqual([...(await tracked(again)).keys()].sort(), acknowledged.sort());
  await again.close();
});

test("SQLite's own words for a full disk are told as one", () => {
  const database = new Database(":memory:");
  database.exec("CREATE TABLE a (x); PRAGMA max_page_count = 3");
  try {
    for (;;) database.run("INSERT INTO a VALUES (:x)", { x: "x".repeat(1_000) });
  } catch (error) {
    assert.equal((asStorageError(error) as StorageError).trouble, "full");
  }
  const defect = new Error("something else");
  assert.equal(asStorageError(defect), defect);
});
