import { startEndpoint } from "../../../src/demo/endpoint.ts";
import type { DemoJob } from "../../../src/demo/job.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { JobTracker } from "../../../src/jobs/tracker.ts";
import { VodClient } from "../../../src/vod/client.ts";
import { cancellation, VodError } from "../../../src/vod/errors.ts";
import type { Send } from "../../../src/vod/send.ts";
import { openTransport } from "../../../src/vod/transport.ts";
import type { Credential, JobRef } from "../../../src/vod/types.ts";
import { FakeClock, settle } from "../support/clock.ts";
import { type Certificate, FaultProxy } from "./proxy.ts";

/** How long an exchange may really take, ms: while a fault is silent on purpose, and otherwise. */
const patience = { silent: 40, usual: 20_000 };

/** Answers larger than this are refused here, so that the tests need not move 16 MB each. */
const largestBody = 1024 * 1024;

export const account = "demo";

/** Two jobs of each type that go on for ever; the first is a workflow task with an activity that failed. */
export const refs: readonly JobRef[] = Array.from({ length: 8 }, (_, index) => ({
  account,
  region: "cn-shanghai",
  type: (["workflow", "transcode", "snapshot", "ai"] as const)[index % 4]!,
  id: String(index).repeat(32),
}));
export const [watched] = refs as [JobRef];

function jobOf({ type, id }: JobRef, createdAt: number): DemoJob {
  const CreateTime = `${new Date(createdAt).toISOString().slice(0, 19)}Z`;
  const running = { transcode: "Transcoding", snapshot: "Processing", ai: "processing", workflow: "Processing" }[type];
  const ActivityResults = JSON.stringify({
    First: { ActivityId: "VodSnapshot", Status: "Failed", StartTime: CreateTime, EndTime: CreateTime },
    Second: { ActivityId: "VodDynamicImage", Status: "Processing", StartTime: CreateTime },
  });
  const named = type === "workflow" ? { TaskId: id, ActivityResults } : { JobId: id };
  return { name: id, type, id, title: id, tracked: false, answer: () => ({ ...named, Status: running, CreateTime }) };
}

/** What an engine is opened with. */
export interface EngineOptions {
  /** The client's side is https, with this certificate, which the client trusts. */
  readonly certificate?: Certificate;
}

/**
 * Everything between a surface and the service, for real but for time: tracker, database in memory, budget, client,
 * signature, connections, fault proxy, endpoint. Time stands still while a request is on its way and otherwise leaps to
 * the next thing that waits for it, so a test of an hour takes as long as its requests.
 */
export class Engine {
  /** Begins at the machine's time, which the hover reads. */
  readonly clock = new FakeClock(Date.now());
  readonly log: string[] = [];
  /** When each request was sent. */
  readonly sentAt: number[] = [];
  /** Milliseconds that the endpoint's clock is ahead of this machine's. */
  skew = 0;
  /** A fault makes the client wait in vain: real time is not spent on it. */
  silent = false;
  /** Where calls go; undefined: to the proxy. */
  detour: string | undefined;
  /** What calls are signed with, and what there is to renew it by. */
  credential!: Credential;
  renewed: Credential | undefined;
  endpoint!: Awaited<ReturnType<typeof startEndpoint>>;
  proxy!: FaultProxy;
  tracker!: JobTracker;
  #hub!: SqliteHub;
  #transport!: ReturnType<typeof openTransport>;
  /** Connections by tunnels of the proxy. */
  #tunnels: ReturnType<typeof openTransport> | undefined;
  readonly #parts: { dispose(): void }[] = [];
  #underWay = 0;

