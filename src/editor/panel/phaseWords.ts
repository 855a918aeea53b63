import type { ActivityPhase } from "../../workflow/types.ts";
import { panelWords } from "./words.ts";

/** The word for an activity's phase; the service's own word for a status that nobody documented. */
export function activityPhaseWord(phase: ActivityPhase, status: string): string {
  return phase === "unknown" && status.trim() ? status : panelWords()[phase];
}

/** A job's phase in the words of an activity's: the panel has one set of shapes for both. */
export function asActivityPhase(phase: string): ActivityPhase {
  return phase === "waiting" ? "pending" : (phase as ActivityPhase);
}
