import type { Phase } from "../vod/types.ts";

/** Whether a job in this phase has ended: nothing more will change, so it is not asked for again. */
export function isFinal(phase: Phase): boolean {
  return phase === "succeeded" || phase === "failed" || phase === "canceled" || phase === "skipped";
}
