import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { HubJob } from "../../../src/jobs/hub.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { databaseName } from "../../../src/jobs/sqlite/open.ts";
import { ref, temporaryFolder } from "./support.ts";

/** The long form is `npm run test:long -- unit --grep killed`. */
const kills = process.env.VOD_JOBS_LONG === "1" ? 1_400 : 200;
const share = {
  work: Math.ceil(0.75 * kills),
  migrate: Math.ceil(0.1 * kills),
  make: Math.ceil(0.075 * kills),
  salvage: Math.ceil(0.075 * kills),
};
const atOnce = 4;

type Role = "work" | "thousands" | "migrate" | "salvage";

/** How long a process lives after that, at most, ms. */
const longestLife: Record<Role, number> = { work: 40, thousands: 120, migrate: 40, salvage: 60 };

/** What a killed process compiled, the next one need not. */
const compileCache = temporaryFolder();

/**
 * One life of a process, ended by SIGKILL at a random moment after it has said something that `begun` matches. Gives the
 * lines it said.
 */
async function liveAndDie(folder: string, role: Role, name: string, begun: RegExp): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "hubProcess.ts"), folder, role, name], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  const begins = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (begun.test(text)) resolve();
    });
  });
  const closed = once(child, "close");
  const failed = once(child, "exit").then(([code]) => {
    if (code !== null) throw new Error(`a process ended by itself with ${code}`);
  });
  await Promise.race([begins, failed]);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * longestLife[role]));
  child.kill("SIGKILL");
  await closed;
  await failed;
  return text.split("\n").slice(0, -1); // the last line is empty, or cut off
}

