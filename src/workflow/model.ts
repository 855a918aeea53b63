import { aloneTimes } from "./alone.ts";
import { activitySpan, byStart, type Placed, type Span, spanEnd, spanLength, spanStart } from "./span.ts";
import type { Activity, ActivityPhase } from "./types.ts";

/** What is known of the task itself. Times in milliseconds since 1970. */
export interface TaskFacts {
  /** The service's own word. */
  readonly status?: string;
  /** The phase of that word, as `vod/` names it. */
  readonly phase?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
}

/** One activity as a row of any view. */
export interface Row extends Placed {
  /** For how long it was the only one at work, milliseconds. */
  readonly alone: number;
}

/** Everything a view needs of a run. The axis goes from `from` to `to`; both are 0 when nothing has a time. */
export interface Run {
  /** In the order of the views: by start, then end, then name. */
  readonly rows: readonly Row[];
  /** The smallest time there is: the first activity may start before the task's CreateTime (vod-facts §8). */
  readonly from: number;
  readonly to: number;
  readonly summary: RunSummary;
}

/** The facts of the one sentence that sums a run up, for a translator to put together. */
export interface RunSummary {
  readonly total: number;
  readonly counts: Readonly<Record<ActivityPhase, number>>;
  /** The task's own status word. */
  readonly status: string;
  /** The task says that it succeeded, and activities failed. */
  readonly disagrees: boolean;
  /** The task or an activity is still at work: `to` moves with the clock. */
  readonly live: boolean;
  /** Length of the run, milliseconds; absent when nothing has a time. */
  readonly duration?: number;
  /** Name of the failed activity that started first. */
  readonly firstFailure?: string;
  /** The activity that took longest of those whose length is known. */
  readonly longest?: { readonly name: string; readonly duration: number };
  /** The activity that was alone at work longest, and for which share (0 to 1) of the run. */
  readonly alone?: { readonly name: string; readonly duration: number; readonly share: number };
}

/** Arranges a run for the views. `now` is where running activities end, milliseconds since 1970. */
export function describeRun(activities: readonly Activity[], task: TaskFacts, now: number): Run {
  const ordered = activities.map((activity): Placed => ({ activity, span: activitySpan(activity) })).sort(byStart);
  const spans = ordered.map(({ span }) => span);
  const finished = task.finishedAt !== undefined || isOver(task.phase);
  const live = !finished && (task.phase === "running" || spans.some((span) => span.kind === "running"));
  const { from, to } = bounds(spans, task, live ? now : undefined);
  const alone = aloneTimes(spans, to);
  const rows = ordered.map((row, index) => ({ ...row, alone: alone[index]! }));
  return { rows, from, to, summary: summarize(rows, task, from, to, live) };
}

/** Which share of the run a length of time is, 0 to 1. */
export function shareOf(duration: number, run: Pick<Run, "from" | "to">): number {
  return run.to > run.from ? Math.min(1, duration / (run.to - run.from)) : 0;
}

function isOver(phase: string | undefined): boolean {
  return phase === "succeeded" || phase === "failed" || phase === "canceled" || phase === "skipped";
}

function bounds(spans: readonly Span[], task: TaskFacts, now: number | undefined): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  const include = (at: number | undefined) => {
    if (at === undefined) return;
    from = Math.min(from, at);
    to = Math.max(to, at);
  };
  for (const span of spans) {
    include(spanStart(span));
    if (span.kind !== "running") include(spanEnd(span, 0));
  }
  include(task.createdAt);
  include(task.finishedAt);
  if (from > to) return { from: 0, to: 0 };
  return { from, to: Math.max(to, now ?? to) };
}

function summarize(rows: readonly Row[], task: TaskFacts, from: number, to: number, live: boolean): RunSummary {
  const counts: Record<ActivityPhase, number> = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    canceled: 0,
    skipped: 0,
    unknown: 0,
  };
  let longest: RunSummary["longest"];
  let loneliest: Row | undefined;
  for (const row of rows) {
    counts[row.activity.phase]++;
    const duration = spanLength(row.span);
    if (duration !== undefined && duration > (longest?.duration ?? 0)) longest = { name: row.activity.name, duration };
    if (row.alone > (loneliest?.alone ?? 0)) loneliest = row;
  }
  const firstFailure = rows.find((row) => row.activity.phase === "failed")?.activity.name;
  return {
    total: rows.length,
    counts,
    status: task.status ?? "",
    disagrees: task.phase === "succeeded" && counts.failed > 0,
    live,
    ...(to > 0 && { duration: to - from }),
    ...(firstFailure !== undefined && { firstFailure }),
    ...(longest && { longest }),
    ...(loneliest && {
      alone: {
        name: loneliest.activity.name,
        duration: loneliest.alone,
        share: shareOf(loneliest.alone, { from, to }),
      },
    }),
  };
}
