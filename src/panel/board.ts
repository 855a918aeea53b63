/** The page's copy of what the host owns, kept up to date by revision. No DOM. */
import type { TimeAxis } from "../workflow/timeScale.ts";
import type { ActivityPhase } from "../workflow/types.ts";
import type { Parts, ToPanel, ViewActivity } from "./protocol.ts";

/** Everything beside the activities; there once a snapshot was taken. */
export let parts: Parts;
/** All activities, in the order of the views. */
export let rows: ViewActivity[] = [];
/** Those that the filter lets through. */
export let shown: readonly ViewActivity[] = [];
export let counts: Partial<Record<ActivityPhase, number>> = {};

let rev = -1;
let byName = new Map<string | null | undefined, ViewActivity>();
let places: Map<string | null, number> | undefined;
let lets: (row: ViewActivity) => boolean = () => true;
let filtered = "";
/** The rows are others, or in another order, since they were filtered. */
export let stale = true;
/** Host clock minus this machine's, milliseconds. */
let ahead = 0;
/** Takes a `snapshot` or `patch`; false when a message between is missing. */
export function take(message: Extract<ToPanel, { rev: number }>): boolean {
  if (message.type === "snapshot") {
    setParts(message.parts);
    rows = [];
    counts = {};
    byName = new Map();
    for (const activity of message.activities) put(activity, rows.length);
  } else {
    if (message.rev !== rev + 1) return false;
    for (const op of message.ops) {
      if (op.op === "parts") setParts({ ...parts, ...op.parts });
      else if (op.op === "put") put(op.activity, op.place);
      else drop(op.name);
    }
  }
  rev = message.rev;
  return true;
}

export function rowOf(name: string | null | undefined): ViewActivity | undefined {
  return byName.get(name);
}

/** The place of a name among the rows shown; −1 when it is not. */
export function placeOf(name: string | null): number {
  places ??= new Map(shown.map((row, place) => [row.name, place]));
  return places.get(name) ?? -1;
}

/** The host's clock now. */
export function now(): number {
  return Date.now() + ahead;
}

export function axis(): TimeAxis {
  return parts.axis;
}

/** When the last thing happened that is known of; of what goes on, now. */
export function end(): number {
  const { live, from = 0, to = from } = parts.header;
  return live ? Math.max(from, now()) : to;
}

/** How long it took, or takes so far, milliseconds; undefined when it has no times. */
export function duration(): number | undefined {
  const { from, to, live } = parts.header;
  return from !== undefined && (live || to !== undefined) ? end() - from : undefined;
}

/** Shows the rows whose name, kind or status contains `text`, of these phases; of all when there are none. */
export function filter(text: string, only: readonly ActivityPhase[]): void {
  const part = text.trim().toLowerCase();
  const next = part + only;
  if (!stale && filtered === next) return;
  stale = false;
  filtered = next;
  places = undefined;
  lets = ({ name, kind, word, phase }) =>
    (only.length === 0 || only.includes(phase)) && `${name}\n${kind}\n${word}`.toLowerCase().includes(part);
  shown = next ? rows.filter(lets) : rows;
}

/** Whether the filter lets a row through. */
export function isShown(row: ViewActivity): boolean {
  return lets(row);
}

/** The first activity that runs after `name`. */
export function successor(name: string): ViewActivity | undefined {
  return rows.find((row) => row.after?.some((link) => link.from === name));
}

function setParts(next: Parts): void {
  parts = next;
  ahead = next.header.now - Date.now();
}

function put(row: ViewActivity, place: number): void {
  // One that stays where it is, as most do, leaves everything else as it is.
  if (shown === rows && rows[place]?.name === row.name) {
    counts[rows[place].phase]!--;
    rows[place] = row;
  } else {
    drop(row.name);
    rows.splice(place, 0, row);
  }
  counts[row.phase] = (counts[row.phase] ?? 0) + 1;
  byName.set(row.name, row);
}

function drop(name: string): void {
  stale = true;
  const old = byName.get(name);
  if (!old) return;
  counts[old.phase]!--;
  rows.splice(rows.indexOf(old), 1);
  byName.delete(name);
}
