import type { Clock, JobAnswer, JobRef, JobType, Lane, RateBudget } from "../vod/types.ts";
import type { JobHub } from "./hub.ts";
import type { ImportedJob, PortableJob } from "./portable.ts";
import type { AccountState, HubNotice, Observation, Pace, TrackedJob } from "./types.ts";

/** What the tracker needs of a client; `VodClient` is one. Rejects with a `VodError`. */
export interface VodClientLike {
  getJobDetail(ref: JobRef, options: { lane: Lane; signal: AbortSignal }): Promise<JobAnswer>;
}

/** Settings a person can change while the tracker runs. */
export interface TrackerSettings {
  /** False: jobs are asked for only when a person says so. */
  readonly polling: boolean;
  readonly pace: Pace;
  /** Calls a second that background polls of all windows may use together, at most 13. */
  readonly backgroundRate: number;
  /** Whether this window is focused at the start. */
  readonly focused: boolean;
}

export interface TrackerParts {
  readonly hub: JobHub;
  /** The client of an account. Rejects with a `VodError` of kind `credentials` when there is none. */
  clientFor(account: string): Promise<VodClientLike>;
  readonly clock: Clock;
  /** Evenly in [0, 1), as `Math.random`. */
  random(): number;
  /** Redacted technical text, for the log. */
  log?(level: "info" | "warn" | "error", message: string): void;
  readonly settings: TrackerSettings;
}

/** What changed, gathered until the end of the microtask in which it changed first. */
export interface TrackerChange {
  /** Keys of jobs that are new or differ. */
  readonly changed: readonly string[];
  /** Keys of jobs that are not tracked any more. */
  readonly removed: readonly string[];
  /** Whether `accounts` or `notices` differs. */
  readonly accounts: boolean;
}

export interface Disposable {
  dispose(): void;
}

/** Names jobs that were removed, so that `restore` brings them back as they were. Opaque. */
export interface RemovedJobs {
  readonly keys: readonly string[];
}

export interface StoredJobAnswer {
  readonly answer: JobAnswer;
  /** When it came. */
  readonly at: number;
}

/**
 * The jobs a person tracks, kept up to date: one per window, all of them sharing a hub. Every surface reads `jobs` and
 * `accounts`, which are always in memory, and listens to `onDidChange`; none calls VOD by itself.
 *
 * Methods that ask the service reject with a `VodError`, or with the signal's reason when aborted. The others reject
 * only when the hub does.
 */
export declare class JobTracker {
  constructor(parts: TrackerParts);

  /** Every tracked job by its key, in no order. The map is live; a job in it is replaced when it changes, never altered. */
  readonly jobs: ReadonlyMap<string, TrackedJob>;
  /** Every account that something is known of. */
  readonly accounts: ReadonlyMap<string, AccountState>;
  /** What happened to the store that a person should know of, known after `start`; a new one fires a change. */
  readonly notices: readonly HubNotice[];
  onDidChange(listener: (change: TrackerChange) => void): Disposable;

  /** Loads what is tracked (a page at a time; resolves when all is there) and begins to poll. */
  start(): Promise<void>;
  /** Stops all calls and timers and gives leases back. The hub stays open: who opened it closes it. */
  dispose(): Promise<void>;
  /** Tracks jobs; each is asked for soon. `label` names all that are new. */
  track(
    refs: readonly JobRef[],
    options?: { label?: string },
  ): Promise<{ readonly added: readonly TrackedJob[]; readonly already: readonly TrackedJob[] }>;
  /** Stops tracking. The token brings the jobs back: label, pin, answer and history included. */
  untrack(keys: readonly string[]): Promise<RemovedJobs>;
  /** Stops tracking every job that is finished. */
  clearFinished(): Promise<RemovedJobs>;
  restore(removed: RemovedJobs): Promise<void>;

  /**
   * Asks for jobs now. A person waits for a few of them (interactive lane, up to five); more go in the background lane.
   * Jobs asked for already, in this or another window, are not asked twice. With one key a failed call rejects;
   * with several, failures are counted.
   */
  refresh(
    keys: readonly string[],
    options?: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
  ): Promise<{ readonly answered: number; readonly failed: number }>;
  /**
   * The state of any job, tracked or not. From the database when it is final or at most `maxAge` milliseconds old
   * (default 2,000; 0 always asks), else by one call, which everyone who looks the job up meanwhile shares, in every
   * window. Aborting ends the call only when nobody else waits for it.
   */
  lookUp(
    ref: JobRef,
    options?: { signal?: AbortSignal; maxAge?: number },
  ): Promise<{ readonly answer: JobAnswer; readonly at: number; readonly job?: TrackedJob }>;
  /** The first type in `order` under which the account has this job. Undefined: none has; other failures reject. */
  findType(
    id: string,
    options: {
      account: string;
      region: string;
      order: readonly JobType[];
      signal?: AbortSignal;
      onTry?: (type: JobType) => void;
    },
  ): Promise<{ readonly ref: JobRef; readonly answer: JobAnswer } | undefined>;

  /** The last answer, of tracked and looked-up jobs alike. */
  answer(key: string): Promise<StoredJobAnswer | undefined>;
  /** Every change of status that was seen, oldest first. */
  history(key: string): Promise<Observation[]>;
  /** The last finished task of the same workflow before this one. */
  previousRun(key: string): Promise<StoredJobAnswer | undefined>;

  /** Undefined or blank takes the label away. */
  setLabel(key: string, label: string | undefined): Promise<void>;
  /** Pins jobs at `position` among the pinned ones (0 first; default: at the end). */
  pin(keys: readonly string[], position?: number): Promise<void>;
  unpin(keys: readonly string[]): Promise<void>;
  /** Moves pinned jobs, in this order, to before the pinned job `before`; undefined: to the end. */
  movePin(keys: readonly string[], before: string | undefined): Promise<void>;
  /** Failures of these jobs have been looked at. */
  markSeen(keys: readonly string[]): Promise<void>;
  /** Stops updates of these jobs (default: all unfinished), in every window, until `resume`. */
  pause(keys?: readonly string[]): Promise<void>;
  resume(keys?: readonly string[]): Promise<void>;

  /** Tells whether this window has the focus: polls are slower without, and catch up with it. */
  setFocused(focused: boolean): void;
  /** While the returned handle is not disposed, somebody looks at this job: it is polled a bit more eagerly. */
  watch(key: string): Disposable;
  setPolling(polling: { enabled: boolean; pace: Pace }): void;
  setBackgroundRate(perSecond: number): void;
  /** The account's credential may be another now: what failed because of it is tried again at once. */
  credentialsChanged(account: string): Promise<void>;
  /** The call budget of an account, shared by all windows: give it to the account's client. */
  budget(account: string): RateBudget;

  /**
   * Tracked jobs that finished while they were tracked and that no window has told of yet. Each job is given once, to
   * one caller: call it only to show them.
   */
  takeDigest(): Promise<readonly TrackedJob[]>;

  /** Tracked jobs (default: all) in the form that `portable.ts` writes as JSON or CSV. */
  exportJobs(keys?: readonly string[]): PortableJob[];
  /** Tracks what `portable.ts` read, labels and pins included. */
  importJobs(
    jobs: readonly ImportedJob[],
  ): Promise<{ readonly added: readonly TrackedJob[]; readonly already: readonly TrackedJob[] }>;
}
