import { flushCompileCache } from "node:module";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";

// Few imports: this is started hundreds of times.

/**
 * A process of its own on a database, for tests: `hubProcess.ts <folder> open|work`.
 *
 * `open`: opens the database when told to, adds one job and sends its id.
 * `work`: until it is killed, adds jobs, and claims and saves due ones; writes each act to stdout when it is done:
 * `added <id>`, `claimed <id> <until>`, `saved <id>`.
 */
const ref = (id: string) => ({ account: "demo", region: "cn-shanghai", type: "transcode" as const, id });
const [folder, role] = process.argv.slice(2) as [string, string];

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
  const hub = new SqliteHub(folder);
  const owner = `owner-${process.pid}`;
  const leaseTime = 150;
  const write = (line: string) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));
  for (let n = 0; ; n++) {
    const id = `${process.pid}-${n}`;
    await hub.add([{ ref: ref(id), plan: { at: 1, reason: "first" } }], Date.now());
    await write(`added ${id}`);
    const now = Date.now();
    const lease = { owner, now, until: now + leaseTime };
    const claimed = await hub.claimDue({ ...lease, account: "demo", limit: 2, focused: true });
    for (const job of claimed) await write(`claimed ${job.ref.id} ${now} ${lease.until}`);
    for (const job of claimed) {
      // Some calls take longer than the lease.
      if (Math.random() < 0.05) await new Promise((resolve) => setTimeout(resolve, leaseTime * 1.2));
      const answer = { raw: `the answer of ${id}`, summary: { phase: "succeeded" as const, status: "Success" } };
      await hub.save([{ ref: job.ref, owner, startedAt: now, at: Date.now(), answer, plan: { reason: "final" } }]);
      await write(`saved ${jobKey(job.ref)}`);
    }
  }
}
