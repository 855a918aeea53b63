/** One row per activity on a shared time axis. */
import { formatTick, formatUtc } from "../workflow/format.ts";
import { clamp, fitView, makeTicks, panView, type TimeView, xOf, zoomView } from "../workflow/timeScale.ts";
import { connectorOf } from "../workflow/ways.ts";
import { choice, type Picture, redraw, selectRow } from "./app.ts";
import * as board from "./board.ts";
import { byId, linkClass, makePaths, move, type Parts, plain, set, svg, textWidth, write } from "./dom.ts";
import { joined, lengthPhrase, lengthText, rowPhrase } from "./phrases.ts";
import { makePool, rowHeight } from "./pool.ts";
import type { ViewActivity } from "./protocol.ts";
import { say, words } from "./words.ts";

/** Pixels kept free before and behind the axis: for the connectors and for the labels of the last bars. */
const inset = 16;
const outset = 28;
/** Pixels of the overview at the right side, with a gap before it. */
const rulerWidth = 20;
const narrowestBar = 4;
/** Runs with more rows fit the time of the rows in view, not of the whole run. */
const longRun = 200;

export function makeTimeline(): Picture {
  const [element, scroller, sheet, cursor] = [byId("timeline-view"), byId("rows"), byId("row-sheet"), byId("cursor")];
  const [ticks, ruler, lines] = [byId("ticks"), byId("ruler"), byId("lines")];
  const pool = makePool(scroller, 0, sheet, "row", () => board.shown, fill);

  let nameWidth = 0;
  /** Of the part beside the names. */
  let width = 0;
  let height = 0;
  let fitted: TimeView | undefined;
  let shown: ReturnType<typeof pool.draw>;
  /** The overview will be drawn soon: once for all that changes until then. */
  let ruling: unknown;
  /** What all rows depend on, as it was when they were drawn. */
  let drawn: readonly unknown[] = [];

  const room = () => width - inset - outset;
  const view = () => choice.time ?? fitted!;
  /** Pixels from the left side of the track. */
  const xAt = (time: number) => Math.round(inset + xOf(board.axis(), view(), time));
  const endOf = ({ from, to }: ViewActivity) => to ?? (from && Math.max(from, board.end()));

  /** Fits the whole run; of a long one the rows in view, as long as what fitted still does. */
  function fitRows(anew: boolean): void {
    const axis = board.axis();
    const long = board.shown.length > longRun;
    if (!anew && (!long || choice.time)) return;
    let [from, to] = [axis.from, axis.to];
    if (long) {
      const first = Math.floor(scroller.scrollTop / rowHeight);
      const times = board.shown.slice(first, first + pool.page() + 2).flatMap((row) => [row.from, endOf(row)]);
      const known = times.filter((time) => time !== undefined);
      if (known.length > 0) [from, to] = [Math.min(...known), Math.max(...known) + 1000];
      const [left, right] = fitted ? [xAt(from), xAt(to)] : [-1, 0];
      if (!anew && left >= 0 && right <= width && right - left > width / 3) return;
    }
    fitted = fitView(axis, room(), { from, to });
  }

  function draw(anew = true): void {
    if (anew) {
      const names = board.rows.slice(0, 99).map((row) => textWidth(`${plain(row.name)} ${kindBeside(row)}`) * 1.1);
      nameWidth = Math.round(Math.min(Math.max(130, ...names) + 60, scroller.clientWidth * 0.42, 420));
      width = scroller.clientWidth - nameWidth;
      height = scroller.clientHeight;
      element.style.setProperty("--name", `${nameWidth}px`);
      set(scroller, { "aria-rowcount": board.shown.length });
      sheet.style.height = `${board.shown.length * rowHeight}px`;
      drawRuler();
    }
    fitRows(anew);
    const now = [board.axis(), view().left, view().scale, width, choice.selected];
    const moved = now.some((part, index) => part !== drawn[index]);
    drawn = now;
    shown = pool.draw(moved);
    const place = board.placeOf(choice.selected);
    cursor.hidden = place < 0;
    move(cursor, 0, place * rowHeight);
    set(scroller, { "aria-activedescendant": pool.has(place) && `row${place}` });
    if (moved) drawTicks();
    if (shown[2]) drawLines();
  }

  function fill([row, , , title, kind, , bar, label]: Parts, place: number): void {
    const activity = board.shown[place]!;
    const { phase, name } = activity;
    const selected = name === choice.selected;
    set(row, {
      class: `row ${phase}${selected ? " selected" : ""}`,
      id: `row${place}`,
      "aria-rowindex": place + 1,
      "aria-selected": `${selected}`,
      "aria-label": rowPhrase(activity),
    });
    move(row, 0, place * rowHeight);
    write(title, plain(name));
    write(kind, kindBeside(activity));
    fillTrack(bar, label, activity);
  }

  function fillTrack(bar: HTMLElement, label: HTMLElement, activity: ViewActivity): void {
    const { phase, word, remark, shape } = activity;
    const end = endOf(activity);
    const from = end === undefined ? 0 : xAt(activity.from!);
    const to = end === undefined ? 0 : Math.max(from + narrowestBar, xAt(end));
    const point = shape === "point";
    // Nothing is drawn farther out than it can be seen, however near one has come.
    const [left, right] = [clamp(from, -20, width + 20), clamp(to, -20, width + 20)];
    bar.className = `bar ${shape}`;
    move(bar, point ? from - 5 : left, 0);
    bar.style.width = point ? "" : `${right - left}px`;

    const said = phase !== "succeeded" && phase !== "running" && plain(word, 60);
    const text = joined(" · ", said, lengthPhrase(activity), remark);
    write(label, to < 0 ? `← ${text}` : from > width ? `${text} →` : text);
    const wide = textWidth(text) + 14;
    // Within the bar, behind it or before it: where it fits first, else where most of it does.
    const [start, behind, ahead] = [Math.max(0, from), Math.max(0, to + (point ? 4 : 2)), Math.min(from, width) - 12];
    const rooms = [point ? 0 : right - start - 14, width - rulerWidth - behind, ahead];
    const fits = rooms.findIndex((room) => room >= wide);
    const side = fits < 0 ? rooms.indexOf(Math.max(...rooms)) : fits;
    label.className = ["inside", "", "before"][side]!;
    label.style.maxWidth = `${rooms[side]}px`;
    move(label, [start + 8, behind, ahead][side]!, 0);
  }

  /** What stands upright: the grid with its times, folded stretches, and now. */
  function drawTicks(): void {
    const axis = board.axis();
    const marks = makeTicks(axis, view(), width - inset);
    const paths = makePaths();
    const upright = (time: number) => `M${xAt(time)} ${rowHeight}V9999`;
    paths.add("grid", marks.map(({ time }) => upright(time)).join(""));
    for (const { from, to } of axis.folds) paths.add("fold", `${upright(from)}H${xAt(to)}V${rowHeight}z`);
    if (board.parts.header.live) paths.add("now", upright(board.now()));
    const offsets = marks.map(({ offset }) => formatTick(offset, words.units));
    // Hours into a run its seconds have no short name: then the clock tells them.
    const clock = new Set(offsets).size < offsets.length;
    const texts = marks.flatMap(({ time }, place) => {
      const text = clock ? formatUtc(time) : offsets[place]!;
      const x = xAt(time) + 4;
      return x + textWidth(text) > width ? [] : [svg("text", { x, y: 16 }, text)];
    });
    // A fold says how long nothing happened: from the bottom up, where it is wide enough for a line.
    for (const { from, to } of axis.folds) {
      const [x, y] = [(xAt(from) + xAt(to)) / 2 + 4, height + rowHeight - 8];
      const transform = `rotate(-90 ${x} ${y})`;
      if (xAt(to) - xAt(from) > 13) texts.push(svg("text", { x, y, transform }, say("idle", lengthText(to - from))));
    }
    paths.drawIn(ticks, ...texts);
  }

  /** The connectors of the rows in view: what each waited for, and all there is to say of the selected one. */
  function drawLines(): void {
    const paths = makePaths();
    for (let place = shown[0]; place < shown[1]; place++) {
      const activity = board.shown[place]!;
      for (const { from, evidence, binding, contradicted } of activity.after ?? []) {
        const hot = activity.name === choice.selected || from === choice.selected;
        const kind = `${linkClass(evidence)}${contradicted ? " against" : ""}`;
        if (hot || binding) connect(from, activity, place, kind, hot ? " hot" : "", paths);
      }
    }
    move(lines, nameWidth, shown[0] * rowHeight);
    paths.drawIn(lines);
  }

  /** The way from the end of `name` to the start of a row: down beside its end, then across. */
  function connect(
    name: string,
    activity: ViewActivity,
    place: number,
    kind: string,
    hot: string,
    { add }: ReturnType<typeof makePaths>,
  ): void {
    const before = board.rowOf(name);
    const start = activity.from;
    const ended = before && endOf(before);
    const other = board.placeOf(name);
    if (start === undefined || ended === undefined || other < 0) return;
    const [x1, x2] = [xAt(ended), xAt(start) - 1];
    if (Math.min(x1, x2 - 8) < 0 || Math.min(x1, x2 - 8) > width) return;
    const middle = (at: number) => (at - shown[0]) * rowHeight + rowHeight / 2;
    const y2 = middle(place);
    add(kind + hot, connectorOf(x1, clamp(middle(other) + (other < place ? 8 : -8), -50, 9999), x2, y2));
    add(`head${hot}`, `M${x2} ${y2}l-5-3v6z`);
  }

  /** What a row has of the overview, pixels. */
  const markHeight = () => Math.min(rowHeight, height / board.shown.length);

  /** Where running activities and, over them, failures lie in the whole list; the wider a mark, the more stand for it. */
  function drawRuler(): void {
    ruling = undefined;
    const paths = makePaths();
    const step = markHeight();
    const marks: Record<string, number[]> = { running: [], failed: [] };
    board.shown.forEach(({ phase }, place) => {
      const at = Math.floor((place * step) / 2);
      if (marks[phase]) marks[phase][at] = (marks[phase][at] ?? 0) + 1;
    });
    for (const [phase, counts] of Object.entries(marks)) {
      const most = Math.max(...counts.filter(Boolean));
      counts.forEach((count, at) => {
        const wide = 1 + (5 * count) / most;
        paths.add(phase, `M8 ${2 * at}h-${wide}v${Math.max(2, step)}h${wide}z`);
      });
    }
    paths.drawIn(ruler);
  }

  function pan(pixels: number): void {
    if (choice.time) choice.time = panView(board.axis(), choice.time, room(), pixels);
    redraw();
  }

  const pick = (place: number) => selectRow(board.shown[place]);
  sheet.addEventListener("click", (event) => {
    pick(Math.floor((event.clientY - sheet.getBoundingClientRect().top) / rowHeight));
  });
  ruler.addEventListener("click", ({ offsetY }) => {
    pick(Math.floor(offsetY / markHeight()));
  });

  return {
    element,
    focus: scroller,
    scroller,
    draw,
    // Nothing is measured here: the page would have to be laid out for each question.
    update() {
      if (board.axis() !== drawn[0]) draw();
      pool.update(false);
      drawLines();
      if (!ruling) ruling = setTimeout(drawRuler, 200);
    },
    tick() {
      pool.update(true);
      drawTicks();
      drawLines();
    },
    reveal() {
      pool.reveal(board.placeOf(choice.selected));
    },
    zoom(factor, x = width / 2 + nameWidth) {
      const axis = board.axis();
      const next = factor ? zoomView(axis, view(), room(), factor, x - nameWidth - inset) : fitted!;
      choice.time = factor && next.scale > fitView(axis, room()).scale * 1.001 ? next : null;
      redraw();
    },
    pan,
    key(key) {
      const way = ["ArrowLeft", "ArrowRight"].indexOf(key);
      const to = pool.step(key, board.placeOf(choice.selected));
      if (way >= 0) pan(way ? 80 : -80);
      else if (to === undefined) return false;
      else pick(to);
      return true;
    },
  };
}

/** The kind, where the name does not say it already. */
function kindBeside({ name, kind }: ViewActivity): string {
  return name.startsWith(kind) ? "" : plain(kind, 60);
}
