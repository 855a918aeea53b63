import type { TranscodeProgress } from "../../vod/transcodeTask.ts";
import type { JobAnswer } from "../../vod/types.ts";
import { type Problem, problemOf } from "../problem.ts";

/** What `GetTranscodeTask` said of a transcode job, or why it said nothing. */
export interface TranscodeFacts {
  readonly told?: TranscodeProgress;
  readonly problem?: Problem;
}

/**
 * Progress, error and output of a transcode job, which its answer does not hold (vod-facts §1). One call for each answer
 * that comes; where the account may not ask, none by itself after the first. What was told last stays until more is.
 */
export class TranscodeReading {
  readonly #ask: (signal: AbortSignal) => Promise<TranscodeProgress | undefined>;
  readonly #changed: () => void;
  readonly #ended = new AbortController();
  #facts: TranscodeFacts = {};
  #answer: string | undefined;
  #asking = false;

  constructor(ask: (signal: AbortSignal) => Promise<TranscodeProgress | undefined>, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  get facts(): TranscodeFacts {
    return this.#facts;
  }

  /** An answer is there. `again`: a person asked anew. */
  async follow(answer: JobAnswer, again = false): Promise<void> {
    if (this.#asking || this.#ended.signal.aborted) return;
    const refused = this.#facts.problem?.kind === "permission";
    if (!again && (refused || this.#answer === answer.raw)) return;
    this.#answer = answer.raw;
    this.#asking = true;
    try {
      this.#facts = { told: await this.#ask(this.#ended.signal) };
    } catch (error) {
      this.#facts = { told: this.#facts.told, problem: problemOf(error) };
    }
    this.#asking = false;
    if (!this.#ended.signal.aborted) this.#changed();
  }

  dispose(): void {
    this.#ended.abort();
  }
}
