import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { JobHub } from "../../../../src/jobs/hub.ts";
import { jobKey } from "../../../../src/jobs/key.ts";
import { Database, migrate } from "../../../../src/jobs/sqlite/database.ts";
import { SqliteHub } from "../../../../src/jobs/sqlite/hub.ts";
import { ref, temporaryFolder } from "../support.ts";

const plan = { at: 1, reason: "first" } as const;
const add = (hub: JobHub, ...ids: string[]) =>
  hub.add(
    ids.map((id) => ({ ref: ref(id), plan })),
    1,
  );
const ids = async (hub: JobHub) => (await hub.load("", 1_000)).jobs.map((job) => job.ref.id);
const noon = Date.UTC(2025, 2, 27, 12);

test("the database is a file for its owner's eyes, in a folder that is made for it", async () => {
  const folder = join(temporaryFolder(), "deep", "er");
  const hub = new SqliteHub(folder);
  await add(hub, "a");
  assert.deepEqual(await hub.notices(), []);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const file of readdirSync(folder)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
  await hub.close();
  const again = new SqliteHub(folder);
  assert.deepEqual(await ids(again), ["a"]);
  await again.close();
});

test("a file that was readable by others is no more", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "jobs.db"), "", { mode: 0o644 });
  await new SqliteHub(folder).close();
  assert.equal(statSync(join(folder, "jobs.db")).mode & 0o777, 0o600);
});

test("a damaged file is moved aside, whole, and told of; a new one is begun", async () => {
  const folder = temporaryFolder();
  const garbage = "this is no database ".repeat(500);
  writeFileSync(join(folder, "jobs.db"), garbage);
  const hub = new SqliteHub(folder, () => noon);
  await add(hub, "a");
  const [notice] = await hub.notices();
  assert.equal(notice?.kind, "damaged");
  assert.equal(notice?.movedTo, join(folder, "jobs.db.damaged-2025-03-27T12-00-00.000Z"));
  assert.equal(readFileSync(notice!.movedTo!, "utf8"), garbage);
  assert.deepEqual(await ids(hub), ["a"]);
  await hub.close();
});

test("a directory in the file's place is moved aside too, with what is in it", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "jobs.db"));
  writeFileSync(join(folder, "jobs.db", "precious"), "kept");
  const hub = new SqliteHub(folder, () => noon);
  const [notice] = await hub.notices();
  assert.equal(notice?.kind, "damaged");
  assert.equal(readFileSync(join(notice!.movedTo!, "precious"), "utf8"), "kept");
  await add(hub, "a");
  assert.deepEqual(await ids(hub), ["a"]);
  await hub.close();
});

test("two damaged files of one moment do not overwrite each other", async () => {
  const folder = temporaryFolder();
  for (const content of ["one ".repeat(2_000), "two ".repeat(2_000)]) {
    writeFileSync(join(folder, "jobs.db"), content);
    await new SqliteHub(folder, () => noon).close();
  }
  const aside = readdirSync(folder).filter((name) => name.includes("damaged"));
  assert.deepEqual(
    aside.map((name) => readFileSync(join(folder, name), "utf8").slice(0, 3)).sort(),
    ["one", "two"],
    aside.join(" "),
  );
});

test("a file that proves damaged in use is moved aside then", async () => {
  const folder = temporaryFolder();
  const filled = new SqliteHub(folder);
  await add(filled, ...Array.from({ length: 3_000 }, (_, n) => `job${n}`));
  await filled.close();
  const path = join(folder, "jobs.db");
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4_096 * 40, 4_096 * 60);
  writeFileSync(path, bytes);
  const hub = new SqliteHub(folder);
  const { position } = await hub.load("", 1);
  await add(hub, "new");
  for (let after = "", more = true; more; ) {
    const page = await hub.load(after, 500);
    after = page.jobs.at(-1)?.key ?? "";
    more = page.more;
  }
  const [notice] = await hub.notices();
  assert.equal(notice?.kind, "damaged");
  assert.equal(statSync(notice!.movedTo!).size >= bytes.length, true);
  await add(hub, "after");
  assert.ok((await ids(hub)).includes("after"));
  const changes = await hub.changes(position, 10);
  assert.notEqual(changes?.position.epoch, position.epoch, "windows learn that it is another store");
  await hub.close();
});

