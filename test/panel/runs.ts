/** Jobs for the panel's tests: the specification's sample, and runs made to a plan. */
import fs from "node:fs";
import path from "node:path";
import { readJobAnswer } from "../../src/vod/answer.ts";
import type { JobAnswer, JobRef, JobType } from "../../src/vod/types.ts";

const fixture = fs.readFileSync(path.join(import.meta.dirname, "../fixtures/get-job-detail.json"), "utf8");

/** The specification's sample as a job of a type. */
export function sample(type: JobType): { ref: JobRef; answer: JobAnswer } {
  return { ref: refOf(type, "46ecc024aa0f4b92b0f092c8e26237e5"), answer: readJobAnswer(fixture, type) };
}

export function refOf(type: JobType, id: string): JobRef {
  return { account: "demo", region: "cn-shanghai", type, id };
}

export interface MadeActivity {
  name: string;
  kind: string;
  /** Seconds since the run began. */
  start?: number;
  end?: number;
  status: string;
  result?: unknown;
}

export interface MadeRun {
  readonly activities: MadeActivity[];
  /** From, to. */
  readonly edges: (readonly [string, string])[];
}

export const began = Date.UTC(2025, 2, 27, 8, 15, 46);
const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
const kinds = [
  "Transcode",
  "DynamicImage",
  "Translation",
  "AICensor",
  "SmartTag",
  "Watermark",
  "Subtitle",
  "Hls",
  "Report",
];

/** A small generator of numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 12)) >>> 0) / 4294967296;
  };
}

/**
 * A run of `count` activities in stages: from a start, forks of up to `widest` chains that join, one after the other.
 * Every `failEvery`-th fails.
 */
export function makeRun(count: number, { widest = 9, failEvery = 11, seed = 7 } = {}): MadeRun {
  const random = randomFrom(seed);
  const activities: MadeActivity[] = [{ name: "Act_Start", kind: "start", start: -1, status: "Succeed" }];
  const edges: (readonly [string, string])[] = [];
  let joins = ["Act_Start"];
  let clock = 0;
  const add = (after: readonly string[], start: number): MadeActivity => {
    const index = activities.length;
    const kind = `Vod${kinds[Math.floor(random() * kinds.length)]}`;
    const seconds = 1 + Math.floor(random() ** 3 * 90);
    const failed = index % failEvery === 0;
    const made: MadeActivity = {
      name: `${kind}_${index}`,
      kind,
      start,
      end: start + seconds,
      status: failed ? "Failed" : "Succeed",
      result: { JobId: `job${index}`, Success: !failed },
    };
    activities.push(made);
    for (const from of after) edges.push([from, made.name]);
    return made;
  };
  while (activities.length < count) {
    const ends: MadeActivity[] = [];
    const forks = Math.min(2 + Math.floor(random() * widest), count - activities.length);
    for (let fork = 0; fork < forks && activities.length < count; fork++) {
      let last = add(joins, clock);
      while (random() < 0.45 && activities.length < count)
        last = add([last.name], last.end! + Math.floor(random() * 2));
      ends.push(last);
    }
    clock = Math.max(...ends.map((end) => end.end!)) + 1;
    if (activities.length < count) {
      const join = add(
        ends.map((end) => end.name),
        clock,
      );
      joins = [join.name];
      clock = join.end! + 1;
    }
  }
  return { activities, edges };
}

/** A run as it stood so many seconds after it began: what had not started is not there. */
export function standing(run: MadeRun, seconds: number): MadeRun {
  const activities = run.activities
    .filter(({ start = 0 }) => start <= seconds)
    .map((one) =>
      one.end === undefined || one.end <= seconds ? one : { ...one, end: undefined, status: "Processing" },
    );
  return { ...run, activities };
}

/** The answer that tells of a run. `from`: when it began, milliseconds since 1970. */
export function answerOf(
  run: MadeRun,
  { status = "Succeed", name = "Synthetic 30", finished = true, from = began } = {},
): JobAnswer {
  const results = Object.fromEntries(
    run.activities.map(({ name, kind, start, end, status, result }, index) => [
      name,
      {
        ActivityId: kind,
        ActivityInstanceId: `instance${index}`,
        Status: status,
        ...(start !== undefined && { StartTime: time(from + start * 1000) }),
        ...(end !== undefined && { EndTime: time(from + end * 1000) }),
        ...(result !== undefined && { Result: JSON.stringify(result) }),
      },
    ]),
  );
  const last = Math.max(...run.activities.map((activity) => activity.end ?? activity.start ?? 0));
  const body = {
    RequestId: "6708D849-F109-1A6C-AC91-0123456789AB",
    JobType: "workflow",
    WorkflowTaskDetail: {
      TaskId: "46ecc024aa0f4b92b0f092c8e26237e5",
      Status: status,
      TaskInput: JSON.stringify({ Type: "Media", Media: "00f985a50ae371f0ad1c4106e0ea0102", Title: "2.mp4" }),
      CreateTime: time(from),
      ...(finished && { FinishTime: time(from + last * 1000) }),
      ActivityResults: JSON.stringify(results),
      Workflow: { WorkflowId: "vw_09d6aa0f4b92b5c5b19a0c891e02", Name: name, Status: "Active" },
    },
  };
  return readJobAnswer(JSON.stringify(body), "workflow");
}

/** The shape of a run as a person would attach it. */
export function topologyOf(run: MadeRun): string {
  return JSON.stringify({ nodes: run.activities.map(({ name, kind }) => ({ id: name, kind })), edges: run.edges });
}

/** A run and its topology as a situation of the panel. */
export function situationOf(run: MadeRun, options: Parameters<typeof answerOf>[1] = {}) {
  const answer = answerOf(run, options);
  return { ref: refOf("workflow", "46ecc024aa0f4b92b0f092c8e26237e5"), answer, topology: topologyOf(run) };
}
