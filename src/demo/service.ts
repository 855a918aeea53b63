import { randomUUID } from "node:crypto";
import type { JobType } from "../vod/types.ts";
import { type Account, perform } from "./actions.ts";
import { type DemoJobSummary, exists, isIn, summaries } from "./catalogue.ts";
import { type EndpointControl, type Fault, randomText, Switchboard } from "./control.ts";
import { type DemoJob, type JsonObject, userId } from "./job.ts";
import { SlidingSecond } from "./limiter.ts";
import { Refusal } from "./refusal.ts";
import { type AccessKey, headersOf, NonceMemory, parametersOf, type RawRequest, verify } from "./verify.ts";

/** One call as it was answered. */
export interface CallRecord {
  readonly action: string;
  /** JobId, MediaId or JobIds, whichever was sent. */
  readonly id?: string;
  /** The JobType that was sent. */
  readonly type?: string;
  readonly method: string;
  /** The region whose endpoint was asked; empty for one without jobs. */
  readonly region: string;
  /** The id of the key that signed it. */
  readonly accessKeyId?: string;
  /** When it arrived, by the endpoint's clock. */
  readonly at: number;
  /** `ok`, the Code of the refusal, or `fault` for an answer that a test planned without a code. */
  readonly outcome: string;
}

/** What goes back over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly connection?: Fault["connection"];
}

export interface ServiceOptions {
  readonly catalogue: readonly DemoJob[];
  readonly key: AccessKey;
  /** Calls in any second, of all keys and actions together; null: no limit. */
  readonly perSecond: number | null;
  readonly now: () => number;
  /** The names that callers may know the endpoint by. Default: those of the loopback interface. */
  readonly isHost?: (host: string) => boolean;
}

const keptCalls = 10_000;

/** The account behind the endpoint: request in, reply out. It knows nothing of sockets. */
export class Service {
  /** Oldest first; at least the newest 10,000. */
  readonly calls: CallRecord[] = [];
  readonly control: EndpointControl;
  readonly #now: () => number;
  readonly #isHost: (host: string) => boolean;
  readonly #jobs: Map<string, DemoJob>;
  readonly #board = new Switchboard();
  readonly #nonces = new NonceMemory();
  readonly #limiter?: SlidingSecond;

