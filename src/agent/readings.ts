import type { WorkflowDetail } from "../vod/types.ts";
import { readActivities } from "../workflow/activities.ts";
import { type Decoded, decodeJson } from "../workflow/embedded.ts";
import { formatDuration, formatShare, formatUtc } from "../workflow/format.ts";
import { describeRun, type Row, type Run, shareOf } from "../workflow/model.ts";
import { spanLength } from "../workflow/span.ts";
import { stateOf } from "./phrases.ts";
import { quote, quoteJson } from "./quote.ts";

/** A workflow task's run as the tools tell of it. */
export interface RunReading {
  readonly run: Run;
  /** Rows of failed activities, by start. */
  readonly failed: readonly Row[];
  /** Why there are no activities though there is text: our own words. */
  readonly problem?: string;
}

export function readRun(detail: WorkflowDetail, now: number): RunReading {
  const { activities, problem } = readActivities(detail.activityResults);
  const run = describeRun(activities, detail, now);
  return { run, failed: run.rows.filter((row) => row.activity.phase === "failed"), problem };
}

/** How far a text is decoded: more than an answer can hold, less than anybody has to wait for. */
const decodeLimits = { depth: 24, values: 2_000, characters: 1_000, size: 4 * 1024 * 1024 };

/** JSON text of the service, decoded to the bottom, at most about `limit` characters. */
export function decoded(text: string, limit: number): string {
  return quoteJson(decodeJson(text, decodeLimits), limit);
}

/** Keys under which Results say why something failed; the service documents none (vod-facts §1). */
const reasonKey = /^(?:err(?:or)?_?)?(?:code|msg|message|reason|detail)$|error|fail\w*reason/i;
const mostReasons = 4;

/** What a Result itself says of why: `Code "InvalidParameter", Message "The input file is damaged."`; empty: nothing. */
export function reasonsIn(result: string | undefined): string {
  const reasons: string[] = [];
  const collect = (key: string, value: Decoded) => {
    if (reasons.length >= mostReasons) return;
    if (value.kind === "object") for (const [name, member] of value.entries) collect(name, member);
    else if (value.kind === "array") for (const item of value.items) collect(key, item);
    else if (reasonKey.test(key)) {
      const text = value.kind === "string" ? value.value : value.kind === "number" ? value.text : "";
      if (text !== "") reasons.push(`${quote(key, 40)} ${quote(text, 300)}`);
    }
  };
  if (result !== undefined) collect("", decodeJson(result, decodeLimits));
  return reasons.join(", ");
}

/** `"Translate_zh_en" (kind "VodTranslation"): failed (status "Failed"), 08:15:46 to 08:20:19 UTC, 4 m 33 s`. */
export function activityLine({ activity, span, alone }: Row, run: Run): string {
  const { name, kind, status, phase, notes = [] } = activity;
  const clock = (at: number) => `${formatUtc(at, !sameDay(at, run.from))} UTC`;
  const times = () => {
    switch (span.kind) {
      case "bar":
        return `${clock(span.start)} to ${clock(span.end)}, took ${formatDuration(span.end - span.start)}`;
      case "running":
        return `at work since ${clock(span.start)}, ${formatDuration(Math.max(0, run.to - span.start))} so far`;
      case "point":
        return `${span.missing === "start" ? "ended" : "started"} ${clock(span.at)}, ${missing[span.missing]}`;
      case "none":
        return "no times reported";
    }
  };
  const share = shareOf(alone, run);
  const only = share >= 0.05 ? `; alone at work for ${formatDuration(alone)}, ${formatShare(share)} of the run` : "";
  const state = stateOf({ phase: phase === "pending" ? "waiting" : phase, status });
  const kindWord = kind ? ` (kind ${quote(kind, 80)})` : "";
  return [`${quote(name, 120)}${kindWord}: ${state}, ${times()}${only}`, ...notes].join(" — ");
}

const missing = { start: "start not reported", end: "end not reported", order: "reported to end before it started" };

function sameDay(a: number, b: number): boolean {
  return formatUtc(a, true).slice(0, 10) === formatUtc(b, true).slice(0, 10);
}

/** What became of a run's activities, in numbers: `4 activities: 1 failed, 3 succeeded`. */
export function countsOf({ summary }: Run): string {
  const order = ["failed", "running", "pending", "succeeded", "canceled", "skipped", "unknown"] as const;
  const counted = order
    .filter((phase) => summary.counts[phase] > 0)
    .map((phase) => `${summary.counts[phase]} ${phase}`);
  return `${summary.total} ${summary.total === 1 ? "activity" : "activities"}: ${counted.join(", ")}`;
}

/** How long an activity took, in words. */
export function lengthOf(row: Row): string {
  const length = spanLength(row.span);
  return length === undefined ? "for an unknown time" : formatDuration(length);
}
