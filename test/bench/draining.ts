import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteHub } from "../../src/jobs/sqlite/hub.ts";
import type { Row } from "./row.ts";

/** What the service allows: this many calls in any second (GetJobDetail page). */
const limit = 15;

interface Drained {
  readonly callsPerSecond: number;
  readonly throttled: number;
  readonly duplicate: number;
}

/**
 * An endpoint that enforces the limit in any sliding second and says that every job has succeeded. A call arrives when
 * its caller says that the simulated network delivered it: were this process held up on a busy machine, calls that it
 * reads late would seem to come all at once.
 * HEAD is no call: it lets a window connect first, as the benchmark is of pacing and not of how long a process takes to
 * begin.
 */
async function startEndpoint() {
  const passed: number[] = [];
  const calls = new Map<string, number>();
  let throttled = 0;
  const server = createServer((request, response) => {
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    const now = Number(request.headers["x-arrival"]);
    if (passed.filter((at) => at > now - 1_000 && at <= now).length >= limit) {
      throttled++;
      response.writeHead(429).end();
      return;
    }
    passed.push(now);
    const id = request.url!.slice(1);
    calls.set(id, (calls.get(id) ?? 0) + 1);
    const time = new Date().toISOString();
    const detail = { JobId: id, Status: "TranscodeSuccess", CreateTime: time, CompleteTime: time };
    response.end(JSON.stringify({ RequestId: "bench", TranscodeJobDetail: detail }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done: () => calls.size,
    result(): Drained {
      const arrivals = passed.sort((a, b) => a - b);
      const span = (arrivals.at(-1)! - arrivals[0]!) / 1_000;
      // Those that let one too many into a second, but were read before a call that had arrived earlier.
      const unseen = arrivals.filter((at, n) => arrivals[n + limit]! < at + 1_000).length;
      return {
        callsPerSecond: (arrivals.length - 1) / span,
        throttled: throttled + unseen,
        duplicate: arrivals.length - calls.size,
      };
    },
    close: () => server.closeAllConnections(),
    server,
  };
}

/** Tracks due jobs in a new database. */
async function fill(folder: string, count: number): Promise<void> {
  const hub = new SqliteHub(folder);
  const ref = (n: number) => ({ account: "bench", region: "cn-shanghai", type: "transcode" as const, id: `job${n}` });
  const plan = { at: 0, reason: "first" as const };
  await hub.add(
    Array.from({ length: count }, (_, n) => ({ ref: ref(n), plan })),
    Date.now(),
  );
  await hub.close();
}

/** A process that has begun and connected, and waits for `go`. */
async function startWindow(folder: string, url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "drainer.ts"), folder, url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
  return child;
}

async function withWindows<T>(
  jobs: number,
  windows: number,
  work: (endpoint: Awaited<ReturnType<typeof startEndpoint>>, children: readonly ChildProcess[]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "draining-"));
  const endpoint = await startEndpoint();
  await fill(folder, jobs);
  const children = await Promise.all(Array.from({ length: windows }, () => startWindow(folder, endpoint.url)));
  for (const child of children) child.stdin!.write("go\n");
  try {
    return await work(endpoint, children);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
    endpoint.close();
    endpoint.server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets windows drain due jobs. */
export function drain(jobs: number, windows: number): Promise<Drained> {
  return withWindows(jobs, windows, async (endpoint) => {
    while (endpoint.done() < jobs) await new Promise((resolve) => setTimeout(resolve, 50));
    // A duplicate would come with the lease's end at the latest; a second shows those that come at once.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return endpoint.result();
  });
}

/** How long interactive look-ups wait for their turn while very many jobs are due, ms, ascending. */
export function interactiveWaits(jobs: number, lookUps: number): Promise<number[]> {
  return withWindows(jobs, 2, async (_, [asking]) => {
    let text = "";
    asking!.stdout!.on("data", (chunk) => {
      text += chunk;
    });
    const lines = () => text.split("\n").slice(0, -1);
    for (let n = 0; n < lookUps; n++) {
      asking!.stdin!.write(`other${n}\n`);
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 150));
    }
    while (lines().length < lookUps) await new Promise((resolve) => setTimeout(resolve, 20));
    return lines()
      .map(Number)
      .sort((a, b) => a - b);
  });
}

/** Draining 1,000 due jobs by 1 to 8 processes takes about five minutes: the limit of the service is the pace. */
export async function run(jobs = 1_000): Promise<Row[]> {
  const rows: Row[] = [];
  for (const windows of [1, 2, 4, 8]) {
    const { callsPerSecond, throttled, duplicate } = await drain(jobs, windows);
    const name = `draining ${jobs} jobs, ${windows} process${windows > 1 ? "es" : ""}`;
    rows.push(
      {
        name: `${name}: calls a second, of ${limit} allowed`,
        ours: callsPerSecond,
        peer: limit,
        unit: "calls/s",
        ratio: callsPerSecond / limit,
        goal: "≥ 12.5 calls/s",
        holds: callsPerSecond >= 12.5,
      },
      {
        name: `${name}: throttled and duplicate calls`,
        ours: throttled + duplicate,
        peer: jobs,
        unit: "calls",
        ratio: (throttled + duplicate) / jobs,
        goal: "0",
        holds: throttled + duplicate === 0,
      },
    );
  }
  const waits = await interactiveWaits(10_000, 60);
  const p95 = waits[Math.ceil(waits.length * 0.95) - 1]!;
  rows.push({
    name: "interactive look-up while 10,000 jobs are due: wait for its turn, 95th percentile",
    ours: p95,
    peer: 250,
    unit: "ms",
    ratio: p95 / 250,
    goal: "≤ 250 ms",
    holds: p95 <= 250,
  });
  return rows;
}
