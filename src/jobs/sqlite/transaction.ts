import type { HubPosition } from "../hub.ts";
import type { Database } from "./database.ts";

/** A write transaction under way. Every row it changes for others to see takes a number of its own. */
export class Transaction {
  readonly db: Database;
  #seq: number | undefined;

  constructor(db: Database) {
    this.db = db;
  }

  /** The number of the next change. */
  nextSeq(): number {
    this.#seq ??= positionOf(this.db).seq;
    return ++this.#seq;
  }

  /** Writes down how far the numbers went; true when any was taken. Called once, at the end. */
  finish(): boolean {
    if (this.#seq === undefined) return false;
    this.db.run("UPDATE meta SET value = :seq WHERE name = 'seq'", { seq: this.#seq });
    return true;
  }
}

/** Where the order of changes has come to. */
export function positionOf(db: Database): HubPosition {
  const values = new Map(db.all("SELECT name, value FROM meta").map((row) => [row.name, row.value]));
  return { epoch: String(values.get("epoch")), seq: Number(values.get("seq")) };
}
