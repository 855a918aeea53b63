import type { SearchedPlace, VodErrorKind } from "../vod/errors.ts";
import type { TranscodeProgress } from "../vod/transcodeTask.ts";
import type { JobAnswer, JobRef, Lane, Phase } from "../vod/types.ts";
import type { StorageTrouble } from "./storageError.ts";

/** Why the last attempt to ask gave no answer. Kept with the job until an answer comes. */
export interface JobProblem {
  readonly kind: VodErrorKind;
  readonly code?: string;
  /** Redacted technical text. */
  readonly message: string;
  readonly requestId?: string;
  readonly recommend?: string;
  /** Where a credential was looked for, when none was found. */
  readonly searched?: readonly SearchedPlace[];
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
}

/** What `GetTranscodeTask` said of a transcode job, or why it said nothing; neither when it knows no such job. */
export interface TranscodeFacts {
  readonly told?: TranscodeProgress;
  readonly problem?: JobProblem;
}

/** Why a transcode job failed, as `GetTranscodeTask` said: texts of the service, at most a few hundred characters. */
export interface JobError {
  readonly code?: string;
  readonly message?: string;
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
  /** Of a failed transcode job, once that is known. */
  readonly error?: JobError;
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

/** What is known of an account that its jobs share. All times are milliseconds since 1970. */
export interface AccountState {
  readonly account: string;
  /** Since when no call reached the service; absent while the network is fine. */
  readonly offlineSince?: number;
  /** When one call will try whether the account works again; absent while it does. */
  readonly nextProbeAt?: number;
  /** Until when calls are slowed because the service said `Throttling*`; absent or past: not slowed. */
  readonly throttledUntil?: number;
  /** How many calls a second all windows together may start now; at most 13. */
  readonly ratePerSecond: number;
  /** Why the service refused the account's credential, permission or clock. */
  readonly credentialProblem?: JobProblem;
  /** Why the service itself answers nothing useful (5xx several times in a row). */
  readonly serviceProblem?: JobProblem;
}

/** How eagerly jobs are polled: what a call is worth against a later notice. */
export type Pace = "relaxed" | "normal" | "eager";

/** Something that happened to the database which a person should know of. */
export interface HubNotice {
  /**
   * `damaged`: the file could not be read, was moved to `movedTo`, and a new one begun with the `saved` tracked jobs that
   * could be read of it;
   * `newer`: a newer version of the product wrote it, it was left untouched and nothing is kept;
   * `memory`: the file cannot be opened, nothing is kept until it can;
   * `full`, `locked`, `refused`: the store takes no changes at the moment (`StorageTrouble`).
   */
  readonly kind: "damaged" | "newer" | "memory" | StorageTrouble;
  /** One sentence, technical; `editor/` has the translated one. */
  readonly message: string;
  readonly movedTo?: string;
  readonly saved?: number;
}

/** What the tracker needs of a client; `VodClient` is one. Rejects with a `VodError`. */
export interface VodClientLike {
  getJobDetail(ref: JobRef, options: { lane: Lane; signal: AbortSignal }): Promise<JobAnswer>;
  /** Absent: transcode jobs are asked for no more than their answers. */
  getTranscodeTask?(
    ids: readonly string[],
    options: { region: string; lane: Lane; signal: AbortSignal },
  ): Promise<TranscodeProgress[]>;
}
