import { hash } from "node:crypto";

/**
 * Randomness that repeats itself: the same seed and label give the same draws on every machine.
 * Every job has its own label, so a new scenario does not change the ids or durations of those that were there.
 * The generator is sfc32, started from a SHA-256.
 */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: string, label: string) {
    const start = hash("sha256", `${seed}\n${label}`, "buffer");
    this.#state = Uint32Array.of(
      start.readUInt32LE(0),
      start.readUInt32LE(4),
      start.readUInt32LE(8),
      start.readUInt32LE(12),
    );
  }

  /** 32 random bits, as a whole number. */
  bits(): number {
    const state = this.#state;
    const [a, b, c, counter] = [state[0] as number, state[1] as number, state[2] as number, state[3] as number];
    const drawn = (a + b + counter) >>> 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + drawn;
    state[3] = counter + 1;
    return drawn;
  }

  /** At least 0, less than 1. */
  fraction(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)] as T;
  }

  /** An id as the service makes them: 32 lowercase hexadecimal digits (vod-facts §7). */
  id(): string {
    let id = "";
    while (id.length < 32) id += this.bits().toString(16).padStart(8, "0");
    return id;
  }

  /** A request id as the service makes them: an uppercase UUID. */
  requestId(): string {
    return this.id()
      .toUpperCase()
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** Durations of jobs of one kind are about log-normal: half of the draws are below `median`, none is negative. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
    return median * Math.exp(sigma * normal);
  }
}
