import type { Clock } from "../vod/types.ts";
import type { HubAccount, HubJob, HubPosition, JobHub } from "./hub.ts";
import { isFinal } from "./phase.ts";
import { type Circumstances, presentAccount, presentJob } from "./present.ts";
import { Sharing } from "./sharing.ts";
import type { AccountState, HubNotice, TrackedJob } from "./types.ts";

/** How many jobs are taken over at once, so that no frame is missed. */
const pageSize = 250;

/** What changed in a mirror, gathered until the end of the microtask in which it changed first. */
export interface MirrorChange {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly accounts: boolean;
}

/** Everything tracked, in memory: the hub's rows, and what surfaces see of them. */
export class Mirror {
  /** One object is both: with 10,000 jobs two would take 4 MB more of every window. */
  readonly jobs = new Map<string, HubJob & TrackedJob>();
  readonly rows: ReadonlyMap<string, HubJob> = this.jobs;
  readonly hubAccounts = new Map<string, HubAccount>();
  readonly accounts = new Map<string, AccountState>();

  readonly #hub: JobHub;
  readonly #clock: Clock;
  readonly #listeners = new Set<(change: MirrorChange) => void>();
  #hubNotices: readonly HubNotice[] = [];
  #trouble: HubNotice | undefined;
  #position: HubPosition | undefined;
  #circumstances: Circumstances;
  #syncing: Promise<void> | undefined;
  #syncNext: Promise<void> | undefined;
  #changed = new Set<string>();
  #removed = new Set<string>();
  #accountsChanged = false;
  #firing = false;
  readonly #sharing = new Sharing();

  constructor(hub: JobHub, clock: Clock, circumstances: Circumstances) {
    this.#hub = hub;
    this.#clock = clock;
    this.#circumstances = circumstances;
  }

  onDidChange(listener: (change: MirrorChange) => void): { dispose(): void } {
    const own = (change: MirrorChange) => listener(change);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  }

  /** What a person should know of the store. */
  get notices(): readonly HubNotice[] {
    return this.#trouble ? [...this.#hubNotices, this.#trouble] : this.#hubNotices;
  }

  /** Whether the store takes no changes at the moment: what is asked for could not be kept. */
  get isTroubled(): boolean {
    return this.#trouble !== undefined;
  }

  /** Undefined: the store takes changes. */
  setTrouble(trouble: HubNotice | undefined): void {
    this.#trouble = trouble;
    this.#accountsChanged = true;
    this.#fire();
  }

  get circumstances(): Circumstances {
    return this.#circumstances;
  }

  /** Next polls look different from now on. Fires `changed` only when `tell`: surfaces read them when they show them. */
  setCircumstances(circumstances: Circumstances, tell: boolean): void {
    this.#circumstances = circumstances;
    for (const row of this.rows.values()) if (!isFinal(row.phase)) this.#present(row, tell);
  }

  /** Takes over what the hub has and this window has not seen. Resolves when all that was there at the call is here. */
  sync(): Promise<void> {
    if (!this.#syncing) {
      this.#syncing = this.#sync().finally(() => {
        this.#syncing = undefined;
      });
      return this.#syncing;
    }
    // The one under way may have asked already: the next one serves everybody who comes until it begins.
    this.#syncNext ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#syncNext = undefined;
        return this.sync();
      });
    return this.#syncNext;
  }

  /** Brings rates that recover with time up to date. */
  refreshAccounts(): void {
    for (const account of this.hubAccounts.values()) {
      if (!account.slowdown) continue;
      const before = this.accounts.get(account.account);
      const after = presentAccount(account, this.#clock.now());
      this.accounts.set(account.account, after);
      if (before?.throttledUntil !== undefined && after.throttledUntil === undefined) {
        this.#accountsChanged = true;
        this.#fire();
      }
    }
  }

  async #sync(): Promise<void> {
    if (!this.#position) return this.#load();
    for (let more = true; more; ) {
      const changes = await this.#hub.changes(this.#position, pageSize);
      if (!changes) return;
      if (changes.position.epoch !== this.#position.epoch) return this.#moveToNewStore();
      this.#position = changes.position;
      for (const account of changes.accounts) this.#takeAccount(account);
      for (const row of changes.jobs) this.#take(row);
      for (const key of changes.removed) this.#drop(key);
      more = changes.more;
    }
  }

  async #load(): Promise<void> {
    this.#hubNotices = await this.#hub.notices();
    const stale = new Set(this.rows.keys());
    let position: HubPosition | undefined;
    for (let after = "", more = true; more; ) {
      const page = await this.#hub.load(after, pageSize);
      position ??= page.position;
      for (const account of page.accounts) this.#takeAccount(account);
      for (const row of page.jobs) {
        this.#take(row);
        stale.delete(row.key);
      }
      after = page.jobs.at(-1)?.key ?? after;
      more = page.more;
    }
    for (const key of stale) this.#drop(key);
    this.#position = position;
    this.#accountsChanged = true;
    this.#fire();
  }

  /** The old store was damaged, replaced or is gone: what is tracked here goes into the new one. */
  async #moveToNewStore(): Promise<void> {
    this.#position = undefined;
    const rows = [...this.rows.values()];
    const now = this.#clock.now();
    // Asked anew, all of them: their answers are not in the new store.
    await this.#hub.add(
      rows.map(({ ref, label }) => ({ ref, label, plan: { at: now, reason: "first" } })),
      now,
    );
    // One that it has already, of an older copy say, is called what it is called here.
    const edits = rows.filter(({ label, paused }) => label || paused);
    await this.#hub.edit(edits.map(({ key, label, paused }) => ({ key, label, paused: paused || undefined })));
    const pinned = rows.filter((row) => row.pin !== undefined).sort((a, b) => a.pin! - b.pin!);
    await this.#hub.pin(
      pinned.map((row) => row.key),
      undefined,
    );
    await this.#load();
  }

  #take(row: HubJob): void {
    this.#present(this.#sharing.lean(row), true);
  }

  #present(row: HubJob, tell: boolean): void {
    this.jobs.set(row.key, presentJob(row, this.hubAccounts.get(row.ref.account), this.#circumstances));
    if (!tell) return;
    this.#removed.delete(row.key);
    this.#changed.add(row.key);
    this.#fire();
  }

  #drop(key: string): void {
    if (!this.jobs.delete(key)) return;
    this.#changed.delete(key);
    this.#removed.add(key);
    this.#fire();
  }

  #takeAccount(account: HubAccount): void {
    const before = this.hubAccounts.get(account.account);
    this.hubAccounts.set(account.account, account);
    this.accounts.set(account.account, presentAccount(account, this.#clock.now()));
    this.#accountsChanged = true;
    this.#fire();
    // All its jobs say so, once when it is blocked and once when it works again.
    if (before?.block?.kind === account.block?.kind && before?.block?.probeAt === account.block?.probeAt) return;
    const tell = before?.block?.kind !== account.block?.kind;
    for (const row of this.rows.values()) {
      if (row.ref.account === account.account && !isFinal(row.phase)) this.#present(row, tell);
    }
  }

  #fire(): void {
    if (this.#firing) return;
    this.#firing = true;
    queueMicrotask(() => {
      this.#firing = false;
      const change = {
        changed: [...this.#changed],
        removed: [...this.#removed],
        accounts: this.#accountsChanged,
      };
      this.#changed = new Set();
      this.#removed = new Set();
      this.#accountsChanged = false;
      // Each on its own, so that one that throws keeps the news from nobody.
      for (const listener of this.#listeners) {
        queueMicrotask(() => {
          if (this.#listeners.has(listener)) listener(change);
        });
      }
    });
  }
}
