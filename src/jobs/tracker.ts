import { cancellation, VodError } from "../vod/errors.ts";
import type { Clock, JobAnswer, JobRef, JobType, RateBudget } from "../vod/types.ts";
import { SharedBudget } from "./budget.ts";
import { Calls } from "./calls.ts";
import type { HubJob, JobEdit, JobHub, NewJob } from "./hub.ts";
import { jobKey, parseJobKey } from "./key.ts";
import { Mirror, type MirrorChange } from "./mirror.ts";
import type { Outcomes } from "./outcomes.ts";
import { isFinal } from "./phase.ts";
import { Poller } from "./poller.ts";
import type { ImportedJob } from "./portable.ts";
import { blockKind } from "./problems.ts";
import type { StorageError } from "./storageError.ts";
import { readStored, type StoredJobAnswer } from "./storedAnswer.ts";
import type { AccountState, HubNotice, Observation, Pace, TrackedJob, TranscodeFacts, VodClientLike } from "./types.ts";
import { watchHub } from "./watchedHub.ts";

export type { StoredJobAnswer } from "./storedAnswer.ts";
export type { VodClientLike } from "./types.ts";

/** Settings a person can change while the tracker runs. */
export interface TrackerSettings {
  /** False: jobs are asked for only when a person says so. */
  readonly polling: boolean;
  readonly pace: Pace;
  /** Calls a second that background polls of all windows may use together, at most 13. */
  readonly backgroundRate: number;
  /** Whether this window is focused at the start. */
  readonly focused: boolean;
}

export interface TrackerParts {
  readonly hub: JobHub;
  /** The client of an account. Rejects with a `VodError` of kind `credentials` when there is none. */
  clientFor(account: string): Promise<VodClientLike>;
  readonly clock: Clock;
  /** Evenly in [0, 1), as `Math.random`. */
  random(): number;
  /** Redacted technical text, for the log. */
  log?(level: "info" | "warn" | "error", message: string): void;
  readonly settings: TrackerSettings;
}

/**
 * What changed, gathered until the end of the microtask in which it changed first: keys of jobs that are new or differ
 * (`changed`) or are not tracked any more (`removed`), and whether `accounts` or `notices` differ.
 */
export type TrackerChange = MirrorChange;

export interface Disposable {
  dispose(): void;
}

/** Names jobs that were removed, so that `restore` brings them back as they were. Opaque. */
export interface RemovedJobs {
  readonly keys: readonly string[];
}

/** How often a window looks for what others changed, ms: with the focus, and without. */
const lookForChanges = { focused: 400, unfocused: 2_000 };
/** At most this much later than the focus do overdue polls begin, ms; windows that wake together do not call together. */
const focusJitter = 1_000;
/** From how many jobs on a refresh goes in the background lane, and how many it asks for at a time. */
const mostInteractive = 5;
const refreshedAtOnce = 8;
/** How old, in ms, the answer of a look-up may be. */
const defaultMaxAge = 2_000;
/** How often what is too old is deleted, ms, and when first. */
const maintainEvery = 6 * 3_600_000;
const maintainFirst = 60_000;
/** How many jobs are changed in one transaction, so that no other window waits long. */
const editedAtOnce = 250;

/**
 * The jobs a person tracks, kept up to date: one per window, all of them sharing a hub. Every surface reads `jobs` and
 * `accounts`, which are always in memory, and listens to `onDidChange`; none calls VOD by itself.
 *
 * Methods that ask the service reject with a `VodError`, of kind `cancelled` when aborted. The others reject only when
 * the hub does.
 */
export class JobTracker {
  readonly #hub: JobHub;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #log: NonNullable<TrackerParts["log"]>;
  readonly #mirror: Mirror;
  readonly #outcomes: () => Promise<Outcomes>;
  readonly #calls: Calls;
  readonly #poller: Poller;
  readonly #budgets = new Map<string, SharedBudget>();
  readonly #watched = new Map<string, number>();
  /** Calls a second of accounts that throttling has slowed, as the log was told. */
  readonly #slowed = new Map<string, number>();
  readonly #disposed = new AbortController();
  #pace: Pace;
  #backgroundRate: number;
  #started: Promise<void> | undefined;
  #lookNow: AbortController | undefined;
  #loading: Promise<Outcomes> | undefined;

