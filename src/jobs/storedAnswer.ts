import type { JobAnswer } from "../vod/types.ts";
import type { StoredAnswer } from "./hub.ts";

/** An answer with the time it came. */
export interface StoredJobAnswer {
  readonly answer: JobAnswer;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Reads an answer as the hub keeps it. What reads answers is loaded with the first one. */
export async function readStored(stored: StoredAnswer | undefined): Promise<StoredJobAnswer | undefined> {
  if (!stored) return undefined;
  const { readJobAnswer } = await import("../vod/answer.ts");
  return { answer: readJobAnswer(stored.raw, stored.ref.type), at: stored.at };
}
