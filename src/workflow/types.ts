/** Where an activity stands. The same words as a job's phase; mapped here because `workflow/` imports nothing. */
export type ActivityPhase = "pending" | "running" | "succeeded" | "failed" | "canceled" | "skipped" | "unknown";

/** One node of a workflow, as `ActivityResults` tells of it. All times are milliseconds since 1970. */
export interface Activity {
  /** The node's name: the key in ActivityResults, unique in the task. */
  readonly name: string;
  /** ActivityId, the node's kind: start, VodSnapshot, VodTranslation, … Any text. */
  readonly kind: string;
  readonly instanceId: string;
  /** The service's own word. */
  readonly status: string;
  readonly phase: ActivityPhase;
  readonly startedAt?: number;
  /** Absent: not ended, or the end is not reported. */
  readonly endedAt?: number;
  /** The Result as it came (JSON text), not decoded: decoding happens when it is shown. */
  readonly result?: string;
  /** What could not be read of this activity, in words: times that are no times, an end before the start. */
  readonly notes?: readonly string[];
}
