import { type Span, spanEnd } from "./span.ts";

/**
 * For how long each activity was the only one at work: the time by which the run would be shorter if that activity
 * took none. Milliseconds, in the order of `spans`; running ones count until `now`.
 *
 * A sweep over the 2n ends of the intervals: between two neighboring ends the set of active ones is constant, and
 * its size and the sum of its indices are enough to name the one that is left when the size is 1. O(n log n).
 */
export function aloneTimes(spans: readonly Span[], now: number): Float64Array {
  const alone = new Float64Array(spans.length);
  const edges: { at: number; index: number; opens: 1 | -1 }[] = [];
  spans.forEach((span, index) => {
    if (span.kind !== "bar" && span.kind !== "running") return;
    const end = spanEnd(span, now) ?? span.start;
    if (end > span.start) edges.push({ at: span.start, index, opens: 1 }, { at: end, index, opens: -1 });
  });
  edges.sort((a, b) => a.at - b.at);
  let active = 0;
  let indices = 0;
  let since = 0;
  for (const edge of edges) {
    if (active === 1) alone[indices]! += edge.at - since;
    active += edge.opens;
    indices += edge.opens * edge.index;
    since = edge.at;
  }
  return alone;
}
