import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { JobHub } from "../../../src/jobs/hub.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { JobTracker, type TrackerSettings } from "../../../src/jobs/tracker.ts";
import { readJobAnswer } from "../../../src/vod/answer.ts";
import { cancellation, VodError } from "../../../src/vod/errors.ts";
import type { TranscodeProgress } from "../../../src/vod/transcodeTask.ts";
import type { JobAnswer, JobRef, JobType, Lane } from "../../../src/vod/types.ts";
import { FakeClock } from "../support/clock.ts";

/** The number of a made-up job: its id, and who else may have the same. */
export function ref(id: string, type: JobType = "transcode", account = "demo"): JobRef {
  return { account, region: "cn-shanghai", type, id };
}

/** A folder that is gone after the tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "jobs-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

export interface MadeUpJob {
  readonly status?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
  readonly kind?: string;
}

/** The body of an answer. Statuses are the words of each type; `running` and `done` stand for any type's own. */
export function body({ type, id }: JobRef, job: MadeUpJob = {}): string {
  const words = {
    transcode: { running: "Transcoding", done: "TranscodeSuccess", failed: "TranscodeFail" },
    snapshot: { running: "Processing", done: "Success", failed: "Fail" },
    ai: { running: "processing", done: "success", failed: "fail" },
    workflow: { running: "Processing", done: "Succeed", failed: "Failed" },
  }[type] as Record<string, string>;
  const Status = words[job.status ?? "running"] ?? job.status;
  const times = { CreateTime: iso(job.createdAt), CompleteTime: iso(job.finishedAt), FinishTime: iso(job.finishedAt) };
  const details = {
    transcode: { TranscodeJobDetail: { JobId: id, Status, TemplateId: job.kind, ...times } },
    snapshot: { SnapshotJobDetail: { JobId: id, Status, ...times } },
    ai: { AIJobDetail: { JobId: id, Status, JobType: job.kind, ...times } },
    workflow: {
      WorkflowTaskDetail: {
        TaskId: id,
        Status,
        Workflow: { WorkflowId: job.kind, Name: `flow ${job.kind}` },
        ...times,
      },
    },
  };
  return JSON.stringify({ RequestId: `request-${id}`, ...details[type] });
}

export const answerOf = (job: JobRef, facts: MadeUpJob = {}): JobAnswer => readJobAnswer(body(job, facts), job.type);

export interface SeenCall {
  readonly at: number;
  readonly id: string;
  readonly lane: Lane;
}

/** A service of made-up jobs: what `answer` gives or throws, after `latency` ms. Every call is written down. */
export class FakeService {
  readonly calls: SeenCall[] = [];
  latency = 50;
  answer: (job: JobRef, now: number) => MadeUpJob = () => ({});
  /** What `GetTranscodeTask` says or throws; undefined: clients cannot ask it. Its calls are written down too. */
  tell: ((id: string) => Partial<TranscodeProgress>) | undefined;
  readonly told: SeenCall[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async call(job: JobRef, lane: Lane, signal: AbortSignal): Promise<JobAnswer> {
    this.calls.push({ at: this.#clock.now(), id: job.id, lane });
    await this.#clock.sleep(this.latency, signal).catch(() => {
      throw cancellation(signal);
    });
    return answerOf(job, this.answer(job, this.#clock.now()));
  }

  async callTranscodes([id = ""]: readonly string[], lane: Lane, signal: AbortSignal): Promise<TranscodeProgress[]> {
    this.told.push({ at: this.#clock.now(), id, lane });
    await this.#clock.sleep(this.latency, signal).catch(() => {
      throw cancellation(signal);
    });
    return [{ jobId: id, status: "TranscodeFail", phase: "failed", ...this.tell?.(id) }];
  }

  /** When the calls for a job were made, seconds after `start`. */
  times(id: string, start: number): number[] {
    return this.calls.filter((call) => call.id === id).map((call) => (call.at - start) / 1_000);
  }
}

export interface Window {
  readonly tracker: JobTracker;
  readonly log: string[];
}

/** A window on a hub, its calls paced by the account's budget as `VodClient` does it. */
export function openWindow(
  hub: JobHub,
  clock: FakeClock,
  service: FakeService,
  settings: Partial<TrackerSettings> = {},
): Window {
  const log: string[] = [];
  const tracker: JobTracker = new JobTracker({
    hub,
    clock,
    random: () => 0.5 + 0.4 * Math.sin(log.length + service.calls.length + windows++),
    log: (level, message) => log.push(`${level}: ${message}`),
    settings: { polling: true, pace: "normal", backgroundRate: 8, focused: true, ...settings },
    clientFor: async (account) => ({
      ...(service.tell && {
        async getTranscodeTask(ids, { lane, signal }) {
          await tracker.budget(account).take(lane, signal);
          return service.callTranscodes(ids, lane, signal);
        },
      }),
      async getJobDetail(job, { lane, signal }) {
        const budget = tracker.budget(account);
        await budget.take(lane, signal);
        try {
          const answer = await service.call(job, lane, signal);
          budget.succeeded();
          return answer;
        } catch (error) {
          if (error instanceof VodError && error.kind === "throttled") budget.throttled(error.retryAfter);
          throw error;
        }
      },
    }),
  });
  return { tracker, log };
}
let windows = 0;

/** One window on a hub in memory, started. */
export async function startWindow(settings: Partial<TrackerSettings> = {}) {
  const clock = new FakeClock();
  const hub = new SqliteHub(undefined);
  const service = new FakeService(clock);
  const { tracker, log } = openWindow(hub, clock, service, settings);
  await tracker.start();
  const start = clock.now();
  return { clock, hub, service, tracker, log, start, close: () => close([tracker], hub, clock) };
}

/** Ends trackers while time goes on, as their sleeps end by it. */
export async function close(trackers: readonly JobTracker[], hub: JobHub, clock: FakeClock): Promise<void> {
  const done = Promise.all(trackers.map((tracker) => tracker.dispose()));
  await clock.advance(1);
  await done;
  await hub.close();
}
