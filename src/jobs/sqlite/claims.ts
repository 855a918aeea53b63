import type { JobRef } from "../../vod/types.ts";
import type { Claim, ClaimDue, HubJob, Lease } from "../hub.ts";
import { blockedAccounts } from "./accounts.ts";
import type { Database } from "./database.ts";
import { jobOf, jobRow, refValues } from "./rows.ts";

/** Leases: who asks for a job. Each claim is one UPDATE, so that no two windows get the same job. */

/** A lease that ends long after one taken now would can only be from before the wall clock was set back. */
const notLeased = "(lease_until IS NULL OR lease_until <= :now OR lease_until > :until + 60000)";
const lease = "UPDATE jobs SET lease_owner = :owner, lease_until = :until";

export function claimDue(db: Database, { focused, ...request }: ClaimDue): HubJob[] {
  const due = focused ? "due_at" : "unfocused_due_at";
  const rows = db.all(
    `${lease} WHERE key IN (
       SELECT key FROM jobs
       WHERE tracked = 1 AND paused = 0 AND ${due} <= :now AND ${notLeased}
         AND account = :account AND account NOT IN (${blockedAccounts})
       ORDER BY ${due} LIMIT :limit)
     RETURNING *`,
    { ...request },
  );
  return rows.sort((a, b) => Number(a[due]) - Number(b[due])).map(jobOf);
}

export function claimJob(db: Database, ref: JobRef, { owner, now, until }: Lease): Claim {
  const values = { ...refValues(ref), owner, now, until };
  db.run(
    `INSERT OR IGNORE INTO jobs (key, account, region, type, id, tracked, added_at, reason, seq)
     VALUES (:key, :account, :region, :type, :id, 0, :now, 'paused', 0)`,
    values,
  );
  const held = db.run(`${lease} WHERE key = :key AND (lease_owner = :owner OR ${notLeased})`, values) === 1;
  const row = jobRow(db, values.key)!;
  return { held, heldUntil: held ? undefined : (row.lease_until as number), job: jobOf(row) };
}

/** The longest due unfinished job of an account, leased. */
export function claimAny(db: Database, account: string, request: Lease): HubJob | undefined {
  const row = db.get(
    `${lease} WHERE key = (
       SELECT key FROM jobs
       WHERE tracked = 1 AND paused = 0 AND due_at IS NOT NULL AND account = :account AND ${notLeased}
       ORDER BY due_at LIMIT 1)
     RETURNING *`,
    { account, ...request },
  );
  return row && jobOf(row);
}

export function renewLeases(db: Database, keys: readonly string[], request: Lease): string[] {
  const sql = "UPDATE jobs SET lease_until = :until WHERE key = :key AND lease_owner = :owner AND lease_until > :now";
  return keys.filter((key) => db.run(sql, { key, ...request }));
}

/** Without keys, all leases of the owner. */
export function releaseLeases(db: Database, owner: string, keys?: readonly string[]): void {
  const sql = "UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = :owner";
  if (!keys) db.run(sql, { owner });
  else for (const key of keys) db.run(`${sql} AND key = :key`, { owner, key });
}
