import { jobKey } from "../jobs/key.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { PanelSource } from "./panel/source.ts";

/** The tracker as job panels see it. */
export function panelSource(tracker: JobTracker): PanelSource {
  return {
    job: (ref) => tracker.jobs.get(jobKey(ref)),
    answer: async (ref) => (await tracker.answer(jobKey(ref)))?.answer,
    history: (ref) => tracker.history(jobKey(ref)),
    previousRun: async (ref) => (await tracker.previousRun(jobKey(ref)))?.answer,
    refresh: (ref, signal) => tracker.lookUp(ref, { signal, maxAge: 0 }),
    onDidChange: (listener) =>
      tracker.onDidChange(({ changed, removed, accounts }) =>
        listener(accounts ? undefined : [...changed, ...removed]),
      ),
    transcode: (ref, signal, again) => tracker.transcode(ref, { signal, again }),
    watch: (ref) => tracker.watch(jobKey(ref)),
  };
}
