import { isFinal } from "../jobs/phase.ts";
import type { AccountState, TrackedJob } from "../jobs/types.ts";
import type { Phase } from "../vod/types.ts";
import { type listJobsInput, usualListLimit } from "./definitions.ts";
import type { AgentHost } from "./host.ts";
import { lifeOf, moment, nextCheckOf, stateOf, typeWord } from "./phrases.ts";
import { problemLine } from "./problem.ts";
import { quote, quotedNote } from "./quote.ts";
import { Report } from "./report.ts";
import type { InputOf } from "./schema.ts";

/** Where a phase stands in the list: what needs somebody comes first. */
const order: readonly Phase[] = ["failed", "unknown", "running", "waiting", "canceled", "skipped", "succeeded"];

/** The tool `list_vod_jobs`: what is tracked, from memory. */
export function listJobs(input: InputOf<typeof listJobsInput>, host: AgentHost, limit: number): string {
  const { phase, type, text, limit: most = usualListLimit } = input;
  const now = host.now();
  const all = [...host.tracker.jobs.values()];
  const needle = text?.toLowerCase();
  const found = all.filter(
    (job) => (!phase || isIn(job, phase)) && (!type || job.ref.type === type) && (!needle || holds(job, needle)),
  );
  found.sort((a, b) => rank(a) - rank(b) || lastSeen(b) - lastSeen(a));

  const report = new Report(limit);
  const filtered = phase || type || text ? `${found.length} of ${all.length}` : String(all.length);
  report.add(`${filtered} tracked ${all.length === 1 ? "job" : "jobs"}${countsOf(found)}.`);
  if (found.length > 0) report.add(quotedNote);
  for (const notice of host.tracker.notices) report.add(`About the database: ${quote(notice.message, 300)}`);
  for (const account of host.tracker.accounts.values()) report.add(accountLine(account, now));
  if (all.length === 0) {
    report.add("The person tracks jobs in the VOD Jobs view; get_vod_job reads any job by its id.");
  } else if (found.length === 0) report.add("No tracked job fits. Call again with fewer filters.");
  report.list(
    found,
    most,
    (job) => jobLines(job, host, now),
    "; narrow the filters or raise the limit to see the rest",
  );
  return report.toString();
}

/** A finished task with failed activities counts as failed too: the task's own word hides them (vod-facts §8). */
function isIn(job: TrackedJob, phase: Phase): boolean {
  return job.phase === phase || (phase === "failed" && (job.failedActivities ?? 0) > 0);
}

function rank(job: TrackedJob): number {
  return isIn(job, "failed") ? 0 : order.indexOf(job.phase);
}

function lastSeen(job: TrackedJob): number {
  return job.changedAt ?? job.finishedAt ?? job.createdAt ?? job.addedAt;
}

function holds({ ref, label, title, mediaId, status }: TrackedJob, needle: string): boolean {
  return [ref.id, label, title, mediaId, status].some((text) => text?.toLowerCase().includes(needle));
}

function countsOf(jobs: readonly TrackedJob[]): string {
  const counted = order
    .map((phase) => [jobs.filter((job) => job.phase === phase).length, phase] as const)
    .filter(([count]) => count > 0)
    .map(([count, phase]) => `${count} ${phase}`);
  return counted.length > 0 ? `: ${counted.join(", ")}` : "";
}

function jobLines(job: TrackedJob, host: AgentHost, now: number): string {
  const { ref, label, title, phase, checkedAt, problem } = job;
  const name = label ?? title;
  const state = checkedAt === undefined ? "not asked yet" : stateOf(job);
  const lines = [
    `- ${typeWord(ref.type)} ${quote(ref.id)}${name ? ` ${quote(name, 120)}` : ""}: ${state}; ${lifeOf(job, now)}; account ${quote(ref.account, 80)}, region ${quote(ref.region, 40)}`,
    !isFinal(phase) && `  ${nextCheckOf(job, host)}`,
    problem && `  ${problemLine(problem, (at) => moment(at, now))}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** What keeps an account from being asked as usual; nothing when all is well. */
function accountLine(state: AccountState, now: number): string | undefined {
  const { account, offlineSince, throttledUntil, credentialProblem, serviceProblem } = state;
  const troubles = [
    offlineSince !== undefined && `the service has not been reached since ${moment(offlineSince, now)}`,
    throttledUntil !== undefined &&
      throttledUntil > now &&
      `calls are slowed by the service until ${moment(throttledUntil, now)}`,
    credentialProblem && "its credential is refused, so its jobs are not checked until a person acts",
    serviceProblem && "the service itself has errors",
  ].filter(Boolean);
  return troubles.length > 0 ? `Account ${quote(account, 80)}: ${troubles.join("; ")}.` : undefined;
}
