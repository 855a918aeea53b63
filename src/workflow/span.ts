import type { Activity } from "./types.ts";

/**
 * Where an activity lies on the time axis; milliseconds since 1970. Nothing is guessed: what has no end is running
 * only if its status says so, else it is a point that says what is missing.
 */
export type Span =
  | { readonly kind: "bar"; readonly start: number; readonly end: number }
  | { readonly kind: "running"; readonly start: number }
  | { readonly kind: "point"; readonly at: number; readonly missing: "end" | "start" | "order" }
  | { readonly kind: "none" };

/** The span of an activity. `missing: "order"` marks one whose end lies before its start. */
export function activitySpan({ startedAt: start, endedAt: end, phase }: Activity): Span {
  if (start === undefined) return end === undefined ? { kind: "none" } : { kind: "point", at: end, missing: "start" };
  if (end === undefined)
    return phase === "running" ? { kind: "running", start } : { kind: "point", at: start, missing: "end" };
  return end < start ? { kind: "point", at: start, missing: "order" } : { kind: "bar", start, end };
}

/** Where a span begins; `undefined` for one without any time. */
export function spanStart(span: Span): number | undefined {
  return span.kind === "none" ? undefined : span.kind === "point" ? span.at : span.start;
}

/** Where a span ends; a running one ends at `now`, the end of the axis. */
export function spanEnd(span: Span, now: number): number | undefined {
  if (span.kind === "running") return Math.max(span.start, now);
  return span.kind === "none" ? undefined : span.kind === "point" ? span.at : span.end;
}

/** How long it took, milliseconds; `undefined` while that is not known. */
export function spanLength(span: Span): number | undefined {
  return span.kind === "bar" ? span.end - span.start : undefined;
}

/** An activity and its span, computed once. */
export interface Placed {
  readonly activity: Activity;
  readonly span: Span;
}

/** The order of rows: by start, then end (running last), then name; what has no time at all comes last. */
export function byStart(a: Placed, b: Placed): number {
  const never = Number.POSITIVE_INFINITY;
  return (
    compare(spanStart(a.span) ?? never, spanStart(b.span) ?? never) ||
    compare(spanEnd(a.span, never) ?? never, spanEnd(b.span, never) ?? never) ||
    compare(a.activity.name, b.activity.name)
  );
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
