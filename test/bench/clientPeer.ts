/**
 * One side of the client benchmark in a process of its own: `clientPeer.ts server`, or a client and the server's address:
 * `clientPeer.ts ours|openapi-core|pop-core <url>`. The server answers any request from memory. The clients read `{"calls",
 * "inFlight", "id"}` lines and answer each with the processor time and the time it took; all end with a parsed answer.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

/** What a client is told to do, and what it says of it. */
export interface Task {
  readonly calls: number;
  readonly inFlight: number;
  /** The job asked for; the server answers `large` with 2 MB. */
  readonly id: string;
}
export interface Spent {
  /** Microseconds of processor time a call. */
  readonly cpu: number;
  /** Calls a second. */
  readonly rate: number;
}

const key = { accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" };

async function serve(): Promise<void> {
  const detail = { TaskId: "1", Status: "Processing", CreateTime: "2025-03-27T08:15:46Z" };
  const answer = (ActivityResults: string) =>
    Buffer.from(
      JSON.stringify({ RequestId: "R", JobType: "workflow", WorkflowTaskDetail: { ...detail, ActivityResults } }),
    );
  const small = answer("{}");
  const large = answer(JSON.stringify({ a: "x".repeat(2_000_000) }));
  const server = createServer(({ url }, outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json" }).end(url?.includes("JobId=large") ? large : small);
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

type Ask = (id: string) => Promise<unknown>;

async function ours(url: string): Promise<Ask> {
  const [{ VodClient }, { openTransport }, { staticCredentials }, { systemClock }] = await Promise.all([
    import("../../src/vod/client.ts"),
    import("../../src/vod/transport.ts"),
    import("../../src/vod/credentials.ts"),
    import("../../src/vod/clock.ts"),
  ]);
  const client = new VodClient({
    endpoint: () => url,
    credentials: staticCredentials(key),
    budget: { take: async () => {}, throttled() {}, succeeded() {} },
    send: openTransport().send,
    clock: systemClock,
    random: Math.random,
  });
  const ref = { account: "default", region: "cn-shanghai", type: "workflow" } as const;
  return (id) => client.getJobDetail({ ...ref, id }, { lane: "background" });
}

async function openapiCore(url: string): Promise<Ask> {
  const { default: library, $OpenApiUtil } = await import("@alicloud/openapi-core");
  const Client = (library as unknown as { default: typeof library }).default;
  const config = new $OpenApiUtil.Config({ ...key, endpoint: new URL(url).host, protocol: "HTTP" });
  const client = new Client(config);
  const params = new $OpenApiUtil.Params({
    action: "GetJobDetail",
    version: "2017-03-21",
    protocol: "HTTP",
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const runtime = {} as Parameters<typeof client.callApi>[2];
  return (JobId) =>
    client.callApi(params, new $OpenApiUtil.OpenApiRequest({ query: { JobId, JobType: "workflow" } }), runtime);
}

/** The client before that one, still widely used. It signs by the older scheme, in the query. */
async function popCore(endpoint: string): Promise<Ask> {
  const { default: Client } = await import("@alicloud/pop-core");
  const client = new Client({ ...key, endpoint, apiVersion: "2017-03-21" });
  return (JobId) => client.request("GetJobDetail", { JobId, JobType: "workflow" }, { method: "GET", timeout: 60_000 });
}

const clients = { ours, "openapi-core": openapiCore, "pop-core": popCore };

async function work(ask: Ask, { calls, inFlight, id }: Task): Promise<Spent> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let left = calls;
  const lane = async () => {
    while (left-- > 0) await ask(id);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / calls, rate: calls / ((performance.now() - begin) / 1000) };
}

async function main([side, url = ""]: readonly string[]): Promise<void> {
  if (side === "server") return serve();
  const ask = await clients[side as keyof typeof clients](url);
  await ask("first");
  // The first answer is what a fresh process is timed for.
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await work(ask, JSON.parse(line))));
  }
  process.exit();
}

void main(process.argv.slice(2));
