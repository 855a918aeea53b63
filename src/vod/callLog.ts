import type { VodErrorKind } from "./errors.ts";
import type { Lane } from "./types.ts";

/** Where a client writes its one line per call. */
export interface CallLog {
  debug(line: string): void;
  info(line: string): void;
}

/** What one call did; nothing secret is in it. */
export interface CallRecord {
  readonly action: string;
  readonly region: string;
  /** The job or media asked about, as the parameters named it. */
  readonly id: string;
  readonly lane: Lane;
  readonly attempts: number;
  /** From asking to answering, milliseconds; of it `quotaWait` was spent waiting for the account's budget. */
  readonly ms: number;
  readonly quotaWait: number;
  /** `broken`: a part of ours failed, not the call. */
  readonly outcome: "ok" | "broken" | VodErrorKind;
  readonly code?: string;
  readonly requestId?: string;
}

/** A record as a line: `GetJobDetail 5c9d… cn-shanghai background ok 83 ms (1 attempt, waited 12 ms) request …`. */
export function callLine(record: CallRecord): string {
  const { action, id, region, lane, outcome, code, attempts, requestId } = record;
  const spent = `${Math.round(record.ms)} ms (${attempts} ${attempts === 1 ? "attempt" : "attempts"}, waited ${Math.round(record.quotaWait)} ms)`;
  const parts = [action, oneLine(id), oneLine(region), lane, code ? `${outcome} ${oneLine(code)}` : outcome, spent];
  if (requestId) parts.push(`request ${oneLine(requestId)}`);
  return parts.filter((part) => part !== "").join(" ");
}

const longestWord = 80;

/** Ids come from people and codes from the service: neither may forge a line of the log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, longestWord);
}
