import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { JobHub } from "../../../../src/jobs/hub.ts";
import { jobKey } from "../../../../src/jobs/key.ts";
import { asStorageError, Database, migrate } from "../../../../src/jobs/sqlite/database.ts";
import { SqliteHub } from "../../../../src/jobs/sqlite/hub.ts";
import { databaseName } from "../../../../src/jobs/sqlite/open.ts";
import { schema } from "../../../../src/jobs/sqlite/schema.ts";
import { StorageError } from "../../../../src/jobs/storageError.ts";
import type { TrackerSettings } from "../../../../src/jobs/tracker.ts";
import { FakeClock } from "../../support/clock.ts";
import "../../../panel/editorStub.ts";
import { close, FakeService, openWindow, ref } from "../support.ts";

const { storageSentence } = await import("../../../../src/editor/sentences.ts");

/**
 * A process that may mount disks of its own, for `disk.test.ts`: `diskProcess.ts <scenario> <folder>`. It mounts a small
 * one on the folder, fills it or makes it read-only, and ends with an error when anything is lost.
 */
const [scenario, folder] = process.argv.slice(2) as [string, string];
const kilobyte = 1_024;
const pageSize = 4 * kilobyte;
const filler = join(folder, "filler");
const path = join(folder, databaseName);
const plan = { reason: "paused" } as const;

function mount(options: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "none", folder]);
}

/** Leaves room for so many bytes and no more. */
function fillDisk(left = 0): void {
  const file = openSync(filler, "w");
  let size = 0;
  try {
    for (;;) size += writeSync(file, Buffer.alloc(pageSize));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  }
  closeSync(file);
  truncateSync(filler, size - left);
}
const makeRoom = () => rmSync(filler);

const names = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `job${from + n}`.padEnd(32, "x"));

/** A file with so many tracked jobs, and nothing in its journal. */
async function fillFile(count: number): Promise<string[]> {
  const hub = new SqliteHub(folder);
  await hub.add(
    names(count).map((id) => ({ ref: ref(id), label: `label of ${id}`, plan })),
    1,
  );
  await hub.close();
  return names(count);
}

async function listed(hub: JobHub): Promise<string[]> {
  const page = await hub.load("", 100_000);
  return page.jobs.map((job) => job.ref.id).sort();
}

/** The next window reads a sound file with exactly these jobs. */
async function assertKept(ids: readonly string[]): Promise<void> {
  const hub = new SqliteHub(folder);
  assert.deepEqual(await hub.notices(), []);
  assert.deepEqual(await listed(hub), [...ids].sort());
  await hub.close();
  const database = new Database(path);
  assert.deepEqual({ ...database.get("PRAGMA integrity_check") }, { integrity_check: "ok" });
  database.close();
}

async function openOn(settings: Partial<TrackerSettings> = { polling: false }) {
  const clock = new FakeClock();
  const service = new FakeService(clock);
  const hub = new SqliteHub(folder, () => clock.now());
  const { tracker } = openWindow(hub, clock, service, settings);
  await tracker.start();
  /** What the tree says above the jobs. */
  const said = () => tracker.notices.map(storageSentence).join("\n");
  return { clock, service, hub, tracker, said, close: () => close([tracker], hub, clock) };
}

/** Jobs are tracked one by one until there is no room, and again when there is. */
async function tracking(): Promise<void> {
  mount("size=16m");
  const { clock, tracker, said, close } = await openOn();
  const acknowledged = names(50);
  await tracker.track(acknowledged.map((id) => ref(id)));
  fillDisk();
  let refused = 0;
  for (const id of names(2_000, 50)) {
    await tracker.track([ref(id)]).then(
      () => acknowledged.push(id),
      (error) => {
        assert.ok(error instanceof StorageError && error.trouble === "full", error);
        refused++;
      },
    );
    if (refused === 3) break;
  }
  assert.equal(refused, 3, "the disk was full");
  assert.equal(tracker.jobs.size, acknowledged.length, "what was refused is not shown");
  assert.match(said(), /^The disk is full.*What was kept is safe\. Free some space/);
  makeRoom();
  await clock.advance(6_000);
  assert.equal(said(), "");
  await tracker.track([ref("after")]);
  await close();
  await assertKept([...acknowledged, "after"]);
}

/** Answers come while there is no room for them: no call is spent in vain, and none is lost when there is. */
async function answers(): Promise<void> {
  mount("size=16m");
  const { clock, service, tracker, said, close } = await openOn({});
  const ids = names(100);
  service.latency = 2_000;
  await tracker.track(ids.map((id) => ref(id)));
  fillDisk();
  await clock.advance(10 * 60_000);
  assert.match(said(), /^The disk is full/);
  assert.equal(tracker.jobs.size, ids.length);
  assert.ok(service.calls.length < 2 * ids.length, `${service.calls.length} calls`);
  makeRoom();
  await clock.advance(6 * 60_000);
  assert.equal(said(), "");
  for (const job of tracker.jobs.values()) assert.ok(job.checkedAt !== undefined, job.key);
  for (const id of ids) assert.ok(await tracker.answer(jobKey(ref(id))), `the answer of ${id}`);
  await close();
  await assertKept(ids);
}

