import { countEndedBy } from "./endedBy.ts";
import type { Activity } from "./types.ts";

/** What the times alone say of an activity: how many others had ended when it started, and the last of them. */
export interface EndedBefore {
  readonly count: number;
  /** Names, those that ended last first. */
  readonly latest: readonly string[];
}

/**
 * Answers, for any activity, what had ended before it started: the relation of the interval order, never listed as
 * pairs. One sort of the ends, then one binary search a question. An activity of no length counts as half a tick of the
 * service's clock long, else two of them in the same second would precede each other.
 *
 * `known` are names already said to be predecessors on better evidence: they are neither counted nor named.
 */
export function timeOrder(activities: readonly Activity[]): {
  endedBefore(activity: Activity, known?: ReadonlySet<string>, limit?: number): EndedBefore;
} {
  const halfTick = 500;
  const ended: { name: string; end: number }[] = [];
  for (const { name, startedAt, endedAt } of activities) {
    if (startedAt === undefined || endedAt === undefined || endedAt < startedAt) continue;
    ended.push({ name, end: endedAt === startedAt ? endedAt + halfTick : endedAt });
  }
  ended.sort((a, b) => a.end - b.end || (a.name < b.name ? -1 : 1));
  const ends = new Map(ended.map(({ name, end }) => [name, end]));

  return {
    endedBefore({ startedAt }, known = new Set(), limit = 3) {
      if (startedAt === undefined) return { count: 0, latest: [] };
      let count = countEndedBy(ended, startedAt);
      const latest: string[] = [];
      for (let i = count - 1; i >= 0 && latest.length < limit; i--) {
        if (!known.has(ended[i]!.name)) latest.push(ended[i]!.name);
      }
      for (const name of known) if ((ends.get(name) ?? Number.POSITIVE_INFINITY) <= startedAt) count--;
      return { count, latest };
    },
  };
}
