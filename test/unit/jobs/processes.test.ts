import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { ref, temporaryFolder } from "./support.ts";

const kills = 200;
const atOnce = 4;
/** How long a process lives once it has begun to write, at most, ms. */
const longestLife = 40;

interface Worker {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly begun: Promise<unknown>;
  readonly closed: Promise<unknown>;
}

/** What a killed process compiled, the next one need not. */
const compileCache = temporaryFolder();

function startWorker(folder: string): Worker {
  const child = spawn(process.execPath, [join(import.meta.dirname, "hubProcess.ts"), folder, "work"], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  let rest = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
  });
  const failed = once(child, "exit").then(([code]) => {
    if (code !== null) throw new Error(`a worker ended by itself with ${code}`);
  });
  return { child, lines, closed: once(child, "close"), begun: Promise.race([once(child.stdout!, "data"), failed]) };
}

/** Lives of a worker, one after the other, each ended by SIGKILL at a random moment. Gives what all of them said. */
async function liveAndDie(folder: string, lives: number): Promise<string[]> {
  const said: string[] = [];
  for (let life = 0; life < lives; life++) {
    const { child, lines, begun, closed } = startWorker(folder);
    await begun;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestLife));
    child.kill("SIGKILL");
    await closed;
    said.push(...lines);
  }
  return said;
}

test(`${kills} windows killed at random moments lose nothing, ask nothing twice and forget nothing`, async () => {
  const folder = temporaryFolder();
  const said = (await Promise.all(Array.from({ length: atOnce }, () => liveAndDie(folder, kills / atOnce)))).flat();
  const words = (verb: string) => said.filter((line) => line.startsWith(`${verb} `)).map((line) => line.split(" "));

  const hub = new SqliteHub(folder);
  assert.deepEqual(await hub.notices(), [], "the file is sound");
  const rows = new Map<string, string>();
  for (let after = "", more = true; more; ) {
    const page = await hub.load(after, 1_000);
    for (const { key, phase } of page.jobs) rows.set(key, phase);
    after = page.jobs.at(-1)?.key ?? after;
    more = page.more;
  }

  const added = words("added");
  assert.ok(added.length >= kills, `${added.length} added`);
  for (const [, id] of added) assert.ok(rows.has(jobKey(ref(id!))), `${id} was acknowledged and is lost`);
  const saved = words("saved");
  assert.ok(saved.length >= kills / 10, `${saved.length} saved`);
  for (const [, key] of saved) {
    assert.equal(rows.get(key!), "succeeded", `the answer of ${key} was acknowledged and is lost`);
    assert.equal((await hub.observations(key!)).length, 1);
    assert.ok(await hub.answer(key!));
  }

  // Two claims of one job: the later began when the lease of the earlier had ended.
  const claims = Map.groupBy(words("claimed"), ([, id]) => id!);
  for (const [id, of] of claims) {
    const leases = of.map(([, , from, until]) => [Number(from), Number(until)] as const).sort((a, b) => a[0] - b[0]);
    for (const [n, [from]] of leases.entries()) {
      if (n > 0) assert.ok(from >= leases[n - 1]![1], `${id} was claimed again while it was leased`);
    }
  }

  // Whatever a killed window had claimed goes on after its lease.
  const unfinished = [...rows].filter(([, phase]) => phase !== "succeeded").map(([key]) => key);
  const now = Date.now() + 1_000;
  const lease = { owner: "last", now, until: now + 1_000 };
  const left = await hub.claimDue({ ...lease, account: "demo", limit: 100_000, focused: true });
  assert.deepEqual(left.map(({ key }) => key).sort(), unfinished.sort());
  await hub.close();
});
