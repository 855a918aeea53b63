import type { HubChanges, HubPage, HubPosition } from "../hub.ts";
import type { Database } from "./database.ts";
import { accountOf, jobOf } from "./rows.ts";
import { positionOf } from "./transaction.ts";

/** What every window has to have in memory: page by page at first, then what changed. Read in one transaction each. */

export function loadPage(db: Database, file: string, afterKey: string, limit: number): HubPage {
  const rows = db.all("SELECT * FROM jobs WHERE tracked = 1 AND key > :afterKey ORDER BY key LIMIT :limit", {
    afterKey,
    limit,
  });
  return {
    position: positionIn(db, file),
    jobs: rows.map(jobOf),
    accounts: db.all("SELECT * FROM accounts").map(accountOf),
    more: rows.length === limit,
  };
}

/** Changes after `since`; the position alone when the store is another or nothing changed. */
export function changesSince(db: Database, file: string, since: HubPosition, limit: number): HubChanges {
  const end = positionIn(db, file);
  if (end.epoch !== since.epoch || end.seq === since.seq) {
    return { position: end, more: false, jobs: [], removed: [], accounts: [] };
  }
  const rows = db.all("SELECT * FROM jobs WHERE seq > :seq ORDER BY seq LIMIT :limit", { seq: since.seq, limit });
  const more = rows.length === limit;
  return {
    position: more ? { ...end, seq: rows.at(-1)?.seq as number } : end,
    more,
    jobs: rows.filter((row) => row.tracked === 1).map(jobOf),
    removed: rows.filter((row) => row.tracked === 0).map((row) => row.key as string),
    accounts: db.all("SELECT * FROM accounts WHERE seq > :seq", { seq: since.seq }).map(accountOf),
  };
}

/** A copy of the store that took its place, a backup say, is another store: it may lack what was last kept. */
function positionIn(db: Database, file: string): HubPosition {
  const { epoch, seq } = positionOf(db);
  return { epoch: `${epoch} in ${file}`, seq };
}
