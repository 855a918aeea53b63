import { cancellation } from "../vod/errors.ts";
import type { Clock, JobAnswer, JobRef, Lane } from "../vod/types.ts";
import type { SharedBudget } from "./budget.ts";
import type { HubJob, JobHub, Lease } from "./hub.ts";
import { jobKey } from "./key.ts";
import type { Outcomes } from "./outcomes.ts";
import { errorOf } from "./problems.ts";
import { StorageError } from "./storageError.ts";
import { readStored, type StoredJobAnswer } from "./storedAnswer.ts";
import type { VodClientLike } from "./types.ts";

/** How long a job is this window's, ms: longer than a call may take (15 s). Prolonged while the window lives. */
const leaseTime = 20_000;
/** How often leases are prolonged, ms. */
const renewEvery = 6_000;
/** How often to look whether another window's call has ended, ms. */
const lookEvery = 100;

export interface CallsParts {
  readonly hub: JobHub;
  /** What keeps the outcomes: loaded with the first call. */
  outcomes(): Promise<Outcomes>;
  clientFor(account: string): Promise<VodClientLike>;
  budget(account: string): SharedBudget;
  readonly clock: Clock;
  /** Names this window in leases; no other has the same. */
  readonly owner: string;
}

/** A call under way. */
interface Flight {
  readonly ref: JobRef;
  readonly abort: AbortController;
  readonly signal: AbortSignal;
  readonly answer: Promise<StoredJobAnswer>;
  /** How many wait for it. At 0 it is given up. */
  waiters: number;
}

/** Calls for single jobs: each is claimed in the hub and made once for all who ask meanwhile, in whichever window. */
export class Calls {
  readonly #parts: CallsParts;
  readonly #flights = new Map<string, Flight>();
  readonly #disposed = new AbortController();
  #renewing = false;

  constructor(parts: CallsParts) {
    this.#parts = parts;
  }

  /** A lease that begins now, for `JobHub.claimDue` and the like. */
  lease(): Lease {
    const now = this.#parts.clock.now();
    return { owner: this.#parts.owner, now, until: now + leaseTime };
  }

  isAsking(key: string): boolean {
    return this.#flights.has(key);
  }

  /**
   * The answer of a call that is made now, or of the one under way. Rejects with a `VodError`: `cancelled` when `signal`
   * is aborted, which ends the call only if nobody else waits for it. `claimed`: this window has the lease already.
   */
  ask(ref: JobRef, lane: Lane, signal?: AbortSignal, claimed = false): Promise<StoredJobAnswer> {
    if (signal?.aborted) return Promise.reject(cancellation(signal));
    const key = jobKey(ref);
    const before = this.#flights.get(key);
    const flight = before && before.waiters > 0 ? before : this.#start(key, ref, lane, claimed, before);
    flight.waiters++;
    if (lane === "interactive") this.#parts.budget(ref.account).promote(flight.signal);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (--flight.waiters === 0) flight.abort.abort();
        reject(cancellation(signal));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const end = () => signal?.removeEventListener("abort", onAbort);
      flight.answer.finally(end).then(resolve, reject);
    });
  }

  /** Ends all calls and gives all leases back. */
  async dispose(): Promise<void> {
    this.#disposed.abort();
    for (const { abort } of this.#flights.values()) abort.abort();
    await Promise.allSettled([...this.#flights.values()].map(({ answer }) => answer));
    await this.#parts.hub.release(this.#parts.owner);
  }

  /** `before`: a flight that everybody has left, and that is about to give its lease back. */
  #start(key: string, ref: JobRef, lane: Lane, claimed: boolean, before: Flight | undefined): Flight {
    const abort = new AbortController();
    const { signal } = abort;
    if (this.#disposed.signal.aborted) abort.abort();
    const run = async () => {
      await before?.answer.catch(() => {});
      return claimed && !before ? this.#call(ref, lane, signal) : this.#claimAndCall(ref, lane, signal);
    };
    const answer = run().finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    const flight: Flight = { ref, abort, signal, answer, waiters: 0 };
    this.#flights.set(key, flight);
    this.#renewLeases();
    return flight;
  }

  /** Claims the job, or has the outcome of the window that holds it. */
  async #claimAndCall(ref: JobRef, lane: Lane, signal: AbortSignal): Promise<StoredJobAnswer> {
    const { hub, clock, owner } = this.#parts;
    const since = clock.now();
    for (;;) {
      if (signal.aborted) throw cancellation();
      const { held, job } = await hub.claim(ref, this.lease());
      if (!held) {
        await clock.sleep(lookEvery, signal).catch(() => {});
        continue;
      }
      const told = await this.#toldSince(job, since);
      if (!told) return this.#call(ref, lane, signal);
      await hub.release(owner, [job.key]);
      return told;
    }
  }

  /** What another window learned of the job while this one waited for it. */
  async #toldSince({ key, problem, checkedAt }: HubJob, since: number): Promise<StoredJobAnswer | undefined> {
    const { hub, owner, clock } = this.#parts;
    // What lies ahead of now was learned before the wall clock was set back.
    const meanwhile = (at: number | undefined) => at !== undefined && at > since && at <= clock.now();
    if (problem && meanwhile(problem.at)) {
      await hub.release(owner, [key]);
      throw errorOf(problem);
    }
    if (!meanwhile(checkedAt)) return undefined;
    return readStored(await hub.answer(key));
  }

  /** Calls for a job that this window has claimed, and keeps the outcome. */
  async #call(ref: JobRef, lane: Lane, signal: AbortSignal): Promise<StoredJobAnswer> {
    const { clientFor, clock, hub, outcomes, owner } = this.#parts;
    const startedAt = clock.now();
    let answer: JobAnswer;
    try {
      if (signal.aborted) throw cancellation();
      const client = await clientFor(ref.account);
      answer = await client.getJobDetail(ref, { lane, signal });
    } catch (error) {
      // Trouble of the store says nothing of the job, and could not be kept with it.
      const storeRefused = error instanceof StorageError;
      if (!signal.aborted && !storeRefused) throw await (await outcomes()).failed(ref, startedAt, error);
      await hub.release(owner, [jobKey(ref)]);
      throw signal.aborted ? cancellation() : error;
    }
    return { answer, at: await (await outcomes()).answered(ref, startedAt, answer) };
  }

  /** Prolongs the leases of all calls under way, as long as there are any. */
  async #renewLeases(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    const { clock, hub } = this.#parts;
    while (this.#flights.size > 0 && !this.#disposed.signal.aborted) {
      await clock.sleep(renewEvery, this.#disposed.signal).catch(() => {});
      const keys = [...this.#flights.keys()];
      // A lease that cannot be prolonged runs out: another window asks too, which harms nobody.
      if (keys.length > 0) await hub.renew(keys, this.lease()).catch(() => {});
    }
    this.#renewing = false;
  }
}
