import type { Clock } from "./types.ts";

/** Offsets below this are not worth another attempt: the service tolerates minutes, and its header has whole seconds. */
const noteworthy = 10_000;

/** The time to sign with: the machine's, corrected once the service has refused it and told its own. */
export class ServiceClock {
  readonly #clock: Clock;
  /** Milliseconds that the service is ahead of the machine. */
  #ahead = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#ahead;
  }

  /** Takes over the time of an answer's `Date` header; true when that makes a difference to what was signed. */
  learn(date: string | undefined): boolean {
    const ahead = Date.parse(date ?? "") - this.#clock.now();
    if (Number.isNaN(ahead) || Math.abs(ahead - this.#ahead) < noteworthy) return false;
    this.#ahead = ahead;
    return true;
  }
}
