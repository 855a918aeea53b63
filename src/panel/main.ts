/** The page of a job panel: takes what the host sends, draws it, and tells the host what a person does. */
import { type App, type Picture, readChoice } from "./app.ts";
import { Board } from "./board.ts";
import { makeDetails } from "./details.ts";
import { byId, h, plain, set } from "./dom.ts";
import { makeHeading, makeSteps } from "./header.ts";
import { phaseWord } from "./phrases.ts";
import { protocolVersion, readToPanel, type ToHost, type View, views } from "./protocol.ts";
import { makeGraph } from "./steps.ts";
import { makeTable } from "./table.ts";
import { makeTimeline } from "./timeline.ts";
import { say, useWords, words } from "./words.ts";

interface Host {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const { ref, words: table } = document.body.dataset;
useWords(JSON.parse(table!));

const board = new Board();
const choice = readChoice(host.getState());
/** Nobody has chosen yet: the first failure is selected when it is known. */
let untouched = host.getState() === undefined;
let drawing = false;
let keeping: ReturnType<typeof setTimeout> | undefined;
let telling: ReturnType<typeof setTimeout> | undefined;
let shownFor: string | null | undefined;

const app: App = {
  board,
  choice,
  send: (message) => host.postMessage(message),
  copy: (text) => {
    app.send({ type: "copy", text });
    tell(words.copied);
  },
  select(name) {
    untouched = false;
    choice.selected = name;
    if (board.row(name) && board.place(name) < 0 && choice.view !== "steps") showAll();
    picture().reveal();
    app.redraw();
  },
  failure(from) {
    const rows = board.shown;
    const failed = (row: (typeof rows)[number]) => row.activity.phase === "failed";
    const next = rows.findIndex((row, place) => place >= from && failed(row));
    const found = rows[next >= 0 ? next : rows.findIndex(failed)] ?? board.rows.find(failed);
    if (found) app.select(found.activity.name);
  },
  redraw() {
    app.keep();
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      draw();
    });
  },
  keep() {
    keeping ??= setTimeout(() => {
      keeping = undefined;
      host.setState({ ...choice, ref });
    }, 150);
  },
};

const graph = makeGraph(app);
const pictures: Readonly<Record<View, Picture>> = { timeline: makeTimeline(app), steps: graph, table: makeTable(app) };
const picture = () => pictures[choice.view];
const heading = makeHeading(app);
const details = makeDetails(app);
const [stage, nothing, facts, live] = [byId("stage"), byId("nothing"), byId("facts"), byId("live")];

function refresh(): void {
  app.send({ type: "refresh" });
}

function show(view: View): void {
  choice.view = view;
  app.send({ type: "view", view });
  app.redraw();
  picture().focus.focus();
}

function showAll(): void {
  choice.text = "";
  choice.only = [];
  filter();
}

function filter(): void {
  board.text = choice.text.trim().toLowerCase();
  board.only = new Set(choice.only);
  board.filter();
}

function draw(): void {
  const { parts } = board;
  if (!parts) return;
  filter();
  const workflow = parts.header.type === "workflow";
  const answered = parts.header.status !== undefined;
  const activities = workflow && board.rows.length > 0;
  if (untouched && activities && board.counts.failed) {
    choice.selected = board.rows.find((row) => row.activity.phase === "failed")!.activity.name;
  }
  if (!board.row(choice.selected)) choice.selected = null;
  heading.draw();
  nothing.hidden = activities ? board.shown.length > 0 || choice.view === "steps" : answered;
  stage.hidden = !activities || !nothing.hidden;
  details.element.hidden = !activities;
  facts.hidden = activities || !answered;
  if (!nothing.hidden) drawNothing();
  if (!stage.hidden) drawStage();
  if (activities || answered) details.draw(!activities);
  if (shownFor !== choice.selected) {
    shownFor = choice.selected;
    app.send({ type: "select", name: choice.selected });
  }
}

function drawStage(): void {
  const { element, draw } = picture();
  const fresh = stage.firstElementChild !== element;
  if (fresh) {
    stage.replaceChildren(element);
    set(stage, { "aria-labelledby": choice.view });
  }
  if (fresh && choice.view !== "steps") {
    draw();
    const [left, top] = choice.scroll[choice.view] ?? [0, 0];
    picture().scroller.scrollTo(left, top);
    if (!choice.scroll[choice.view]) picture().reveal();
  }
  draw();
}

