import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { JobRef, JobType } from "../../vod/types.ts";
import type {
  AccountBlock,
  AddedJobs,
  CallResult,
  Claim,
  ClaimDue,
  Durations,
  HubAccount,
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
} from "../hub.ts";
import { jobKey } from "../key.ts";
import { beginRecovery, giveBackSlots, type PacingState, reserveSlots, slowDown } from "../pacing.ts";
import { isFinal } from "../phase.ts";
import type { HubNotice, Observation } from "../types.ts";
import { type Database, isDamage, type Row } from "./database.ts";
import { databaseName, fileIdentity, type OpenedDatabase, openDatabase } from "./open.ts";
import { deleteOld, mostDurations, mostObservations } from "./retention.ts";
import { accountOf, jobOf, observationOf, pacingOf, planValues, setPlan, whole } from "./rows.ts";

const refValues = (ref: JobRef) => ({
  key: jobKey(ref),
  account: ref.account,
  region: ref.region,
  type: ref.type,
  id: ref.id,
});

const blockedAccounts = "SELECT account FROM accounts WHERE block IS NOT NULL";
/** A lease that ends long after one taken now would can only be from before the wall clock was set back. */
const notLeased = "(lease_until IS NULL OR lease_until <= :now OR lease_until > :until + 60000)";

/**
 * The hub in one SQLite file that every window and process opens. Each operation is one transaction.
 * All work is synchronous beneath its promises, so it belongs in a worker thread (`worker.ts`).
 */
export class SqliteHub implements JobHub {
  readonly #folder: string | undefined;
  readonly #wallClock: () => number;
  readonly #notices: HubNotice[] = [];
  #opened: OpenedDatabase;
  /** What `changes` gave last, and the file's version then: nothing to look for while both are the same. */
  #seen: { readonly version: unknown; readonly position: HubPosition } | undefined;
  /** The number of the last change, while a transaction is open that has made one. */
  #seq: number | undefined;

  /** `folder` undefined: in memory. `now` names files that are moved aside. */
  constructor(folder: string | undefined, now: () => number = Date.now) {
    this.#folder = folder;
    this.#wallClock = now;
    this.#opened = this.#open();
  }

  async notices(): Promise<readonly HubNotice[]> {
    return this.#notices;
  }

