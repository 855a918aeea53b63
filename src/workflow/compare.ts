import { activitySpan, spanLength } from "./span.ts";
import type { Activity } from "./types.ts";

/** One activity in two runs of the same workflow. Lengths in milliseconds, absent where one is not known. */
export interface ActivityComparison {
  readonly name: string;
  readonly change: "same" | "faster" | "slower" | "new" | "gone" | "unknown";
  readonly before?: number;
  readonly after?: number;
  /** `after − before`. */
  readonly delta?: number;
  /** `after / before`; absent when `before` is 0. */
  readonly ratio?: number;
  /** It failed now and did not before. */
  readonly newlyFailing?: true;
  /** It failed before and does not now. */
  readonly recovered?: true;
}

/** Times have whole seconds, so two lengths may differ by this much and be the same. */
const resolution = 1000;
/** A smaller change than this is the same, as a share of the length before. */
const noticeable = 0.1;

/** What became of each activity since `previous`: those of `current` in its order, then those that are gone. */
export function compareRuns(current: readonly Activity[], previous: readonly Activity[]): ActivityComparison[] {
  const old = new Map(previous.map((activity) => [activity.name, activity]));
  const comparisons = current.map((activity) => {
    const before = old.get(activity.name);
    old.delete(activity.name);
    return before ? compareActivity(activity, before) : newActivity(activity);
  });
  for (const name of old.keys()) comparisons.push({ name, change: "gone" });
  return comparisons;
}

function newActivity(activity: Activity): ActivityComparison {
  const after = spanLength(activitySpan(activity));
  const newlyFailing = activity.phase === "failed" && { newlyFailing: true as const };
  return { name: activity.name, change: "new", ...(after !== undefined && { after }), ...newlyFailing };
}

function compareActivity(now: Activity, then: Activity): ActivityComparison {
  const before = spanLength(activitySpan(then));
  const after = spanLength(activitySpan(now));
  const failed = now.phase === "failed" && then.phase !== "failed" && { newlyFailing: true as const };
  const recovered = now.phase === "succeeded" && then.phase === "failed" && { recovered: true as const };
  const lengths = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  if (before === undefined || after === undefined) {
    return { name: now.name, change: "unknown", ...lengths, ...failed, ...recovered };
  }
  const delta = after - before;
  const same = Math.abs(delta) <= Math.max(resolution, before * noticeable);
  const change = same ? "same" : delta < 0 ? "faster" : "slower";
  const ratio = before > 0 && { ratio: after / before };
  return { name: now.name, change, ...lengths, delta, ...ratio, ...failed, ...recovered };
}
