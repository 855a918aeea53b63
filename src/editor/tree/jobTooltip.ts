import * as vscode from "vscode";
import type { AccountState, PollReason, TrackedJob } from "../../jobs/types.ts";
import { plain } from "../plain.ts";
import { problemSentence } from "../sentences.ts";
import { errorText, jobName, moment, phaseWord, span, typeWord } from "../words.ts";
import { statusText } from "./jobItem.ts";

const t = vscode.l10n.t;

/**
 * The tooltip: the facts of a job with the plan of its next check. Everything that came from the service is appended
 * as text, never as markup.
 * @param pointedAt the id under the pointer, which need not be told
 */
export function jobTooltip(
  job: TrackedJob,
  account: AccountState | undefined,
  now: number,
  pointedAt?: string,
): vscode.MarkdownString {
  const tip = new vscode.MarkdownString(undefined, true);
  tip
    .appendMarkdown("**")
    .appendText(plain(jobName(job), 200))
    .appendMarkdown("**\n\n");
  const fact = (name: string, value: string | undefined) => {
    if (value)
      tip
        .appendMarkdown("- ")
        .appendText(t("{0}: {1}", name, plain(value, 300)))
        .appendMarkdown("\n");
  };
  const own =
    job.status && job.status.toLowerCase() !== phaseWord(job.phase).toLowerCase() ? t(" ({0})", job.status) : "";
  fact(t("Status"), `${statusText(job)}${own}`);
  fact(t("Error"), errorText(job));
  if (job.activities) fact(t("Activities"), activitiesText(job));
  fact(t("Type"), typeWord(job.ref.type));
  if (job.ref.id !== pointedAt) fact(t("Id"), job.ref.id);
  fact(t("Media"), job.mediaId);
  fact(t("Account"), `${job.ref.account} · ${job.ref.region}`);
  fact(t("Created"), job.createdAt === undefined ? undefined : moment(job.createdAt, now));
  fact(t("Finished"), job.finishedAt === undefined ? undefined : moment(job.finishedAt, now));
  if (job.createdAt !== undefined && job.finishedAt !== undefined && job.finishedAt >= job.createdAt)
    fact(t("Took"), span(job.finishedAt - job.createdAt));
  fact(t("Last checked"), job.checkedAt === undefined ? undefined : t("{0} ago", span(now - job.checkedAt)));
  tip.appendMarkdown("\n").appendText(planText(job, now));
  if (account?.throttledUntil && account.throttledUntil > now)
    tip.appendMarkdown("\n\n").appendText(t("Slowed by the service until {0}.", moment(account.throttledUntil, now)));
  if (job.problem) tip.appendMarkdown("\n\n$(warning) ").appendText(problemSentence(job.problem, job.ref, now).text);
  return tip;
}

function activitiesText(job: TrackedJob): string {
  return job.failedActivities
    ? t("{0}, of which {1} failed", job.activities ?? 0, job.failedActivities)
    : String(job.activities);
}

/** "Next check in 12 s — likely to finish around 14:05", or why there is none. */
export function planText(job: TrackedJob, now: number): string {
  if (job.nextCheckAt === undefined) return job.nextCheckReason ? reasonText(job.nextCheckReason) : "";
  const due = job.nextCheckAt <= now ? t("Next check now") : t("Next check in {0}", span(job.nextCheckAt - now));
  const because = job.nextCheckReason ? t(" ({0})", reasonText(job.nextCheckReason)) : "";
  const end =
    job.likelyEndAt && job.likelyEndAt > now ? t(" — likely to finish around {0}", moment(job.likelyEndAt, now)) : "";
  return `${due}${because}${end}`;
}

function reasonText(reason: PollReason): string {
  switch (reason) {
    case "first":
      return t("just added");
    case "age":
      return t("by its age");
    case "history":
      return t("when jobs of its kind usually end");
    case "overdue":
      return t("it takes longer than jobs of its kind usually do");
    case "unfocused":
      return t("slower while no window has the focus");
    case "focus":
      return t("catching up");
    case "problem":
      return t("after a failed check");
    case "offline":
      return t("waiting for the network");
    case "paused":
      return t("Updates are paused.");
    case "final":
      return t("Finished: no more checks are needed.");
    case "too-old":
      return t("Created over six months ago: the service does not remember it any more, so it is not checked.");
  }
}
