/** One row per activity on a shared time axis. */
import { formatTick, formatUtc } from "../workflow/format.ts";
import { spanEnd, spanStart } from "../workflow/span.ts";
import { fitView, makeTicks, panView, type TimeView, timeAtX, xOf, zoomView } from "../workflow/timeScale.ts";
import type { App, Picture } from "./app.ts";
import type { Row } from "./board.ts";
import { h, icon, plain, set, svg, textWidth, write } from "./dom.ts";
import { alonePhrase, changePhrase, lengthPhrase, phaseWord, rowPhrase } from "./phrases.ts";
import { makePool, rowHeight } from "./pool.ts";
import type { ViewActivity } from "./protocol.ts";
import { words } from "./words.ts";

/** Pixels kept free before and behind the axis: for the connectors and for the labels of the last bars. */
const inset = 16;
const outset = 28;
const narrowestBar = 4;
/** Runs with more rows fit the time of the rows in view, not of the whole run. */
const longRun = 200;

export function makeTimeline(app: App): Picture {
  const { board, choice } = app;
  const cursor = h("div", { class: "cursor", "aria-hidden": "true" });
  const lines = svg("svg", { class: "lines", "aria-hidden": "true" });
  const sheet = h("div", { class: "sheet", role: "rowgroup" }, cursor, lines);
  const scroller = h(
    "div",
    { class: "scroller", role: "treegrid", tabindex: 0, "aria-label": words.timeline, "aria-readonly": "true" },
    sheet,
  );
  const ticks = svg("svg");
  const probe = h("output", { hidden: true });
  const ruler = svg("svg", { class: "ruler", "aria-hidden": "true", width: 10 });
  const element = h(
    "div",
    { class: "timeline" },
    h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}, words.activity), ticks, probe),
    scroller,
    ruler,
  );

  let nameWidth = 0;
  let width = 0;
  let fitted: TimeView | undefined;
  let span: readonly [first: number, last: number] = [0, 0];

  const pool = makePool(scroller, 0, sheet, null, makeRow, fill);

  /** Pixels from the left side of the track. */
  const xAt = (time: number) => inset + xOf(board.axis(), view(), time);
  const view = () => {
    fitted ??= fitRows();
    return choice.time ?? fitted;
  };

  function fitRows(): TimeView {
    const room = width - inset - outset;
    const axis = board.axis();
    if (board.shown.length <= longRun) return fitView(axis, room);
    const { from, to } = stretchInView();
    const margin = (to - from) * 0.05;
    return fitView(axis, room, { from: from - margin, to: to + Math.max(margin, 1000) });
  }

  /** From the first start to the last end of the rows in view. */
  function stretchInView() {
    const first = Math.floor(scroller.scrollTop / rowHeight);
    const rows = board.shown.slice(first, first + pool.page() + 2);
    const starts = rows.map((row) => spanStart(row.span) ?? Number.POSITIVE_INFINITY);
    const ends = rows.map((row) => spanEnd(row.span, board.end()) ?? Number.NEGATIVE_INFINITY);
    const from = Math.min(...starts);
    return Number.isFinite(from) ? { from, to: Math.max(...ends) } : board.axis();
  }

  /** Whether what fitted still does, after scrolling a long run. */
  function stillFits(): boolean {
    if (!fitted || board.shown.length <= longRun) return !!fitted;
    const { from, to } = stretchInView();
    const [left, right] = [xAt(from), xAt(to)];
    return left >= 0 && right <= width && right - left > width / 3;
  }

  function draw(anew = true): void {
    const total = board.shown.length;
    if (anew) {
      measure();
      set(scroller, { "aria-rowcount": total });
      sheet.style.height = `${total * rowHeight}px`;
      fitted = undefined;
    } else if (!choice.time && !stillFits()) {
      fitted = undefined;
      anew = true;
    }
    span = pool.draw(total, anew);
    drawCursor();
    drawTicks();
    drawLines();
    if (anew) drawRuler();
  }

  function measure(): void {
    const wide = scroller.clientWidth;
    const widest = board.rows.slice(0, 300).reduce((most, { activity }) => {
      const kind = kindBeside(activity);
      return Math.max(most, textWidth(plain(activity.name)) * 1.09 + (kind ? textWidth(kind) + 8 : 0));
    }, 0);
    nameWidth = Math.round(Math.min(Math.max(130, widest + 56), wide * 0.42, 420));
    width = wide - nameWidth;
    element.style.setProperty("--name", `${nameWidth}px`);
  }

  function makeRow() {
    const [glyph, name, kind, bar, label] = [icon(""), h("b"), h("small"), h("i"), h("span")];
    const element = h(
      "div",
      { class: "row", role: "row" },
      h("div", { class: "name", role: "gridcell" }, glyph, name, kind),
      h("div", { class: "track", role: "gridcell" }, bar, label),
    );
    return { element, glyph, name, kind, bar, label };
  }

  function fill(parts: ReturnType<typeof makeRow>, place: number): void {
    const row = board.shown[place]!;
    const { activity } = row;
    const { phase, name } = activity;
    const selected = name === choice.selected;
    set(parts.element, {
      class: `row ${phase}${selected ? " selected" : ""}`,
      id: `row${place}`,
      "aria-rowindex": place + 1,
      "aria-level": 1,
      "aria-selected": `${selected}`,
      "aria-label": rowPhrase(row, board),
    });
    parts.element.style.transform = `translateY(${place * rowHeight}px)`;
    parts.glyph.className = `icon ${phase}`;
    write(parts.name, plain(name));
    write(parts.kind, kindBeside(activity));
    fillTrack(parts.bar, parts.label, row);
  }

  function fillTrack(bar: HTMLElement, label: HTMLElement, row: Row): void {
    const { kind } = row.span;
    const start = spanStart(row.span);
    const from = start === undefined ? 0 : xAt(start);
    const to = Math.max(from + narrowestBar, start === undefined ? 0 : xAt(spanEnd(row.span, board.end())!));
    // Nothing is drawn farther out than it can be seen, however near one has come.
    const left = Math.max(-20, Math.min(from, width + 20));
    const length = Math.max(0, Math.min(to, width + 20) - left);
    bar.className = `bar ${kind}`;
    bar.style.transform = `translateX(${kind === "point" ? from - 5 : left}px)`;
    bar.style.width = kind === "point" ? "" : `${length}px`;

    let text = labelOf(row);
    if (to < 0) text = `← ${text}`;
    if (from > width) text = `${text} →`;
    write(label, text);
    const wide = textWidth(text) + 14;
    const behind = kind === "point" ? from + 6 : to;
    let at = behind + 2;
    let place = "beside";
    if (kind !== "point" && kind !== "none" && Math.min(to, width) - Math.max(0, from) > wide + 16) {
      place = "inside";
      at = Math.max(0, from) + 8;
    } else if (at + wide > width) at = from - wide - 2 > 0 ? from - wide - 2 : Math.max(0, width - wide);
    label.className = place;
    label.style.transform = `translateX(${Math.max(0, at)}px)`;
  }

  function labelOf(row: Row): string {
    const { phase, status } = row.activity;
    const said = phase === "succeeded" || phase === "running" ? "" : phaseWord(phase, status);
    return [said, lengthPhrase(row, board), alonePhrase(row, board), changePhrase(row)].filter(Boolean).join(" · ");
  }

  function drawCursor(): void {
    const place = board.place(choice.selected);
    cursor.hidden = place < 0;
    cursor.style.transform = `translateY(${place * rowHeight}px)`;
    set(scroller, { "aria-activedescendant": pool.at(place) ? `row${place}` : undefined });
  }

  function drawTicks(): void {
    const axis = board.axis();
    set(ticks, { width, height: rowHeight });
    const marks = makeTicks(axis, view(), width - inset).map(({ x, offset }) =>
      svg("text", { x: inset + x + 4, y: 16 }, formatTick(offset)),
    );
    ticks.replaceChildren(...(axis.from > 0 ? marks : []));
  }

  function drawLines(): void {
    const [first, last] = span;
    const height = (last - first) * rowHeight;
    const axis = board.axis();
    lines.style.transform = `translate(${nameWidth}px,${first * rowHeight}px)`;
    set(lines, { width, height });
    const grid = makeTicks(axis, view(), width - inset).map(({ x }) => `M${round(inset + x)} 0V${height}`);
    const folds = axis.folds.map(({ from, to }) => {
      const [left, right] = [xAt(from), xAt(to)];
      return svg("rect", { class: "fold", x: round(left), width: round(right - left), height });
    });
    const now = board.live() ? `M${round(xAt(board.now()))} 0V${height}` : "";
    const paths: Record<string, string> = { grid: grid.join(""), now };
    const heads: Record<string, string> = {};
    const connect = (row: Row, place: number, all: boolean) => {
      for (const link of row.activity.after ?? []) {
        const hot = all || link.from === choice.selected;
        if (!hot && !link.binding) continue;
        const path = connector(link.from, row, place);
        if (!path) continue;
        const kind = `${link.evidence.replace(" ", "-")}${hot ? " hot" : ""}${link.contradicted ? " against" : ""}`;
        paths[kind] = (paths[kind] ?? "") + path.line;
        heads[hot ? "head hot" : "head"] = (heads[hot ? "head hot" : "head"] ?? "") + path.head;
      }
    };
    for (let place = first; place < last; place++) {
      const row = board.shown[place]!;
      connect(row, place, row.activity.name === choice.selected);
    }
    lines.replaceChildren(
      ...folds,
      ...Object.entries({ ...paths, ...heads }).map(([kind, d]) => svg("path", { class: kind, d })),
    );
  }

  /** The way from the end of `from` to the start of a row: down beside its end, then across. */
  function connector(from: string, row: Row, place: number) {
    const other = board.row(from);
    const start = spanStart(row.span);
    const ended = other && spanEnd(other.span, board.end());
    const otherPlace = board.place(from);
    if (start === undefined || ended === undefined || otherPlace < 0) return undefined;
    const [x1, x2] = [xAt(ended), xAt(start)];
    const turn = Math.min(x1, x2 - 9);
    if (x2 < 0 || turn < 0 || turn > width) return undefined;
    const top = -2 * rowHeight;
    const middle = (at: number) => (at - span[0]) * rowHeight + rowHeight / 2;
    const down = otherPlace < place ? 1 : -1;
    const y1 = Math.max(top, Math.min(middle(otherPlace) + 8 * down, (span[1] - span[0] + 2) * rowHeight));
    const y2 = middle(place);
    const [x, end] = [round(turn), round(x2) - 1];
    const lead = x1 > turn + 1 ? `M${round(x1)} ${y1}v${3 * down}H${x}` : `M${x} ${y1}`;
    return { line: `${lead}V${y2 - 4 * down}q0 ${4 * down} 4 ${4 * down}H${end - 4}`, head: `M${end} ${y2}l-5-3v6z` };
  }

  /** Where failures and running activities lie in the whole list; one mark stands for all on the same pixel. */
  function drawRuler(): void {
    const height = scroller.clientHeight;
    const total = board.shown.length;
    const scale = Math.min(rowHeight, height / Math.max(1, total));
    set(ruler, { height });
    const marked = new Map<string, Set<number>>();
    board.shown.forEach(({ activity: { phase } }, place) => {
      if (phase !== "failed" && phase !== "running") return;
      if (!marked.has(phase)) marked.set(phase, new Set());
      marked.get(phase)!.add(Math.floor((place * scale) / 2));
    });
    ruler.replaceChildren(
      ...[...marked].map(([phase, places]) => {
        const size = Math.max(2, scale);
        return svg("path", { class: phase, d: [...places].map((at) => `M2 ${at * 2}h6v${size}h-6z`).join("") });
      }),
    );
  }

  function zoom(factor: number, x = width / 2): void {
    const axis = board.axis();
    const room = width - inset - outset;
    const next = factor && zoomView(axis, view(), room, factor, x - inset);
    choice.time = next && next.scale > fitView(axis, room).scale * 1.001 ? next : null;
    app.redraw();
  }

  function pan(pixels: number): void {
    if (!choice.time) return;
    choice.time = panView(board.axis(), choice.time, width - inset - outset, pixels);
    app.redraw();
  }

  function step(to: number): void {
    const row = board.shown[Math.max(0, Math.min(to, board.shown.length - 1))];
    if (row) app.select(row.activity.name);
  }

  scroller.addEventListener("scroll", () => {
    draw(false);
    choice.scroll.timeline = [0, scroller.scrollTop];
    app.keep();
  });
  scroller.addEventListener(
    "wheel",
    (event) => {
      const across = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey) zoom(Math.exp(-event.deltaY / 300), event.clientX - lines.getBoundingClientRect().left);
      else if (across && choice.time) pan(across);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
  sheet.addEventListener("click", (event) => {
    step(Math.floor((event.clientY - sheet.getBoundingClientRect().top) / rowHeight));
  });
  ruler.addEventListener("click", (event) => {
    const share = event.offsetY / Math.min(scroller.clientHeight, board.shown.length * rowHeight);
    step(Math.floor(share * board.shown.length));
  });
  // The time under the pointer, on the axis.
  element.addEventListener("pointermove", (event) => {
    const x = event.clientX - lines.getBoundingClientRect().left;
    probe.hidden = x < 0 || x > width || board.axis().from === 0;
    if (probe.hidden) return;
    const time = timeAtX(board.axis(), view(), x - inset);
    write(
      probe,
      `${formatTick(Math.max(0, Math.round((time - board.axis().from) / 1000) * 1000))} · ${formatUtc(time)}`,
    );
    probe.style.transform = `translateX(${Math.round(nameWidth + x)}px)`;
  });
  element.addEventListener("pointerleave", () => {
    probe.hidden = true;
  });

  return {
    element,
    focus: scroller,
    scroller,
    draw: () => draw(),
    tick() {
      for (let place = span[0]; place < span[1]; place++) {
        const row = board.shown[place]!;
        const parts = row.span.kind === "running" && pool.at(place);
        if (parts) fill(parts, place);
      }
      drawLines();
    },
    reveal() {
      const place = board.place(choice.selected);
      if (place >= 0) pool.reveal(place);
    },
    zoom: (factor) => zoom(factor),
    key(key) {
      const place = board.place(choice.selected);
      const to: Record<string, number> = {
        ArrowUp: place - 1,
        ArrowDown: place + 1,
        PageUp: place - pool.page(),
        PageDown: place + pool.page(),
        Home: 0,
        End: board.shown.length - 1,
      };
      if (key === "ArrowLeft" || key === "ArrowRight") pan(key === "ArrowLeft" ? -80 : 80);
      else if (key in to) step(to[key]!);
      else return false;
      return true;
    },
  };
}

/** The kind, where the name does not say it already. */
function kindBeside({ name, kind }: ViewActivity): string {
  return name.startsWith(kind) ? "" : plain(kind, 60);
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
