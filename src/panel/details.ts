/** What is known of the selected activity; with none selected, of the task. */
import { formatUtc } from "../workflow/format.ts";
import { choice, copy, select, send } from "./app.ts";
import * as board from "./board.ts";
import { byId, type Child, h, icon, plain, set, write } from "./dom.ts";
import type { Field, Moment, Section, ToPanel } from "./protocol.ts";
import { makeTree } from "./tree.ts";
import { say, words } from "./words.ts";

/** Sections as they stand, by what they say: a tree that somebody opened stays open while it says the same. */
let standing = new Map<string, HTMLElement>();

/** Writes what the host told into the pane, or into the whole page when there is nothing beside it. */
export function drawDetails({
  name,
  title,
  phase,
  notes,
  life,
  sections,
}: Extract<ToPanel, { type: "details" }>): void {
  if (name !== choice.selected) return;
  const next = new Map<string, HTMLElement>();
  byId("about-icon").className = `icon ${phase}`;
  write(byId("about"), plain(title, 2000));
  byId("close").hidden = name === null;
  set(byId("details"), { "aria-label": plain(title, 100) });
  byId(board.rows.length > 0 ? "about-body" : "facts").replaceChildren(
    ...notes.map((note) => h("p", {}, plain(note, 1000))),
    ...(life.length > 0 ? [makeLife(life)] : []),
    ...sections.map((section, place) => {
      const said = `${name}\n${JSON.stringify(section)}`;
      const element = standing.get(said) ?? makeSection(section, name, place);
      next.set(said, element);
      return element;
    }),
  );
  standing = next;
}

function makeSection({ title, fields }: Section, name: string | null, section: number): HTMLElement {
  const terms = fields.map((one, field) => {
    const copyTree = () => send({ type: "copyTree", name, section, field });
    return h("div", {}, h("dt", {}, plain(one.label)), h("dd", {}, ...content(one, copyTree)));
  });
  return h("section", {}, !!title && h("h3", {}, plain(title)), h("dl", {}, ...terms));
}

function content(field: Field, copyTree: () => void): Child[] {
  const { label, phase, mark, rung, share, text, at, clock, tree, code, names = [], note, warning } = field;
  return [
    !!phase && icon(phase),
    !!mark && h("mark", { class: rung }, mark),
    share !== undefined && h("progress", { value: share, "aria-label": label }),
    !!text && h(code ? "code" : "span", {}, plain(text, 1e4)),
    !!(text && code) &&
      h("button", { class: "quiet", "aria-label": words.copy, click: () => copy(text) }, icon("copy")),
    at !== undefined && makeMoment(at, clock),
    ...names.map((name) => h("button", { class: "link", click: () => select(name) }, plain(name, 80))),
    !!note && h("small", {}, plain(note)),
    !!warning && h("small", {}, icon("unknown"), plain(warning)),
    !!tree && makeTree(tree, copyTree),
  ];
}

/** The editor's language, which may be another than the browser's. */
const language = document.documentElement.lang;

/** A moment in UTC, as the service writes it, and in the zone of who reads it. */
function makeMoment(at: number, clock?: boolean): HTMLElement {
  const here = new Date(at);
  const local = clock ? here.toLocaleTimeString(language) : here.toLocaleString(language);
  const zone = here.getTimezoneOffset() !== 0 && h("small", {}, say("local", local));
  return h("time", {}, `${formatUtc(at, !clock)} UTC`, zone);
}

/** The moments of a job's life as a line, lengths to scale. */
function makeLife(life: readonly Moment[]): HTMLElement {
  const items = life.map(({ at, phase, text, share = 0, length }) => {
    const item = h(
      "li",
      { class: phase },
      icon(phase),
      h("b", {}, plain(text)),
      makeMoment(at),
      h("small", {}, length),
    );
    item.style.flexGrow = `${share * 8}`;
    return item;
  });
  return h("section", { class: "life" }, h("ol", {}, ...items));
}
