/** Fields in plain words, under headings; and the life of a job as a line. */
import { formatDuration, formatUtc } from "../workflow/format.ts";
import type { App } from "./app.ts";
import { h, icon, iconButton, plain } from "./dom.ts";
import { phaseWord } from "./phrases.ts";
import type { Field, Moment, Section } from "./protocol.ts";
import { makeTree } from "./tree.ts";
import { say, words } from "./words.ts";

/** Sections of fields. `name`: the activity they are about, null for the task. */
export function makeSections(sections: readonly Section[], name: string | null, app: App): HTMLElement[] {
  return sections.map(({ title, fields }, section) =>
    h(
      "section",
      {},
      !!title && h("h3", {}, plain(title)),
      h(
        "dl",
        {},
        ...fields.map((one, field) => {
          const copy = () => app.send({ type: "copyTree", name, section, field });
          return h("div", {}, h("dt", {}, plain(one.label)), h("dd", {}, ...content(one, app, copy)));
        }),
      ),
    ),
  );
}

function content({ phase, mark, text, at, tree, code, names, note, warning }: Field, app: App, copyTree: () => void) {
  const copy = text && code && iconButton("copy", `${words.copy}: ${plain(text, 80)}`, () => app.copy(text));
  const jumps = names?.map((name) => h("button", { class: "link", click: () => app.select(name) }, plain(name, 80)));
  return [
    phase && icon(phase),
    mark && h("mark", { class: mark }, mark),
    text && h(code ? "code" : "span", {}, plain(text, 1e4)),
    copy,
    at !== undefined && makeMoment(at),
    ...(jumps ?? []),
    note && h("small", {}, plain(note)),
    warning && h("strong", {}, icon("unknown"), plain(warning)),
    tree && makeTree(tree, copyTree),
  ].filter((part) => part !== undefined && part !== "");
}

/** A moment in UTC, as the service writes it, and in the zone of who reads it. */
function makeMoment(at: number): HTMLElement {
  const here = new Date(at);
  const local = here.getTimezoneOffset() !== 0 && h("small", {}, say("local", here.toLocaleString()));
  return h("time", {}, `${formatUtc(at, true)} UTC`, local);
}

/** From its creation over every change that was seen to its end, or to now: lengths to scale. */
export function makeLife(app: App): HTMLElement[] {
  const { header, life } = app.board.parts!;
  const { createdAt: start, finishedAt, phase, status = "" } = header;
  if (start === undefined) return [];
  const end = Math.max(start, finishedAt ?? app.board.now());
  const before = life.findLast(({ at }) => at <= start);
  const moments: readonly Moment[] = [
    { at: start, phase: before?.phase ?? "pending", status: before?.status ?? "" },
    ...life.filter((one) => one.at > start && one.at < end && (finishedAt === undefined || one.phase !== phase)),
    { at: end, phase, status },
  ];
  const items = moments.map((one, index) => {
    const next = moments[index + 1];
    const edge = next ? !index && words.created : finishedAt === undefined ? words.now : words.finished;
    const word = one.status && phaseWord(one.phase, one.status);
    const item = h(
      "li",
      { class: one.phase },
      icon(one.phase),
      h("b", {}, [edge, word].filter(Boolean).join(" · ")),
      makeMoment(one.at),
      next && h("span", {}, formatDuration(next.at - one.at)),
    );
    item.style.flexGrow = `${next ? 1 + (8 * (next.at - one.at)) / (end - start || 1) : 0}`;
    return item;
  });
  return [h("section", { class: "life" }, h("h3", {}, words.life), h("ol", {}, ...items))];
}