  async load(afterKey: string, limit: number): Promise<HubPage> {
    return this.#transaction((db) => {
      const rows = db.all("SELECT * FROM jobs WHERE tracked = 1 AND key > :afterKey ORDER BY key LIMIT :limit", {
        afterKey,
        limit,
      });
      return {
        position: position(db),
        jobs: rows.map(jobOf),
        accounts: db.all("SELECT * FROM accounts").map(accountOf),
        more: rows.length === limit,
      };
    });
  }

  async changes(since: HubPosition, limit: number): Promise<HubChanges | undefined> {
    return this.#work((db) => {
      const version = db.get("PRAGMA data_version")?.data_version;
      const seen = this.#seen;
      if (seen?.version === version && seen?.position.seq === since.seq && seen?.position.epoch === since.epoch) return;
      this.#seen = undefined;
      return db.transaction(() => {
        const end = position(db);
        if (end.epoch !== since.epoch) return { position: end, more: false, jobs: [], removed: [], accounts: [] };
        const rows = db.all("SELECT * FROM jobs WHERE seq > :seq ORDER BY seq LIMIT :limit", { seq: since.seq, limit });
        const more = rows.length === limit;
        const reached = more ? { ...end, seq: rows.at(-1)?.seq as number } : end;
        if (!more) this.#seen = { version, position: end };
        if (reached.seq === since.seq) return;
        return {
          position: reached,
          more,
          jobs: rows.filter((row) => row.tracked === 1).map(jobOf),
          removed: rows.filter((row) => row.tracked === 0).map((row) => row.key as string),
          accounts: db.all("SELECT * FROM accounts WHERE seq > :seq", { seq: since.seq }).map(accountOf),
        };
      });
    });
  }

  async add(jobs: readonly NewJob[], now: number): Promise<AddedJobs> {
    return this.#write((db) => {
      const added: string[] = [];
      const already: string[] = [];
      for (const { ref, label, plan } of jobs) {
        const values = { ...refValues(ref), ...planValues(plan), label: label ?? null, now, seq: this.#nextSeq(db) };
        // An answer that a look-up left stays, so that the job shows at once; what a person said of it before does not.
        const isNew = db.run(
          `INSERT INTO jobs (key, account, region, type, id, tracked, label, added_at, due_at, unfocused_due_at, reason,
             likely_end_at, seq)
           VALUES (:key, :account, :region, :type, :id, 1, :label, :now, :due_at, :unfocused_due_at, :reason,
             :likely_end_at, :seq)
           ON CONFLICT (key) DO UPDATE SET tracked = 1, label = :label, added_at = :now, removed_at = NULL, pin = NULL,
             seen = 1, paused = 0, announce = 0, problem = NULL, failures = 0, ${setPlan}, seq = :seq
           WHERE tracked = 0`,
          values,
        );
        (isNew ? added : already).push(values.key);
      }
      return { added, already };
    });
  }

  async remove(keys: readonly string[], now: number): Promise<string[]> {
    return this.#write((db) =>
      keys.filter((key) =>
        db.run("UPDATE jobs SET tracked = 0, removed_at = :now, seq = :seq WHERE key = :key AND tracked = 1", {
          key,
          now,
          seq: this.#nextSeq(db),
        }),
      ),
    );
  }

  async restore(keys: readonly string[]): Promise<string[]> {
    const sql = `UPDATE jobs SET tracked = 1, removed_at = NULL, seq = :seq
                 WHERE key = :key AND tracked = 0 AND removed_at IS NOT NULL`;
    return this.#write((db) => keys.filter((key) => db.run(sql, { key, seq: this.#nextSeq(db) })));
  }

  async edit(edits: readonly JobEdit[]): Promise<void> {
    this.#write((db) => {
      for (const { key, label, seen, paused, plan } of edits) {
        const sets = [
          label !== undefined && "label = :label",
          seen && "seen = 1",
          paused !== undefined && "paused = :paused",
          plan && setPlan,
        ];
        db.run(
          `UPDATE jobs SET ${[...sets, "seq = :seq"].filter(Boolean).join(", ")} WHERE key = :key AND tracked = 1`,
          {
            key,
            label: label ?? null,
            paused: paused ? 1 : 0,
            ...(plan && planValues(plan)),
            seq: this.#nextSeq(db),
          },
        );
      }
    });
  }

  async pin(keys: readonly string[], at: number | undefined | null): Promise<void> {
    this.#write((db) => {
      const before = db.all("SELECT key, pin FROM jobs WHERE pin IS NOT NULL AND tracked = 1 ORDER BY pin, key");
      const moved = new Set(keys);
      const order = before.map((row) => row.key as string).filter((key) => !moved.has(key));
      if (at !== null) order.splice(at ?? order.length, 0, ...moved);
      const pins = new Map(order.map((key, index) => [key, index]));
      const old = new Map(before.map((row) => [row.key as string, row.pin as number]));
      for (const key of new Set([...old.keys(), ...moved])) {
        const pin = pins.get(key);
        if (pin === old.get(key)) continue;
        db.run("UPDATE jobs SET pin = :pin, seq = :seq WHERE key = :key AND tracked = 1", {
          key,
          pin: pin ?? null,
          seq: this.#nextSeq(db),
        });
      }
    });
  }

  async claimDue({ focused, ...request }: ClaimDue): Promise<HubJob[]> {
    const due = focused ? "due_at" : "unfocused_due_at";
    return this.#write((db) =>
      db
        .all(
          `UPDATE jobs SET lease_owner = :owner, lease_until = :until WHERE key IN (
             SELECT key FROM jobs
             WHERE tracked = 1 AND paused = 0 AND ${due} <= :now AND ${notLeased}
               AND account = :account AND account NOT IN (${blockedAccounts})
             ORDER BY ${due} LIMIT :limit)
           RETURNING *`,
          { ...request },
        )
        .sort((a, b) => Number(a[due]) - Number(b[due]))
        .map(jobOf),
    );
  }

  async claim(ref: JobRef, { owner, now, until }: Lease): Promise<Claim> {
    return this.#write((db) => {
      const values = { ...refValues(ref), owner, now, until };
      db.run(
        `INSERT OR IGNORE INTO jobs (key, account, region, type, id, tracked, added_at, reason, seq)
         VALUES (:key, :account, :region, :type, :id, 0, :now, 'paused', 0)`,
        values,
      );
      const held = db.run(
        `UPDATE jobs SET lease_owner = :owner, lease_until = :until WHERE key = :key AND (lease_owner = :owner OR ${notLeased})`,
        values,
      );
      const row = jobRow(db, values.key)!;
      return { held: held === 1, heldUntil: held ? undefined : (row.lease_until as number), job: jobOf(row) };
    });
  }

  async claimProbe(account: string, lease: Lease, nextProbeAt: number): Promise<HubJob | undefined> {
    return this.#write((db) => {
      const { block } = accountOf(accountRow(db, account));
      if (!block || block.probeAt > lease.now) return undefined;
      const row = db.get(
        `UPDATE jobs SET lease_owner = :owner, lease_until = :until WHERE key = (
           SELECT key FROM jobs
           WHERE tracked = 1 AND paused = 0 AND due_at IS NOT NULL AND account = :account
             AND ${notLeased}
           ORDER BY due_at LIMIT 1)
         RETURNING *`,
        { account, ...lease },
      );
      if (!row) return undefined;
      this.#saveBlock(db, account, { ...block, probeAt: Math.ceil(nextProbeAt) });
      return jobOf(row);
    });
  }

  async renew(keys: readonly string[], { owner, now, until }: Lease): Promise<string[]> {
    return this.#write((db) =>
      keys.filter((key) =>
        db.run(
          "UPDATE jobs SET lease_until = :until WHERE key = :key AND lease_owner = :owner AND lease_until > :now",
          { key, owner, now, until },
        ),
      ),
    );
  }

  async release(owner: string, keys?: readonly string[]): Promise<void> {
    this.#write((db) => {
      const set = "UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = :owner";
      if (!keys) db.run(set, { owner });
      else for (const key of keys) db.run(`${set} AND key = :key`, { owner, key });
    });
  }

  async save(results: readonly CallResult[]): Promise<void> {
    // Compressed before the transaction begins, as it takes longer than all the rest.
    const bodies = results.map(({ answer }) => answer && deflateRawSync(answer.raw));
    this.#write((db) => {
      for (const [index, result] of results.entries()) this.#saveResult(db, result, bodies[index]);
    });
  }

  async job(key: string): Promise<HubJob | undefined> {
    return this.#work((db) => {
      const row = jobRow(db, key);
      return row && jobOf(row);
    });
  }

  async answer(key: string): Promise<StoredAnswer | undefined> {
    return this.#work((db) => {
      const row = db.get("SELECT jobs.*, at, body FROM answers JOIN jobs USING (key) WHERE key = :key", { key });
      return row && answerOf(row);
    });
  }

  async observations(key: string): Promise<Observation[]> {
    const sql = "SELECT at, status, phase FROM observations WHERE key = :key ORDER BY at, rowid";
    return this.#work((db) => db.all(sql, { key }).map(observationOf));
  }

  async previousRun(key: string): Promise<StoredAnswer | undefined> {
    return this.#work((db) => {
      const row = db.get(
        `SELECT run.*, answers.at, answers.body FROM jobs AS this
         JOIN jobs AS run ON run.type = 'workflow' AND run.finished_at IS NOT NULL AND run.kind = this.kind
           AND run.created_at < this.created_at AND run.account = this.account AND run.region = this.region
         JOIN answers ON answers.key = run.key
         WHERE this.key = :key AND this.type = 'workflow' ORDER BY run.created_at DESC LIMIT 1`,
        { key },
      );
      return row && answerOf(row);
    });
  }

  async durations(type: JobType, kind: string | undefined): Promise<Durations> {
    const newest = "ORDER BY finished_at DESC LIMIT :limit";
    const values = { type, kind: kind ?? "", limit: mostDurations };
    const list = (rows: Row[]) => rows.map((row) => row.duration as number);
    return this.#work((db) => ({
      ofKind: list(db.all(`SELECT duration FROM durations WHERE type = :type AND kind = :kind ${newest}`, values)),
      ofType: list(db.all(`SELECT duration FROM durations WHERE type = :type ${newest}`, values)),
    }));
  }

  async takeDigest(): Promise<HubJob[]> {
    return this.#write((db) =>
      db
        .all("UPDATE jobs SET announce = 0 WHERE announce = 1 RETURNING *")
        .filter((row) => row.tracked === 1)
        .map(jobOf),
    );
  }

  async reserve(account: string, request: SlotRequest): Promise<SlotGrant> {
    return this.#write((db) => {
      const { state, grant } = reserveSlots(pacingOf(accountRow(db, account)), request);
      savePacing(db, account, state);
      return grant;
    });
  }

  async giveBack(account: string, slots: readonly number[], now: number): Promise<void> {
    this.#write((db) => savePacing(db, account, giveBackSlots(pacingOf(accountRow(db, account)), slots, now)));
  }

  async throttled(account: string, now: number, retryAfter: number | undefined): Promise<void> {
    this.#write((db) => {
      savePacing(db, account, slowDown(pacingOf(accountRow(db, account)), now, retryAfter));
      this.#touchAccount(db, account);
    });
  }

  async recovering(account: string, now: number): Promise<void> {
    this.#write((db) => {
      const before = pacingOf(accountRow(db, account));
      const after = beginRecovery(before, now);
      if (after === before) return;
      savePacing(db, account, after);
      this.#touchAccount(db, account);
    });
  }

  async block(account: string, block: AccountBlock | undefined): Promise<void> {
    this.#write((db) => {
      const before = accountOf(accountRow(db, account)).block;
      if (!block) {
        if (before) this.#saveBlock(db, account, undefined);
        return;
      }
      const { kind, problem, startedAt, probeAt } = block;
      const same = before?.kind === kind;
      // Calls that are in flight together fail together: only the first of them tells something.
      if (same && startedAt <= before.problem.at && before.problem.at <= problem.at) return;
      this.#saveBlock(db, account, {
        kind,
        since: same ? before.since : problem.at,
        problem,
        failures: same ? before.failures + 1 : 1,
        probeAt: Math.ceil(probeAt),
      });
    });
  }

  async maintain(now: number): Promise<boolean> {
    return this.#write((db) => deleteOld(db, now));
  }

  async close(): Promise<void> {
    this.#opened.database.close();
  }

  #saveResult(db: Database, { ref, owner, startedAt, at, answer, problem, plan }: CallResult, body?: Uint8Array): void {
    const key = jobKey(ref);
    db.run("UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE key = :key AND lease_owner = :owner", {
      key,
      owner,
    });
    const before = jobRow(db, key);
    if (!before) return;
    // A later call was answered first; a call from the future was made before the wall clock was set back.
    const askedAt = Number(before.asked_at ?? 0);
    if (askedAt > startedAt && askedAt <= at) return;
    const seq = before.tracked ? this.#nextSeq(db) : Number(before.seq);
    if (plan) db.run(`UPDATE jobs SET ${setPlan} WHERE key = :key`, { key, ...planValues(plan) });
    if (problem) {
      db.run("UPDATE jobs SET problem = :problem, failures = failures + 1, seq = :seq WHERE key = :key", {
        key,
        problem: JSON.stringify(problem),
        seq,
      });
    }
    if (!answer || !body) return;
    const { summary } = answer;
    const changed = before.status !== summary.status || before.phase !== summary.phase || before.checked_at === null;
    const finished = isFinal(summary.phase) && !isFinal(jobOf(before).phase);
    const failed = summary.phase === "failed" || (summary.failedActivities ?? 0) > 0;
    // A job that had ended before it was added is no news.
    const news = before.checked_at !== null || (summary.finishedAt ?? at) >= Number(before.added_at);
    db.run(
      `UPDATE jobs SET phase = :phase, status = :status, title = :title, kind = :kind, media_id = :mediaId,
         created_at = :createdAt, finished_at = :finishedAt, activities = :activities,
         failed_activities = :failedActivities, asked_at = :startedAt, checked_at = :at, problem = NULL, failures = 0,
         changed_at = iif(:changed, :at, changed_at), seen = iif(:unseen, 0, seen), announce = iif(:news, 1, announce),
         seq = :seq
       WHERE key = :key`,
      {
        key,
        seq,
        startedAt,
        at,
        phase: summary.phase,
        status: summary.status,
        title: summary.title ?? null,
        kind: summary.kind ?? null,
        mediaId: summary.mediaId ?? null,
        createdAt: whole(summary.createdAt),
        finishedAt: whole(summary.finishedAt),
        activities: whole(summary.activities),
        failedActivities: whole(summary.failedActivities),
        changed: changed ? 1 : 0,
        unseen: finished && failed ? 1 : 0,
        news: finished && news && before.tracked ? 1 : 0,
      },
    );
    db.run("INSERT OR REPLACE INTO answers VALUES (:key, :at, :body)", { key, at, body });
    if (changed) this.#observe(db, key, at, summary.status, summary.phase);
    const { createdAt, finishedAt } = summary;
    if (isFinal(summary.phase) && createdAt !== undefined && finishedAt !== undefined && finishedAt >= createdAt) {
      db.run("INSERT OR IGNORE INTO durations VALUES (:key, :type, :kind, :finishedAt, :duration)", {
        key,
        type: ref.type,
        kind: summary.kind ?? "",
        finishedAt,
        duration: finishedAt - createdAt,
      });
    }
  }

  #observe(db: Database, key: string, at: number, status: string, phase: string): void {
    db.run("INSERT INTO observations VALUES (:key, :at, :status, :phase)", { key, at, status, phase });
    db.run(
      `DELETE FROM observations WHERE rowid IN (
         SELECT rowid FROM observations WHERE key = :key ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET :most)`,
      { key, most: mostObservations },
    );
  }

  #saveBlock(db: Database, account: string, block: HubAccount["block"]): void {
    db.run("UPDATE accounts SET block = :block WHERE account = :account", {
      account,
      block: block ? JSON.stringify(block) : null,
    });
    this.#touchAccount(db, account);
  }

  #touchAccount(db: Database, account: string): void {
    db.run("UPDATE accounts SET seq = :seq WHERE account = :account", { account, seq: this.#nextSeq(db) });
  }

  #open(damaged?: string): OpenedDatabase {
    const opened = openDatabase(this.#folder, this.#wallClock, damaged);
    if (opened.notice) this.#notices.push(opened.notice);
    return opened;
  }

  /** Does `work`; if the file proves damaged or was replaced by another window, opens anew first. */
  #work<T>(work: (database: Database) => T): T {
    const { identity } = this.#opened;
    if (identity !== undefined && fileIdentity(join(this.#folder!, databaseName)) !== identity) this.#reopen();
    try {
      return work(this.#opened.database);
    } catch (error) {
      if (!isDamage(error) || identity === undefined) throw error;
      this.#reopen(identity);
      return work(this.#opened.database);
    }
  }

  #reopen(damaged?: string): void {
    this.#opened.database.close();
    this.#seen = undefined;
    this.#opened = this.#open(damaged);
  }

  #transaction<T>(work: (database: Database) => T): T {
    return this.#work((db) => db.transaction(() => work(db)));
  }

  #write<T>(work: (database: Database) => T): T {
    return this.#transaction((db) => {
      this.#seq = undefined;
      const result = work(db);
      if (this.#seq !== undefined) {
        db.run("UPDATE meta SET value = :seq WHERE name = 'seq'", { seq: this.#seq });
        // `data_version` tells of other connections' changes only.
        this.#seen = undefined;
      }
      return result;
    });
  }

  /** The number of the next change; every changed row takes its own. */
  #nextSeq(db: Database): number {
    this.#seq ??= position(db).seq;
    return ++this.#seq;
  }
}

function position(db: Database): HubPosition {
  const values = new Map(db.all("SELECT name, value FROM meta").map((row) => [row.name, row.value]));
  return { epoch: String(values.get("epoch")), seq: Number(values.get("seq")) };
}

const jobRow = (db: Database, key: string) => db.get("SELECT * FROM jobs WHERE key = :key", { key });

/** The account's row, made when there is none. */
function accountRow(db: Database, account: string): Row {
  const find = () => db.get("SELECT * FROM accounts WHERE account = :account", { account });
  const found = find();
  if (found) return found;
  db.run("INSERT INTO accounts (account, seq) VALUES (:account, 0)", { account });
  return find()!;
}

function savePacing(db: Database, account: string, state: PacingState): void {
  db.run("UPDATE accounts SET pacing = :pacing WHERE account = :account", { account, pacing: JSON.stringify(state) });
}

function answerOf(row: Row): StoredAnswer {
  return { ref: jobOf(row).ref, raw: inflateRawSync(row.body as Uint8Array).toString(), at: row.at as number };
}
