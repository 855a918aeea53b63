import type { AddedJobs, HubJob, JobEdit, NewJob } from "../hub.ts";
import { jobOf, planValues, refValues, setPlan } from "./rows.ts";
import type { Transaction } from "./transaction.ts";

/** What a person does with jobs: which are tracked, their labels, their order. */

export function addJobs(transaction: Transaction, jobs: readonly NewJob[], now: number): AddedJobs {
  const added: string[] = [];
  const already: string[] = [];
  // What a look-up learned stays, with the next poll that it planned; what a person said of the job before does not.
  const asBefore = "checked_at IS NOT NULL AND problem IS NULL";
  for (const { ref, label, plan } of jobs) {
    const values = { ...refValues(ref), ...planValues(plan), label: label ?? null, now, seq: transaction.nextSeq() };
    const isNew = transaction.db.run(
      `INSERT INTO jobs (key, account, region, type, id, tracked, label, added_at, due_at, unfocused_due_at, reason,
         likely_end_at, seq)
       VALUES (:key, :account, :region, :type, :id, 1, :label, :now, :due_at, :unfocused_due_at, :reason,
         :likely_end_at, :seq)
       ON CONFLICT (key) DO UPDATE SET tracked = 1, label = :label, added_at = :now, removed_at = NULL, pin = NULL,
         seen = 1, paused = 0, announce = 0, problem = NULL, failures = 0,
         due_at = iif(${asBefore}, due_at, :due_at),
         unfocused_due_at = iif(${asBefore}, unfocused_due_at, :unfocused_due_at),
         reason = iif(${asBefore}, reason, :reason),
         likely_end_at = iif(${asBefore}, likely_end_at, :likely_end_at),
         seq = :seq
       WHERE tracked = 0`,
      values,
    );
    (isNew ? added : already).push(values.key);
  }
  return { added, already };
}

export function removeJobs(transaction: Transaction, keys: readonly string[], now: number): string[] {
  const sql = "UPDATE jobs SET tracked = 0, removed_at = :now, seq = :seq WHERE key = :key AND tracked = 1";
  return keys.filter((key) => transaction.db.run(sql, { key, now, seq: transaction.nextSeq() }));
}

export function restoreJobs(transaction: Transaction, keys: readonly string[]): string[] {
  const sql = `UPDATE jobs SET tracked = 1, removed_at = NULL, seq = :seq
               WHERE key = :key AND tracked = 0 AND removed_at IS NOT NULL`;
  return keys.filter((key) => transaction.db.run(sql, { key, seq: transaction.nextSeq() }));
}

export function editJobs(transaction: Transaction, edits: readonly JobEdit[]): void {
  for (const { key, label, seen, paused, plan } of edits) {
    const sets = [
      label !== undefined && "label = :label",
      seen && "seen = 1",
      paused !== undefined && "paused = :paused",
      plan && setPlan,
      "seq = :seq",
    ].filter(Boolean);
    transaction.db.run(`UPDATE jobs SET ${sets.join(", ")} WHERE key = :key AND tracked = 1`, {
      key,
      label: label ?? null,
      paused: paused ? 1 : 0,
      ...(plan && planValues(plan)),
      seq: transaction.nextSeq(),
    });
  }
}

/** Numbers the pinned jobs anew, from 0, with `keys` at `position` (undefined: at the end; null: not among them). */
export function pinJobs(transaction: Transaction, keys: readonly string[], position: number | undefined | null): void {
  const { db } = transaction;
  const before = db.all("SELECT key, pin FROM jobs WHERE pin IS NOT NULL AND tracked = 1 ORDER BY pin, key");
  const moved = new Set(keys);
  const order = before.map((row) => row.key as string).filter((key) => !moved.has(key));
  if (position !== null) order.splice(position ?? order.length, 0, ...moved);
  const pins = new Map(order.map((key, index) => [key, index]));
  const old = new Map(before.map((row) => [row.key as string, row.pin as number]));
  for (const key of new Set([...old.keys(), ...moved])) {
    const pin = pins.get(key);
    if (pin === old.get(key)) continue;
    db.run("UPDATE jobs SET pin = :pin, seq = :seq WHERE key = :key AND tracked = 1", {
      key,
      pin: pin ?? null,
      seq: transaction.nextSeq(),
    });
  }
}

/** Tracked jobs that finished and were announced by nobody. */
export function takeAnnouncements({ db }: Transaction): HubJob[] {
  const rows = db.all("UPDATE jobs SET announce = 0 WHERE announce = 1 RETURNING *");
  return rows.filter((row) => row.tracked === 1).map(jobOf);
}
