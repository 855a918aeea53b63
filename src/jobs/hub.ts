import type { JobRef, JobType, Phase } from "../vod/types.ts";
import type { HubNotice, JobError, JobProblem, Observation, PollReason, TranscodeFacts } from "./types.ts";

/**
 * The one place that all windows share: jobs, answers, observations, leases and rate budgets.
 *
 * An operation that the store refuses (no room, no right, locked) rejects with a `StorageError`, and nothing of it was done.
 *
 * A few operations, each atomic over all windows and processes. Times are passed in, milliseconds since 1970, so that
 * a hub has no clock of its own. Nothing here says how it is stored: `sqlite/` keeps it in one file, and a form for
 * teams across machines can stand beside it.
 */
export interface JobHub {
  /** What happened to the store at opening or since, oldest first. */
  notices(): Promise<readonly HubNotice[]>;

  /** Tracked jobs in the order of their keys, after `afterKey` (empty at first), at most `limit`. */
  load(afterKey: string, limit: number): Promise<HubPage>;
  /**
   * What changed after `since`, at most `limit` jobs; the first `since` is the one of the first page.
   * Undefined when nothing did: asking again and again is cheap.
   */
  changes(since: HubPosition, limit: number): Promise<HubChanges | undefined>;

  /** Tracks jobs; those already tracked are left as they are. */
  add(jobs: readonly NewJob[], now: number): Promise<AddedJobs>;
  /** Stops tracking; label, pin, answer and observations stay for `restore`. Gives the keys that were tracked. */
  remove(keys: readonly string[], now: number): Promise<string[]>;
  /** Tracks removed jobs again, as they were. Gives the keys that came back. */
  restore(keys: readonly string[]): Promise<string[]>;
  /** Changes what a person, not the service, says of jobs, and their plans. */
  edit(edits: readonly JobEdit[]): Promise<void>;
  /** Puts jobs, in this order, at `position` (0 first) among the pinned ones; undefined: at the end; null: unpins. */
  pin(keys: readonly string[], position: number | undefined | null): Promise<void>;

  /** Leases up to `limit` due jobs of an account that works, the longest due first. */
  claimDue(request: ClaimDue): Promise<HubJob[]>;
  /** Leases one job, tracked or not, due or not. */
  claim(ref: JobRef, lease: Lease): Promise<Claim>;
  /** Leases one unfinished job of a blocked account when its probe is due, and plans the probe after that. */
  claimProbe(account: string, lease: Lease, nextProbeAt: number): Promise<HubJob | undefined>;
  /** Prolongs leases. Gives the keys that are still `owner`'s. */
  renew(keys: readonly string[], lease: Lease): Promise<string[]>;
  /** Gives leases back without a result; without keys, all of `owner`. */
  release(owner: string, keys?: readonly string[]): Promise<void>;
  /** Keeps answers and failures of calls, ends their leases, observes status changes. An older answer changes nothing. */
  save(results: readonly CallResult[]): Promise<void>;
  /**
   * What is kept beside a transcode job's last answer, or the right to ask for it, which one window has at a time; its own
   * it prolongs. Undefined: there is no answer. Where the account was refused, the refusal is what is kept, unless a person
   * asks `again`.
   */
  claimTranscode(ref: JobRef, request: Lease & { readonly again?: boolean }): Promise<TranscodeClaim | undefined>;
  /** Keeps what came of asking beside the answer it was asked for, if that is still the last; without facts, gives the right back. */
  saveTranscode(result: TranscodeResult): Promise<void>;
  /** The account may be allowed now what it was refused beside its jobs' answers. */
  forgetRefusal(account: string): Promise<void>;

  /** One job, tracked or only looked up. */
  job(key: string): Promise<HubJob | undefined>;
  answer(key: string): Promise<StoredAnswer | undefined>;
  /** Every change of status that was seen, oldest first. */
  observations(key: string): Promise<Observation[]>;
  /** The last finished task of the same workflow that was created before this one. */
  previousRun(key: string): Promise<StoredAnswer | undefined>;
  /** How long the last finished jobs took, milliseconds, newest first: of this kind, and of all of the type. */
  durations(type: JobType, kind: string | undefined): Promise<Durations>;
  /** Tracked jobs that finished and no window has announced yet; they are announced by this call. */
  takeDigest(): Promise<HubJob[]>;

  /** Reserves start times for calls of an account. */
  reserve(account: string, request: SlotRequest): Promise<SlotGrant>;
  /** Gives unused start times back. */
  giveBack(account: string, slots: readonly number[], now: number): Promise<void>;
  /** The service throttled a call: halves the account's rate for everyone; several at one moment count as one. */
  throttled(account: string, now: number, retryAfter: number | undefined): Promise<void>;
  /** The first call after a throttling was answered: the rate begins to recover. */
  recovering(account: string, now: number): Promise<void>;
  /** Stops polling an account but for probes; or lets it go on (undefined). */
  block(account: string, block: AccountBlock | undefined): Promise<void>;

