import type { JobTracker } from "../../jobs/tracker.ts";
import type { TrackedJob } from "../../jobs/types.ts";
import type { JobAnswer } from "../../vod/types.ts";
import { readActivities } from "../../workflow/activities.ts";

/** How many jobs' names are kept. */
const mostKept = 100;

/** The names of the activities that failed, in the order of the answer. */
function failedActivitiesOf({ detail }: JobAnswer): string[] {
  if (detail.type !== "workflow") return [];
  return readActivities(detail.activityResults)
    .activities.filter(({ phase }) => phase === "failed")
    .map(({ name }) => name);
}

/** The names of failed activities of tracked workflow tasks, from the stored answer; each answer is decoded once. */
export class FailedActivities {
  readonly #tracker: Pick<JobTracker, "answer">;
  readonly #kept = new Map<string, { readonly checkedAt: number | undefined; readonly names: Promise<string[]> }>();

  constructor(tracker: Pick<JobTracker, "answer">) {
    this.#tracker = tracker;
  }

  /** Empty for a job without failed activities. Reads the database, never the service. */
  namesOf({ key, checkedAt, failedActivities }: TrackedJob): Promise<string[]> {
    if (!failedActivities) return Promise.resolve([]);
    const kept = this.#kept.get(key);
    if (kept && kept.checkedAt === checkedAt) return kept.names;
    const names = this.#tracker
      .answer(key)
      .then((stored) => (stored ? failedActivitiesOf(stored.answer) : []))
      .catch(() => {
        this.#kept.delete(key);
        return [];
      });
    if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, { checkedAt, names });
    return names;
  }
}
