import { flushCompileCache } from "node:module";
import { jobKey } from "../../../src/jobs/key.ts";
import { Database, migrate, NewerSchema } from "../../../src/jobs/sqlite/database.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { databaseName } from "../../../src/jobs/sqlite/open.ts";
import { schema } from "../../../src/jobs/sqlite/schema.ts";

// Few imports: this is started hundreds of times.

/**
 * A process of its own on a database, for tests: `hubProcess.ts <folder> <role> <name>`.
 *
 * `open`: opens the database when told to, adds one job and sends its id.
 * The other roles go on until they are killed. They say on stdout what they are about to do (`? act`) and that it is done
 * (`! act`); the acts are those of `processes.test.ts`.
 * `work`: adds, labels, removes and restores jobs named after it, and claims and saves whichever are due.
 * `thousands`: adds two thousand jobs at once, and removes them at once.
 * `salvage`: opens the database, damaged as it is, and reads it all.
 * `migrate`: brings the database one schema version further, again and again.
 */
const [folder, role, name] = process.argv.slice(2) as [string, string, string];
const ref = (id: string) => ({ account: "demo", region: "cn-shanghai", type: "transcode" as const, id });
const keyOf = (id: string) => jobKey(ref(id));
const leaseTime = 150;

/** On Linux and macOS a pipe is written to at once: what was said before the kill is read. */
const say = (line: string) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));
async function act<T>(line: string, work: () => Promise<T>): Promise<T> {
  await say(`? ${line}`);
  const result = await work();
  await say(`! ${line}`);
  return result;
}

async function openSound(): Promise<SqliteHub> {
  const hub = new SqliteHub(folder);
  const notices = await hub.notices();
  if (notices.length > 0) throw new Error(`after a kill: ${JSON.stringify(notices)}`);
  return hub;
}

async function work(): Promise<void> {
  await say("? open");
  const hub = await openSound();
  const owner = `owner-${name}`;
  for (let n = 0; ; n++) {
    const id = `${name}-${n}`;
    await act(`add ${id}`, () => hub.add([{ ref: ref(id), plan: { at: 1, reason: "first" } }], Date.now()));
    await act(`label ${id}`, () => hub.edit([{ key: keyOf(id), label: `label of ${id}` }]));
    if (n % 3 === 1) await act(`remove ${id}`, () => hub.remove([keyOf(id)], Date.now()));
    if (n % 6 === 1) await act(`restore ${id}`, () => hub.restore([keyOf(id)]));
    const now = Date.now();
    const lease = { owner, now, until: now + leaseTime };
    const claimed = await hub.claimDue({ ...lease, account: "demo", limit: 2, focused: true });
    for (const job of claimed) await say(`! claim ${job.ref.id} ${now} ${lease.until}`);
    for (const job of claimed) {
      // Some calls take longer than the lease.
      if (Math.random() < 0.05) await new Promise((resolve) => setTimeout(resolve, leaseTime * 1.2));
      const answer = { raw: `the answer of ${id}`, summary: { phase: "succeeded" as const, status: "Success" } };
      const result = {
        ref: job.ref,
        owner,
        startedAt: now,
        at: Date.now(),
        answer,
        plan: { reason: "final" as const },
      };
      await act(`save ${job.ref.id}`, () => hub.save([result]));
    }
  }
}

async function thousands(): Promise<void> {
  await say("? open");
  const hub = await openSound();
  for (let n = 0; ; n++) {
    const ids = Array.from({ length: 2_000 }, (_, m) => `${name}-${n}-${m}`);
    // Never due, so that no other process claims them.
    const jobs = ids.map((id) => ({ ref: ref(id), plan: { reason: "paused" as const } }));
    await act(`add ${name}-${n}-`, () => hub.add(jobs, Date.now()));
    await act(`remove ${name}-${n}-`, () => hub.remove(ids.map(keyOf), Date.now()));
  }
}

/** A step that changes every row in two statements: half of one can be seen. */
const inHalves = (set: string) => [0, 1].map((rest) => `UPDATE jobs SET ${set} WHERE rowid % 2 = ${rest}`).join(";");

async function migrateOn(): Promise<void> {
  const database = new Database(`${folder}/${databaseName}`);
  for (;;) {
    const version = Number(database.get("PRAGMA user_version")?.user_version) + 1;
    const steps = Array.from({ length: version }, (_, n) => schema[n] ?? inHalves(`title = 'version ${n + 1}'`));
    try {
      await act(`migrate ${version}`, async () => migrate(database, steps));
    } catch (error) {
      if (!(error instanceof NewerSchema)) throw error; // another process was quicker
    }
  }
}

async function salvage(): Promise<void> {
  await say("? open");
  const hub = new SqliteHub(folder);
  for (let after = ""; ; ) {
    const page = await hub.load(after, 500);
    after = page.jobs.at(-1)?.key ?? "";
    if (!page.more) await act("read", () => hub.check());
  }
}

if (role === "open") {
  process.send?.("ready");
  process.once("message", async () => {
    const hub = new SqliteHub(folder);
    const id = `of-${process.pid}`;
    await hub.add([{ ref: ref(id), plan: { at: 1, reason: "first" } }], 1);
    await hub.close();
    process.send?.(id, undefined, undefined, () => process.disconnect());
  });
} else {
  flushCompileCache();
  const roles: Record<string, () => Promise<void>> = { work, thousands, salvage, migrate: migrateOn };
  await roles[role]!();
}
