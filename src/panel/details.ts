/** What is known of the selected activity; with none selected, of the task. */
import type { App } from "./app.ts";
import { byId, h, icon, iconButton, plain, set } from "./dom.ts";
import { makeLife, makeSections } from "./facts.ts";
import type { Section } from "./protocol.ts";
import { words } from "./words.ts";

/** `take` gets what the host tells of an activity; `draw` writes what differs into the pane, or into the whole page. */
export function makeDetails(app: App) {
  const { board, choice } = app;
  const pane = byId("details");
  const page = byId("facts");
  let about = "";
  let sections: readonly Section[] = [];
  let drawn: readonly unknown[] = [];

  return {
    element: pane,
    take(name: string, told: readonly Section[]): void {
      about = name;
      sections = told;
    },
    /** `whole`: there is nothing beside it. */
    draw(whole: boolean): void {
      const parts = board.parts!;
      const name = choice.selected;
      const told = name === null ? parts.sections : about === name ? sections : (drawn[1] ?? []);
      // What did not change is not drawn again: a tree that somebody opened stays open, a selected text selected.
      const now = [name, told, whole, name === null && parts.life, name === null && parts.header.status];
      if (now.every((part, index) => part === drawn[index])) return;
      const other = name !== drawn[0];
      drawn = now;
      const element = whole ? page : pane;
      const row = board.row(name);
      const title = row ? plain(row.activity.name, 2000) : words.task;
      set(element, { "aria-label": title.slice(0, 100) });
      const { remarks } = parts;
      element.replaceChildren(
        row || !whole
          ? h(
              "header",
              {},
              icon(row ? row.activity.phase : parts.header.phase),
              h("h2", {}, title),
              row && iconButton("close", words.task, () => app.select(null)),
            )
          : "",
        ...(row ? [] : [...remarks.map((remark) => h("p", {}, plain(remark, 1000))), ...makeLife(app)]),
        ...makeSections(told as readonly Section[], name, app),
      );
      if (other) element.scrollTop = 0;
    },
  };
}
