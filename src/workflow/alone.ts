import { activitySpan, spanEnd } from "./span.ts";
import type { Activity } from "./types.ts";

/**
 * For how long each activity was the only one at work: the time by which the run would be shorter if that activity
 * took none. Milliseconds, in the order of `activities`; running ones count until `now`.
 *
 * A sweep over the 2n ends of the intervals: between two neighboring ends the set of active ones is constant, and
 * its size and the sum of its indices are enough to name the one that is left when the size is 1. O(n log n).
 */
export function aloneTimes(activities: readonly Activity[], now: number): Float64Array {
  const alone = new Float64Array(activities.length);
  const edges: { at: number; index: number; opens: 1 | -1 }[] = [];
  activities.forEach((activity, index) => {
    const span = activitySpan(activity);
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