/** Lives of processes, several at a time. Gives what each said, by its name. */
async function live(lives: readonly { folder: string; role: Role }[]): Promise<Map<string, string[]>> {
  const said = new Map<string, string[]>();
  const left = lives.entries();
  const oneAfterTheOther = async () => {
    for (const [n, { folder, role }] of left) {
      const name = `${role}${n}`;
      // However slow the machine, half of the processes get as far as having done something.
      said.set(name, await liveAndDie(folder, role, name, n % 2 === 0 ? /^\?/ : /^!/m));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
  return said;
}

/** What a process's acts made of its own jobs: each one's label, or "none"; jobs that are not tracked are absent. */
function jobsAfter(acts: readonly string[]): Map<string, string> {
  const jobs = new Map<string, string>();
  const removed = new Map<string, string>();
  for (const act of acts) {
    const [verb, named] = act.split(" ") as [string, string];
    const ids = named.endsWith("-") ? Array.from({ length: 2_000 }, (_, n) => `${named}${n}`) : [named];
    for (const id of ids) {
      if (verb === "add") jobs.set(id, "none");
      if (verb === "label") jobs.set(id, `label of ${id}`);
      if (verb === "remove") removed.set(id, jobs.get(id)!);
      if (verb === "remove") jobs.delete(id);
      if (verb === "restore") jobs.set(id, removed.get(id)!);
    }
  }
  return jobs;
}

/** Acts of some verbs that a process said were done, and the one that it was at when it was killed. */
function actsOf(lines: readonly string[], ...verbs: readonly string[]) {
  const ofVerbs = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).filter((line) => verbs.includes(line.split(" ")[1]!));
  const done = ofVerbs("!").map((line) => line.slice(2));
  const begun = ofVerbs("?").map((line) => line.slice(2));
  return { done, underWay: begun.length > done.length ? begun.at(-1) : undefined };
}

async function everyJob(hub: SqliteHub): Promise<Map<string, HubJob>> {
  const jobs = new Map<string, HubJob>();
  for (let after = "", more = true; more; ) {
    const page = await hub.load(after, 1_000);
    for (const job of page.jobs) jobs.set(job.ref.id, job);
    after = page.jobs.at(-1)?.key ?? after;
    more = page.more;
  }
  return jobs;
}

function assertSound(folder: string): void {
  const database = new DatabaseSync(join(folder, databaseName));
  assert.deepEqual({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
  database.close();
}

test(`${share.work} windows killed at random moments lose nothing, ask nothing twice and forget nothing`, async () => {
  const folder = temporaryFolder();
  const said = await live(
    Array.from({ length: share.work }, (_, n) => ({ folder, role: n % 5 === 4 ? "thousands" : ("work" as const) })),
  );
  assertSound(folder);
  const hub = new SqliteHub(folder);
  assert.deepEqual(await hub.notices(), []);
  const tracked = await everyJob(hub);

  // What is there of each process's jobs is what it was told is done; of what was under way, all or nothing.
  const ofProcess = Map.groupBy(tracked.values(), ({ ref }) => ref.id.split("-")[0]!);
  const counted = { acts: 0, undone: 0, half: 0 };
  for (const [name, lines] of said) {
    const there = new Map((ofProcess.get(name) ?? []).map((job) => [job.ref.id, job.label ?? "none"]));
    const { done, underWay } = actsOf(lines, "add", "label", "remove", "restore");
    const asAcknowledged = same(there, jobsAfter(done));
    const withLast = underWay !== undefined && same(there, jobsAfter([...done, underWay]));
    assert.ok(asAcknowledged || withLast, `${name} did ${done.join(", ")}, was at ${underWay}`);
    counted.acts += done.length;
    if (underWay !== undefined) counted[withLast ? "half" : "undone"]++;
  }
  assert.ok(counted.acts >= share.work, JSON.stringify(counted));
  assert.ok(counted.undone + counted.half >= share.work / 10, "kills came while something was under way");

  const all = [...said.values()].flat();
  const saved = actsOf(all, "save").done.map((act) => act.split(" ")[1]!);
  assert.ok(saved.length >= share.work / 10, `${saved.length} saved`);
  for (const id of saved) {
    const key = jobKey(ref(id));
    assert.equal((await hub.job(key))?.phase, "succeeded", `the answer of ${id} was acknowledged and is lost`);
    assert.equal((await hub.observations(key)).length, 1);
    assert.ok(await hub.answer(key));
  }

  // Two claims of one job: the later began when the lease of the earlier had ended.
  const claims = Map.groupBy(
    actsOf(all, "claim").done.map((act) => act.split(" ")),
    ([, id]) => id!,
  );
  for (const [id, of] of claims) {
    const leases = of.map(([, , from, until]) => [Number(from), Number(until)] as const).sort((a, b) => a[0] - b[0]);
    for (const [n, [from]] of leases.entries()) {
      if (n > 0) assert.ok(from >= leases[n - 1]![1], `${id} was claimed again while it was leased`);
    }
  }

  // Whatever a killed window had claimed goes on after its lease.
  const unfinished = [...tracked.values()].filter(({ phase, plan }) => phase !== "succeeded" && plan.at !== undefined);
  const now = Date.now() + 1_000;
  const lease = { owner: "last", now, until: now + 1_000 };
  const left = await hub.claimDue({ ...lease, account: "demo", limit: 100_000, focused: true });
  assert.deepEqual(left.map(({ key }) => key).sort(), unfinished.map(({ key }) => key).sort());
  await hub.close();
});

function same(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

test(`${share.migrate} windows killed while they migrate one file at once leave whole versions behind`, async () => {
  const folder = temporaryFolder();
  const hub = new SqliteHub(folder);
  const jobs = Array.from({ length: 3_000 }, (_, n) => ({ ref: ref(`job${n}`), plan: { reason: "paused" as const } }));
  await hub.add(jobs, 1);
  await hub.close();
  const said = await live(Array.from({ length: share.migrate }, () => ({ folder, role: "migrate" })));
  assertSound(folder);
  const acknowledged = actsOf([...said.values()].flat(), "migrate").done.map((act) => Number(act.split(" ")[1]));
  const database = new DatabaseSync(join(folder, databaseName));
  const version = Number(database.prepare("PRAGMA user_version").get()!.user_version);
  assert.ok(acknowledged.length > 0 && version >= Math.max(...acknowledged), `${version}, ${acknowledged}`);
  const titles = database.prepare("SELECT title, count(*) AS jobs FROM jobs GROUP BY title").all();
  database.close();
  assert.deepEqual(
    titles.map((row) => ({ ...row })),
    [{ title: `version ${version}`, jobs: jobs.length }],
  );
});

test(`${share.make} windows killed while they make a new file leave one that the next can use`, async () => {
  const folders = Array.from({ length: share.make }, () => temporaryFolder());
  const said = await live(folders.map((folder) => ({ folder, role: "work" })));
  for (const [n, [name, lines]] of [...said].entries()) {
    const folder = folders[Number(name.slice("work".length))]!;
    const hub = new SqliteHub(folder);
    assert.deepEqual(await hub.notices(), [], `${n}`);
    const { done } = actsOf(lines, "add");
    const tracked = await everyJob(hub);
    for (const act of done) assert.ok(lines.includes(`! ${act.replace("add", "remove")}`) || tracked.has(act.slice(4)));
    await hub.add([{ ref: ref("next"), plan: { reason: "paused" } }], 1);
    await hub.close();
    assertSound(folder);
  }
});

test(`${share.salvage} windows killed while they save what is left of a damaged file lose none of the jobs in it`, async () => {
  const folder = temporaryFolder();
  const path = join(folder, databaseName);
  const names = Array.from({ length: 2_000 }, (_, n) => `job${n}`);
  const filled = new SqliteHub(folder);
  await filled.add(
    names.map((id) => ({ ref: ref(id), plan: { reason: "paused" as const } })),
    1,
  );
  await filled.close();
  for (let n = 0; n < share.salvage; n++) {
    const bytes = readFileSync(path);
    const page = 1 + Math.floor(Math.random() * (bytes.length / 4_096 - 1));
    writeFileSync(path, bytes.fill(0x5a, page * 4_096, (page + 1) * 4_096));
    await liveAndDie(folder, "salvage", `salvage${n}`, n % 4 === 0 ? /^!/m : /^\?/);
    const hub = new SqliteHub(folder);
    await everyJob(hub); // whatever is not read yet may prove damaged only now
    await hub.add([{ ref: ref("new"), plan: { reason: "paused" } }], 1);
    await hub.remove([jobKey(ref("new"))], 2);
    assert.deepEqual([...(await everyJob(hub)).keys()].sort(), [...names].sort(), `after kill ${n}, page ${page}`);
    await hub.close();
  }
  const aside = readdirSync(folder).filter((name) => name.includes("damaged"));
  assert.ok(aside.length >= share.salvage / 3, `${aside.length} files were set aside`);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes("unread") || name.includes("moving")),
    [],
  );
});
