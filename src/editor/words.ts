import * as vscode from "vscode";
import type { TrackedJob } from "../jobs/types.ts";
import type { JobType, Phase } from "../vod/types.ts";

const t = vscode.l10n.t;

/** The word a person reads for a phase. */
export function phaseWord(phase: Phase): string {
  switch (phase) {
    case "waiting":
      return t("Waiting");
    case "running":
      return t("Running");
    case "succeeded":
      return t("Succeeded");
    case "failed":
      return t("Failed");
    case "canceled":
      return t("Canceled");
    case "skipped":
      return t("Skipped");
    case "unknown":
      return t("Unknown status");
  }
}

/** Shape and color of a phase: never color alone. */
export function phaseIcon(phase: Phase): vscode.ThemeIcon {
  const icon = (id: string, color: string) => new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
  switch (phase) {
    case "waiting":
      return icon("clock", "descriptionForeground");
    case "running":
      return icon("sync", "charts.blue");
    case "succeeded":
      return icon("pass-filled", "charts.green");
    case "failed":
      return icon("error", "charts.red");
    case "canceled":
      return icon("circle-slash", "descriptionForeground");
    case "skipped":
      return icon("debug-step-over", "descriptionForeground");
    case "unknown":
      return icon("question", "charts.yellow");
  }
}

/** The word for a job type, as in a sentence's middle. */
export function typeWord(type: JobType): string {
  switch (type) {
    case "transcode":
      return t("transcode job");
    case "snapshot":
      return t("snapshot job");
    case "ai":
      return t("AI job");
    case "workflow":
      return t("workflow task");
  }
}

/** "1 job", "4 jobs": so many, as in a sentence's middle. */
export function jobCount(count: number): string {
  return count === 1 ? t("1 job") : t("{0} jobs", count);
}

/** The icon of a job type, for lists of types. */
export function typeIcon(type: JobType): vscode.ThemeIcon {
  return new vscode.ThemeIcon(
    { transcode: "file-media", snapshot: "device-camera", ai: "sparkle", workflow: "type-hierarchy" }[type],
  );
}

/**
 * A job's name: the person's own, else what the service calls it, else its id. Only workflow tasks have a title that tells
 * them apart; "HD" or "AIVideoCensor" needs the id's beginning beside it.
 */
export function jobName({ label, title, ref }: Pick<TrackedJob, "label" | "title" | "ref">): string {
  if (label) return label;
  if (!title) return ref.id;
  return ref.type === "workflow" ? title : `${title} ${ref.id.slice(0, 8)}`;
}

/** Why a transcode failed, in the service's own words; empty when it said nothing. */
export function errorText({ error }: Pick<TrackedJob, "error">): string {
  return [error?.code, error?.message].filter(Boolean).join(": ");
}

/** A phase is final when nothing will change any more. */
export function isFinal(phase: Phase): boolean {
  return phase === "succeeded" || phase === "failed" || phase === "canceled" || phase === "skipped";
}

/** "12 s", "4 min", "3 h", "2 d": how long, in the largest unit that fits. `ms` in milliseconds. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t("{0} s", seconds);
  if (seconds < 3600) return t("{0} min", Math.round(seconds / 60));
  if (seconds < 86_400) return t("{0} h", Math.round(seconds / 3600));
  return t("{0} d", Math.round(seconds / 86_400));
}

/** A moment in the person's own time zone and language: the time alone for today, else with the date. */
export function moment(at: number, now: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date(now).toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  return today
    ? date.toLocaleTimeString(vscode.env.language, time)
    : date.toLocaleString(vscode.env.language, { ...time, year: "numeric", month: "short", day: "numeric" });
}
