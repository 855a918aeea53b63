import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OpenApiUtil } from "@alicloud/openapi-core";
import * as esbuild from "esbuild";
import { build } from "../../scripts/build.mjs";
import { countedNonces } from "../../src/vod/client.ts";
import { signatureDate, signRequest } from "../../src/vod/sign.ts";
import type { Spent, Task } from "./clientPeer.ts";
import { roundsByTurns } from "./rounds.ts";
import { type Row, row } from "./row.ts";

const cases: readonly (Task & { name: string })[] = [
  { name: "small answer, 1 in flight", id: "small", calls: 400, inFlight: 1 },
  { name: "small answer, 16 in flight", id: "small", calls: 400, inFlight: 16 },
  { name: "2 MB answer, 1 in flight", id: "large", calls: 20, inFlight: 1 },
  { name: "2 MB answer, 16 in flight", id: "large", calls: 32, inFlight: 16 },
];
const rounds = 15;
const coldRounds = 9;
const peers = ["openapi-core", "pop-core"] as const;
/** The goal is for the client that the service's own page shows. */
const goalOf = { "openapi-core": 1 / 3, "pop-core": undefined };

/**
 * Whole calls beside the official clients, on one loopback server: processor time of the client's process, calls a
 * second, and the time from starting a process to its first answer. And signing alone beside the official signer.
 *
 * A large answer costs both sides mostly what `JSON.parse` costs; a small one at one in flight mostly its system calls.
 */
export async function run(): Promise<Row[]> {
  // Beside the peers' packages, so that Node finds them.
  const folder = mkdtempSync(join(import.meta.dirname, "node_modules/.client-"));
  let server: Side | undefined;
  try {
    const files = { ours: await asShipped(folder), peers: await withoutTypes(folder) };
    server = side(files.peers, "server");
    const url = await server.line();
    return [await signing(), ...(await calls(files, url)), ...(await cold(files, url))];
  } finally {
    server?.process.kill();
    rmSync(folder, { recursive: true });
  }
}

/** The file that each side runs. */
interface Files {
  readonly ours: string;
  readonly peers: string;
}

/** Our side is built as the extension is. */
async function asShipped(folder: string): Promise<string> {
  const outDir = join(folder, "ours");
  await build({ outDir, hostEntries: [{ in: "test/bench/clientPeer.ts", out: "ours" }], panelEntries: [] });
  return join(outDir, "ours.cjs");
}

/** The official clients are loaded as their users load them: from their packages, by a program in plain JavaScript. */
async function withoutTypes(folder: string): Promise<string> {
  const outfile = join(folder, "peers.cjs");
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL("clientPeer.ts", import.meta.url))],
    outfile,
    bundle: true,
    format: "cjs",
    packages: "external",
    platform: "node",
    supported: { "dynamic-import": false },
  });
  return outfile;
}

async function calls(files: Files, url: string): Promise<Row[]> {
  const sides = [side(files.ours, "ours", url), ...peers.map((peer) => side(files.peers, peer, url))];
  for (const each of sides) await each.line();
  const rows: Row[] = [];
  for (const { name, ...task } of cases) {
    const spent = sides.map((): Spent[] => []);
    // The first rounds warm up: they are not counted.
    for (let round = -3; round < rounds; round++) {
      for (const [i, each] of sides.entries()) {
        each.process.stdin?.write(`${JSON.stringify(task)}\n`);
        const answer: Spent = JSON.parse(await each.line());
        if (round >= 0) spent[i]?.push(answer);
      }
    }
    const [cpu = [], ...peersCpu] = spent.map((each) => each.map((one) => one.cpu));
    const [rate = [], ...peersRate] = spent.map((each) => each.map((one) => one.rate));
    for (const [i, peer] of peers.entries()) {
      const most = goalOf[peer];
      rows.push(row(`signed call: processor time, ${name}, ${peer}`, cpu, peersCpu[i] ?? [], "µs", { most }));
      rows.push(row(`signed call: calls a second, ${name}, ${peer}`, rate, peersRate[i] ?? [], "1/s"));
    }
  }
  for (const each of sides) each.process.kill();
  return rows;
}

async function cold(files: Files, url: string): Promise<Row[]> {
  const firstAnswer = (file: string, name: string) => async () => {
    const started = side(file, name, url);
    await started.line();
    started.process.kill();
  };
  const sides = [firstAnswer(files.ours, "ours"), ...peers.map((peer) => firstAnswer(files.peers, peer))];
  const [own = [], ...others] = await roundsByTurns(coldRounds, sides);
  return peers.map((peer, i) =>
    row(`signed call: a fresh process's first answer, ${peer}`, own, others[i] ?? [], "ms", { most: goalOf[peer] }),
  );
}

/** Signing one attempt of the same call, its nonce and date included: what each client does before it sends. */
async function signing(): Promise<Row> {
  const credential = { accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" };
  const query = { JobId: "5c9dff751ba0f3d1e2c34b59d50a967f", JobType: "workflow" };
  const call = { host: "vod.cn-shanghai.aliyuncs.com", action: "GetJobDetail", version: "2017-03-21" };
  const algorithm = "ACS3-HMAC-SHA256";
  const nonce = countedNonces();
  const ours = () =>
    signRequest({ method: "POST", ...call, date: signatureDate(Date.now()), nonce: nonce(), query, credential });
  const official = () => {
    const payload = OpenApiUtil.hash(Buffer.from("", "utf-8"), algorithm).toString("hex");
    const headers = {
      host: call.host,
      "x-acs-version": call.version,
      "x-acs-action": call.action,
      "x-acs-date": OpenApiUtil.getTimestamp(),
      "x-acs-signature-nonce": OpenApiUtil.getNonce(),
      accept: "application/json",
      "x-acs-content-sha256": payload,
    };
    const request = { method: "POST", pathname: "/", query, headers } as unknown as Parameters<
      typeof OpenApiUtil.getAuthorization
    >[0];
    return OpenApiUtil.getAuthorization(
      request,
      algorithm,
      payload,
      credential.accessKeyId,
      credential.accessKeySecret,
    );
  };
  const times = 5_000;
  const repeated = [ours, official].map((sign) => () => {
    for (let i = 0; i < times; i++) sign();
  });
  await roundsByTurns(5, repeated);
  const [own = [], peer = []] = (await roundsByTurns(41, repeated)).map((each) =>
    each.map((ms) => (times / ms) * 1000),
  );
  return row("signing, openapi-core", own, peer, "1/s", { least: 5 });
}

interface Side {
  readonly process: ChildProcess;
  /** The next line it prints. */
  line(): Promise<string>;
}

function side(file: string, ...args: string[]): Side {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${args[0]} ended`);
      return value;
    },
  };
}
