import type { Clock, Lane, RateBudget } from "../vod/types.ts";
import type { JobHub } from "./hub.ts";

/**
 * How late a call may start after its reserved time, ms. Starts 1,000/13 ms apart, each up to this late and up to 50 ms
 * longer on the network than others, put at most ⌊1,150 · 13/1,000⌋ + 1 = 15 into any second: what the service allows.
 */
const lateness = 100;
/** A process that is held up this often in a row is on a slow machine: it may then be later, to get on at all. */
const patience = 5;

interface Waiter {
  readonly signal?: AbortSignal;
  start(): void;
  fail(error: unknown): void;
}

interface Slot {
  readonly at: number;
  readonly abort: AbortController;
}

/**
 * One window's door to the call budget that an account shares over all windows (`pacing.ts`). Start times are reserved
 * in the hub, waited for here, and given to whoever waits longest then: interactive waiters first, whichever lane
 * the time was reserved for. What nobody waits for any more is given back.
 */
export class SharedBudget implements RateBudget {
  readonly #hub: JobHub;
  readonly #account: string;
  readonly #clock: Clock;
  readonly #backgroundRate: () => number;
  readonly #waiting: Record<Lane, Waiter[]> = { interactive: [], background: [] };
  /** Reserved times that have not come yet, ascending. */
  #slots: Slot[] = [];
  #asking = false;
  /** While it is there, background waiters wait for their turn to ask. */
  #turn: AbortController | undefined;
  #slowed = false;
  /** Reserved times missed in a row, because this process was held up. */
  #missed = 0;

  /** `backgroundRate`: calls a second that background polls of all windows may use together. */
  constructor(hub: JobHub, account: string, clock: Clock, backgroundRate: () => number) {
    this.#hub = hub;
    this.#account = account;
    this.#clock = clock;
    this.#backgroundRate = backgroundRate;
  }

  take(lane: Lane, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        for (const queue of Object.values(this.#waiting)) {
          if (queue.includes(waiter)) queue.splice(queue.indexOf(waiter), 1);
        }
        reject(signal?.reason);
        this.#giveBack();
      };
      const waiter: Waiter = {
        signal,
        start: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        fail: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting[lane].push(waiter);
      this.#ask();
    });
  }

  /** A person waits now for what took `signal` along in the background lane. */
  promote(signal: AbortSignal): void {
    const { interactive, background } = this.#waiting;
    const index = background.findIndex((waiter) => waiter.signal === signal);
    if (index < 0) return;
    interactive.push(...background.splice(index, 1));
    this.#ask();
  }

  throttled(retryAfter?: number): void {
    this.#slowed = true;
    this.#hub.throttled(this.#account, this.#clock.now(), retryAfter).catch(() => {});
  }

  succeeded(): void {
    if (this.#slowed) this.#hub.recovering(this.#account, this.#clock.now()).catch(() => {});
  }

  get #queued(): number {
    return this.#waiting.interactive.length + this.#waiting.background.length;
  }

  /** Rejects all who wait with `reason`, and gives their times back. */
  dispose(reason: unknown): void {
    this.#failAll(reason);
    this.#turn?.abort();
    this.#giveBack();
  }

  #failAll(reason: unknown): void {
    for (const waiter of [...this.#waiting.interactive.splice(0), ...this.#waiting.background.splice(0)]) {
      waiter.fail(reason);
    }
  }

  /** Reserves times for waiters that have none yet. One request at a time; asks again until all have. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      // Waiters that come in the same turn are reserved for together.
      await undefined;
      for (let request = this.#request(); request; request = this.#request()) {
        const grant = await this.#hub.reserve(this.#account, request);
        this.#slowed = grant.slowed;
        if (grant.askAgainAt !== undefined) this.#askAgain(grant.askAgainAt);
        for (const at of [...grant.interactive, ...grant.background]) this.#await(at);
      }
    } catch (error) {
      this.#failAll(error);
    } finally {
      this.#asking = false;
      this.#giveBack();
    }
  }

  #request() {
    const now = this.#clock.now();
    const spare = this.#slots.length - this.#waiting.interactive.length;
    const interactive = Math.max(0, -spare);
    const background = !this.#turn ? this.#waiting.background.length - Math.max(0, spare) : 0;
    if (interactive === 0 && background <= 0) return undefined;
    return { now, interactive, background: Math.max(0, background), backgroundRate: this.#backgroundRate() };
  }

  #askAgain(at: number): void {
    this.#turn?.abort();
    const turn = new AbortController();
    this.#turn = turn;
    this.#clock.sleep(Math.ceil(at - this.#clock.now()), turn.signal).then(
      () => {
        this.#turn = undefined;
        this.#ask();
      },
      () => {},
    );
  }

  /** Waits for a reserved time, then lets the first waiter start. */
  #await(at: number): void {
    const slot: Slot = { at, abort: new AbortController() };
    this.#slots.push(slot);
    this.#slots.sort((a, b) => a.at - b.at);
    const begin = () => {
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      const late = this.#clock.now() - at;
      // After a sleep of the machine, say: times that passed meanwhile would all be used at once.
      if (late > lateness * 2 ** Math.max(0, this.#missed - patience)) {
        this.#missed = Math.min(this.#missed + 1, 2 * patience);
      } else {
        this.#missed = 0;
        (this.#waiting.interactive.shift() ?? this.#waiting.background.shift())?.start();
      }
      if (this.#queued > 0) this.#ask();
    };
    const wait = Math.ceil(at - this.#clock.now());
    if (wait <= 0) begin();
    else this.#clock.sleep(wait, slot.abort.signal).then(begin, () => {});
  }

  /** Returns the last reserved times when more are held than calls wait. */
  #giveBack(): void {
    const unused = this.#asking ? [] : this.#slots.splice(this.#queued);
    if (unused.length === 0) return;
    for (const slot of unused) slot.abort.abort();
    const times = unused.map((slot) => slot.at);
    this.#hub.giveBack(this.#account, times, this.#clock.now()).catch(() => {});
  }
}
