/** The page of a job panel: takes what the host sends, draws it, and tells the host what a person does. */
import type { ActivityPhase } from "../workflow/types.ts";
import {
  choice,
  drawWith,
  keep,
  type Picture,
  redraw,
  restored,
  select,
  selectFailure,
  selectRow,
  send,
  showAll,
  tell,
} from "./app.ts";
import * as board from "./board.ts";
import { drawDetails } from "./details.ts";
import { byId, set, write } from "./dom.ts";
import { expose, paint } from "./export.ts";
import { drawHeading, drawLine } from "./header.ts";
import { checkOf, protocolVersion, readMessage, type View, views } from "./protocol.ts";
import { makeGraph } from "./steps.ts";
import { makeTable } from "./table.ts";
import { makeTimeline } from "./timeline.ts";
import { useWords, words } from "./words.ts";

// The host put its texts into the page, and what its messages are like.
const { words: texts, shapes } = document.body.dataset;
useWords(JSON.parse(texts!));
const check = checkOf("@message", JSON.parse(shapes!));

let drawnView: View | undefined;
let drawnFor: string | null | undefined;

const graph = makeGraph();
const pictures: Readonly<Record<View, Picture>> = { timeline: makeTimeline(), steps: graph, table: makeTable() };
const picture = () => pictures[choice.view];
for (const view of views) {
  const { scroller, draw, zoom, pan } = pictures[view];
  scroller.addEventListener("scroll", () => {
    draw(false);
    choice.scroll[view] = [scroller.scrollLeft, scroller.scrollTop];
    keep();
  });
  scroller.addEventListener(
    "wheel",
    (event) => {
      const { left, top } = scroller.getBoundingClientRect();
      const across = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey && zoom) zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
      else if (across && choice.time && pan) pan(across);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}
const [stage, nothing, facts, details] = [byId("stage"), byId("nothing"), byId("facts"), byId("details")];

function show(view: View): void {
  choice.view = view;
  send({ type: "view", view });
  redraw();
}

drawWith((anew) => {
  if (!board.parts) return;
  const { answered } = board.parts.header;
  const activities = board.rows.length > 0;
  const row = board.rowOf(choice.selected);
  if (!row) choice.selected = null;
  const other = drawnFor !== choice.selected;
  board.filter(choice.text, choice.only);
  if (other && row && !board.isShown(row)) showAll();
  drawHeading();
  tell(board.parts.news);
  nothing.hidden = activities ? board.shown.length > 0 || choice.view === "steps" : answered;
  stage.hidden = !activities || !nothing.hidden;
  details.hidden = !activities;
  facts.hidden = activities || !answered;
  write(byId("nothing-text"), answered ? words.noMatch : board.parts.asking ? words.loading : words.never);
  byId("again").hidden = answered || board.parts.asking;
  byId("all").hidden = !answered;
  if (!stage.hidden) drawStage(other, anew);
  if (!other) return;
  drawnFor = choice.selected;
  send({ type: "select", name: choice.selected });
});

function drawStage(other: boolean, anew: boolean) {
  const { view, scroll } = choice;
  const { draw, update, reveal, scroller } = picture();
  if (update && !anew && !other) return update();
  for (const one of views) pictures[one].element.hidden = one !== view;
  draw();
  const fresh = drawnView !== view;
  const at = fresh && scroll[view];
  if (at) scroller.scrollTo(...at);
  else if (other || fresh) reveal();
  drawnView = view;
  set(stage, { "aria-labelledby": view });
  land();
}

// ---------------------------------------------------------------------------------------------------------------------

addEventListener("message", ({ data }) => {
  const message = readMessage(data, check);
  if (!message) return;
  switch (message.type) {
    case "snapshot":
    case "patch":
      if (board.take(message)) redraw(board.stale);
      else send({ type: "resync" });
      return;
    case "details":
      drawDetails(message);
      land();
      return;
    case "steps":
      // Only now there is something to scroll.
      if (graph.take(message.layout)) drawnView = undefined;
      break;
    case "select":
      select(message.name);
      break;
    case "ask":
      expose(message.what, picture().rows?.());
      break;
    default:
      paint(message.drawing);
  }
  redraw();
});

/** Focus that is nowhere, as when the page gets it or what had it is gone, goes to the picture: what is selected is said. */
function land(): void {
  if (document.hasFocus() && document.activeElement === document.body) picture().focus.focus();
}
addEventListener("focus", land);

addEventListener("keydown", (event) => {
  land();
  const target = document.activeElement!;
  const { focus } = picture();
  if (event.key === "Escape" && target !== focus) focus.focus();
  else if (target.matches("input") || event.ctrlKey || event.metaKey || event.altKey || stage.hidden) return;
  else if (!press(event.key, target)) return;
  event.preventDefault();
});

const zooms: Readonly<Record<string, number>> = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, 0: 0 };

/** What a key means; false when nothing. */
function press(key: string, target: Element): boolean {
  const tab = target.role === "tab" ? ["ArrowLeft", "ArrowRight"].indexOf(key) : -1;
  const row = board.rowOf(choice.selected);
  if (tab >= 0) {
    show(views[(views.indexOf(choice.view) + 2 + 2 * tab) % 3]!);
    byId(choice.view).focus();
  } else if (key in zooms) picture().zoom?.(zooms[key]!);
  else if (key === "f") selectFailure(board.placeOf(choice.selected) + 1);
  else if (key === "[") selectRow(board.rowOf(row?.after?.find(({ binding }) => binding)?.from));
  else if (key === "]") selectRow(row && board.successor(row.name));
  else if (target !== picture().focus) return false;
  else if (key === "Enter") details.focus();
  else return picture().key(key);
  return true;
}

/** The present moves on: what shows it is written again each second, while the page can be seen. */
setInterval(() => {
  if (!board.parts) return;
  drawLine();
  if (!stage.hidden && board.parts.header.live) picture().tick();
}, 1000);

new ResizeObserver(() => redraw()).observe(stage);
addEventListener("error", ({ message }) => send({ type: "broken", text: message.slice(0, 2000) }));

const ask = () => send({ type: "refresh" });
/** What the buttons do, by their own name or that of their group. */
const acts: Readonly<Record<string, (value: string) => void>> = {
  refresh: ask,
  again: ask,
  menu: () => send({ type: "menu" }),
  failures: () => selectFailure(0),
  all: showAll,
  close: () => select(null),
  tabs: (view) => show(view as View),
  zoom: (factor) => picture().zoom?.(Number(factor)),
  chips(value) {
    const phase = value as ActivityPhase;
    const others = choice.only.filter((one) => one !== phase);
    choice.only = others.length < choice.only.length ? others : [...others, phase];
    redraw();
  },
};
document.addEventListener("click", ({ target }) => {
  const button = (target as Element).closest("button");
  if (button) acts[button.id]?.("");
  if (button?.value) acts[button.parentElement!.id]?.(button.value);
});

send({ type: "ready", version: protocolVersion, restored });
show(choice.view);
