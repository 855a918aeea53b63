import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { StorageError, type StorageTrouble } from "../storageError.ts";

export type Row = Record<string, null | number | bigint | string | Uint8Array>;
export type Values = Record<string, SQLInputValue>;

/** How long to wait for another process's transaction, ms. They take a few each. */
export const patience = 5_000;

/** One connection, with its statements prepared once. Synchronous: its place is a worker thread. */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** `:memory:` or a file. `busyTimeout` is in ms. Throws SQLite's errors. */
  constructor(path: string, { busyTimeout = patience, readOnly = false } = {}) {
    this.#connection = new DatabaseSync(path, { readOnly });
    // First of all: without it, turning WAL on while another window does fails with "database is locked".
    this.waitFor(busyTimeout);
  }

  /** How long to wait for another process from now on, ms. */
  waitFor(busyTimeout: number): void {
    this.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
  }

  all(sql: string, values: Values = {}): Row[] {
    return this.#prepare(sql).all(values) as Row[];
  }

  /** Row by row: what comes before a failure is there. */
  each(sql: string): Iterable<Row> {
    return this.#prepare(sql).iterate() as Iterable<Row>;
  }

  get(sql: string, values: Values = {}): Row | undefined {
    return this.#prepare(sql).get(values) as Row | undefined;
  }

  /** Runs a statement; gives how many rows it changed. */
  run(sql: string, values: Values = {}): number {
    return Number(this.#prepare(sql).run(values).changes);
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Does `work` as one transaction that no other process's writes interleave with. */
  transaction<T>(work: () => T): T {
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.exec("ROLLBACK");
      } catch {
        // SQLite has rolled back by itself; the first error is the one to tell.
      }
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      statement.setAllowUnknownNamedParameters(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Brings a database to the newest schema, whichever process comes first. Throws `NewerSchema`, touching nothing. */
export function migrate(database: Database, steps: readonly string[]): void {
  const version = () => {
    const found = Number(database.get("PRAGMA user_version")?.user_version);
    if (found > steps.length) throw new NewerSchema(found, steps.length);
    return found;
  };
  const before = version();
  if (before === 0) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  database.exec("PRAGMA journal_mode = WAL");
  // Survives the death of any process; a power cut may lose the last moment, which is polled again.
  database.exec("PRAGMA synchronous = NORMAL");
  if (before === steps.length) return;
  database.transaction(() => {
    for (const step of steps.slice(version())) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/** The file was written by a newer version of the product. */
export class NewerSchema extends Error {
  constructor(found: number, known: number) {
    super(`The job database has version ${found}; this version of the extension knows versions up to ${known}.`);
  }
}

/** SQLITE_IOERR_SHMSIZE: there is no room for the index of the journal. */
const noRoomForIndex = 4_874;
const full = 13;

/** SQLite's primary result code of an error; undefined for other errors. */
function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  if (typeof code !== "number") return undefined;
  return code === noRoomForIndex ? full : code & 0xff;
}

/** What SQLite's result codes say of the store: BUSY, LOCKED, PROTOCOL; FULL; PERM, READONLY, IOERR, CANTOPEN. */
const troubles: Record<number, StorageTrouble> = {
  5: "locked",
  6: "locked",
  15: "locked",
  [full]: "full",
  3: "refused",
  8: "refused",
  10: "refused",
  14: "refused",
};

/** A failure of the store itself as a `StorageError`; anything else, a defect say, as it is. */
export function asStorageError(error: unknown): unknown {
  const trouble = troubles[resultCode(error) ?? 0];
  return trouble ? new StorageError(trouble, (error as Error).message) : error;
}

/** Whether an error says that there is no room. */
export const isFull = (error: unknown) => resultCode(error) === full;

/** Whether an error says that the file's content is no sound database (SQLITE_CORRUPT, SQLITE_NOTADB). */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === 11 || code === 26;
}
