import type { ActivityPhase } from "./types.ts";

/**
 * The status words that mean something certain: those the GetJobDetail page documents for any of its four types
 * (one service, one vocabulary) and the plain English and British forms of the same words.
 */
const phases: ReadonlyMap<string, ActivityPhase> = new Map([
  ["waiting", "pending"],
  ["pending", "pending"],
  ["submitted", "pending"],
  ["reserved", "pending"],
  ["init", "running"],
  ["processing", "running"],
  ["running", "running"],
  ["analyzing", "running"],
  ["analysing", "running"],
  ["transcoding", "running"],
  ["succeed", "succeeded"],
  ["succeeded", "succeeded"],
  ["success", "succeeded"],
  ["fail", "failed"],
  ["failed", "failed"],
  ["cancel", "canceled"],
  ["canceled", "canceled"],
  ["cancelled", "canceled"],
  ["skip", "skipped"],
  ["skipped", "skipped"],
]);

/** The phase of an activity's status word, in any case; `unknown` for a word nobody documented: never guessed. */
export function activityPhase(status: string): ActivityPhase {
  // What ten thousand activities say is known without hashing ten thousand new strings.
  if (status === "Succeed") return "succeeded";
  return phases.get(status) ?? phases.get(status.trim().toLowerCase()) ?? "unknown";
}

/** True when an activity in this phase will not change any more. An unknown word promises nothing. */
export function isFinal(phase: ActivityPhase): boolean {
  return phase === "succeeded" || phase === "failed" || phase === "canceled" || phase === "skipped";
}
