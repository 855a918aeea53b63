import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OpenApiUtil } from "@alicloud/openapi-core";
import { build } from "../../scripts/build.mjs";
import { countedNonces } from "../../src/vod/client.ts";
import { signatureDate, signRequest } from "../../src/vod/sign.ts";
import type { Spent, Task } from "./clientPeer.ts";
import { timeByTurns } from "./rounds.ts";
import type { Row } from "./row.ts";

const cases: readonly (Task & { name: string })[] = [
  { name: "small answer, 1 in flight", id: "small", calls: 400, inFlight: 1 },
  { name: "small answer, 16 in flight", id: "small", calls: 400, inFlight: 16 },
  { name: "2 MB answer, 1 in flight", id: "large", calls: 20, inFlight: 1 },
  { name: "2 MB answer, 16 in flight", id: "large", calls: 32, inFlight: 16 },
];
const rounds = 15;
const coldRounds = 7;

/**
 * Whole calls beside the official client, on one loopback server: processor time of the client's process, calls a
 * second, and the time from starting a process to its first answer. And signing alone beside the official signer.
 *
 * A large answer costs both sides mostly what `JSON.parse` costs; a small one at one in flight mostly its system calls.
 */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-client-"));
  const server = side(peerFile, "server");
  try {
    const ours = await bundled(folder);
    const url = await server.line();
    return [await signing(), ...(await calls(ours, url)), await cold(ours, url)];
  } finally {
    server.process.kill();
    rmSync(folder, { recursive: true });
  }
}

const peerFile = fileURLToPath(new URL("clientPeer.ts", import.meta.url));

/** Our side as it is shipped: built as the extension is. The official client is loaded as its users load it. */
async function bundled(outDir: string): Promise<string> {
  await build({ outDir, hostEntries: [{ in: "test/bench/clientPeer.ts", out: "ours" }], panelEntries: [] });
  return join(outDir, "ours.cjs");
}

async function calls(ours: string, url: string): Promise<Row[]> {
  const sides = [side(ours, "ours", url), side(peerFile, "official", url)];
  for (const each of sides) await each.line();
  const rows: Row[] = [];
  for (const { name, ...task } of cases) {
    const spent: Spent[][] = [[], []];
    // The first rounds warm up: they are not counted.
    for (let round = -3; round < rounds; round++) {
      for (const [i, each] of sides.entries()) {
        each.process.stdin?.write(`${JSON.stringify(task)}\n`);
        const answer: Spent = JSON.parse(await each.line());
        if (round >= 0) spent[i]?.push(answer);
      }
    }
    const [cpu, peerCpu] = spent.map((each) => median(each.map((one) => one.cpu))) as [number, number];
    const [rate, peerRate] = spent.map((each) => median(each.map((one) => one.rate))) as [number, number];
    rows.push(lower(`signed call: processor time, ${name}`, cpu, peerCpu, "µs"));
    const ratio = rate / peerRate;
    rows.push({ name: `signed call: calls a second, ${name}`, ours: rate, peer: peerRate, unit: "1/s", ratio });
  }
  for (const each of sides) each.process.kill();
  return rows;
}

async function cold(ours: string, url: string): Promise<Row> {
  const firstAnswer = (file: string, name: string) => async () => {
    const started = side(file, name, url);
    await started.line();
    started.process.kill();
  };
  const sides = [firstAnswer(ours, "ours"), firstAnswer(peerFile, "official")];
  const [own, peer] = (await timeByTurns(coldRounds, sides)) as [number, number];
  return lower("signed call: a fresh process's first answer", own, peer, "ms");
}

function lower(name: string, ours: number, peer: number, unit: string): Row {
  return { name, ours, peer, unit, ratio: ours / peer, goal: "≤ 1/3", holds: ours / peer <= 1 / 3 };
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
  await timeByTurns(5, repeated);
  const [own, peer] = (await timeByTurns(41, repeated)).map((ms) => (times / ms) * 1000) as [number, number];
  return { name: "signing", ours: own, peer, unit: "1/s", ratio: own / peer, goal: "≥ 5", holds: own / peer >= 5 };
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

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
