/**
 * The words of the VOD API, as the rest of the product uses them.
 * Source of every field: the GetJobDetail page of the API reference.
 */

/** The job types that `GetJobDetail` accepts, in the order the API lists them. Lowercase in requests. */
export const jobTypes = ["transcode", "snapshot", "ai", "workflow"] as const;
export type JobType = (typeof jobTypes)[number];

/**
 * Where a job stands. Every status word of the service becomes one of these at the edge of `vod/`
 * and is never compared elsewhere; the service's own word is kept beside it for display.
 * `unknown` is a status word nobody documented: shown as it is, never guessed, polled on.
 */
export type Phase = "waiting" | "running" | "succeeded" | "failed" | "canceled" | "skipped" | "unknown";

/** Names one job of one account. The same id may exist in two accounts or regions, so all four are the identity. */
export interface JobRef {
  /** The account's id in this product: `demo`, `default`, `profile:<name>` or `key:<name>`. Not an Alibaba Cloud id. */
  readonly account: string;
  readonly region: string;
  readonly type: JobType;
  readonly id: string;
}

interface DetailBase {
  /** The job or task id, as the service wrote it (it may differ from the id asked for, e.g. masked). */
  readonly id: string;
  /** The service's own status word. Empty when the service sent none. */
  readonly status: string;
  readonly phase: Phase;
  /** Milliseconds since 1970; absent when the service sent no time or one that is no time. */
  readonly createdAt?: number;
  /** CompleteTime, or FinishTime of a workflow task; milliseconds since 1970. */
  readonly finishedAt?: number;
}

export interface TranscodeDetail extends DetailBase {
  readonly type: "transcode";
  /** Decimal digits: 64-bit ids do not fit a number. */
  readonly userId?: string;
  readonly videoId?: string;
  readonly templateId?: string;
  readonly definition?: string;
}

export interface SnapshotDetail extends DetailBase {
  readonly type: "snapshot";
  readonly userId?: string;
  readonly videoId?: string;
  readonly trigger?: string;
  /** JSON text as the service sent it. */
  readonly normalConfig?: string;
  readonly spriteConfig?: string;
}

export interface AIDetail extends DetailBase {
  readonly type: "ai";
  readonly userId?: string;
  readonly mediaId?: string;
  /** The kind of AI job, e.g. AIVideoCensor (the detail's own JobType). */
  readonly aiType?: string;
  readonly trigger?: string;
  readonly templateConfig?: string;
}

export interface WorkflowDetail extends DetailBase {
  readonly type: "workflow";
  /** JSON text as the service sent it, plain or escaped once too often. */
  readonly taskInput?: string;
  readonly activityResults?: string;
  readonly userData?: string;
  readonly workflow?: WorkflowInfo;
}

export interface WorkflowInfo {
  readonly workflowId?: string;
  readonly name?: string;
  readonly status?: string;
  readonly type?: string;
  readonly createdAt?: number;
  readonly modifiedAt?: number;
  readonly appId?: string;
}

export type JobDetail = TranscodeDetail | SnapshotDetail | AIDetail | WorkflowDetail;

/** One answer of `GetJobDetail`. */
export interface JobAnswer {
  readonly detail: JobDetail;
  readonly requestId: string;
  /** The body exactly as it came, for the raw view and for the database. */
  readonly raw: string;
}

/** Interactive calls (a person waits) go before background ones (polls). */
export type Lane = "interactive" | "background";

/**
 * The account-wide call budget that `VodClient` asks before every attempt. Implemented by the hub in `jobs/`,
 * where all windows share it.
 */
export interface RateBudget {
  /** Resolves when one call may start. Rejects with the signal's reason when aborted; the slot is then given back. */
  take(lane: Lane, signal?: AbortSignal): Promise<void>;
  /** The service answered `Throttling*`; `retryAfter` in milliseconds when it said how long. */
  throttled(retryAfter?: number): void;
  /** A call was answered without throttling: the rate may recover. */
  succeeded(): void;
}

/** What signs a call. `securityToken` comes with STS, `bearerToken` replaces the key pair. */
export interface Credential {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  readonly bearerToken?: string;
}

export interface CredentialSource {
  /** The credential to sign the next attempt with. Rejects with a `VodError` of kind `credentials`. */
  get(signal?: AbortSignal): Promise<Credential>;
  /** Forget what is cached: the service refused it, or a file changed. */
  invalidate(): void;
}

/** Time as it is passed in, so that no test sleeps. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