/** Why there is nothing to see, and what to do about it. */
function drawNothing(): void {
  const { trouble, asking, header } = board.parts!;
  if (header.status !== undefined) {
    const all = () => {
      showAll();
      app.redraw();
    };
    nothing.replaceChildren(h("p", {}, words.noMatch), h("button", { class: "main", click: all }, words.showAll));
    return;
  }
  if (asking || !trouble) nothing.replaceChildren(h("p", {}, words.loading));
  else {
    const again = h("button", { class: "main", click: refresh }, words.refresh);
    nothing.replaceChildren(h("p", {}, plain(trouble.text, 1000)), h("div", {}, again, ...makeSteps(app)));
  }
}

/** Says a sentence to who listens instead of looking. */
function tell(text: string): void {
  live.textContent = text;
}

/** What changed since the last time, in one sentence, at most every second. */
function tellNews(): void {
  if (board.news.length === 0) return;
  telling ??= setTimeout(() => {
    telling = undefined;
    const news = board.news.splice(0).reverse();
    const named = news
      .slice(0, 3)
      .map(({ activity: { name, phase, status } }) => `${plain(name, 60)}: ${phaseWord(phase, status)}`);
    const rest = news.length > 3 ? [say("count", news.length)] : [];
    tell([...named, ...rest].join(". "));
  }, 1000);
}

// ---------------------------------------------------------------------------------------------------------------------

window.addEventListener("message", ({ data }) => {
  const message = readToPanel(data);
  if (!message) return;
  switch (message.type) {
    case "snapshot":
    case "patch":
      if (board.take(message) === "gap") {
        app.send({ type: "resync" });
        return;
      }
      tellNews();
      break;
    case "details":
      details.take(message.name, message.sections);
      break;
    case "steps":
      graph.take(message.layout);
      break;
    case "select":
      app.select(message.name);
      break;
    default:
      return;
  }
  app.redraw();
});

window.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).matches?.("input");
  if (event.key === "Escape") {
    if (document.activeElement === picture().focus) return;
    picture().focus.focus();
  } else if (typing || event.ctrlKey || event.metaKey || event.altKey || stage.hidden) return;
  else if (!press(event.key, event.target as Element)) return;
  event.preventDefault();
});

/** What a key means; false when nothing. */
function press(key: string, target: Element): boolean {
  const inPicture = target === picture().focus || target === document.body;
  const tab = target.matches("[role=tab]") && { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (tab) {
    const view = views[(views.indexOf(choice.view) + tab + views.length) % views.length]!;
    show(view);
    byId(view).focus();
    return true;
  }
  const row = board.row(choice.selected);
  switch (key) {
    case "f":
      app.failure(board.place(choice.selected) + 1);
      return true;
    case "[": {
      const links = row?.activity.after ?? [];
      const link = links.find(({ binding }) => binding) ?? links[0];
      if (link && board.row(link.from)) app.select(link.from);
      return true;
    }
    case "]": {
      const next = row && board.successors(row.activity.name)[0];
      if (next) app.select(next.activity.name);
      return true;
    }
    case "+":
    case "=":
      picture().zoom(1.5);
      return true;
    case "-":
      picture().zoom(1 / 1.5);
      return true;
    case "0":
      picture().zoom(0);
      return true;
    case "Enter":
      if (!inPicture) return false;
      details.element.focus();
      return true;
    default:
      return inPicture && picture().key(key);
  }
}

/** The present moves on: what shows it is written again each second, while the page can be seen. */
setInterval(() => {
  if (document.hidden || !board.parts) return;
  heading.tick();
  if (!stage.hidden && board.live()) picture().tick();
}, 1000);

new ResizeObserver(() => app.redraw()).observe(stage);
new MutationObserver(() => app.redraw()).observe(document.documentElement, {
  attributes: true,
  attributeFilter: ["style"],
});
const broken = (text: unknown) => app.send({ type: "broken", text: `${text}`.slice(0, 2000) });
window.addEventListener("error", ({ message }) => broken(message));
window.addEventListener("unhandledrejection", ({ reason }) => broken(reason));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  broken(`${violatedDirective} ${blockedURI}`),
);

byId("refresh").addEventListener("click", refresh);
for (const view of views) byId(view).addEventListener("click", () => show(view));
byId("zoom").addEventListener("click", ({ target }) => picture().zoom(Number((target as HTMLButtonElement).value)));

app.send({ type: "ready", version: protocolVersion });
app.send({ type: "view", view: choice.view });
