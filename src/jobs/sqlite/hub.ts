import { join } from "node:path";
import type { JobRef, JobType } from "../../vod/types.ts";
import type {
  AccountBlock,
  AddedJobs,
  CallResult,
  Claim,
  ClaimDue,
  Durations,
  HubChanges,
  HubJob,
  HubPage,
  HubPosition,
  JobEdit,
  JobHub,
  Lease,
  NewJob,
  SlotGrant,
  SlotRequest,
  StoredAnswer,
  TranscodeClaim,
  TranscodeResult,
} from "../hub.ts";
import type { HubNotice, Observation } from "../types.ts";
import * as accounts from "./accounts.ts";
import { changesSince, loadPage } from "./changes.ts";
import { claimAny, claimDue, claimJob, releaseLeases, renewLeases } from "./claims.ts";
import { asStorageError, type Database, isDamage, patience } from "./database.ts";
import { databaseName, fileIdentity, type OpenedDatabase, openDatabase } from "./open.ts";
import { answerOf, compress, durationsOf, observationsOf, previousRun, saveResult } from "./results.ts";
import { deleteOld } from "./retention.ts";
import { jobOf, jobRow } from "./rows.ts";
import { addJobs, editJobs, pinJobs, removeJobs, restoreJobs, takeAnnouncements } from "./tracking.ts";
import { Transaction } from "./transaction.ts";
import { claimTranscode, saveRefusal, saveTranscode } from "./transcodes.ts";

/** How often, ms, a window that could not open the file tries again. */
const tryAgainEvery = 10_000;
/** How long such a try may wait for another process, ms: the others wait too. */
const retryPatience = 100;

/**
 * The hub in one SQLite file that every window and process opens. Each operation is one transaction.
 * All work is synchronous beneath its promises, so it belongs in a worker thread (`worker.ts`).
 */
export class SqliteHub implements JobHub {
  readonly #folder: string | undefined;
  readonly #wallClock: () => number;
  readonly #busyTimeout: number;
  #notices: readonly HubNotice[] = [];
  #opened: OpenedDatabase;
  #triedAt: number;
  /** What `changes` gave last, and the file's version then: nothing to look for while both are the same. */
  #seen: { readonly version: unknown; readonly position: HubPosition } | undefined;

  /**
   * `folder` undefined: in memory. `now` names files that are moved aside, and tells when to try again. `busyTimeout`: how
   * long to wait for another process's transaction, ms.
   */
  constructor(folder: string | undefined, now: () => number = Date.now, busyTimeout = patience) {
    this.#folder = folder;
    this.#wallClock = now;
    this.#triedAt = now();
    this.#busyTimeout = busyTimeout;
    this.#opened = this.#open();
  }

  async notices(): Promise<readonly HubNotice[]> {
    return this.#notices;
  }

  async load(afterKey: string, limit: number): Promise<HubPage> {
    return this.#work((db) => db.transaction(() => loadPage(db, this.#file, afterKey, limit)));
  }

  async changes(since: HubPosition, limit: number): Promise<HubChanges | undefined> {
    this.#tryAgain();
    return this.#work((db) => {
      const version = db.get("PRAGMA data_version")?.data_version;
      const seen = this.#seen;
      if (seen?.version === version && seen?.position.seq === since.seq && seen?.position.epoch === since.epoch) return;
      const changes = db.transaction(() => changesSince(db, this.#file, since, limit));
      const { position, more } = changes;
      this.#seen = more ? undefined : { version, position };
      return position.epoch === since.epoch && position.seq === since.seq ? undefined : changes;
    });
  }

  async add(jobs: readonly NewJob[], now: number): Promise<AddedJobs> {
    return this.#write((transaction) => addJobs(transaction, jobs, now));
  }

  async remove(keys: readonly string[], now: number): Promise<string[]> {
    return this.#write((transaction) => removeJobs(transaction, keys, now));
  }

  async restore(keys: readonly string[]): Promise<string[]> {
    return this.#write((transaction) => restoreJobs(transaction, keys));
  }

  async edit(edits: readonly JobEdit[]): Promise<void> {
    this.#write((transaction) => editJobs(transaction, edits));
  }

  async pin(keys: readonly string[], position: number | undefined | null): Promise<void> {
    this.#write((transaction) => pinJobs(transaction, keys, position));
  }

  async claimDue(request: ClaimDue): Promise<HubJob[]> {
    return this.#write(({ db }) => claimDue(db, request));
  }

  async claim(ref: JobRef, lease: Lease): Promise<Claim> {
    return this.#write(({ db }) => claimJob(db, ref, lease));
  }

