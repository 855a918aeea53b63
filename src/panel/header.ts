/** What stands above the views: the job in a line, how it is looked at, and what is wrong. */
import type { ActivityPhase } from "../workflow/types.ts";
import { choice, redraw, send } from "./app.ts";
import * as board from "./board.ts";
import { byId, h, plain, set, write } from "./dom.ts";
import { joined, lengthText } from "./phrases.ts";
import { views } from "./protocol.ts";
import { say, words } from "./words.ts";

const filter = byId("filter") as HTMLInputElement;
filter.addEventListener("input", () => {
  choice.text = filter.value;
  redraw();
});
let drawnTrouble: unknown;

export function drawHeading(): void {
  const { header, banner, trouble } = board.parts;
  byId("glyph").className = `icon ${header.phase}`;
  write(byId("title"), plain(header.title));
  drawLine();
  byId("tools").hidden = board.rows.length === 0;
  filter.value = choice.text;
  for (const view of views) {
    const selected = view === choice.view;
    set(byId(view), { "aria-selected": `${selected}`, tabindex: selected ? 0 : -1 });
  }
  // How many there are of each phase; pressed, only those are shown.
  for (const chip of byId("chips").children as Iterable<HTMLButtonElement & Element>) {
    const phase = chip.value as ActivityPhase;
    const pressed = choice.only.includes(phase);
    const count = board.counts[phase] ?? 0;
    const number = chip.lastElementChild as HTMLElement;
    chip.hidden = !count && !pressed;
    set(chip, { "aria-pressed": `${pressed}` });
    write(number, `${count}`);
    number.style.width = `${`${count}`.length}ch`;
  }
  byId("banner").hidden = !banner;
  write(byId("banner-text"), plain(banner ?? ""));
  byId("trouble").hidden = !trouble;
  // Buttons that somebody may stand on are made anew only when they are others.
  if (trouble && trouble !== drawnTrouble) {
    drawnTrouble = trouble;
    const steps = trouble.steps.map((title, index) =>
      h("button", { class: "link", click: () => send({ type: "step", index }) }, plain(title)),
    );
    byId("trouble-text").replaceChildren(plain(trouble.text, 1000), ...steps);
  }
}

/** What tells of the time; once a second is enough. */
export function drawLine(): void {
  const { header, asking, trouble } = board.parts;
  const { standing, about, live, nextCheckAt, likelyEndAt } = header;
  const now = board.now();
  const long = board.duration();
  const left = live && likelyEndAt !== undefined && likelyEndAt - now;
  const next = live && !trouble && nextCheckAt !== undefined && Math.max(0, nextCheckAt - now);
  const text = joined(
    " · ",
    standing,
    long !== undefined && lengthText(long),
    left !== false && say(left > 0 ? "likely" : "overdue", lengthText(Math.abs(left))),
    asking ? words.asking : next !== false && say("nextCheck", lengthText(next)),
    about,
  );
  write(byId("line"), plain(text));
}
