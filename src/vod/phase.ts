import type { JobType, Phase } from "./types.ts";

/**
 * The documented status words of each type (GetJobDetail page), in lowercase, with the spellings seen elsewhere
 * (`analysing` in an SDK, `TranscodeCanceled`; vod-facts §8). A word that is not here is `unknown`, never guessed.
 */
const phases: Record<JobType, Readonly<Record<string, Phase>>> = {
  transcode: {
    submitted: "waiting",
    transcoding: "running",
    transcodesuccess: "succeeded",
    transcodefail: "failed",
    transcodecancelled: "canceled",
    transcodecanceled: "canceled",
  },
  snapshot: { processing: "running", success: "succeeded", fail: "failed" },
  ai: {
    reserved: "waiting",
    init: "running",
    processing: "running",
    analyzing: "running",
    analysing: "running",
    success: "succeeded",
    fail: "failed",
  },
  workflow: {
    init: "running",
    processing: "running",
    succeed: "succeeded",
    failed: "failed",
    canceled: "canceled",
    cancelled: "canceled",
    skip: "skipped",
  },
};

/** Where a job with this status word stands. Case and surrounding white space do not matter. */
export function phaseOf(type: JobType, status: string): Phase {
  const words = phases[type];
  const word = status.trim().toLowerCase();
  return Object.hasOwn(words, word) ? (words[word] as Phase) : "unknown";
}
