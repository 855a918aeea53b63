import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HubNotice } from "../types.ts";
import { Database, isDamage, migrate, NewerSchema, patience } from "./database.ts";
import { salvage } from "./salvage.ts";
import { schema } from "./schema.ts";

export const databaseName = "jobs.db";

/**
 * A window that moves a damaged file aside for longer than this, ms, has died over it: one that left no name, and one that
 * lives. The latter may only be slow, and would then move the new file aside as well.
 */
const moveTimeout = { nameless: 5_000, alive: 60_000 };

export interface OpenedDatabase {
  readonly database: Database;
  /** The file's identity, to notice that another window replaced it; undefined in memory. */
  readonly identity?: string;
  readonly notice?: HubNotice;
}

export interface OpenOptions {
  /** The identity of a file that proved damaged in use. */
  readonly damaged?: string;
  /** How long to wait for a lock of another process, ms. */
  readonly busyTimeout?: number;
}

/**
 * Opens the database in `folder` (made if it is not there, for its owner only). Never throws and never deletes: a
 * damaged file is moved aside and what can be read of it goes into a new one, a newer one is left untouched; where nothing
 * can be kept, it works in memory and says so.
 */
export function openDatabase(
  folder: string | undefined,
  now: () => number,
  { damaged, busyTimeout = patience }: OpenOptions = {},
): OpenedDatabase {
  if (folder === undefined) return inMemory(undefined);
  const path = join(folder, databaseName);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    tighten(folder, 0o700);
    if (damaged !== undefined) moveAside(path, damaged, now());
    for (;;) {
      const identity = fileIdentity(path);
      try {
        return open(path, busyTimeout, (database) => salvageMoved(database, folder, now()));
      } catch (error) {
        if (!isDamage(error) && !isDirectory(path)) throw error;
        moveAside(path, identity, now());
      }
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return inMemory({ kind: error instanceof NewerSchema ? "newer" : "memory", message });
  }
}

/** Which file stands at `path`; changes when it is replaced. Undefined when none does. */
export function fileIdentity(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat && `${stat.dev}:${stat.ino}`;
}

function open(
  path: string,
  busyTimeout: number,
  complete: (database: Database) => HubNotice | undefined,
): OpenedDatabase {
  // Made here so that the file, and the journal that takes its mode from it, is its owner's from the first byte.
  closeSync(openSync(path, "a", 0o600));
  tighten(path, 0o600);
  const identity = fileIdentity(path);
  const database = new Database(path, { busyTimeout });
  try {
    migrate(database, schema);
    database.all("SELECT * FROM jobs ORDER BY rowid DESC LIMIT 1");
    return { database, identity, notice: complete(database) };
  } catch (error) {
    database.close();
    throw error;
  }
}

function inMemory(notice: HubNotice | undefined): OpenedDatabase {
  const database = new Database(":memory:");
  migrate(database, schema);
  return { database, notice };
}

/** A damaged file is called this until what can be read of it is in the new one, then the other. */
const unread = `${databaseName}.unread-`;
const setAside = `${databaseName}.damaged-`;
const suffixes = ["-wal", "-shm", ""];

/** Renames what stands at `path` (and its journal), unless another window has replaced it meanwhile. */
function moveAside(path: string, identity: string | undefined, now: number): void {
  const release = lock(`${path}.moving`);
  try {
    if (identity !== undefined && fileIdentity(path) !== identity) return;
    const stamp = new Date(now).toISOString().replaceAll(":", "-");
    const named = (begin: string, n: number) => join(path, "..", `${begin}${stamp}${n > 1 ? `-${n}` : ""}`);
    let n = 1;
    while (fileIdentity(named(unread, n)) || fileIdentity(named(setAside, n))) n++;
    renameAll(path, named(unread, n));
  } finally {
    release();
  }
}

/**
 * Saves what can be read of files that were moved aside, also of one whose window died over it. Gives the notice if this
 * window did it.
 */
function salvageMoved(database: Database, folder: string, now: number): HubNotice | undefined {
  const isFile = (name: string) => name.startsWith(unread) && !suffixes.some((end) => end && name.endsWith(end));
  if (!readdirSync(folder).some(isFile)) return undefined;
  const release = lock(join(folder, `${databaseName}.moving`));
  try {
    let notice: HubNotice | undefined;
    for (const name of readdirSync(folder).filter(isFile)) {
      const movedTo = join(folder, name.replace(unread, setAside));
      const saved = salvage(database, join(folder, name), now);
      renameAll(join(folder, name), movedTo);
      const message = `The job database could not be read. It was moved to ${movedTo}; ${saved} tracked jobs were saved.`;
      notice = { kind: "damaged", message, movedTo, saved };
    }
    return notice;
  } finally {
    release();
  }
}

/** The file last: what died half-way goes on where it was. */
function renameAll(from: string, to: string): void {
  for (const suffix of suffixes) {
    try {
      renameSync(from + suffix, to + suffix);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/**
 * Holds a lock between processes: a folder, as making one is atomic everywhere, that names its holder. Gives what releases
 * it. The lock of a process that died is taken over.
 */
function lock(path: string): () => void {
  const begin = performance.now();
  const unlock = () => rmSync(path, { recursive: true, force: true });
  for (;;) {
    try {
      mkdirSync(path);
      closeSync(openSync(join(path, String(process.pid)), "w"));
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (performance.now() - begin > patienceWith(path)) unlock();
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** How long to wait for who holds a lock, ms. */
function patienceWith(path: string): number {
  try {
    const [pid] = readdirSync(path);
    if (pid === undefined) return moveTimeout.nameless;
    process.kill(Number(pid), 0);
    return moveTimeout.alive;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? -1 : moveTimeout.alive;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Takes others' rights away. Where the system has no such rights, there is nothing to take. */
function tighten(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
}