  static async open({ certificate }: EngineOptions = {}): Promise<Engine> {
    const engine = new Engine();
    const { clock } = engine;
    const now = () => clock.now() + engine.skew;
    const catalogue = refs.map((ref) => jobOf(ref, clock.now() - 60_000));
    engine.endpoint = await startEndpoint({ now, catalogue });
    engine.credential = engine.endpoint;
    engine.proxy = await FaultProxy.open(engine.endpoint.url, now, certificate);
    engine.#transport = openTransport({ largestBody, ca: certificate && [certificate.cert] });
    engine.#hub = new SqliteHub(undefined, () => clock.now());
    const origin = certificate ? `https://localhost:${engine.proxy.port}` : `http://127.0.0.1:${engine.proxy.port}`;
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    engine.tracker = new JobTracker({
      hub: engine.#hub,
      clock,
      random,
      log: (level, message) => engine.log.push(`${level}: ${message}`),
      settings: { polling: true, pace: "normal", backgroundRate: 8, focused: true },
      clientFor: async () => client,
    });
    const client = new VodClient({
      endpoint: () => engine.detour ?? origin,
      credentials: {
        get: async () => engine.#credential(),
        invalidate: () => {
          engine.credential = engine.renewed ?? engine.credential;
        },
      },
      budget: engine.tracker.budget(account),
      send: (request) => engine.#send(request),
      clock,
      random,
      log: { debug: (line) => engine.log.push(line), info: (line) => engine.log.push(line) },
    });
    await engine.tracker.start();
    return engine;
  }

  /** Calls go to a host that only tunnels of a proxy lead to; undefined: no more. */
  tunnel(proxy: string | undefined): void {
    void this.#tunnels?.close();
    this.#tunnels = proxy ? openTransport({ proxy, connectTimeout: 40 }) : undefined;
    this.detour = proxy && "https://beyond.invalid";
  }

  #credential(): Credential {
    const { accessKeyId, accessKeySecret, securityToken } = this.credential;
    return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
  }

  /** The transport, with limits short enough for a test; what was cut short is paid for in the clock's time. */
  readonly #send: Send = async (request) => {
    this.sentAt.push(this.clock.now());
    this.#underWay++;
    try {
      return await (this.#tunnels ?? this.#transport).send({
        ...request,
        timeout: this.silent ? patience.silent : patience.usual,
      });
    } catch (error) {
      if (!(error instanceof VodError && error.code === "CallTimeout" && this.silent)) throw error;
      this.#underWay--;
      const late = this.clock.sleep(request.timeout, request.signal);
      await late.catch(() => Promise.reject(cancellation(request.signal))).finally(() => this.#underWay++);
      throw error;
    } finally {
      this.#underWay--;
    }
  };

  /** Lets time pass until `work` is done, and gives its outcome. */
  async during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = () => (done = true);
    work.then(finished, finished);
    for (let idle = 0; !done; ) {
      await this.#still();
      if (done) break;
      const due = this.clock.nextDue;
      if (due === undefined && ++idle > 1_000) throw new Error("nothing is under way that could finish this");
      await this.clock.advance(due ?? 0);
    }
    return work;
  }

  /** Lets `ms` pass, or less when `until` says that it is enough. */
  async pass(ms: number, until: () => boolean = () => false): Promise<void> {
    const end = this.clock.now() + ms;
    for (;;) {
      await this.#still();
      if (until() || this.clock.now() >= end) return;
      await this.clock.advance(Math.min(this.clock.nextDue ?? ms, end - this.clock.now()));
    }
  }

  /** Nothing is under way any more. */
  async #still(): Promise<void> {
    do await settle();
    while (this.#underWay > 0);
  }

  /** Tracks all jobs and waits until each was answered. */
  async track(): Promise<void> {
    await this.during(this.tracker.track(refs));
    await this.pass(60_000, () => this.isWell(0));
  }

  /** Whether every job is there, was answered after `since`, and nothing is wrong with it or its account. */
  isWell(since: number): boolean {
    const { jobs, accounts } = this.tracker;
    const { offlineSince, credentialProblem, serviceProblem } = accounts.get(account) ?? {};
    if (offlineSince !== undefined || credentialProblem || serviceProblem) return false;
    return refs.every((ref) => {
      const job = jobs.get(jobKey(ref));
      return job?.checkedAt !== undefined && job.checkedAt > since && job.problem === undefined;
    });
  }

  /** Disposes this at the end. */
  owns(part: { dispose(): void }): void {
    this.#parts.push(part);
  }

  async close(): Promise<void> {
    for (const part of this.#parts) part.dispose();
    await this.during(this.tracker.dispose());
    await this.#hub.close();
    await this.#transport.close();
    await this.proxy.close();
    await this.endpoint.close();
  }
}
