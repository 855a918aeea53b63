/** What went wrong, in the one way a person can act on. Decided from Code first, HTTP status second (`vod-facts` §4). */
export type VodErrorKind =
  | "throttled"
  | "credentials"
  | "expired-token"
  | "permission"
  | "clock-skew"
  | "not-found"
  | "invalid"
  | "service"
  | "network"
  | "timeout"
  | "cancelled"
  | "malformed";

export interface VodErrorFacts {
  /** The service's Code, e.g. `Throttling.User`; for network errors the system's code, e.g. `ECONNREFUSED`. */
  readonly code?: string;
  /** HTTP status, when an answer came. */
  readonly status?: number;
  readonly requestId?: string;
  /** How long the service asked to wait, milliseconds. */
  readonly retryAfter?: number;
  /** The service's own troubleshooting link. */
  readonly recommend?: string;
  /** Where credentials were looked for, in order; only with kind `credentials` when none was found. */
  readonly searched?: readonly SearchedPlace[];
  /** True when nothing of the request left this computer, because no connection came about. */
  readonly unsent?: boolean;
}

/** The places where credentials can be, in the order they are looked for (vod-facts §6). */
export type CredentialPlace =
  | "environment"
  | "oidc"
  | "cli-profile"
  | "credentials-file"
  | "ecs-metadata"
  | "credentials-uri";

/** One place where credentials were looked for in vain. */
export interface SearchedPlace {
  readonly place: CredentialPlace;
  /** The variable, file or profile that was looked at, safe to show. */
  readonly where: string;
  /**
   * `absent`: nothing there. `skipped`: not asked, because nothing says that this machine has it. `failed`: something is
   * there that does not work, see `reason`. `untrusted`: it would run a command or write a file, which needs trust.
   */
  readonly outcome: "absent" | "skipped" | "failed" | "untrusted";
  /** Redacted technical text, with `failed`. */
  readonly reason?: string;
}

/**
 * Every failure of a call. `message` is redacted technical text, safe for a log;
 * the sentence a person reads is made in `editor/`, where it can be translated.
 */
export class VodError extends Error {
  override readonly name = "VodError";
  readonly kind: VodErrorKind;
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryAfter?: number;
  readonly recommend?: string;
  readonly searched?: readonly SearchedPlace[];
  readonly unsent?: boolean;

  constructor(kind: VodErrorKind, message: string, facts: VodErrorFacts = {}) {
    super(message);
    this.kind = kind;
    this.code = facts.code;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
    this.recommend = facts.recommend;
    this.searched = facts.searched;
    this.unsent = facts.unsent;
  }
}

/** What a call ends with when its signal is aborted: `timeout` when the signal was a deadline, else `cancelled`. */
export function cancellation(signal?: AbortSignal): VodError {
  const late = (signal?.reason as { name?: string } | undefined)?.name === "TimeoutError";
  return late
    ? new VodError("timeout", "The caller's deadline passed")
    : new VodError("cancelled", "The call was canceled");
}
