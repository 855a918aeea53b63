import type { Clock } from "../vod/types.ts";
import type { Calls } from "./calls.ts";
import type { HubJob, JobHub } from "./hub.ts";
import type { Mirror } from "./mirror.ts";
import { isProbeDue, probeWait } from "./problems.ts";

/** How many calls of an account this window has under way at most, and how many due jobs it claims at once. */
const mostRunning = 8;
const claimedAtOnce = 4;
/** When the hub had fewer due jobs than this window thinks: other windows hold them. Look again after, ms. */
const lookAgain = 1_000;
/** The longest this loop sleeps, ms; waking much later than planned means that the machine slept. */
const longestSleep = 30_000;
const sleptThrough = 10_000;
/** The longest that polls are held back, ms. */
const longestHold = 5_000;
/** A job that was asked for further ahead of now than this, ms, was so before the wall clock was set back. */
const clockSlack = 2_000;
/** How much sooner a job is polled that somebody looks at: the share of its interval, and at least, ms. */
const watchedShare = 1 / 3;
const watchedInterval = 3_000;
/** After a failure of the hub, ms. */
const hubBackoff = 5_000;

export interface PollerParts {
  readonly hub: JobHub;
  readonly mirror: Mirror;
  readonly calls: Calls;
  readonly clock: Clock;
  random(): number;
  log(level: "info" | "error", message: string): void;
  /** Keys of jobs that somebody looks at. */
  readonly watched: ReadonlyMap<string, number>;
}

/** What one account has to do. */
interface Agenda {
  /** Jobs that are due. */
  due: number;
  /** When the next one is. */
  nextAt: number;
}

/** Polls what is due: one loop per window. Which jobs, the hub decides; how fast, the account's budget. */
export class Poller {
  readonly #parts: PollerParts;
  readonly #running = new Map<string, number>();
  /** When there was nothing to claim, because other windows hold it, and when the last probe was tried; by account. */
  readonly #dryAt = new Map<string, number>();
  readonly #probedAt = new Map<string, number>();
  readonly #disposed = new AbortController();
  #loop: Promise<void> | undefined;
  #holdUntil = 0;
  #woken = false;
  #sleep: AbortController | undefined;

  constructor(parts: PollerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something changed: look again what is due. */
  wake(): void {
    this.#woken = true;
    this.#sleep?.abort();
  }

  /** Starts nothing before `until`. */
  hold(until: number): void {
    this.#holdUntil = until;
    this.wake();
  }

  async dispose(): Promise<void> {
    this.#disposed.abort();
    this.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#parts;
    while (!this.#disposed.signal.aborted) {
      this.#woken = false;
      let until: number;
      try {
        until = await this.#turn();
      } catch (error) {
        log("error", `poll: ${error instanceof Error ? error.message : error}`);
        until = clock.now() + hubBackoff;
      }
      if (this.#woken) continue;
      until = Math.min(until, clock.now() + longestSleep);
      this.#sleep = new AbortController();
      await clock.sleep(Math.max(0, Math.ceil(until - clock.now())), this.#sleep.signal).catch(() => {});
      this.#sleep = undefined;
      this.#noticeJump(until);
    }
  }

  /** After the machine slept, the network needs a moment, and other windows wake in the same one. */
  #noticeJump(expected: number): void {
    const { clock, log, random } = this.#parts;
    if (clock.now() - expected < sleptThrough) return;
    log("info", `slept for ${Math.round((clock.now() - expected) / 1_000)} s`);
    this.#holdUntil = clock.now() + 1_000 + random() * 3_000;
  }

  /** Starts what can be started now; gives when to look again. */
  async #turn(): Promise<number> {
    const { clock, mirror } = this.#parts;
    if (!mirror.circumstances.polling) return Number.POSITIVE_INFINITY;
    const hold = this.#holdUntil - clock.now();
    if (hold > 0 && hold <= longestHold) return this.#holdUntil;
    if (mirror.isTroubled) return clock.now() + hubBackoff;
    let next = await this.#askWatched();
    for (const [account, agenda] of await this.#survey()) {
      const block = mirror.hubAccounts.get(account)?.block;
      const then = block ? await this.#probe(account, block) : await this.#claim(account, agenda);
      next = Math.min(next, then);
    }
    return next;
  }

  async #survey(): Promise<Map<string, Agenda>> {
    const { clock, mirror, calls, hub } = this.#parts;
    const now = clock.now();
    const agendas = new Map<string, Agenda>();
    const lost: HubJob[] = [];
    for (const row of mirror.rows.values()) {
      const at = mirror.circumstances.focused ? row.plan.at : (row.plan.unfocusedAt ?? row.plan.at);
      if (at === undefined || row.paused || calls.isAsking(row.key)) continue;
      const agenda = agendas.get(row.ref.account) ?? { due: 0, nextAt: Number.POSITIVE_INFINITY };
      agendas.set(row.ref.account, agenda);
      if (at <= now) agenda.due++;
      else if (askedAt(row) > now + clockSlack) lost.push(row);
      else agenda.nextAt = Math.min(agenda.nextAt, at);
    }
    if (lost.length > 0) {
      await hub.edit(lost.map(({ key, plan }) => ({ key, plan: { ...plan, at: now, unfocusedAt: now } })));
      await mirror.sync();
    }
    return agendas;
  }

