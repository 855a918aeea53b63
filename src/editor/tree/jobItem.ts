import * as vscode from "vscode";
import type { TrackedJob } from "../../jobs/types.ts";
import { plain } from "../plain.ts";
import { isFinal, jobName, phaseIcon, phaseWord, span, typeWord } from "../words.ts";

const t = vscode.l10n.t;

/** How a tracked job looks in the tree. `paused`: updates of this job, or of all, are turned off. */
export function jobItem(job: TrackedJob, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(plain(jobName(job), 120), vscode.TreeItemCollapsibleState.None);
  item.id = job.key;
  item.iconPath = jobIcon(job);
  item.description = describe(job, now);
  item.contextValue = contextTokens(job);
  item.command = { command: "vodJobs.open", title: t("Open Details"), arguments: [{ key: job.key }] };
  item.accessibilityInformation = { label: spoken(job, now), role: "treeitem" };
  return item;
}

function jobIcon(job: TrackedJob): vscode.ThemeIcon {
  if (job.problem && !isFinal(job.phase))
    return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  if (job.phase === "succeeded" && job.failedActivities)
    return new vscode.ThemeIcon("warning", new vscode.ThemeColor("charts.red"));
  return phaseIcon(job.phase);
}

/** The status in words, then what tells jobs of one name apart: the type and how long ago. */
function describe(job: TrackedJob, now: number): string {
  return [statusText(job), typeWord(job.ref.type), ageText(job, now)].join(" · ");
}

/** The status in words: what was learned of the job, or why nothing was. */
export function statusText(job: TrackedJob): string {
  if (job.problem && !job.checkedAt)
    return job.problem.kind === "not-found" ? t("No such job") : t("Cannot be checked");
  if (!job.checkedAt) return t("Not checked yet");
  if (job.phase === "unknown") return plain(job.status || t("No status"), 40);
  if (job.phase === "succeeded" && job.failedActivities) return t("Succeeded, {0} failed", job.failedActivities);
  return phaseWord(job.phase);
}

function ageText(job: TrackedJob, now: number): string {
  if (job.finishedAt !== undefined && isFinal(job.phase)) return t("{0} ago", span(now - job.finishedAt));
  return span(now - (job.createdAt ?? job.addedAt));
}

/** `job.<type>.<phase>` and what else menus ask for, joined by dots. */
function contextTokens(job: TrackedJob): string {
  const tokens = ["job", job.ref.type, job.phase];
  if (job.pin !== undefined) tokens.push("pinned");
  if (job.problem?.kind === "not-found") tokens.push("missing");
  if (!isFinal(job.phase)) tokens.push(job.nextCheckReason === "paused" ? "paused" : "active");
  return tokens.join(".");
}

function spoken(job: TrackedJob, now: number): string {
  const parts = [plain(jobName(job), 120), statusText(job), typeWord(job.ref.type), ageText(job, now)];
  if (job.pin !== undefined) parts.push(t("pinned"));
  if (job.problem) parts.push(t("last check failed"));
  return parts.join(", ");
}
