/** What stands above the views: the job in a line, how it is looked at, and what is wrong. */
import { formatDuration, formatUtc } from "../workflow/format.ts";
import type { ActivityPhase } from "../workflow/types.ts";
import type { App } from "./app.ts";
import { byId, h, icon, plain, set, write } from "./dom.ts";
import { phaseWord } from "./phrases.ts";
import { phases, views } from "./protocol.ts";
import { say, words } from "./words.ts";

/** `draw` writes everything, `tick` only what tells of the time. */
export function makeHeading(app: App) {
  const { board, choice } = app;
  const [glyph, title, line, menu, tools] = [byId("glyph"), byId("title"), byId("line"), byId("menu"), byId("tools")];
  const [chips, banner, trouble] = [byId("chips"), byId("banner"), byId("trouble")];
  const filter = byId("filter") as HTMLInputElement;
  let drawnTrouble: unknown;
  let drawnMenu: unknown;

  filter.addEventListener("input", () => {
    choice.text = filter.value;
    app.redraw();
  });

  function draw(): void {
    const { header, asking, menu: items } = board.parts!;
    const failures = board.counts.failed ?? 0;
    const disagrees = header.phase === "succeeded" && failures > 0;
    glyph.className = `icon ${header.status === undefined ? "pending" : disagrees ? "failed" : header.phase}`;
    write(title, plain(header.title));
    tick();
    byId("refresh").classList.toggle("busy", asking);
    if (drawnMenu !== items) {
      drawnMenu = items;
      const entry = (id: string) => () => {
        menu.hidePopover();
        app.send({ type: "menu", id });
      };
      menu.replaceChildren(
        ...items.map(({ id, label }) => h("button", { role: "menuitem", click: entry(id) }, plain(label))),
      );
    }
    tools.hidden = board.rows.length === 0;
    if (filter.value !== choice.text) filter.value = choice.text;
    for (const view of views) {
      const selected = view === choice.view;
      set(byId(view), { "aria-selected": `${selected}`, tabindex: selected ? 0 : -1 });
    }
    drawChips();
    banner.hidden = !disagrees;
    if (disagrees) {
      banner.replaceChildren(
        icon("failed"),
        h("span", {}, say("banner", failures, plain(header.status!, 40), board.rows.length)),
        h("button", { class: "link", click: () => app.failure(0) }, words.showFailed),
      );
    }
    drawTrouble();
  }

  /** How many there are of each phase; pressed, only those are shown. */
  function drawChips(): void {
    const present = phases.filter((phase) => board.counts[phase] || choice.only.includes(phase));
    chips.replaceChildren(
      ...present.map((phase) => {
        const text = `${board.counts[phase] ?? 0} ${words[phase].toLowerCase()}`;
        const known = [...chips.children].find((chip) => chip.classList.contains(phase));
        const chip = known ?? h("button", { class: phase, click: () => toggle(phase) }, icon(phase), h("span"));
        write(chip.lastElementChild!, text);
        return set(chip, { "aria-pressed": `${choice.only.includes(phase)}` });
      }),
    );
  }

  function toggle(phase: ActivityPhase): void {
    const others = choice.only.filter((one) => one !== phase);
    choice.only = others.length < choice.only.length ? others : [...others, phase];
    app.redraw();
  }

  /** The last attempt failed: what is drawn is old, why, and when it is tried again. */
  function drawTrouble(): void {
    const { trouble: now, header } = board.parts!;
    trouble.hidden = !now || header.status === undefined;
    if (now === drawnTrouble || !now) return;
    drawnTrouble = now;
    trouble.replaceChildren(
      icon("stale"),
      h("span", {}, h("b"), plain(` ${now.text} `, 1000), h("em")),
      ...makeSteps(app),
    );
    tick();
  }

  function tick(): void {
    const { header, asking, trouble: wrong } = board.parts!;
    const { createdAt, finishedAt, status, phase, nextCheckAt, likelyEndAt, checkedAt } = header;
    const now = board.now();
    const over = finishedAt !== undefined;
    const workflow = header.type === "workflow";
    const long = workflow ? board.duration() : createdAt && (finishedAt ?? now) - createdAt;
    const ends = !over && likelyEndAt !== undefined && likelyEndAt - now;
    const next = !over && nextCheckAt !== undefined && formatDuration(Math.max(0, nextCheckAt - now));
    const parts = [
      plain(header.about),
      status === undefined
        ? words.never
        : phase === "succeeded" && board.counts.failed
          ? words.withFailures
          : phase === "pending"
            ? words.waiting
            : phaseWord(phase, status),
      long !== undefined && formatDuration(long),
      createdAt !== undefined && `${formatUtc(createdAt, true)} UTC`,
      board.rows.length > 0 && say("count", board.rows.length),
      ends && say(ends > 0 ? "likely" : "overdue", formatDuration(Math.abs(ends))),
      asking ? words.asking : next && !wrong && say("nextCheck", next),
    ];
    write(line, parts.filter(Boolean).join(" · "));
    const [old, again] = [trouble.querySelector("b"), trouble.querySelector("em")];
    if (old) write(old, checkedAt === undefined ? "" : say("stale", formatDuration(now - checkedAt)));
    if (again) write(again, next ? say("nextTry", next) : "");
  }

  return { draw, tick };
}

/** Buttons for what a person can do about a failed call. */
export function makeSteps(app: App): HTMLElement[] {
  const step = (index: number) => () => app.send({ type: "step", index });
  return app.board.parts!.trouble!.steps.map((title, index) =>
    h("button", { class: "link", click: step(index) }, plain(title)),
  );
}
