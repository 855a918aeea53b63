import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentAccount, AgentHost } from "../../../src/agent/host.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { JobTracker } from "../../../src/jobs/tracker.ts";
import { readJobAnswer } from "../../../src/vod/answer.ts";
import { VodError } from "../../../src/vod/errors.ts";
import type { TranscodeProgress } from "../../../src/vod/transcodeTask.ts";
import type { JobRef, JobType } from "../../../src/vod/types.ts";
import { FakeClock } from "../support/clock.ts";

/** The page's own example: one body that fills the details of all four types. */
export const sample = readFileSync(join(import.meta.dirname, "../../fixtures/get-job-detail.json"), "utf8");

/** Four minutes after the example's workflow task ended. */
const later = Date.UTC(2025, 2, 27, 8, 24, 19);

/** A job's body, or why there is none. */
export type Played = string | VodError | Promise<string>;

/**
 * The tools' host on a real tracker and a real database in memory, with a client that plays `answers`: by id, or by
 * `type/id` where the same id has several.
 */
export function openHost({
  accounts = [
    { id: "default", region: "cn-shanghai" },
    { id: "profile:work", region: "eu-central-1" },
  ],
  ...facts
}: {
  accounts?: readonly AgentAccount[];
  polls?: boolean;
} = {}) {
  const clock = new FakeClock(later);
  const answers = new Map<string, Played>();
  const calls: JobRef[] = [];
  const transcodes: { asked: number; answer?: TranscodeProgress[] | VodError } = { asked: 0 };
  const hub = new SqliteHub(undefined, () => clock.now());
  const tracker = new JobTracker({
    hub,
    async clientFor() {
      return {
        async getTranscodeTask() {
          transcodes.asked++;
          if (transcodes.answer instanceof VodError) throw transcodes.answer;
          return transcodes.answer ?? [];
        },
        async getJobDetail(ref, { signal }) {
          calls.push(ref);
          const played = answers.get(`${ref.type}/${ref.id}`) ?? answers.get(ref.id);
          if (played === undefined) throw new VodError("not-found", "no such job", { code: "NoSuchResource" });
          if (played instanceof VodError) throw played;
          const gone = new Promise<never>((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(new VodError("cancelled", "canceled")), { once: true });
          });
          return readJobAnswer(await Promise.race([played, gone]), ref.type);
        },
      };
    },
    clock,
    random: () => 0.5,
    settings: { polling: true, pace: "normal", backgroundRate: 8, focused: true },
  });
  const host: AgentHost = {
    tracker,
    account: "default",
    polls: true,
    accounts: async () => accounts,
    now: () => clock.now(),
    ...facts,
  };
  /** Lets time pass, a little at a time, until `work` is done. */
  async function during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    work.then(
      () => (done = true),
      () => (done = true),
    );
    for (let step = 0; !done && step < 1_000; step++) await clock.advance(50);
    return work;
  }
  const ref = (id: string, type: JobType = "workflow", account = "default", region = "cn-shanghai"): JobRef => ({
    account,
    region,
    type,
    id,
  });
  return { host, tracker, clock, answers, calls, transcodes, during, ref, hub };
}

/** One activity of a made-up workflow task; times are seconds after 2025-03-27 08:00:00 UTC. */
export interface PlayedActivity {
  readonly kind?: string;
  readonly status: string;
  readonly from?: number;
  readonly to?: number;
  readonly result?: unknown;
}

const zero = Date.UTC(2025, 2, 27, 8);

export const timeText = (seconds: number) => `${new Date(zero + seconds * 1000).toISOString().slice(0, 19)}Z`;

/** The body of a workflow task with these activities. */
export function workflowBody({
  id = "46ecc024aaaabbbbccccddddeeeeffff",
  status = "Failed",
  activities,
  created = 0,
  finished,
  title = "2.mp4",
  workflowId = "vw_1",
  userData,
}: {
  id?: string;
  status?: string;
  activities: Readonly<Record<string, PlayedActivity>>;
  created?: number;
  finished?: number;
  title?: string;
  workflowId?: string;
  userData?: unknown;
}): string {
  const results = Object.fromEntries(
    Object.entries(activities).map(([name, { kind = "VodSnapshot", status: word, from, to, result }], index) => [
      name,
      {
        ActivityId: kind,
        ActivityInstanceId: `instance${String(index).padStart(8, "0")}`,
        Status: word,
        StartTime: from === undefined ? undefined : timeText(from),
        EndTime: to === undefined ? undefined : timeText(to),
        Result: result === undefined ? undefined : typeof result === "string" ? result : JSON.stringify(result),
      },
    ]),
  );
  return JSON.stringify({
    RequestId: "6708D849-F109-1A6C-AC91-000000000000",
    JobType: "workflow",
    WorkflowTaskDetail: {
      TaskId: id,
      Status: status,
      CreateTime: timeText(created),
      FinishTime: finished === undefined ? undefined : timeText(finished),
      TaskInput: JSON.stringify({ Type: "Media", Media: "00f985a50ae371f0ad1c4106e0ea0102", Title: title }),
      ActivityResults: JSON.stringify(results),
      UserData: userData === undefined ? undefined : JSON.stringify(userData),
      Workflow: { WorkflowId: workflowId, Name: "Publish", Status: "Active" },
    },
  });
}
