import type { Database } from "./database.ts";

const day = 24 * 3_600_000;

/** The service forgets jobs after six months (GetJobDetail page); so do we, days later, when nobody can ask any more. */
const kept = 190 * day;
/** How long a look-up that found nothing is kept: only for those who wait for it. */
const emptyKept = day;
/** Jobs no longer tracked that are kept at most, the newest. */
const mostForgotten = 100_000;
/** Status changes kept of one job, the newest. */
export const mostObservations = 200;
/** Durations of one kind that plans are made from, the newest. */
export const mostDurations = 200;
/** Rows deleted in one transaction, so that no other window waits long. */
const atOnce = 500;

/** SQL: when a job was tracked or looked up last. */
const since = "coalesce(removed_at, added_at)";

/** Deletes a bounded number of rows that are too old; tracked jobs are never deleted. True when there may be more. */
export function deleteOld(db: Database, now: number): boolean {
  const forgotten = db.all(
    `SELECT key FROM jobs WHERE tracked = 0 AND coalesce(lease_until, 0) <= :now AND (
       ${since} < :old OR (checked_at IS NULL AND removed_at IS NULL AND added_at < :empty)
       OR ${since} < (SELECT ${since} FROM jobs WHERE tracked = 0 ORDER BY ${since} DESC LIMIT 1 OFFSET :most))
     LIMIT :atOnce`,
    { now, old: now - kept, empty: now - emptyKept, most: mostForgotten, atOnce },
  );
  for (const { key } of forgotten) {
    for (const table of ["jobs", "answers", "observations"]) {
      db.run(`DELETE FROM ${table} WHERE key = :key`, { key: key as string });
    }
  }
  const observations = db.run(
    "DELETE FROM observations WHERE rowid IN (SELECT rowid FROM observations WHERE at < :old LIMIT :atOnce)",
    { old: now - kept, atOnce },
  );
  const durations = db.run(
    "DELETE FROM durations WHERE key IN (SELECT key FROM durations WHERE finished_at < :old LIMIT :atOnce)",
    { old: now - kept, atOnce },
  );
  db.exec("PRAGMA incremental_vacuum(200)");
  return Math.max(forgotten.length, observations, durations) === atOnce;
}
