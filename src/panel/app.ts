/** What the parts of the page share: the data, what a person chose, and how they speak to each other. */
import type { TimeView } from "../workflow/timeScale.ts";
import type { ActivityPhase } from "../workflow/types.ts";
import type { Board } from "./board.ts";
import { phases, type ToHost, type View, views } from "./protocol.ts";

/** What a person chose, kept over hiding and reloading. */
export interface Choice {
  view: View;
  selected: string | null;
  text: string;
  only: ActivityPhase[];
  /** The window on the time axis; null fits it. */
  time: TimeView | null;
  /** Pixels per unit of the graph; null fits it. */
  scale: number | null;
  /** The column the table is sorted by, with a minus when downward; empty for the order of time. */
  sort: string;
  /** Pixels scrolled, per view. */
  scroll: Partial<Record<View, readonly [left: number, top: number]>>;
}

export interface App {
  readonly board: Board;
  readonly choice: Choice;
  /** Selects an activity by name, brings it into view and shows its details. */
  select(name: string | null): void;
  /** Selects the next failure at or behind a place among the rows shown; behind the last comes the first. */
  failure(from: number): void;
  /** Remembers the choice, soon. */
  keep(): void;
  /** Draws everything again at the end of this microtask, and remembers the choice. */
  redraw(): void;
  send(message: ToHost): void;
  /** Puts a text on the clipboard, and says so. */
  copy(text: string): void;
}

/** One way to draw the activities. */
export interface Picture {
  readonly element: HTMLElement;
  /** What holds the keyboard focus. */
  readonly focus: HTMLElement;
  readonly scroller: HTMLElement;
  draw(): void;
  /** Once a second, while something runs. */
  tick(): void;
  /** Brings the selected activity into view. */
  reveal(): void;
  /** `factor` > 1 comes nearer; 0 fits. */
  zoom(factor: number): void;
  /** Moves the selection by a key; false when the key means nothing here. */
  key(key: string): boolean;
}

/** The choice in a stored state, as far as it is one. */
export function readChoice(state: unknown): Choice {
  const stored = (typeof state === "object" && state !== null ? state : {}) as Partial<Record<keyof Choice, unknown>>;
  const { time, only, scroll, scale } = stored;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const window = time as Partial<TimeView> | null | undefined;
  return {
    view: views.find((view) => view === stored.view) ?? "timeline",
    selected: text(stored.selected) || null,
    text: text(stored.text),
    only: Array.isArray(only) ? phases.filter((phase) => only.includes(phase)) : [],
    time: Number.isFinite(window?.left) && window!.scale! > 0 ? { left: window!.left!, scale: window!.scale! } : null,
    scale: typeof scale === "number" && scale > 0 ? scale : null,
    sort: text(stored.sort),
    scroll: typeof scroll === "object" && scroll !== null ? (scroll as Choice["scroll"]) : {},
  };
}
