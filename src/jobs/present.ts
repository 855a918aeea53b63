import type { HubAccount, HubJob } from "./hub.ts";
import { isFinal } from "./phase.ts";
import { ceiling, rateAt, recoveredAt } from "./rate.ts";
import type { AccountState, PollReason, TrackedJob } from "./types.ts";

/** What this window adds to what the hub says of a job's next poll. Times are milliseconds since 1970. */
export interface Circumstances {
  readonly polling: boolean;
  readonly focused: boolean;
  /** Until when this window holds overdue polls back after it got the focus, and since when that is. */
  readonly catchingUp?: { readonly since: number; readonly until: number };
}

/** A job as surfaces see it, and the hub's row as it was. */
export function presentJob(row: HubJob, account: HubAccount | undefined, circumstances: Circumstances) {
  const { at, reason } = nextCheck(row, account, circumstances);
  const job = { ...row, nextCheckAt: at, nextCheckReason: reason, likelyEndAt: row.plan.likelyEndAt };
  return job satisfies TrackedJob;
}

function nextCheck(
  { plan, paused, phase }: HubJob,
  account: HubAccount | undefined,
  { polling, focused, catchingUp }: Circumstances,
): { at?: number; reason: PollReason } {
  if (isFinal(phase) || plan.at === undefined) return { reason: plan.reason };
  if (paused || !polling) return { reason: "paused" };
  const block = account?.block;
  if (block) return { at: block.probeAt, reason: block.kind === "offline" ? "offline" : "problem" };
  if (!focused) return { at: plan.unfocusedAt ?? plan.at, reason: plan.reason === "first" ? "first" : "unfocused" };
  if (catchingUp && plan.at <= catchingUp.since) return { at: catchingUp.until, reason: "focus" };
  return { at: plan.at, reason: plan.reason };
}

export function presentAccount({ account, slowdown, block }: HubAccount, now: number): AccountState {
  const slowed = slowdown && rateAt(slowdown, now) < ceiling ? slowdown : undefined;
  return {
    account,
    offlineSince: block?.kind === "offline" ? block.since : undefined,
    nextProbeAt: block?.probeAt,
    throttledUntil: slowed && recoveredAt(slowed, now),
    ratePerSecond: Math.round(rateAt(slowed, now) * 10) / 10,
    credentialProblem: block?.kind === "credentials" ? block.problem : undefined,
    serviceProblem: block?.kind === "service" ? block.problem : undefined,
  };
}
