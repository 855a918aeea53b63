import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { JobType } from "../vod/types.ts";
import { type Account, type Parameters, perform } from "./actions.ts";
import { type DemoJobSummary, demoCatalogue, exists, summaries } from "./catalogue.ts";
import { type EndpointControl, type Fault, randomText, Switchboard } from "./control.ts";
import { type DemoJob, type JsonObject, userId } from "./job.ts";
import { SlidingSecond } from "./limiter.ts";
import { Refusal } from "./refusal.ts";
import { NonceMemory, parametersOf, type RawRequest, verify } from "./verify.ts";

export interface EndpointOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** What ids and durations are drawn from. Default `demo`. */
  readonly seed?: string;
  /** The endpoint's clock, milliseconds since 1970. Default: the machine's. */
  readonly now?: () => number;
  /** When the account was opened. Windows that show one account pass the same; default: now. */
  readonly startedAt?: number;
  /** A key of one's own. Default: random, made at the start and known to nobody else. */
  readonly account?: { readonly accessKeyId: string; readonly accessKeySecret: string };
  /** Calls in any second; null switches the limit off. Default 15 (GetJobDetail page). */
  readonly limits?: { readonly perSecond?: number | null };
  /** How long every answer is held back, in ms. */
  readonly latency?: number | (() => number);
  /** How many activities the job `odd/huge` has. Default 10,000. */
  readonly activities?: number;
  /** Other jobs than those of the demo account. */
  readonly catalogue?: readonly DemoJob[];
}

/** One call as it was answered. */
export interface CallRecord {
  readonly action: string;
  /** JobId, MediaId or JobIds, whichever was sent. */
  readonly id?: string;
  /** The JobType that was sent. */
  readonly type?: string;
  readonly method: string;
  /** When it arrived, by the endpoint's clock. */
  readonly at: number;
  /** `ok`, the Code of the refusal, or `fault` for an answer that a test planned without a code. */
  readonly outcome: string;
}

export interface DemoEndpoint {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** The jobs that exist now, the starter set first. */
  readonly jobs: readonly DemoJobSummary[];
  /** The newest calls, oldest first; at least the last 10,000. */
  readonly calls: readonly CallRecord[];
  readonly control: EndpointControl;
  /** Ends every connection at once, also those that wait for an answer. */
  close(): Promise<void>;
}

const keptCalls = 10_000;
/** The longest body that is read, in bytes: calls are a few hundred. */
const longestBody = 64 * 1024;

/**
 * Starts the embedded VOD endpoint: a real HTTP server on the loopback interface that behaves like the service toward
 * any correct client. It is of no use without its key, sends no CORS headers and turns away requests for a host that is
 * not loopback, so no web page can use it, not even by rebinding a name. It touches nothing of the process but its port
 * and, as any server, keeps a plain Node process alive until `close()`: the command line lives by that, and an
 * extension host ends regardless of it.
 */
