import { VodError, type VodErrorKind } from "../vod/errors.ts";
import type { AccountBlock } from "./hub.ts";
import type { JobProblem } from "./types.ts";

/** What any failure of a call is to a job. Failures that are no `VodError` are defects, told as the service's. */
export function jobProblemOf(error: unknown, at: number): JobProblem {
  if (!(error instanceof VodError)) {
    return { kind: "service", message: error instanceof Error ? error.message : String(error), at };
  }
  const { kind, code, message, requestId, recommend, searched } = error;
  return { kind, code, message, requestId, recommend, searched, at };
}

/** The failure again, e.g. one that another window met. */
export function errorOf({ kind, message, code, requestId, recommend, searched }: JobProblem): VodError {
  return new VodError(kind, message, { code, requestId, recommend, searched });
}

/** Failures that are not the job's but the account's: no other job of it would fare better. */
const accountWide: Partial<Record<VodErrorKind, AccountBlock["kind"]>> = {
  network: "offline",
  timeout: "offline",
  credentials: "credentials",
  "expired-token": "credentials",
  permission: "credentials",
  "clock-skew": "credentials",
};

export function blockKind(kind: VodErrorKind): AccountBlock["kind"] | undefined {
  return accountWide[kind];
}

/** The first wait for a probe, and the longest, ms. */
const probeWaits: Record<AccountBlock["kind"], readonly [first: number, longest: number]> = {
  offline: [5_000, 2 * 60_000],
  credentials: [60_000, 30 * 60_000],
  service: [15_000, 5 * 60_000],
};

/** How long to wait with the next probe after `failures` in a row, ms; `random` (evenly in [0, 1)) spreads windows. */
export function probeWait(kind: AccountBlock["kind"], failures: number, random: number): number {
  const [first, longest] = probeWaits[kind];
  return Math.min(longest, first * 2 ** Math.min(Math.max(0, failures - 1), 20)) * (0.75 + random / 2);
}

/** Whether one call shall try if the account works again. A time beyond the longest wait is of before the clock was set back. */
export function isProbeDue({ kind, probeAt }: Pick<AccountBlock, "kind" | "probeAt">, now: number): boolean {
  return probeAt <= now || probeAt > now + 1.25 * probeWaits[kind][1];
}
