import type { Clock } from "../../../src/vod/types.ts";

interface Sleeper {
  readonly due: number;
  readonly order: number;
  wake(): void;
}

/** A clock that stands still until told to move: sleepers wake in the order they are due, none of the test's time passes. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = Date.UTC(2025, 2, 27, 8, 15, 46)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleeps wait. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Milliseconds until the next sleeper is due; undefined when none waits. */
  get nextDue(): number | undefined {
    const next = this.#next();
    return next && next.due - this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        due: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Moves time on by `ms`, waking every sleeper on its way, each after what the one before it set off has settled. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(); next && next.due <= end; next = this.#next()) {
      this.#now = Math.max(this.#now, next.due);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#now = end;
  }

  /** A wall clock jump, as after sleep or a correction: no sleeper wakes by it. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (!first || sleeper.due < first.due || (sleeper.due === first.due && sleeper.order < first.order))
        first = sleeper;
    }
    return first;
  }
}

/** Lets every promise that can settle do so; a turn of the event loop ends only after all microtasks ran. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
