import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HubNotice } from "../types.ts";
import { Database, isDamage, migrate, NewerSchema, patience } from "./database.ts";
import { salvage } from "./salvage.ts";
import { schema } from "./schema.ts";

export const databaseName = "jobs.db";

/** A window that moves a damaged file aside for longer than this, ms, has died over it. */
const moveTimeout = 5_000;

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
  let notice: HubNotice | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    tighten(folder, 0o700);
    if (damaged !== undefined) notice = moveAside(path, damaged, now());
    for (;;) {
      const identity = fileIdentity(path);
      try {
        const opened = open(path, busyTimeout);
        if (!notice?.movedTo) return opened;
        return { ...opened, notice: { ...notice, saved: salvage(opened.database, notice.movedTo, now()) } };
      } catch (error) {
        if (!isDamage(error) && !isDirectory(path)) throw error;
        notice = moveAside(path, identity, now()) ?? notice;
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

function open(path: string, busyTimeout: number): OpenedDatabase {
  // Made here so that the file, and the journal that takes its mode from it, is its owner's from the first byte.
  closeSync(openSync(path, "a", 0o600));
  tighten(path, 0o600);
  const identity = fileIdentity(path);
  const database = new Database(path, { busyTimeout });
  try {
    migrate(database, schema);
    database.all("SELECT * FROM jobs ORDER BY rowid DESC LIMIT 1");
    return { database, identity };
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

/**
 * Renames what stands at `path` (and its journal), unless another window has replaced it meanwhile.
 * Gives the notice if this window did it.
 */
function moveAside(path: string, identity: string | undefined, now: number): HubNotice | undefined {
  const release = lock(`${path}.moving`);
  try {
    if (identity !== undefined && fileIdentity(path) !== identity) return undefined;
    const stamp = new Date(now).toISOString().replaceAll(":", "-");
    let movedTo = `${path}.damaged-${stamp}`;
    for (let n = 2; fileIdentity(movedTo); n++) movedTo = `${path}.damaged-${stamp}-${n}`;
    for (const suffix of ["-wal", "-shm", ""]) {
      if (fileIdentity(path + suffix)) renameSync(path + suffix, movedTo + suffix);
    }
    return { kind: "damaged", message: `The job database could not be read. It was moved to ${movedTo}.`, movedTo };
  } finally {
    release();
  }
}

/** Holds a lock between processes: a folder, as making one is atomic everywhere. Gives what releases it. */
function lock(path: string): () => void {
  const begin = performance.now();
  const unlock = () => rmSync(path, { recursive: true, force: true });
  for (;;) {
    try {
      mkdirSync(path);
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (performance.now() - begin > moveTimeout) unlock();
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
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
