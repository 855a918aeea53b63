import * as vscode from "vscode";
import type { TrackedJob } from "../jobs/types.ts";
import { plain } from "./plain.ts";
import { errorText, jobName, phaseWord } from "./words.ts";

const t = vscode.l10n.t;

/** One sentence for jobs that finished, so many of them with failures: the name of one or two, the numbers of more. */
export function digestText(jobs: readonly TrackedJob[], failed: number): string {
  if (jobs.length <= 2) {
    return jobs
      .map((job) => {
        const name = plain(jobName(job), 80);
        const reason = errorText(job);
        return job.phase === "succeeded" && job.failedActivities
          ? t("{0}: succeeded, but {1} of its activities failed", name, job.failedActivities)
          : t("{0}: {1}", name, phaseWord(job.phase).toLocaleLowerCase()) + (reason && t(" ({0})", plain(reason, 200)));
      })
      .join(" · ");
  }
  return failed > 0
    ? t("{0} VOD jobs finished, {1} with failures.", jobs.length, failed)
    : t("{0} VOD jobs finished.", jobs.length);
}
