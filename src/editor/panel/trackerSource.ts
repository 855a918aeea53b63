import { jobKey } from "../../jobs/key.ts";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { PanelSource } from "./source.ts";

/** The tracker as the panels see it. Jobs that are not tracked are looked up. */
export function trackerSource(tracker: JobTracker): PanelSource {
  return {
    job: (ref) => tracker.jobs.get(jobKey(ref)),
    answer: (ref) => tracker.answer(jobKey(ref)),
    history: (ref) => tracker.history(jobKey(ref)),
    previousRun: (ref) => tracker.previousRun(jobKey(ref)),
    refresh: (ref, signal) =>
      tracker.jobs.has(jobKey(ref))
        ? tracker.refresh([jobKey(ref)], { signal })
        : tracker.lookUp(ref, { signal, maxAge: 0 }),
    onDidChange: (listener) => tracker.onDidChange((change) => listener([...change.changed, ...change.removed])),
    watch: (ref) => tracker.watch(jobKey(ref)),
  };
}