  /** Deletes what is too old to be kept, a little at a time. True when there is more to delete. */
  maintain(now: number): Promise<boolean>;
  /** Writes something that changes nothing: resolves when the store takes changes. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** When to poll a job next. */
export interface Plan {
  /** When, while a window is focused; absent: never. */
  readonly at?: number;
  /** When, while none is. */
  readonly unfocusedAt?: number;
  readonly reason: PollReason;
  readonly likelyEndAt?: number;
}

/** What an answer says of a job, in short. */
export interface JobSummary {
  readonly phase: Phase;
  readonly status: string;
  readonly title?: string;
  readonly kind?: string;
  readonly mediaId?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
  readonly activities?: number;
  readonly failedActivities?: number;
}

/** A job as the hub keeps it. */
export interface HubJob extends Partial<JobSummary> {
  readonly key: string;
  readonly ref: JobRef;
  readonly tracked: boolean;
  readonly label?: string;
  readonly phase: Phase;
  readonly addedAt: number;
  readonly checkedAt?: number;
  readonly changedAt?: number;
  readonly plan: Plan;
  readonly problem?: JobProblem;
  /** Calls without an answer since the last one with. */
  readonly failures: number;
  readonly error?: JobError;
  readonly pin?: number;
  readonly seen: boolean;
  readonly paused: boolean;
}

export interface NewJob {
  readonly ref: JobRef;
  readonly label?: string;
  readonly plan: Plan;
}

export interface AddedJobs {
  readonly added: readonly string[];
  readonly already: readonly string[];
}

export interface JobEdit {
  readonly key: string;
  /** Null takes it away. */
  readonly label?: string | null;
  readonly seen?: true;
  readonly paused?: boolean;
  readonly plan?: Plan;
}

export interface Lease {
  readonly owner: string;
  readonly now: number;
  /** When others may take the job; must outlast the call. */
  readonly until: number;
}

export interface ClaimDue extends Lease {
  readonly account: string;
  readonly limit: number;
  /** Whether the asking window is focused: then plans count by `at`, else by `unfocusedAt`. */
  readonly focused: boolean;
}

export interface Claim {
  readonly held: boolean;
  /** When the holder's lease ends, if another holds it. */
  readonly heldUntil?: number;
  readonly job: HubJob;
}

/** What came of one call. Exactly one of `answer` and `problem` is there. */
export interface CallResult {
  readonly ref: JobRef;
  readonly owner: string;
  /** When the call was started: of two answers the later started one is true. */
  readonly startedAt: number;
  readonly at: number;
  readonly answer?: { readonly summary: JobSummary; readonly raw: string };
  readonly problem?: JobProblem;
  /** Left as it is when absent. */
  readonly plan?: Plan;
}

export interface StoredAnswer {
  readonly ref: JobRef;
  /** The body as it came. */
  readonly raw: string;
  readonly at: number;
  readonly transcode?: TranscodeFacts;
}

/** Exactly one of `facts` and `held` is there, or another window has the right. */
export interface TranscodeClaim {
  /** When the answer came that this is about. */
  readonly at: number;
  readonly facts?: TranscodeFacts;
  readonly held?: true;
}

export interface TranscodeResult {
  readonly ref: JobRef;
  readonly owner: string;
  /** As in the claim. */
  readonly at: number;
  readonly facts?: TranscodeFacts;
}

export interface Durations {
  readonly ofKind: readonly number[];
  readonly ofType: readonly number[];
}

export interface SlotRequest {
  readonly now: number;
  /** How many calls wait in each lane. */
  readonly interactive: number;
  readonly background: number;
  /** Calls a second that all windows' background polls may use together. */
  readonly backgroundRate: number;
}

export interface SlotGrant {
  /** Start times for the interactive waiters, ascending; one for each. */
  readonly interactive: readonly number[];
  /** Start times for background waiters: only those that are near. */
  readonly background: readonly number[];
  /** When to ask again for the background waiters left. */
  readonly askAgainAt?: number;
  /** A throttling has not been answered yet: tell `recovering` of the next call that is. */
  readonly slowed: boolean;
}

/** Why an account is not polled. */
export interface AccountBlock {
  readonly kind: "offline" | "credentials" | "service";
  readonly problem: JobProblem;
  /** When the call was started that failed. */
  readonly startedAt: number;
  readonly probeAt: number;
}

/** How far throttling has slowed an account. */
export interface Slowdown {
  /** Calls a second after the last throttling. */
  readonly rate: number;
  /** No call may start before this. */
  readonly holdUntil: number;
  /** Since when calls are answered again: from then on the rate grows. */
  readonly recoveringSince?: number;
}

/** An account as the hub keeps it. */
export interface HubAccount {
  readonly account: string;
  /** Absent: at full rate. */
  readonly slowdown?: Slowdown;
  readonly block?: {
    readonly kind: AccountBlock["kind"];
    readonly since: number;
    readonly problem: JobProblem;
    /** Probes that failed since. */
    readonly failures: number;
    readonly probeAt: number;
  };
}

/** A point in the order of all changes. Another `epoch` is another store: what is known of the old one is void. */
export interface HubPosition {
  readonly epoch: string;
  readonly seq: number;
}

export interface HubPage {
  /** Where `changes` goes on: everything up to here is in the pages from this one on. */
  readonly position: HubPosition;
  readonly jobs: readonly HubJob[];
  readonly accounts: readonly HubAccount[];
  readonly more: boolean;
}

export interface HubChanges {
  /** Pass this next time. */
  readonly position: HubPosition;
  /** There are more: ask again at once. */
  readonly more: boolean;
  readonly jobs: readonly HubJob[];
  readonly removed: readonly string[];
  readonly accounts: readonly HubAccount[];
}
