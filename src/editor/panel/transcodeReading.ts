import type { TranscodeFacts } from "../../jobs/types.ts";
import type { JobAnswer } from "../../vod/types.ts";
import { type Problem, problemOf } from "../problem.ts";

/** What `GetTranscodeTask` said of a transcode job, or why it said nothing. */
export interface TranscodeReadings extends Pick<TranscodeFacts, "told"> {
  readonly problem?: Problem;
}

type Ask = (signal: AbortSignal, again: boolean) => Promise<TranscodeFacts | undefined>;

/**
 * Progress, error and output of a transcode job, which its answer does not hold (vod-facts §1), read once for each answer
 * that comes. What was told last stays until more is.
 */
export class TranscodeReading {
  readonly #ask: Ask;
  readonly #changed: () => void;
  readonly #ended = new AbortController();
  #facts: TranscodeReadings = {};
  #answer: string | undefined;
  #asking = false;
  /** A person asked anew while a call was under way. */
  #next: JobAnswer | undefined;

  constructor(ask: Ask, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  get facts(): TranscodeReadings {
    return this.#facts;
  }

  /** An answer is there. `again`: a person asked anew. */
  async follow(answer: JobAnswer, again = false): Promise<void> {
    if (this.#ended.signal.aborted) return;
    if (this.#asking) {
      if (again) this.#next = answer;
      return;
    }
    // Trouble that may be over by now is asked about again: a call comes of it at most once a minute.
    const { problem } = this.#facts;
    const mayBeOver = problem !== undefined && problem.kind !== "permission";
    if (!again && this.#answer === answer.raw && !mayBeOver) return;
    this.#answer = answer.raw;
    this.#asking = true;
    try {
      const facts = await this.#ask(this.#ended.signal, again);
      this.#facts = { told: this.#facts.told, ...facts };
    } catch (error) {
      this.#facts = { told: this.#facts.told, problem: problemOf(error) };
    }
    this.#asking = false;
    if (!this.#ended.signal.aborted) this.#changed();
    const next = this.#next;
    this.#next = undefined;
    if (next) await this.follow(next, true);
  }

  dispose(): void {
    this.#ended.abort();
  }
}