test("a window whose file was moved aside by another goes on in the new one", async () => {
  const folder = temporaryFolder();
  const [one, two] = [new SqliteHub(folder), new SqliteHub(folder)];
  await add(one, "a");
  rmSync(join(folder, "jobs.db"));
  await add(one, "b");
  await add(two, "c");
  assert.deepEqual(await ids(one), ["b", "c"]);
  await one.close();
  await two.close();
});

test("a newer file is refused with a sentence and left byte for byte as it is", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "jobs.db");
  const future = new DatabaseSync(path);
  future.exec("CREATE TABLE jobs (whatever TEXT); INSERT INTO jobs VALUES ('kept'); PRAGMA user_version = 99");
  future.close();
  const before = readFileSync(path);
  const hub = new SqliteHub(folder);
  const [notice] = await hub.notices();
  assert.equal(notice?.kind, "newer");
  assert.match(notice!.message, /version 99/);
  await add(hub, "a");
  assert.deepEqual(await ids(hub), ["a"], "it works from memory");
  await hub.close();
  assert.deepEqual(readFileSync(path), before);
  assert.deepEqual(readdirSync(folder), ["jobs.db"]);
});

test("where no folder can be made, it works from memory and says so", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "in the way");
  const hub = new SqliteHub(join(file, "folder"));
  const [notice] = await hub.notices();
  assert.equal(notice?.kind, "memory");
  await add(hub, "a");
  assert.deepEqual(await ids(hub), ["a"]);
  await hub.close();
  assert.equal(readFileSync(file, "utf8"), "in the way");
});

test("steps that were done are not done again, and new ones keep what is there", () => {
  const path = join(temporaryFolder(), "steps.db");
  const first = "CREATE TABLE a (x); INSERT INTO a VALUES (1)";
  const open = (...steps: string[]) => {
    const database = new Database(path);
    migrate(database, steps);
    const rows = database.all("SELECT * FROM a").map((row) => ({ ...row }));
    database.close();
    return rows;
  };
  assert.deepEqual(open(first), [{ x: 1 }]);
  assert.deepEqual(open(first), [{ x: 1 }]);
  assert.deepEqual(open(first, "ALTER TABLE a ADD COLUMN y DEFAULT 2"), [{ x: 1, y: 2 }]);
  assert.throws(() => open(first), /version 2/);
});

test("a step that fails leaves the file as it was", () => {
  const path = join(temporaryFolder(), "steps.db");
  const open = (...steps: string[]) => {
    const database = new Database(path);
    try {
      migrate(database, steps);
      return database.all("PRAGMA table_list").length;
    } finally {
      database.close();
    }
  };
  const before = open();
  assert.throws(() => open("CREATE TABLE a (x); CREATE TABLE b (y); this is no SQL"));
  assert.equal(open(), before);
});

test("processes that open a new, or a damaged, file at once all end up in one sound file", async () => {
  for (const content of ["", "damaged ".repeat(1_000)]) {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "jobs.db"), content);
    const children = Array.from({ length: 4 }, () =>
      fork(join(import.meta.dirname, "..", "hubProcess.ts"), [folder, "open"], { stdio: "inherit" }),
    );
    await Promise.all(children.map((child) => once(child, "message")));
    for (const child of children) child.send("go");
    const added = await Promise.all(children.map(async (child) => (await once(child, "message"))[0] as string));
    await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")));
    const hub = new SqliteHub(folder);
    assert.deepEqual(await ids(hub), added.sort());
    assert.deepEqual(await hub.notices(), []);
    await hub.close();
    const aside = readdirSync(folder).filter((name) => name.includes("damaged"));
    assert.equal(aside.length, content ? 1 : 0, aside.join(" "));
  }
});

test("keys of the file's jobs are the tracker's keys", async () => {
  const hub = new SqliteHub(undefined);
  await add(hub, "a/b %");
  assert.equal((await hub.load("", 1)).jobs[0]?.key, jobKey(ref("a/b %")));
  await hub.close();
});
