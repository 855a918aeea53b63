import { isFinal } from "../jobs/phase.ts";
import type { TrackedJob } from "../jobs/types.ts";
import type { JobRef, Phase } from "../vod/types.ts";
import { formatDuration, formatUtc } from "../workflow/format.ts";
import type { AgentHost } from "./host.ts";
import { quote } from "./quote.ts";

/** `2025-03-27 08:15:46 UTC`. */
export function utc(at: number): string {
  return `${formatUtc(at, true)} UTC`;
}

/** `2025-03-27 08:15:46 UTC, 4 m 33 s ago`, or `…, in 12 s`. */
export function moment(at: number, now: number): string {
  return `${utc(at)}, ${at <= now ? `${formatDuration(now - at)} ago` : `in ${formatDuration(at - now)}`}`;
}

/** `workflow task`, `transcode job`, … */
export function typeWord(type: JobRef["type"]): string {
  return type === "workflow" ? "workflow task" : type === "ai" ? "AI job" : `${type} job`;
}

/** Which job it is: `workflow task "46ec…" (account "default", region "cn-shanghai")`. */
export function nameOf({ type, id, account, region }: JobRef): string {
  return `${typeWord(type)} ${quote(id)} (account ${quote(account)}, region ${quote(region)})`;
}

interface State {
  readonly phase: Phase;
  readonly status?: string;
  readonly activities?: number;
  readonly failedActivities?: number;
}

/** `succeeded (status "Succeed"), but 1 of 4 activities failed`. */
export function stateOf({ phase, status, activities, failedActivities = 0 }: State): string {
  const word = phase === "unknown" ? "in a status that is not documented" : phase;
  const said = status ? `${word} (status ${quote(status, 60)})` : `${word} (no status reported)`;
  if (failedActivities === 0) return said;
  const joint = phase === "succeeded" ? ", but" : ";";
  return `${said}${joint} ${failedActivities} of ${activities ?? "its"} activities failed`;
}

/** `created 2025-… UTC, finished 2025-… UTC, took 4 m 33 s`, as far as it is known. */
export function lifeOf(job: { createdAt?: number; finishedAt?: number; phase: Phase }, now: number): string {
  const { createdAt, finishedAt, phase } = job;
  const parts = [];
  if (createdAt !== undefined) parts.push(`created ${utc(createdAt)}`);
  if (finishedAt !== undefined) parts.push(`finished ${utc(finishedAt)}`);
  if (createdAt !== undefined && finishedAt !== undefined) parts.push(`took ${formatDuration(finishedAt - createdAt)}`);
  if (!isFinal(phase) && createdAt !== undefined && finishedAt === undefined)
    parts.push(`${formatDuration(now - createdAt)} old`);
  return parts.join(", ") || "no times reported";
}

const reasons: Readonly<Record<NonNullable<TrackedJob["nextCheckReason"]>, string>> = {
  first: "soon after it was added",
  age: "checks get rarer as it gets older",
  history: "when jobs of its kind usually end",
  overdue: "it takes longer than its kind usually does",
  unfocused: "no window of the editor is focused",
  focus: "catching up",
  problem: "waiting after failed checks",
  offline: "waiting for the network",
  paused: "a person turned its updates off",
  final: "it is finished",
  "too-old": "the service forgets jobs after six months",
};

/** When a job is checked next without anybody asking, and why then. */
export function nextCheckOf(job: TrackedJob | undefined, { now, polls }: Pick<AgentHost, "now" | "polls">): string {
  if (!job) return "Not tracked, so nothing checks it by itself; the person can track it in the VOD Jobs view.";
  if (!polls) return "Tracked: checked by itself while a window of the editor is open. Asking again costs a call.";
  return nextCheckAt(job, now());
}

function nextCheckAt(job: TrackedJob, now: number): string {
  const { nextCheckAt: at, nextCheckReason: reason, likelyEndAt } = job;
  const why = reason ? ` (${reasons[reason]})` : "";
  if (at === undefined) return `No check is planned${why}.`;
  const likely = likelyEndAt === undefined ? "" : ` Jobs of its kind usually end by ${moment(likelyEndAt, now)}.`;
  if (at <= now) return `Its next check is due now${why}.`;
  return `Checked by itself next at ${moment(at, now)}${why}, so asking before then is rarely worth a call.${likely}`;
}