  constructor({ hub: store, clientFor, clock, random, log = () => {}, settings }: TrackerParts) {
    const { signal } = this.#disposed;
    const hub = watchHub({ hub: store, clock, signal, tell: (trouble) => this.#tellTrouble(trouble) });
    const owner = `${process.pid}-${Math.floor(random() * 2 ** 48).toString(36)}-${clock.now().toString(36)}`;
    this.#hub = hub;
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    this.#pace = settings.pace;
    this.#backgroundRate = settings.backgroundRate;
    const { polling, focused } = settings;
    const mirror = new Mirror(hub, clock, { polling, focused });
    const budget = (account: string) => this.budget(account);
    const outcomes = () => {
      this.#loading ??= import("./outcomes.ts").then(
        (module) =>
          new module.Outcomes({
            hub,
            mirror,
            clock,
            random,
            log,
            pace: () => this.#pace,
            owner,
            clientFor,
            budget,
            signal,
          }),
      );
      return this.#loading;
    };
    const calls = new Calls({ hub, outcomes, clientFor, budget, clock, owner });
    this.#mirror = mirror;
    this.#outcomes = outcomes;
    this.#calls = calls;
    this.#poller = new Poller({ hub, mirror, calls, clock, random, log, watched: this.#watched });
    mirror.onDidChange(({ accounts }) => {
      this.#poller.wake();
      if (accounts) this.#logThrottling();
    });
  }

  /** Every tracked job by its key, in no order. The map is live; a job in it is replaced when it changes, never altered. */
  get jobs(): ReadonlyMap<string, TrackedJob> {
    return this.#mirror.jobs;
  }

  /** Every account that something is known of. */
  get accounts(): ReadonlyMap<string, AccountState> {
    return this.#mirror.accounts;
  }

  /** What happened to the store that a person should know of, known after `start`; a new one fires a change. */
  get notices(): readonly HubNotice[] {
    return this.#mirror.notices;
  }

  onDidChange(listener: (change: TrackerChange) => void): Disposable {
    return this.#mirror.onDidChange(listener);
  }

  /** Loads what is tracked (a page at a time; resolves when all is there) and begins to poll. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Stops all calls and timers and gives leases back. The hub stays open: who opened it closes it. */
  async dispose(): Promise<void> {
    this.#disposed.abort();
    this.#lookNow?.abort();
    for (const budget of this.#budgets.values()) budget.dispose(cancellation());
    await this.#poller.dispose();
    await this.#calls.dispose().catch(() => {});
    await (await this.#loading)?.transcodes.settled();
  }

  /** Tracks jobs; each is asked for soon. `label` names all that are new. */
  async track(refs: readonly JobRef[], { label }: { label?: string } = {}): Promise<Tracked> {
    const at = this.#clock.now();
    return this.#add(refs.map((ref) => ({ ref, label: label?.trim() || undefined, plan: { at, reason: "first" } })));
  }

  /** Stops tracking. The token brings the jobs back: label, pin, answer and history included. */
  async untrack(keys: readonly string[]): Promise<RemovedJobs> {
    const removed: string[] = [];
    for (let n = 0; n < keys.length; n += editedAtOnce) {
      removed.push(...(await this.#hub.remove(keys.slice(n, n + editedAtOnce), this.#clock.now())));
    }
    await this.#mirror.sync();
    return { keys: removed };
  }

  /** Stops tracking every job that is finished. */
  clearFinished(): Promise<RemovedJobs> {
    return this.untrack(this.#keys((row) => isFinal(row.phase)));
  }

  async restore({ keys }: RemovedJobs): Promise<void> {
    await this.#hub.restore(keys);
    await this.#mirror.sync();
  }

  /**
   * Asks for jobs now. A person waits for a few of them (interactive lane, up to five); more go in the background lane.
   * Jobs asked for already, in this or another window, are not asked twice. With one key a failed call rejects;
   * with several, failures are counted.
   */
  async refresh(
    keys: readonly string[],
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
  ): Promise<{ readonly answered: number; readonly failed: number }> {
    const refs = keys
      .map((key) => this.#mirror.rows.get(key)?.ref ?? parseJobKey(key))
      .filter((ref) => ref !== undefined);
    const lane = refs.length <= mostInteractive ? "interactive" : "background";
    let answered = 0;
    let failed = 0;
    const left = refs.values();
    const askNext = async () => {
      for (const ref of left) {
        if (signal?.aborted) throw cancellation(signal);
        try {
          await this.#calls.ask(ref, lane, signal);
          answered++;
        } catch (error) {
          if (refs.length === 1 || signal?.aborted) throw error;
          failed++;
        }
        onProgress?.(answered + failed, refs.length);
      }
    };
    await Promise.all(Array.from({ length: Math.min(refreshedAtOnce, refs.length) }, askNext));
    return { answered, failed };
  }

  /**
   * The state of any job, tracked or not. From the database when it is final or at most `maxAge` milliseconds old
   * (default 2,000; 0 always asks), else by one call, which everyone who looks the job up meanwhile shares, in every
   * window. Aborting ends the call only when nobody else waits for it.
   */
  async lookUp(
    ref: JobRef,
    { signal, maxAge = defaultMaxAge }: { signal?: AbortSignal; maxAge?: number } = {},
  ): Promise<{ readonly answer: JobAnswer; readonly at: number; readonly job?: TrackedJob }> {
    const key = jobKey(ref);
    const stored = maxAge > 0 ? await this.answer(key) : undefined;
    const goodEnough =
      stored && (isFinal(stored.answer.detail.phase) || Math.abs(this.#clock.now() - stored.at) <= maxAge);
    const { answer, at } = goodEnough ? stored : await this.#calls.ask(ref, "interactive", signal);
    if (!goodEnough) await this.#mirror.sync();
    return { answer, at, job: this.jobs.get(key) };
  }

  /** The first type in `order` under which the account has this job. Undefined: none has; other failures reject. */
  async findType(
    id: string,
    {
      account,
      region,
      order,
      signal,
      onTry,
    }: {
      account: string;
      region: string;
      order: readonly JobType[];
      signal?: AbortSignal;
      onTry?: (type: JobType) => void;
    },
  ): Promise<{ readonly ref: JobRef; readonly answer: JobAnswer } | undefined> {
    for (const type of order) {
      const ref = { account, region, type, id };
      onTry?.(type);
      try {
        return { ref, answer: (await this.lookUp(ref, { signal })).answer };
      } catch (error) {
        if (!(error instanceof VodError && error.kind === "not-found")) throw error;
      }
    }
    return undefined;
  }

  /** The last answer, of tracked and looked-up jobs alike. */
  async answer(key: string): Promise<StoredJobAnswer | undefined> {
    return readStored(await this.#hub.answer(key));
  }

  /**
   * What a transcode job's answer does not tell, as it is kept beside the answer, else by one call, which everyone who asks
   * meanwhile shares, in every window. `again`: a person asked anew, though the account was refused. Undefined: there is no
   * answer yet. Rejects only when aborted.
   */
  async transcode(
    ref: JobRef,
    options: { readonly signal?: AbortSignal; readonly again?: boolean } = {},
  ): Promise<TranscodeFacts | undefined> {
    return (await this.#outcomes()).transcodes.ask(ref, "interactive", options);
  }

  /** Every change of status that was seen, oldest first. */
  history(key: string): Promise<Observation[]> {
    return this.#hub.observations(key);
  }

  /** The last finished task of the same workflow before this one. */
  async previousRun(key: string): Promise<StoredJobAnswer | undefined> {
    return readStored(await this.#hub.previousRun(key));
  }

  /** Undefined or blank takes the label away. */
  async setLabel(key: string, label: string | undefined): Promise<void> {
    await this.#edit([key], { label: label?.trim() || null });
  }

  /** Pins jobs at `position` among the pinned ones (0 first; default: at the end). */
  async pin(keys: readonly string[], position?: number): Promise<void> {
    await this.#hub.pin(keys, position);
    await this.#mirror.sync();
  }

  async unpin(keys: readonly string[]): Promise<void> {
    await this.#hub.pin(keys, null);
    await this.#mirror.sync();
  }

  /** Moves pinned jobs, in this order, to before the pinned job `before`; undefined: to the end. */
  async movePin(keys: readonly string[], before: string | undefined): Promise<void> {
    const moved = new Set(keys);
    const others = [...this.jobs.values()]
      .filter((job) => job.pin !== undefined && !moved.has(job.key))
      .sort((a, b) => a.pin! - b.pin!);
    const position = others.findIndex((job) => job.key === before);
    await this.pin(keys, position < 0 ? undefined : position);
  }

  /** Failures of these jobs have been looked at. */
  async markSeen(keys: readonly string[]): Promise<void> {
    const unseen = keys.filter((key) => this.#mirror.rows.get(key)?.seen === false);
    await this.#edit(unseen, { seen: true });
  }

  /** Stops updates of these jobs (default: all unfinished), in every window, until `resume`. */
  async pause(keys: readonly string[] = this.#keys((row) => !isFinal(row.phase))): Promise<void> {
    await this.#edit(keys, { paused: true });
  }

  async resume(keys: readonly string[] = this.#keys((row) => row.paused)): Promise<void> {
    await this.#edit(keys, { paused: false });
  }

  /** Tells whether this window has the focus: polls are slower without, and catch up with it. */
  setFocused(focused: boolean): void {
    const { circumstances } = this.#mirror;
    if (focused === circumstances.focused) return;
    if (!focused) {
      this.#mirror.setCircumstances({ polling: circumstances.polling, focused }, false);
      return;
    }
    const since = this.#clock.now();
    const until = since + this.#random() * focusJitter;
    this.#mirror.setCircumstances({ polling: circumstances.polling, focused, catchingUp: { since, until } }, false);
    this.#poller.hold(until);
    this.#lookNow?.abort();
  }

  /** While the returned handle is not disposed, somebody looks at this job: it is polled a bit more eagerly. */
  watch(key: string): Disposable {
    this.#watched.set(key, (this.#watched.get(key) ?? 0) + 1);
    this.#poller.wake();
    let watching = true;
    return {
      dispose: () => {
        if (!watching) return;
        watching = false;
        const others = this.#watched.get(key)! - 1;
        if (others > 0) this.#watched.set(key, others);
        else this.#watched.delete(key);
      },
    };
  }

  setPolling({ enabled, pace }: { enabled: boolean; pace: Pace }): void {
    const { circumstances } = this.#mirror;
    if (enabled !== circumstances.polling) {
      this.#mirror.setCircumstances({ ...circumstances, polling: enabled }, true);
      this.#poller.wake();
    }
    if (pace === this.#pace) return;
    this.#pace = pace;
    this.#planAnew().catch((error: unknown) => this.#log("error", `plan: ${error}`));
  }

  setBackgroundRate(perSecond: number): void {
    this.#backgroundRate = perSecond;
  }

  /** The account's credential may be another now: what failed because of it is tried again at once. */
  async credentialsChanged(account: string): Promise<void> {
    if (this.#mirror.hubAccounts.get(account)?.block?.kind === "credentials") await this.#hub.block(account, undefined);
    const at = this.#clock.now();
    const failed = this.#keys(
      ({ ref, problem }) =>
        ref.account === account && problem !== undefined && blockKind(problem.kind) === "credentials",
    );
    await this.#edit(failed, { plan: { at, reason: "problem" } });
    await this.#hub.forgetRefusal(account);
  }

  /** The call budget of an account, shared by all windows: give it to the account's client. */
  budget(account: string): RateBudget & SharedBudget {
    let budget = this.#budgets.get(account);
    if (!budget) {
      budget = new SharedBudget(this.#hub, account, this.#clock, () => this.#backgroundRate);
      this.#budgets.set(account, budget);
    }
    return budget;
  }

  /**
   * Tracked jobs that finished while they were tracked and that no window has told of yet. Each job is given once, to
   * one caller: call it only to show them.
   */
  async takeDigest(): Promise<readonly TrackedJob[]> {
    const rows = await this.#hub.takeDigest();
    await this.#mirror.sync();
    return rows.map(({ key }) => this.jobs.get(key)).filter((job) => job !== undefined);
  }

  /** Tracks what `portable.ts` read, labels and pins included. */
  async importJobs(jobs: readonly ImportedJob[]): Promise<Tracked> {
    const at = this.#clock.now();
    const tracked = await this.#add(jobs.map(({ ref, label }) => ({ ref, label, plan: { at, reason: "first" } })));
    const added = new Set(tracked.added.map(({ key }) => key));
    const pinned = jobs.filter((job) => job.pinned).map(({ ref }) => jobKey(ref));
    await this.pin(
      pinned.filter((key) => added.has(key)),
      undefined,
    );
    return { added: tracked.added.map((job) => this.jobs.get(job.key) ?? job), already: tracked.already };
  }

  async #start(): Promise<void> {
    await this.#mirror.sync();
    this.#poller.start();
    this.#lookForChanges();
    this.#maintain();
  }

  async #add(jobs: readonly NewJob[]): Promise<Tracked> {
    const added: string[] = [];
    const already: string[] = [];
    for (let n = 0; n < jobs.length; n += editedAtOnce) {
      const some = await this.#hub.add(jobs.slice(n, n + editedAtOnce), this.#clock.now());
      added.push(...some.added);
      already.push(...some.already);
    }
    await this.#mirror.sync();
    const known = (keys: readonly string[]) => keys.map((key) => this.jobs.get(key)).filter((job) => job !== undefined);
    return { added: known(added), already: known(already) };
  }

  async #edit(keys: readonly string[], edit: Omit<JobEdit, "key">): Promise<void> {
    for (let n = 0; n < keys.length; n += editedAtOnce) {
      await this.#hub.edit(keys.slice(n, n + editedAtOnce).map((key) => ({ key, ...edit })));
    }
    await this.#mirror.sync();
  }

  #keys(which: (row: HubJob) => boolean): string[] {
    return [...this.#mirror.rows.values()].filter(which).map((row) => row.key);
  }

  /** After a change of pace. */
  async #planAnew(): Promise<void> {
    const pace = this.#pace;
    const rows = [...this.#mirror.rows.values()].filter((row) => !isFinal(row.phase) && row.checkedAt !== undefined);
    const outcomes = await this.#outcomes();
    for (let n = 0; n < rows.length && pace === this.#pace; n += editedAtOnce) {
      const some = rows.slice(n, n + editedAtOnce);
      const edits = some.map(async (row) => ({
        key: row.key,
        plan: await outcomes.plan(row.ref, row.kind, row),
      }));
      await this.#hub.edit(await Promise.all(edits));
      await this.#mirror.sync();
    }
  }

  #tellTrouble(error: StorageError | undefined): void {
    this.#mirror.setTrouble(error && { kind: error.trouble, message: error.message });
    if (error) this.#log("error", `the job database takes no changes: ${error.message}`);
    else this.#log("info", "the job database takes changes again");
  }

  #logThrottling(): void {
    for (const { account, throttledUntil, ratePerSecond } of this.accounts.values()) {
      const before = this.#slowed.get(account);
      if (throttledUntil === undefined) {
        if (this.#slowed.delete(account)) this.#log("info", `account ${account}: calls are at full rate again`);
      } else if (before === undefined || ratePerSecond < before) {
        const until = new Date(throttledUntil).toISOString();
        this.#log("warn", `account ${account}: slowed by the service to ${ratePerSecond} calls/s until about ${until}`);
        this.#slowed.set(account, ratePerSecond);
      }
    }
  }

  async #lookForChanges(): Promise<void> {
    const { signal } = this.#disposed;
    while (!signal.aborted) {
      this.#lookNow = new AbortController();
      const { focused } = this.#mirror.circumstances;
      const wait = focused ? lookForChanges.focused : lookForChanges.unfocused;
      await this.#clock.sleep(wait, this.#lookNow.signal).catch(() => {});
      if (signal.aborted) return;
      this.#mirror.refreshAccounts();
      await this.#mirror.sync().catch((error: unknown) => this.#log("error", `changes: ${error}`));
    }
  }

  async #maintain(): Promise<void> {
    const { signal } = this.#disposed;
    for (let wait = maintainFirst; ; wait = maintainEvery) {
      await this.#clock.sleep(wait, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        while (await this.#hub.maintain(this.#clock.now())) if (signal.aborted) return;
      } catch (error) {
        this.#log("error", `maintain: ${error}`);
      }
    }
  }
}

/** What became of jobs that were to be tracked. */
export interface Tracked {
  readonly added: readonly TrackedJob[];
  readonly already: readonly TrackedJob[];
}
