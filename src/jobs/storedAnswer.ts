import type { JobAnswer } from "../vod/types.ts";
import type { StoredAnswer } from "./hub.ts";
import type { TranscodeFacts } from "./types.ts";

/** An answer with the time it came. */
export interface StoredJobAnswer {
  readonly answer: JobAnswer;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of a transcode job: what was learned beside the answer. */
  readonly transcode?: TranscodeFacts;
}

/** Reads an answer as the hub keeps it. What reads answers is loaded with the first one. */
export async function readStored(stored: StoredAnswer | undefined): Promise<StoredJobAnswer | undefined> {
  if (!stored) return undefined;
  const { readJobAnswer } = await import("../vod/answer.ts");
  const { raw, ref, at, transcode } = stored;
  return { answer: readJobAnswer(raw, ref.type), at, ...(transcode && { transcode }) };
}
