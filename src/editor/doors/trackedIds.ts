import { KnownIds } from "../../jobs/ids/known.ts";
import { parseJobKey } from "../../jobs/key.ts";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { TrackedJob } from "../../jobs/types.ts";
import { Owner } from "../lifecycle.ts";

/**
 * The tracked jobs by their ids, for everything that meets ids in text. Kept up to date by what changes, so that asking
 * costs the same with ten jobs and with ten thousand.
 */
export class TrackedIds extends Owner {
  /** The ids themselves, ready to be found in text. */
  readonly known = new KnownIds();
  readonly #tracker: Pick<JobTracker, "jobs" | "onDidChange">;
  /** The keys of the jobs that have an id: one id may be tracked for several accounts, regions or types. */
  readonly #keys = new Map<string, Set<string>>();

  constructor(tracker: Pick<JobTracker, "jobs" | "onDidChange">) {
    super();
    this.#tracker = tracker;
    for (const { key, ref } of tracker.jobs.values()) this.#add(ref.id, key);
    this.own(
      tracker.onDidChange(({ changed, removed }) => {
        for (const key of removed) this.#remove(parseJobKey(key)?.id, key);
        for (const key of changed) {
          const job = tracker.jobs.get(key);
          if (job) this.#add(job.ref.id, key);
        }
      }),
    );
  }

  /** The tracked jobs with this id, as it is tracked. */
  jobsOf(id: string): TrackedJob[] {
    return [...(this.#keys.get(id) ?? [])].map((key) => this.#tracker.jobs.get(key)).filter((job) => job !== undefined);
  }

  #add(id: string, key: string): void {
    const keys = this.#keys.get(id);
    if (keys) keys.add(key);
    else {
      this.#keys.set(id, new Set([key]));
      this.known.add(id);
    }
  }

  #remove(id: string | undefined, key: string): void {
    const keys = id === undefined ? undefined : this.#keys.get(id);
    if (id === undefined || !keys?.delete(key) || keys.size > 0) return;
    this.#keys.delete(id);
    this.known.delete(id);
  }
}