/** A file of another version is migrated: all of it or nothing. */
async function migration(): Promise<void> {
  mount("size=16m");
  const ids = await fillFile(3_000);
  const before = readFileSync(path);
  const inHalves = [0, 1].map((rest) => `UPDATE jobs SET title = hex(zeroblob(200)) WHERE rowid % 2 = ${rest}`);
  const steps = [...schema, inHalves.join(";")];
  fillDisk(200 * kilobyte);
  const database = new Database(path);
  assert.throws(
    () => migrate(database, steps),
    (error) => (asStorageError(error) as StorageError).trouble === "full",
  );
  assert.equal(database.get("PRAGMA user_version")?.user_version, schema.length);
  assert.equal(database.get("SELECT count(*) AS jobs FROM jobs WHERE title IS NULL")?.jobs, ids.length);
  database.close();
  assert.ok(readFileSync(path).equals(before), "the file is byte for byte as it was");
  await assertKept(ids);
  makeRoom();
  const again = new Database(path);
  migrate(again, steps);
  assert.equal(again.get("SELECT count(*) AS jobs FROM jobs WHERE title IS NOT NULL")?.jobs, ids.length);
  again.close();
}

/** The first file of all is made. */
async function making(): Promise<void> {
  mount("size=1m");
  for (const left of [0, 4, 16, 48]) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    fillDisk(left * kilobyte);
    const { clock, tracker, said, close } = await openOn();
    assert.match(
      said(),
      /cannot be opened \(.*(full|disk I\/O error)\).*Free the disk.*tried again every few seconds/,
      `${left} KB left`,
    );
    await tracker.track([ref("meanwhile")], { label: "kept" });
    makeRoom();
    await clock.advance(15_000);
    assert.equal(said(), "");
    assert.equal(tracker.jobs.get(jobKey(ref("meanwhile")))?.label, "kept");
    await close();
    await assertKept(["meanwhile"]);
  }
}

/** What is left of a damaged file is saved, however much room there is for it. */
async function salvage(): Promise<void> {
  mount("size=16m");
  const ids = await fillFile(2_000);
  const damaged = readFileSync(path);
  const page = Math.floor(damaged.length / pageSize / 2);
  damaged.fill(0x5a, page * pageSize, (page + 1) * pageSize);
  for (const left of [0, 64, 160, 400]) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    writeFileSync(path, damaged);
    fillDisk(left * kilobyte);
    const { clock, tracker, close } = await openOn();
    await tracker.track([ref("meanwhile")]).catch(() => {});
    await clock.advance(20_000);
    makeRoom();
    await clock.advance(20_000);
    const there = [...tracker.jobs.values()].map((job) => job.ref.id);
    for (const id of ids) assert.ok(there.includes(id), `${left} KB left: ${id} is gone`);
    assert.deepEqual(
      tracker.notices.map(({ kind }) => kind),
      ["damaged"],
      `${left} KB left`,
    );
    const labels = [...tracker.jobs.values()].filter((job) => job.label === `label of ${job.ref.id}`).length;
    assert.ok(labels > 0.8 * ids.length, `${left} KB left: ${labels} labels were saved`);
    await tracker.track([ref("after")]);
    await close();
    await assertKept([...there, "after"]);
    const aside = readdirSync(folder).filter((name) => name.includes(".damaged-") && !/-(wal|shm)$/.test(name));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes(".unread-")),
      [],
    );
    assert.ok(readFileSync(join(folder, aside[0]!)).equals(damaged), "the damaged file is kept");
  }
}

/** The folder stands on what can only be read. */
async function readOnly(): Promise<void> {
  mount("size=16m");
  const ids = await fillFile(100);
  const before = readFileSync(path);
  mount("remount,ro,size=16m");
  const { clock, tracker, said, close } = await openOn();
  assert.match(said(), /cannot be opened \(.*read-only.*\)\. What was in it is untouched/);
  await tracker.track([ref("meanwhile")]);
  await clock.advance(60_000);
  assert.ok(readFileSync(path).equals(before));
  mount("remount,rw,size=16m");
  await clock.advance(15_000);
  assert.equal(said(), "");
  assert.equal(tracker.jobs.size, ids.length + 1);
  await close();
  await assertKept([...ids, "meanwhile"]);
}

/** Another disk, which can only be read, takes the place of the one in use. */
async function covered(): Promise<void> {
  mount("size=16m");
  const ids = await fillFile(100);
  const { clock, tracker, said, close } = await openOn();
  await tracker.track([ref("before")], { label: "kept" });
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  execFileSync("mount", ["--bind", copy, folder]);
  execFileSync("mount", ["-o", "remount,bind,ro", folder]);
  await tracker.track([ref("meanwhile")], { label: "kept too" });
  assert.match(
    said(),
    /cannot be opened \(.*read-only.*\)\. What was in it is untouched.*tried again every few seconds/,
  );
  assert.equal(tracker.jobs.size, ids.length + 2, "all are shown");
  await tracker.setLabel(jobKey(ref("before")), "renamed");
  await clock.advance(60_000);
  execFileSync("umount", [folder]);
  await clock.advance(15_000);
  assert.equal(said(), "");
  assert.deepEqual(
    ["before", "meanwhile", ids[7]!].map((id) => tracker.jobs.get(jobKey(ref(id)))?.label),
    ["renamed", "kept too", `label of ${ids[7]}`],
  );
  await close();
  await assertKept([...ids, "before", "meanwhile"]);
  rmSync(copy, { recursive: true });
}

const scenarios: Record<string, () => Promise<void>> = {
  tracking,
  answers,
  migration,
  making,
  salvage,
  readOnly,
  covered,
};
await scenarios[scenario]!();
