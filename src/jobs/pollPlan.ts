import type { Phase } from "../vod/types.ts";
import { type DurationModel, endedBy, medianEnd } from "./durationModel.ts";
import type { Plan } from "./hub.ts";
import { isFinal } from "./phase.ts";
import { nextPollAge, type PollTimes } from "./pollTimes.ts";
import type { JobProblem, Pace } from "./types.ts";

/** What a second of not knowing is worth, in calls. At `normal`, a call is made to know five seconds earlier. */
export const delayCost: Record<Pace, number> = { relaxed: 0.05, normal: 0.2, eager: 0.6 };

/** The shortest and longest time between two polls of a job, ms. */
const shortest = 2_000;
const longest: Record<Pace, number> = { relaxed: 30 * 60_000, normal: 15 * 60_000, eager: 5 * 60_000 };
/** How much longer intervals are while no window is focused, and at least by how much, ms. */
const unfocusedFactor = 2;
const unfocusedExtra = 15_000;
/** The first wait after a failed call, and the longest: of one that may pass, of one that hardly will, ms. */
const firstBackoff = 5_000;
const longestBackoff = 15 * 60_000;
const hopelessBackoff = 2 * 3_600_000;
/** Six months, as long as the service knows a job (GetJobDetail page), by their longest count of days. */
const remembered = 184 * 24 * 3_600_000;
/** From how many finished jobs on a plan is told as "history". */
const enoughHistory = 3;
/** The share of its kind that has ended when a job counts as overdue. */
const overdueShare = 0.95;

/** What a plan is made from. Times are milliseconds since 1970. */
export interface PlanFacts {
  readonly phase: Phase;
  readonly createdAt?: number;
  readonly addedAt: number;
  /** When the service answered last; absent: never yet. */
  readonly checkedAt?: number;
  /** Calls without an answer since. */
  readonly failures: number;
  readonly problem?: Pick<JobProblem, "kind" | "at">;
}

/** When to ask for a job next, and why. Pure; `random` (evenly in [0, 1)) spreads what failed together. */
export function planPoll(facts: PlanFacts, times: PollTimes, pace: Pace, random: number): Plan {
  const { phase, addedAt, checkedAt, failures, problem } = facts;
  if (isFinal(phase)) return { reason: "final" };
  const asked = Math.max(checkedAt ?? addedAt, problem?.at ?? 0);
  if (asked - (facts.createdAt ?? addedAt) > remembered) return { reason: "too-old" };
  if (problem && failures > 0) {
    const limit = problem.kind === "not-found" || problem.kind === "invalid" ? hopelessBackoff : longestBackoff;
    const wait = Math.min(limit, firstBackoff * 2 ** Math.min(failures - 1, 20));
    return withFocus(problem.at, wait * (0.75 + random / 2), { reason: "problem" });
  }
  if (checkedAt === undefined) return { at: addedAt, reason: "first" };

  // A creation time ahead of this machine's clock says nothing of the age.
  const began = facts.createdAt !== undefined && facts.createdAt <= checkedAt ? facts.createdAt : addedAt;
  const age = checkedAt - began;
  const wait = Math.min(longest[pace], Math.max(shortest, nextPollAge(times, age) - age));
  const { model } = times;
  if (model.learnedFrom < enoughHistory) return withFocus(checkedAt, wait, { reason: "age" });
  if (endedBy(model, age) > overdueShare) return withFocus(checkedAt, wait, { reason: "overdue" });
  return withFocus(checkedAt, wait, { reason: "history", likelyEndAt: likelyEnd(model, began, age) });
}

function withFocus(from: number, wait: number, plan: Plan): Plan {
  const unfocused = Math.max(wait * unfocusedFactor, wait + unfocusedExtra);
  return { ...plan, at: Math.ceil(from + wait), unfocusedAt: Math.ceil(from + unfocused) };
}

function likelyEnd(model: DurationModel, began: number, age: number): number | undefined {
  const end = medianEnd(model, age);
  return end === undefined ? undefined : Math.round(began + end);
}
