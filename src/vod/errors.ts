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

  constructor(kind: VodErrorKind, message: string, facts: VodErrorFacts = {}) {
    super(message);
    this.kind = kind;
    this.code = facts.code;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
    this.recommend = facts.recommend;
  }
}
