/**
 * The account's call limit: at most `perSecond` calls in *any* second, wherever it begins (GetJobDetail page: 15).
 * A call counts for exactly 1,000 ms; refused calls do not count.
 */
export class SlidingSecond {
  readonly #perSecond: number;
  /** When the calls that still count were let through, oldest first. Never longer than `perSecond`. */
  #counted: number[] = [];

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** 0: the call may pass, and is counted. Otherwise the milliseconds until the next one may. */
  take(now: number): number {
    // Calls from more than a second ahead mean that the clock was set back: they must not block the account.
    this.#counted = this.#counted.filter((at) => Math.abs(now - at) < 1000);
    const oldest = this.#counted[0];
    if (oldest !== undefined && this.#counted.length >= this.#perSecond) return oldest + 1000 - now;
    this.#counted.push(now);
    return 0;
  }
}