export async function startEndpoint(options: EndpointOptions = {}): Promise<DemoEndpoint> {
  const { now = Date.now, limits = {}, latency = 0, seed, activities } = options;
  const startedAt = options.startedAt ?? now();
  const { accessKeyId, accessKeySecret } = options.account ?? {
    accessKeyId: `LTAI5t${randomText(18).slice(0, 18)}`,
    accessKeySecret: randomText(30).slice(0, 30),
  };
  const catalogue = options.catalogue ?? demoCatalogue({ seed, startedAt, activities });
  const jobs = new Map(catalogue.map((job) => [keyOf(job.type, job.id), job]));
  const board = new Switchboard();
  board.addKey({ id: accessKeyId, secret: accessKeySecret });
  const { perSecond = 15 } = limits;
  const limiter = perSecond === null ? undefined : new SlidingSecond(perSecond);
  const nonces = new NonceMemory();
  const calls: CallRecord[] = [];
  const stopping = new AbortController();

  const account = (at: number): Account => ({
    now: at,
    find(type, id) {
      const job = jobs.get(keyOf(type, id));
      return job && exists(job, at) ? job : undefined;
    },
    jobs: () => [...jobs.values()].filter((job) => exists(job, at)),
  });

  /** The answer to one request, and its line in the log. */
  async function answer(incoming: IncomingMessage): Promise<Reply> {
    const at = now();
    const requestId = randomUUID().toUpperCase();
    const host = incoming.headers.host ?? "";
    let call: Call = { action: "", version: "", parameters: new Map() };
    const record = (outcome: string) => {
      const { action, parameters } = call;
      const id = parameters.get("JobId") ?? parameters.get("MediaId") ?? parameters.get("JobIds");
      calls.push({ action, id, type: parameters.get("JobType"), method: incoming.method ?? "", at, outcome });
      if (calls.length >= 2 * keptCalls) calls.splice(0, calls.length - keptCalls);
    };
    try {
      if (!isLoopback(host)) throw new Refusal("Forbidden.Host");
      if (incoming.method !== "GET" && incoming.method !== "POST") throw new Refusal("UnsupportedHTTPMethod");
      const request = await readRequest(incoming);
      call = callOf(request, incoming);
      verify(request, board, nonces, at);
      const wait = limiter?.take(at) ?? 0;
      if (wait > 0) throw new Refusal("Throttling.User", { retryAfter: wait });
      const fault = board.nextFault(call.action);
      if (fault) {
        record(fault.code ?? "fault");
        return faultReply(fault, requestId, host);
      }
      if (board.isDenied(call.action)) throw denial(call.action, accessKeyId);
      const body = perform(call.action, call.version, call.parameters, account(at));
      record("ok");
      return {
        status: 200,
        body: typeof body === "string" ? body : bodyText({ RequestId: requestId, ...body }),
        requestId,
      };
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal("InternalError");
      record(refusal.code);
      return refusalReply(refusal, requestId, host);
    }
  }

  const server = createServer((incoming, response) => {
    const serve = async () => {
      const reply = await answer(incoming);
      const held = typeof latency === "number" ? latency : latency();
      if (held > 0) await delay(held, undefined, { signal: stopping.signal });
      send(reply, response);
    };
    serve().catch(() => response.destroy()); // the connection is gone, or the endpoint is closing
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  const control: EndpointControl = {
    fail: (times, fault = {}) => board.plan(times, fault),
    recover: () => board.recover(),
    revoke: (how = "inactive", id = accessKeyId) => board.revoke(id, how),
    restore: () => board.restore(),
    deny: (action = "*") => board.deny(action),
    allow: () => board.allow(),
    issueKey(seconds) {
      const key = { id: `STS.${randomText(18)}`, secret: randomText(30), text: randomText(60) };
      board.addKey({ id: key.id, secret: key.secret, token: { text: key.text, expiresAt: now() + seconds * 1000 } });
      return { accessKeyId: key.id, accessKeySecret: key.secret, securityToken: key.text };
    },
    issueBearerToken() {
      board.bearerToken = randomText(60);
      return board.bearerToken;
    },
    addJob: (job) => void jobs.set(keyOf(job.type, job.id), job),
    removeJob: ({ type, id }) => void jobs.delete(keyOf(type, id)),
  };
  return {
    url: `http://127.0.0.1:${port}`,
    accessKeyId,
    accessKeySecret,
    get jobs() {
      return summaries(jobs.values(), now());
    },
    calls,
    control,
    close: () =>
      new Promise<void>((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function keyOf(type: JobType, id: string): string {
  return `${type}/${id}`;
}

/** What a request asks for. */
interface Call {
  readonly action: string;
  readonly version: string;
  readonly parameters: Parameters;
}

/** Action and version stand in headers (V3), or among the parameters as RPC calls always could. */
function callOf(request: RawRequest, { headers }: IncomingMessage): Call {
  const parameters = parametersOf(request);
  const header = (name: string) => headers[name]?.toString();
  return {
    action: header("x-acs-action") ?? parameters.get("Action") ?? "",
    version: header("x-acs-version") ?? parameters.get("Version") ?? "",
    parameters,
  };
}

/** Names that cannot be rebound to another machine's page. */
function isLoopback(host: string): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const { method = "", url = "/", rawHeaders } = incoming;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) throw new Refusal("RequestEntityTooLarge");
    chunks.push(chunk);
  }
  return { method, url, rawHeaders, body: Buffer.concat(chunks) };
}

/** What goes back over the wire. */
interface Reply {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connection?: Fault["connection"];
}

function send({ status, body, requestId, headers, connection }: Reply, response: ServerResponse): void {
  if (connection === "silence") return;
  if (connection === "reset") {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    "content-type": "application/json;charset=utf-8",
    "content-length": bytes.length,
    "x-acs-request-id": requestId,
    ...headers,
  });
  response.end(bytes);
}

function refusalReply(refusal: Refusal, requestId: string, host: string): Reply {
  const body = JSON.stringify(refusal.body(requestId, host));
  const { retryAfter } = refusal;
  const headers: Record<string, string> = {};
  if (retryAfter !== undefined) headers["x-acs-retry-after"] = String(Math.ceil(retryAfter));
  return { status: refusal.status, body, requestId, headers };
}

function faultReply(fault: Fault, requestId: string, host: string): Reply {
  const { code = "InternalError", contentType, headers, connection } = fault;
  const base = refusalReply(new Refusal(code, fault), requestId, host);
  const more = { ...base.headers, ...(contentType ? { "content-type": contentType } : {}), ...headers };
  if (fault.body === undefined) return { ...base, headers: more, connection };
  return { ...base, status: fault.status ?? 200, body: fault.body, headers: more, connection };
}

/** The refusal of a RAM user without the permission, with the detail that names it. */
function denial(action: string, accessKeyId: string): Refusal {
  return new Refusal("Forbidden.RAM", {
    details: {
      AccessDeniedDetail: {
        AuthAction: `vod:${action}`,
        AuthPrincipalType: "SubUser",
        AuthPrincipalDisplayName: accessKeyId.slice(-6),
        AuthPrincipalOwnerId: userId,
        NoPermissionType: "ImplicitDeny",
        PolicyType: "AccountLevelIdentityBasedPolicy",
      },
    },
  });
}

/** JSON, with the owner's id as the 64-bit number it is. Only fields of the answer itself: inside embedded JSON the quotes are escaped. */
function bodyText(body: JsonObject): string {
  return JSON.stringify(body).replace(/"UserId":"(\d+)"/g, '"UserId":$1');
}
