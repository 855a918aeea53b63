import type { VodErrorKind } from "../vod/errors.ts";
import type { JobRef, Phase } from "../vod/types.ts";

/** Why the last attempt to ask gave no answer. Kept with the job until an answer comes. */
export interface JobProblem {
  readonly kind: VodErrorKind;
  readonly code?: string;
  /** Redacted technical text. */
  readonly message: string;
  readonly requestId?: string;
  readonly recommend?: string;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
}

/**
 * What every surface shows of a job: small enough to keep 10,000 of them in memory.
 * The full answer is read with `JobTracker.answer`. All times are milliseconds since 1970.
 */
export interface TrackedJob {
  /** The job's identity as one string, `jobKey(ref)`. */
  readonly key: string;
  readonly ref: JobRef;
  /** The name a person gave it. */
  readonly label?: string;
  /** What the answer calls it: the workflow's name, the media's title, the AI job's type. */
  readonly title?: string;
  /** `waiting` until the first answer. */
  readonly phase: Phase;
  /** The service's own status word; absent until the first answer. */
  readonly status?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
  readonly addedAt: number;
  /** When the last answer came. */
  readonly checkedAt?: number;
  /** When the last change of status was seen. */
  readonly changedAt?: number;
  /** When the next poll is due; absent when none is planned. */
  readonly nextCheckAt?: number;
  /** Why then; a stable word that `editor/` turns into a sentence. */
  readonly nextCheckReason?: PollReason;
  /** When jobs of this kind that took as long usually end. */
  readonly likelyEndAt?: number;
  readonly problem?: JobProblem;
  readonly mediaId?: string;
  /** Template id, workflow id or AI type: jobs of one kind take similar times. */
  readonly kind?: string;
  /** Of a workflow task: how many activities there are and how many failed, whatever the task says. */
  readonly activities?: number;
  readonly failedActivities?: number;
  /** Order among pinned jobs; absent when not pinned. */
  readonly pin?: number;
  /** False while a failure has not been looked at. */
  readonly seen: boolean;
}

/** One change of status that was seen. */
export interface Observation {
  readonly at: number;
  readonly status: string;
  readonly phase: Phase;
}

/** Why the next poll is when it is. */
export type PollReason =
  | "first" // soon after it was added
  | "age" // grows with the job's age
  | "history" // when jobs of its kind usually end
  | "overdue" // later than its kind usually ends
  | "unfocused" // slower, no window is focused
  | "focus" // catching up after focus
  | "problem" // backing off after errors
  | "offline" // waiting for the network
  | "paused" // a person turned updates off
  | "final" // finished: nothing to ask
  | "too-old"; // past the six months the service remembers
