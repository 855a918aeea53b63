/** What the parts of the page share: what a person chose, and how they speak to each other and to the host. */
import type { TimeView } from "../workflow/timeScale.ts";
import type { ActivityPhase } from "../workflow/types.ts";
import * as board from "./board.ts";
import { byId, write } from "./dom.ts";
import type { ToHost, View, ViewActivity } from "./protocol.ts";
import { words } from "./words.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
};
const host = acquireVsCodeApi();
const state = host.getState();

/** What a person chose, kept over hiding and reloading. */
interface Choice {
  view: View;
  selected: string | null;
  text: string;
  only: ActivityPhase[];
  /** The window on the time axis; null fits it. */
  time: TimeView | null;
  /** Pixels per unit of the graph; null fits it. */
  scale: number | null;
  /** The column the table is sorted by: the first is 1, negative when downward; 0 for the order of time. */
  sort: number;
  /** Pixels scrolled, per view. */
  scroll: Partial<Record<View, readonly [left: number, top: number]>>;
}
const first: Choice = {
  view: "timeline",
  selected: null,
  text: "",
  only: [],
  time: null,
  scale: null,
  sort: 0,
  scroll: {},
};
export const choice: Choice = Object.assign(first, state);
/** Somebody has chosen before: the page was hidden, or restored. */
export const restored = state !== undefined;

/** One way to draw the activities. */
export interface Picture {
  readonly element: HTMLElement;
  /** What holds the keyboard focus. */
  readonly focus: HTMLElement;
  readonly scroller: HTMLElement;
  /** What it shows, where that is in another order than all views have. */
  rows?(): readonly ViewActivity[];
  /** Writes everything, or without `anew` what scrolling changed. */
  draw(anew?: boolean): void;
  /** Writes what one activity changed that stays where it is, when that is less than everything. */
  update?(): void;
  /** Once a second, while something runs. */
  tick(): void;
  /** Brings the selected activity into view. */
  reveal(): void;
  /** `factor` > 1 comes nearer; 0 fits. What is at `x`, `y` of the scroller stays there. */
  zoom?(factor: number, x?: number, y?: number): void;
  /** Moves what shows to the right. */
  pan?(pixels: number): void;
  /** Moves the selection by a key; false when the key means nothing here. */
  key(key: string): boolean;
}

export function send(message: ToHost): void {
  host.postMessage(message);
}

/** Says a sentence to who listens instead of looking. */
export function tell(text: string): void {
  write(byId("live"), text);
}

/** Puts a text on the clipboard, and says so. */
export function copy(text: string): void {
  send({ type: "copy", text });
  tell(words.copied);
}

let keeping: unknown;
/** Remembers the choice, soon. */
export function keep(): void {
  if (keeping) return;
  keeping = setTimeout(() => {
    keeping = undefined;
    host.setState({ ...choice, ref: document.body.dataset.ref });
  }, 150);
}

let draw: (anew: boolean) => void;
let drawing: boolean | undefined;
/** Says what draws the page: `anew`, or what an update of the activities changed. */
export function drawWith(all: typeof draw): void {
  draw = all;
}

/** Draws everything, or what an update changed, at the end of this microtask, and remembers the choice. */
export function redraw(anew = true): void {
  keep();
  if (drawing === undefined) {
    queueMicrotask(() => {
      const all = drawing!;
      drawing = undefined;
      draw(all);
    });
  }
  drawing ||= anew;
}

/** Selects an activity by name; it is brought into view, and its details are shown. */
export function select(name: string | null): void {
  choice.selected = name;
  redraw();
}

/** Selects an activity where there is one. */
export function selectRow(row: ViewActivity | undefined): void {
  if (row) select(row.name);
}

/** Selects the next failure at or behind a place among the rows shown; behind the last comes the first. */
export function selectFailure(from: number): void {
  selectRow([...board.shown.slice(from), ...board.shown, ...board.rows].find(({ phase }) => phase === "failed"));
}

/** Takes the filter away. */
export function showAll(): void {
  choice.text = "";
  choice.only = [];
  redraw();
}
