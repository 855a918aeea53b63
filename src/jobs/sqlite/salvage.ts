import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { jobKey, parseJobKey } from "../key.ts";
import { StorageError } from "../storageError.ts";
import { asStorageError, Database, isFull, migrate, type Row } from "./database.ts";
import { schema } from "./schema.ts";
import { addJobs } from "./tracking.ts";
import { Transaction } from "./transaction.ts";

/** What is worth saving of a damaged file. Budgets and blocks are of the moment, and the order of changes is the store's own. */
const tables = ["jobs", "answers", "observations", "durations"];
const pageSize = 4_096;
/** What the system says when there is no room. */
const noRoom = ["ENOSPC", "EDQUOT"];
/** How many reads may fail before the rest of a table is given up: each unreadable page costs a few dozen. */
const mostFailures = 20_000;

/**
 * Copies into `db` whatever can still be read of the damaged database at `path`, which is only read: rows one by one
 * where it must be, and of tracked jobs whose rows are lost at least what they are, from the index. What `db` has already
 * stays as it is. Gives how many tracked jobs were saved; 0 when nothing can be read or another product, or a newer
 * version of this one, wrote it. Throws when `db` has no room or takes no changes: nothing was copied then, and it is
 * worth another try.
 */
export function salvage(db: Database, path: string, now: number): number {
  return read(path, db, now) ?? withNewFirstPage(path, (mended) => read(mended, db, now)) ?? 0;
}

/** Copies what can be read of the file at `path`; undefined when it cannot be read at all, or is of another schema. */
function read(path: string, db: Database, now: number): number | undefined {
  const damaged = openDamaged(path);
  if (!damaged) return undefined;
  try {
    return db.transaction(() => copyAll(db, damaged, now));
  } catch (error) {
    if (asStorageError(error) instanceof StorageError) throw error;
    return 0; // what cannot be saved stays in the file that was set aside
  } finally {
    damaged.close();
  }
}

function openDamaged(path: string): Database | undefined {
  let damaged: Database | undefined;
  try {
    damaged = new Database(path, { readOnly: true });
    if (isOurs(damaged)) return damaged;
    damaged.close();
  } catch (error) {
    damaged?.close();
    // To read a file takes room too, for the index of its journal. Else it stays where it was set aside.
    if (isFull(error)) throw error;
  }
  return undefined;
}

/** Whether a file has the schema of this version, or of one before it. */
function isOurs(damaged: Database): boolean {
  const version = Number(damaged.get("PRAGMA user_version")?.user_version);
  if (version < 1 || version > schema.length) return false;
  const found = tablesOf(damaged); // may throw: the page that they stand on may be the damaged one
  const fresh = new Database(":memory:");
  migrate(fresh, schema.slice(0, version));
  const wanted = tablesOf(fresh);
  fresh.close();
  return found === wanted;
}

/** The schema of a file, to be compared. */
function tablesOf(db: Database): string {
  return JSON.stringify(db.all("SELECT name, sql FROM sqlite_schema ORDER BY name"));
}

/**
 * Lends a copy of the file that has the first page of a new one. Without that page no other can be read, and it is the
 * same in all files but for a few counters. Undefined when no such copy can be made; throws when there is no room for it.
 */
