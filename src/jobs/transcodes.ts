import { cancellation } from "../vod/errors.ts";
import { redact } from "../vod/redact.ts";
import type { TranscodeProgress } from "../vod/transcodeTask.ts";
import type { Clock, JobRef, Lane } from "../vod/types.ts";
import type { SharedBudget } from "./budget.ts";
import type { JobHub, Lease } from "./hub.ts";
import { jobKey } from "./key.ts";
import type { Mirror } from "./mirror.ts";
import { jobProblemOf } from "./problems.ts";
import type { TranscodeFacts, VodClientLike } from "./types.ts";

/** How long the right to ask is this window's, ms, and how often it is prolonged while the call waits for its slot. */
const leaseTime = 20_000;
const renewEvery = 6_000;
/** How often to look whether another window's call has ended, ms. */
const lookEvery = 500;

export interface TranscodesParts {
  readonly hub: JobHub;
  readonly mirror: Mirror;
  clientFor(account: string): Promise<VodClientLike>;
  budget(account: string): SharedBudget;
  readonly clock: Clock;
  log(level: "info" | "warn", message: string): void;
  readonly owner: string;
  /** Ends all calls. */
  readonly signal: AbortSignal;
}

interface Flight {
  readonly signal: AbortSignal;
  readonly facts: Promise<TranscodeFacts>;
}

/**
 * What `GetTranscodeTask` knows of a transcode job and its answer does not tell: progress, error, output (vod-facts §1).
 * At most one call for each answer, in whichever window; what it said, or why it said nothing, is kept beside the answer.
 * Trouble of the moment is no last word: who wants to know a minute later asks anew.
 * It is an extra: its failures are nobody's but its own, and where the account may not ask, it is asked no more.
 */
export class Transcodes {
  readonly #parts: TranscodesParts;
  readonly #flights = new Map<string, Flight>();
  /** The last of those who ask in turn, by account. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(parts: TranscodesParts) {
    this.#parts = parts;
  }

  /**
   * What is kept beside the job's last answer, else what one call says. Undefined: there is no answer yet, or, in the
   * background lane, another window is asking. `again`: a person asks anew, though the account was refused. Rejects only
   * when aborted, with a `VodError` of kind `cancelled`, or when the hub does.
   */
  async ask(
    ref: JobRef,
    lane: Lane,
    { again, signal = this.#parts.signal }: { again?: boolean; signal?: AbortSignal } = {},
  ): Promise<TranscodeFacts | undefined> {
    const { hub, clock, budget } = this.#parts;
    const key = jobKey(ref);
    const either = AbortSignal.any([signal, this.#parts.signal]);
    for (;;) {
      if (either.aborted) throw cancellation(either);
      const flight = this.#flights.get(key);
      if (flight) {
        if (lane === "interactive") budget(ref.account).promote(flight.signal);
        return await orAbort(flight.facts, either);
      }
      const claim = await hub.claimTranscode(ref, { ...this.#lease(), again });
      if (!claim || claim.facts) return claim?.facts;
      if (claim.held) this.#start(ref, lane, claim.at);
      else if (lane === "background") return undefined;
      else await clock.sleep(lookEvery, either).catch(() => {});
    }
  }

  /** Asks, for nobody who waits: one job of an account after the other, so that one refusal is all there is. */
  askInTurn(ref: JobRef): void {
    const before = this.#turns.get(ref.account) ?? Promise.resolve();
    const turn = before.then(() => this.ask(ref, "background")).catch(() => {});
    this.#turns.set(ref.account, turn);
  }

  /** Resolves when no call is under way, which is soon after the signal was aborted. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#turns.values(), ...[...this.#flights.values()].map(({ facts }) => facts)]);
  }

  #lease(): Lease {
    const now = this.#parts.clock.now();
    return { owner: this.#parts.owner, now, until: now + leaseTime };
  }

  #start(ref: JobRef, lane: Lane, at: number): void {
    const key = jobKey(ref);
    if (this.#flights.has(key)) return; // two who asked in one moment had the same right
    // A signal of its own, as the budget knows who waits by it.
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, this.#parts.signal]);
    const facts = this.#call(ref, lane, at, signal).finally(() => {
      this.#flights.delete(key);
      ended.abort();
    });
    facts.catch(() => {}); // who waits for it is told
    this.#flights.set(key, { signal, facts });
    void this.#renew(ref, signal);
  }

  async #call(ref: JobRef, lane: Lane, at: number, signal: AbortSignal): Promise<TranscodeFacts> {
    const { hub, mirror, clock, log, owner, clientFor } = this.#parts;
    let facts: TranscodeFacts;
    try {
      const client = await clientFor(ref.account);
      const jobs = await client.getTranscodeTask?.([ref.id], { region: ref.region, lane, signal });
      const told = jobs?.find(({ jobId }) => jobId === ref.id);
      facts = told ? { told: withoutSecrets(told) } : {};
    } catch (error) {
      if (signal.aborted) {
        await hub.saveTranscode({ ref, owner, at });
        throw cancellation(signal);
      }
      const problem = jobProblemOf(error, clock.now());
      log("info", `${jobKey(ref)}: GetTranscodeTask: ${problem.kind} ${problem.code ?? ""} ${problem.message}`);
      facts = { problem };
    }
    await hub.saveTranscode({ ref, owner, at, facts });
    await mirror.sync();
    return facts;
  }

  async #renew(ref: JobRef, signal: AbortSignal): Promise<void> {
    const { hub, clock } = this.#parts;
    for (;;) {
      await clock.sleep(renewEvery, signal).catch(() => {});
      if (signal.aborted) return;
      // One that cannot be prolonged runs out: another window asks too, which harms nobody.
      await hub.claimTranscode(ref, this.#lease()).catch(() => {});
    }
  }
}

/** An error may quote anything, and the address of a private file holds its signature. */
function withoutSecrets({ errorCode, errorMessage, output, ...rest }: TranscodeProgress): TranscodeProgress {
  return {
    ...rest,
    errorCode: errorCode && redact(errorCode),
    errorMessage: errorMessage && redact(errorMessage),
    output: output && { ...output, url: output.url?.replace(/[?#].*$/s, "") },
  };
}

function orAbort<T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancellation(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    wanted.finally(() => signal.removeEventListener("abort", onAbort)).then(resolve, reject);
  });
}
