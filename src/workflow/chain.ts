import { countEndedBy } from "./endedBy.ts";
import { activitySpan, spanEnd, spanStart } from "./span.ts";
import type { Activity } from "./types.ts";

/**
 * The critical chain by time, first to last: the activity that ended last, before it the one that ended last of those
 * that had ended when it started, and so on. Where predecessors are stated, only they can hold an activity up; without
 * them every activity that had ended can. It tells what the run waited for, not what caused what.
 *
 * `predecessors` gives the stated predecessors of a name, if any. O(n log n).
 */
export function criticalChain(
  activities: readonly Activity[],
  now: number,
  predecessors?: (name: string) => readonly string[] | undefined,
): string[] {
  const ended = activities.map((activity) => timed(activity, now)).filter((item) => item !== undefined);
  // A total order in which every activity stands behind what had ended when it started, so the walk cannot go in circles.
  ended.sort((a, b) => a.end - b.end || a.start - b.start || (a.name < b.name ? -1 : 1));
  const places = new Map(ended.map((item, place) => [item.name, place]));

  const chain: string[] = [];
  let at = ended.length - 1;
  while (at >= 0) {
    const { name, start } = ended[at]!;
    chain.push(name);
    const behind = Math.min(at - 1, countEndedBy(ended, start) - 1);
    const stated = predecessors?.(name) ?? [];
    at = stated.length === 0 ? behind : lastOf(stated, places, behind);
  }
  return chain.reverse();
}

interface Ended {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function timed(activity: Activity, now: number): Ended | undefined {
  const span = activitySpan(activity);
  const [start, end] = [spanStart(span), spanEnd(span, now)];
  return start === undefined || end === undefined ? undefined : { name: activity.name, start, end };
}

/** The last place, up to `behind`, that one of the names has; −1 when none has one. */
function lastOf(names: readonly string[], places: ReadonlyMap<string, number>, behind: number): number {
  return names.reduce((last, name) => {
    const place = places.get(name) ?? -1;
    return place > last && place <= behind ? place : last;
  }, -1);
}