function withNewFirstPage<T>(path: string, work: (mended: string) => T): T | undefined {
  let folder: string | undefined;
  try {
    const pages = Math.floor(statSync(path).size / pageSize);
    if (pages < 2) return undefined;
    folder = mkdtempSync(join(tmpdir(), "vod-jobs-"));
    const [fresh, mended] = [join(folder, "fresh.db"), join(folder, "mended.db")];
    const database = new Database(fresh);
    migrate(database, schema);
    database.close();
    const firstPage = readFileSync(fresh).subarray(0, pageSize);
    // How many pages there are, and that none of them is free (https://sqlite.org/fileformat2.html, 1.3).
    firstPage.writeUInt32BE(pages, 28);
    firstPage.fill(0, 32, 40);
    copyFileSync(path, mended);
    const file = openSync(mended, "r+");
    writeSync(file, firstPage, 0, pageSize, 0);
    closeSync(file);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${mended}-wal`);
    return work(mended);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (noRoom.includes(code) || asStorageError(error) instanceof StorageError) throw error;
    return undefined;
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

const tracked = (db: Database) => Number(db.get("SELECT count(*) AS jobs FROM jobs WHERE tracked = 1")?.jobs);

function copyAll(db: Database, damaged: Database, now: number): number {
  const before = tracked(db);
  for (const table of tables) copyRows(db, damaged, table);
  // In the new store all of it is new, whatever its place in the order of the old one's changes was.
  db.exec(`
    UPDATE jobs SET seq = rowid + (SELECT value FROM meta WHERE name = 'seq'), lease_owner = NULL, lease_until = NULL;
    UPDATE meta SET value = coalesce((SELECT max(seq) FROM jobs), 0) WHERE name = 'seq'`);
  const transaction = new Transaction(db);
  const refs = trackedKeys(damaged)
    .map(parseJobKey)
    .filter((ref) => ref !== undefined);
  addJobs(
    transaction,
    refs.map((ref) => ({ ref, plan: { at: now, reason: "first" } })),
    now,
  );
  transaction.finish();
  return tracked(db) - before;
}

/** Reads ranges of rows; one that cannot be read is halved, down to the row. */
function copyRows(db: Database, damaged: Database, table: string): void {
  const columnsOf = (one: Database) => one.all(`PRAGMA table_info(${table})`).map((row) => String(row.name));
  const there = new Set(columnsOf(damaged));
  const columns = columnsOf(db).filter((column) => there.has(column));
  const read = `SELECT ${columns.join(", ")} FROM ${table} WHERE rowid BETWEEN :from AND :to`;
  const write = `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (:${columns.join(", :")})`;
  let failures = 0;
  const copy = (from: number, to: number) => {
    if (failures > mostFailures) return;
    let rows: Row[];
    try {
      rows = damaged.all(read, { from, to });
    } catch {
      // Damage, a sector that the disk cannot read, a number that is none: whatever it is, only these rows have it.
      failures++;
      const middle = Math.floor((from + to) / 2);
      if (from === to) return;
      copy(from, middle);
      copy(middle + 1, to);
      return;
    }
    for (const row of rows) if (isSound(table, row)) db.run(write, row);
  };
  const last = lastRow(damaged, table);
  for (let from = 1; from <= last; from += 1_000) copy(from, Math.min(from + 999, last));
}

/** The number of a table's last row; where that cannot be read, more than there are. */
function lastRow(damaged: Database, table: string): number {
  try {
    return Number(damaged.get(`SELECT max(rowid) AS last FROM ${table}`)?.last ?? 0);
  } catch {
    return 2_000_000;
  }
}

/** A damaged page can hold anything that looks like a row. */
function isSound(table: string, row: Row): boolean {
  const ref = parseJobKey(String(row.key));
  if (!ref || jobKey(ref) !== row.key) return false;
  if (table === "jobs") return row.account === ref.account && row.id === ref.id && row.type === ref.type;
  try {
    return table !== "answers" || inflateRawSync(row.body as Uint8Array).length > 0;
  } catch {
    return false;
  }
}

/** Keys of tracked jobs as far as their index can be read, from both ends. */
function trackedKeys(damaged: Database): string[] {
  const keys = new Set<string>();
  for (const order of ["ASC", "DESC"]) {
    try {
      const sql = `SELECT key FROM jobs INDEXED BY jobs_tracked WHERE tracked = 1 ORDER BY key ${order}`;
      for (const row of damaged.each(sql)) keys.add(String(row.key));
    } catch {
      // The rest of it comes from the other end, or not at all.
    }
  }
  return [...keys];
}