  constructor({ catalogue, key, perSecond, now, isHost = isLoopback }: ServiceOptions) {
    this.#now = now;
    this.#isHost = isHost;
    this.#jobs = new Map(catalogue.map((job) => [keyOf(job), job]));
    this.#board.addKey(key);
    if (perSecond !== null) this.#limiter = new SlidingSecond(perSecond);
    this.control = controlOf(this.#board, this.#jobs, key, now);
  }

  /** The jobs of a region that exist now. */
  jobs(region: string): DemoJobSummary[] {
    const jobs = [...this.#jobs.values()].filter((job) => isIn(region, job));
    return summaries(jobs, this.#now());
  }

  /**
   * Answers one request to the endpoint of a region, in the order of the real gateway: who calls, how often, whether it
   * may, what it asks for.
   */
  respond(request: RawRequest, region: string): Reply {
    const at = this.#now();
    const requestId = randomUUID().toUpperCase();
    const headers = headersOf(request);
    const host = headers.get("host") ?? "";
    const parameters = parametersOf(request);
    // Action and version stand in headers, or among the parameters as in older RPC calls.
    const action = headers.get("x-acs-action") ?? parameters.get("Action") ?? "";
    const version = headers.get("x-acs-version") ?? parameters.get("Version") ?? "";
    const record = (outcome: string) => {
      const id = parameters.get("JobId") ?? parameters.get("MediaId") ?? parameters.get("JobIds");
      const accessKeyId = /Credential=([^,\s]+)/.exec(headers.get("authorization") ?? "")?.[1];
      const type = parameters.get("JobType");
      this.calls.push({ action, id, type, method: request.method, region, accessKeyId, at, outcome });
      if (this.calls.length >= 2 * keptCalls) this.calls.splice(0, keptCalls);
    };
    try {
      if (!this.#isHost(host)) throw new Refusal("Forbidden.Host");
      if (request.method !== "GET" && request.method !== "POST") throw new Refusal("UnsupportedHTTPMethod");
      verify(request, this.#board, this.#nonces, at);
      const wait = this.#limiter?.take(at) ?? 0;
      if (wait > 0) throw new Refusal("Throttling.User", { retryAfter: wait });
      const fault = this.#board.nextFault(action);
      if (fault) {
        record(fault.code ?? "fault");
        return faultReply(fault, requestId, host);
      }
      if (this.#board.isDenied(action)) throw denial(action);
      const body = perform(action, version, parameters, this.#account(at, region));
      record("ok");
      return reply(200, typeof body === "string" ? body : bodyText({ RequestId: requestId, ...body }), requestId);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal("InternalError");
      record(refusal.code);
      return refusalReply(refusal, requestId, host);
    }
  }

  #account(now: number, region: string): Account {
    const isThere = (job: DemoJob) => exists(job, now) && isIn(region, job);
    return {
      now,
      find: (type, id) => {
        const job = this.#jobs.get(keyOf({ type, id }));
        return job && isThere(job) ? job : undefined;
      },
      jobs: () => [...this.#jobs.values()].filter(isThere),
    };
  }
}

function controlOf(board: Switchboard, jobs: Map<string, DemoJob>, own: AccessKey, now: () => number): EndpointControl {
  return {
    fail: (times, fault = {}) => board.plan(times, fault),
    recover: () => board.recover(),
    revoke: (how = "inactive", id = own.id) => board.revoke(id, how),
    restore: () => board.restore(),
    deny: (action = "*") => board.deny(action),
    allow: () => board.allow(),
    issueKey(seconds) {
      const key = { id: `STS.${randomText(24)}`, secret: randomText(40), text: randomText(80) };
      board.addKey({ id: key.id, secret: key.secret, token: { text: key.text, expiresAt: now() + seconds * 1000 } });
      return { accessKeyId: key.id, accessKeySecret: key.secret, securityToken: key.text };
    },
    expireKey: (id) => board.expireKey(id),
    issueBearerToken() {
      board.bearerToken = randomText(80);
      return board.bearerToken;
    },
    addJob: (job) => void jobs.set(keyOf(job), job),
    removeJob: (job) => void jobs.delete(keyOf(job)),
  };
}

function keyOf({ type, id }: { readonly type: JobType; readonly id: string }): string {
  return `${type}/${id}`;
}

/** Names that nobody can point at another machine's page. */
function isLoopback(host: string): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

function reply(status: number, body: string | Uint8Array, requestId: string, headers = {}): Reply {
  const always = { "content-type": "application/json;charset=utf-8", "x-acs-request-id": requestId };
  return { status, body, headers: { ...always, ...headers } };
}

function refusalReply(refusal: Refusal, requestId: string, host: string): Reply {
  const { status, retryAfter } = refusal;
  const headers = retryAfter === undefined ? {} : { "x-acs-retry-after": String(Math.ceil(retryAfter)) };
  return reply(status, JSON.stringify(refusal.body(requestId, host)), requestId, headers);
}

function faultReply(fault: Fault, requestId: string, host: string): Reply {
  const refused = refusalReply(new Refusal(fault.code ?? "InternalError", fault), requestId, host);
  const { "content-type": json = "" } = refused.headers;
  return {
    status: fault.body === undefined ? refused.status : (fault.status ?? 200),
    headers: { ...refused.headers, "content-type": fault.contentType ?? json, ...fault.headers },
    body: fault.body ?? refused.body,
    connection: fault.connection,
  };
}

/** The refusal of a RAM user who lacks a permission, with the detail that names it. */
function denial(action: string): Refusal {
  const AccessDeniedDetail = {
    AuthAction: `vod:${action}`,
    AuthPrincipalType: "SubUser",
    AuthPrincipalDisplayName: "demo-user",
    AuthPrincipalOwnerId: userId,
    NoPermissionType: "ImplicitDeny",
    PolicyType: "AccountLevelIdentityBasedPolicy",
  };
  return new Refusal("Forbidden.RAM", { details: { AccessDeniedDetail } });
}

/** JSON, with the owner's id as the 64-bit number it is. Inside embedded JSON the quotes are escaped, so only fields of the answer match. */
function bodyText(body: JsonObject): string {
  return JSON.stringify(body).replace(/"UserId":"(\d+)"/g, '"UserId":$1');
}