  async claimProbe(account: string, lease: Lease, nextProbeAt: number): Promise<HubJob | undefined> {
    return this.#write((transaction) => {
      if (!accounts.isAccountProbeDue(transaction.db, account, lease.now)) return undefined;
      const job = claimAny(transaction.db, account, lease);
      if (job) accounts.planProbe(transaction, account, nextProbeAt);
      return job;
    });
  }

  async renew(keys: readonly string[], lease: Lease): Promise<string[]> {
    return this.#write(({ db }) => renewLeases(db, keys, lease));
  }

  async release(owner: string, keys?: readonly string[]): Promise<void> {
    this.#write(({ db }) => releaseLeases(db, owner, keys));
  }

  async save(results: readonly CallResult[]): Promise<void> {
    const bodies = results.map(({ answer }) => answer && compress(answer.raw));
    this.#write((transaction) => {
      for (const [index, result] of results.entries()) saveResult(transaction, result, bodies[index]);
    });
  }

  async claimTranscode(ref: JobRef, request: Lease & { again?: boolean }): Promise<TranscodeClaim | undefined> {
    return this.#write(({ db }) => claimTranscode(db, ref, request));
  }

  async saveTranscode(result: TranscodeResult): Promise<void> {
    this.#write((transaction) => saveTranscode(transaction, result));
  }

  async forgetRefusal(account: string): Promise<void> {
    this.#write(({ db }) => saveRefusal(db, account, undefined));
  }

  async job(key: string): Promise<HubJob | undefined> {
    return this.#work((db) => {
      const row = jobRow(db, key);
      return row && jobOf(row);
    });
  }

  async answer(key: string): Promise<StoredAnswer | undefined> {
    return this.#work((db) => answerOf(db, key));
  }

  async observations(key: string): Promise<Observation[]> {
    return this.#work((db) => observationsOf(db, key));
  }

  async previousRun(key: string): Promise<StoredAnswer | undefined> {
    return this.#work((db) => previousRun(db, key));
  }

  async durations(type: JobType, kind: string | undefined): Promise<Durations> {
    return this.#work((db) => durationsOf(db, type, kind));
  }

  async takeDigest(): Promise<HubJob[]> {
    return this.#write(takeAnnouncements);
  }

  async reserve(account: string, request: SlotRequest): Promise<SlotGrant> {
    return this.#write((transaction) => accounts.reserve(transaction, account, request));
  }

  async giveBack(account: string, slots: readonly number[], now: number): Promise<void> {
    this.#write((transaction) => accounts.giveBack(transaction, account, slots, now));
  }

  async throttled(account: string, now: number, retryAfter: number | undefined): Promise<void> {
    this.#write((transaction) => accounts.throttle(transaction, account, now, retryAfter));
  }

  async recovering(account: string, now: number): Promise<void> {
    this.#write((transaction) => accounts.recover(transaction, account, now));
  }

  async block(account: string, block: AccountBlock | undefined): Promise<void> {
    this.#write((transaction) =>
      block ? accounts.block(transaction, account, block) : accounts.unblock(transaction, account),
    );
  }

  async maintain(now: number): Promise<boolean> {
    return this.#write(({ db }) => deleteOld(db, now));
  }

  async check(): Promise<void> {
    this.#write(({ db }) => db.run("UPDATE meta SET value = value WHERE name = 'seq'"));
  }

  async close(): Promise<void> {
    this.#opened.database.close();
  }

  /** `damaged`: the identity of the file that proved damaged. */
  #open(damaged?: string): OpenedDatabase {
    const opened = openDatabase(this.#folder, this.#wallClock, { damaged, busyTimeout: this.#busyTimeout });
    if (opened.notice) this.#notices = [...this.#notices, opened.notice];
    return opened;
  }

  #reopen(damaged?: string): void {
    this.#opened.database.close();
    this.#seen = undefined;
    this.#opened = this.#open(damaged);
  }

  /**
   * Where the file could not be opened, what stood in the way may be gone. Windows then find another store, and take
   * along what was tracked meanwhile.
   */
  #tryAgain(): void {
    if (this.#opened.notice?.kind !== "memory") return;
    const now = this.#wallClock();
    if (Math.abs(now - this.#triedAt) < tryAgainEvery) return;
    this.#triedAt = now;
    const opened = openDatabase(this.#folder, this.#wallClock, { busyTimeout: retryPatience });
    const better = opened.identity !== undefined;
    (better ? this.#opened : opened).database.close();
    if (!better) return;
    opened.database.waitFor(this.#busyTimeout);
    this.#seen = undefined;
    this.#opened = opened;
    this.#notices = this.#notices.filter(({ kind }) => kind !== "memory").concat(opened.notice ?? []);
  }

  /** Which file is open. */
  get #file(): string {
    return this.#opened.identity ?? "memory";
  }

  /** Whether another file stands where the open one stood, or none. Where nobody may look, the open one is as good as ever. */
  #isReplaced(): boolean {
    const { identity } = this.#opened;
    try {
      return identity !== undefined && fileIdentity(join(this.#folder!, databaseName)) !== identity;
    } catch {
      return false;
    }
  }

  /** Does `work`; if the file proves damaged or was replaced by another window, opens anew first. */
  #work<T>(work: (database: Database) => T): T {
    const { identity } = this.#opened;
    if (this.#isReplaced()) this.#reopen();
    try {
      return work(this.#opened.database);
    } catch (error) {
      if (!isDamage(error) || identity === undefined) throw asStorageError(error);
      this.#reopen(identity);
      return work(this.#opened.database);
    }
  }

  #write<T>(work: (transaction: Transaction) => T): T {
    return this.#work((db) =>
      db.transaction(() => {
        const transaction = new Transaction(db);
        const result = work(transaction);
        // `data_version` tells of other connections' changes only.
        if (transaction.finish()) this.#seen = undefined;
        return result;
      }),
    );
  }
}