  async #claim(account: string, { due, nextAt }: Agenda): Promise<number> {
    const { hub, calls, clock, mirror } = this.#parts;
    const again = this.#againAt(this.#dryAt.get(account));
    const { focused } = mirror.circumstances;
    while (due > 0 && again === undefined && this.#free(account) >= claimedAtOnce) {
      const claimed = await hub.claimDue({ ...calls.lease(), account, limit: claimedAtOnce, focused });
      for (const job of claimed) this.#start(job);
      due -= claimed.length;
      if (claimed.length === claimedAtOnce) continue;
      this.#dryAt.set(account, clock.now());
      return due > 0 ? Math.min(clock.now() + lookAgain, nextAt) : nextAt;
    }
    // While calls are under way, the end of one wakes this loop.
    return due > 0 ? Math.min(again ?? nextAt, nextAt) : nextAt;
  }

  async #probe(
    account: string,
    block: { kind: "offline" | "credentials" | "service"; failures: number; probeAt: number },
  ) {
    const { hub, calls, clock, random } = this.#parts;
    const now = clock.now();
    if (!isProbeDue(block, now)) return block.probeAt;
    const again = this.#againAt(this.#probedAt.get(account));
    if (again !== undefined || this.#free(account) < mostRunning) return again ?? now + lookAgain;
    const nextProbeAt = now + probeWait(block.kind, block.failures + 1, random());
    const job = await hub.claimProbe(account, calls.lease(), nextProbeAt);
    if (job) this.#start(job);
    this.#probedAt.set(account, now);
    return now + lookAgain;
  }

  async #askWatched(): Promise<number> {
    const { clock, mirror, calls, watched } = this.#parts;
    let next = Number.POSITIVE_INFINITY;
    for (const key of watched.keys()) {
      const row = mirror.rows.get(key);
      if (!row || row.paused || row.plan.at === undefined || row.checkedAt === undefined || row.problem) continue;
      if (calls.isAsking(key) || mirror.hubAccounts.get(row.ref.account)?.block) continue;
      const wait = Math.max(watchedInterval, (row.plan.at - row.checkedAt) * watchedShare);
      if (row.checkedAt + wait <= clock.now()) this.#start(row, false);
      else next = Math.min(next, row.checkedAt + wait);
    }
    return next;
  }

  #start({ ref }: HubJob, claimed = true): void {
    const { account } = ref;
    this.#running.set(account, (this.#running.get(account) ?? 0) + 1);
    this.#parts.calls
      .ask(ref, "background", this.#disposed.signal, claimed)
      .catch(() => {}) // kept with the job, or its account
      .finally(() => {
        this.#running.set(account, this.#running.get(account)! - 1);
        this.wake();
      });
  }

  /** When to look again after `at`; undefined: now. A time ahead of now is from before the wall clock was set back. */
  #againAt(at: number | undefined): number | undefined {
    const now = this.#parts.clock.now();
    return at !== undefined && at <= now && now < at + lookAgain ? at + lookAgain : undefined;
  }

  #free(account: string): number {
    return mostRunning - (this.#running.get(account) ?? 0);
  }
}

/** When a job was last asked for, or else added: what its plan was made from. */
function askedAt({ problem, checkedAt, addedAt }: HubJob): number {
  return problem?.at ?? checkedAt ?? addedAt;
}
