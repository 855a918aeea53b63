/** The workflow as a graph, layer by layer from left to right: cards near, colored marks far away. */
import { clamp } from "../workflow/timeScale.ts";
import { choice, type Picture, redraw, select, selectRow } from "./app.ts";
import * as board from "./board.ts";
import { byId, clone, linkClass, makePaths, move, type Parts, plain, set, write } from "./dom.ts";
import { lengthOf, lengthPhrase, rowPhrase } from "./phrases.ts";
import type { StepsLayout } from "./protocol.ts";

/** Pixels around the graph. */
const margin = 24;
/** Nearer than this scale cards can be read; farther away, or with too many in view, marks stand for them. */
const readable = 0.45;
const mostCards = 60;
/** Farther away nothing could be told apart. */
const farthest = 0.06;
/** A graph is opened no smaller than this, and no larger than it is. */
const firstScale = 0.9;
type Box = readonly [left: number, top: number, right: number, bottom: number];

/** `take`: true for the first layout, before which there was nothing to see. */
export function makeGraph(): Picture & { take(layout: StepsLayout): boolean } {
  const [element, sheet, world, lines] = [byId("steps-view"), byId("card-sheet"), byId("world"), byId("edges")];
  const cards: Parts[] = [];
  let layout: StepsLayout;
  let places = new Map<string | null, number>();
  /** Whether the lines of the whole graph are drawn for near or for afar; to scroll they need not be drawn again. */
  let drawn: boolean | undefined;
  let longest = 1;

  const scale = () => choice.scale ?? clamp(fitScale(), firstScale, 1);
  const fitScale = () =>
    Math.min(
      1.5,
      (element.clientWidth - 2 * margin) / layout.width,
      (element.clientHeight - 2 * margin) / layout.height,
    );
  /** A graph smaller than the room stands in its middle. */
  const origin = () =>
    [
      Math.max(margin, (element.clientWidth - layout.width * scale()) / 2),
      Math.max(margin, (element.clientHeight - layout.height * scale()) / 2),
    ] as const;
  const boxOf = (at: number): Box => {
    const [x, y] = [layout.x[at]!, layout.y[at]!];
    return [x, y, x + layout.cardWidth, y + layout.cardHeight];
  };

  /** The part of the graph in view, in its own pixels. */
  function inView(): Box {
    const s = scale();
    const [left, top] = origin();
    const [x, y] = [(element.scrollLeft - left) / s, (element.scrollTop - top) / s];
    return [x, y, x + element.clientWidth / s, y + element.clientHeight / s];
  }

  function draw(anew = true): void {
    if (!layout) return;
    if (!anew) {
      drawVisible();
      return;
    }
    const s = scale();
    const [left, top] = origin();
    sheet.style.width = `${layout.width * s + 2 * left}px`;
    sheet.style.height = `${layout.height * s + 2 * top}px`;
    world.style.transform = `translate(${left}px,${top}px) scale(${s})`;
    drawn = undefined;
    drawVisible();
  }

  function drawVisible(): void {
    longest = Math.max(1, ...board.rows.map(lengthOf));
    const view = inView();
    const visible = layout.names.flatMap((_, at) => (meet(boxOf(at), view) ? [at] : []));
    const far = scale() < readable || visible.length > mostCards;
    const selected = places.get(choice.selected);
    // From afar only the selected card exists, for who listens instead of looking.
    const shown = far ? visible.filter((at) => at === selected) : visible;
    while (cards.length < shown.length) {
      const card = clone("card");
      cards.push(card);
      world.append(card[0]);
    }
    cards.forEach((card, index) => {
      card[0].hidden = index >= shown.length;
      card[0].id = "";
      if (index < shown.length) fill(card, shown[index]!);
    });
    set(element, { "aria-activedescendant": shown.includes(selected!) && `card${selected}` });
    element.classList.toggle("afar", far);
    if (drawn !== far) drawLines(far);
    drawn = far;
  }

  function fill([card, , name, kind, length, meter]: Parts, at: number): void {
    const row = board.rowOf(layout.names[at]!);
    card.hidden = !row;
    if (!row) return;
    const { phase } = row;
    const selected = row.name === choice.selected;
    const beside = [plain(row.kind, 60), row.shape === "point" ? "—" : lengthPhrase(row)] as const;
    set(card, {
      class: `card ${phase}${selected ? " selected" : ""}${board.isShown(row) ? "" : " dim"}`,
      id: `card${at}`,
      "aria-selected": `${selected}`,
      "aria-setsize": layout.names.length,
      "aria-posinset": at + 1,
      "aria-label": rowPhrase(row, ...beside),
    });
    move(card, layout.x[at]!, layout.y[at]!);
    write(name, plain(row.name));
    write(kind, beside[0]);
    write(length, beside[1]);
    meter.style.width = `${(100 * lengthOf(row)) / longest}%`;
  }

  /** All edges, and from afar a mark for each card. One path for all that look alike. */
  function drawLines(far: boolean): void {
    const { add, drawIn } = makePaths();
    for (const { from, to, way, head, evidence, contradicted } of layout.edges) {
      const hot = [from, to].includes(places.get(choice.selected)!) ? " hot" : "";
      add(`${linkClass(evidence)}${contradicted ? " against" : ""}${hot}`, way);
      if (!far) add(`head${hot}`, head);
    }
    if (far) {
      layout.names.forEach((name, at) => {
        const row = board.rowOf(name);
        const [x, y] = boxOf(at);
        if (row) {
          const kind = `mark ${row.phase}${board.isShown(row) ? "" : " dim"}${name === choice.selected ? " selected" : ""}`;
          add(kind, `M${x} ${y}h${layout.cardWidth}v${layout.cardHeight}h-${layout.cardWidth}z`);
        }
      });
    }
    drawIn(lines);
  }

  /** Brings the selected card into view, into the middle when it is not there. */
  function reveal(): void {
    const at = places.get(choice.selected);
    if (at === undefined || !layout) return;
    const [left, top, right, bottom] = inView();
    const [x, y, x2, y2] = boxOf(at);
    if (x < left || y < top || x2 > right || y2 > bottom) {
      const s = scale();
      element.scrollBy(((x + x2 - left - right) / 2) * s, ((y + y2 - top - bottom) / 2) * s);
    }
  }

  /** The point of the graph at `px`, `py` of the element stays where it is. */
  function zoom(factor: number, px = element.clientWidth / 2, py = element.clientHeight / 2): void {
    const [left, top] = inView();
    const [x, y] = [left + px / scale(), top + py / scale()];
    choice.scale = clamp(factor ? scale() * factor : fitScale(), farthest, 2);
    draw();
    const [nextLeft, nextTop] = inView();
    element.scrollBy((x - nextLeft) * scale() - px, (y - nextTop) * scale() - py);
    redraw();
  }

  element.addEventListener("click", (event) => {
    const [left, top] = inView();
    const box = element.getBoundingClientRect();
    const [x, y] = [left + (event.clientX - box.left) / scale(), top + (event.clientY - box.top) / scale()];
    selectRow(board.rowOf(layout.names.find((_, card) => meet(boxOf(card), [x, y, x, y]))));
  });

  /** The card next to the selected one: within its layer, or the nearest of the layers beside it. */
  function neighbor(key: string): number {
    const { x, y, names } = layout;
    const at = places.get(choice.selected);
    if (at === undefined) return 0;
    const way = /Down|Right/.test(key) ? 1 : -1;
    const level = /Left|Right/.test(key);
    const [along, across] = level ? [x, y] : [y, x];
    const found = names.flatMap((_, other) => {
      const ahead = (along[other]! - along[at]!) * way;
      const aside = Math.abs(across[other]! - across[at]!);
      return ahead > 0 && (level || aside === 0) ? [[ahead * 1000 + aside, other] as const] : [];
    });
    return found.sort(([a], [b]) => a - b)[0]?.[1] ?? at;
  }

  return {
    element,
    focus: element,
    scroller: element,
    draw,
    // Lines are others only for another graph or selection, the marks that stand for cards for every status.
    update() {
      drawn &&= undefined;
      draw(false);
    },
    tick: () => draw(false),
    reveal,
    zoom,
    take(next) {
      const first = !layout;
      layout = next;
      places = new Map(next.names.map((name, at) => [name, at]));
      return first;
    },
    key(key) {
      if (!layout || !/^(Arrow|Home|End)/.test(key)) return false;
      const { names } = layout;
      select(names.at(key === "Home" ? 0 : key === "End" ? -1 : neighbor(key))!);
      return true;
    },
  };
}

function meet(a: Box, b: Box): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}
