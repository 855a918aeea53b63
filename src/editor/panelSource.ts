import { jobKey } from "../jobs/key.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { VodClient } from "../vod/client.ts";
import type { PanelSource } from "./panel/source.ts";

interface Clients {
  clientFor(account: string): Promise<Pick<VodClient, "getTranscodeTask">>;
}

/** The tracker as job panels see it; what it does not track is asked of the account's client, in the same budget. */
export function panelSource(tracker: JobTracker, accounts: Clients): PanelSource {
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
    transcode: async ({ account, region, id }, signal) => {
      const client = await accounts.clientFor(account);
      const jobs = await client.getTranscodeTask([id], { region, lane: "interactive", signal });
      return jobs.find((job) => job.jobId === id);
    },
    watch: (ref) => tracker.watch(jobKey(ref)),
  };
}
