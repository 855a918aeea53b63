/** The workflow as a graph, layer by layer from left to right: cards near, colored marks on a canvas far away. */
import { spanLength } from "../workflow/span.ts";
import type { App, Picture } from "./app.ts";
import { h, icon, plain, set, svg, write } from "./dom.ts";
import { changePhrase, lengthPhrase, rowPhrase } from "./phrases.ts";
import type { StepsEdge, StepsLayout } from "./protocol.ts";
import { words } from "./words.ts";

/** Pixels around the graph. */
const margin = 24;
/** Nearer than this scale cards can be read; farther away, or with too many in view, marks on a canvas stand for them. */
const readable = 0.45;
const mostCards = 80;
/** A graph is opened no smaller than this, and no larger than it is. */
const firstScale = 0.75;

export interface StepsPicture extends Picture {
  take(layout: StepsLayout): void;
}

export function makeGraph(app: App): StepsPicture {
  const { board, choice } = app;
  const edges = svg("svg", { "aria-hidden": "true" });
  const canvas = h("canvas", { "aria-hidden": "true" });
  const world = h("div", { class: "world", role: "presentation" }, edges);
  const sheet = h("div", { class: "sheet", role: "presentation" }, canvas, world);
  const element = h("div", { class: "scroller steps", role: "listbox", tabindex: 0, "aria-label": words.steps }, sheet);
  const legend = h("div", { class: "legend" });
  const cards: ReturnType<typeof makeCard>[] = [];
  let layout: StepsLayout | undefined;
  let places = new Map<string, number>();
  let revealed = false;

  const scale = () => choice.scale ?? Math.max(Math.min(1, fitScale()), firstScale);
  function fitScale(): number {
    if (!layout) return 1;
    const [wide, high] = [element.clientWidth - 2 * margin, element.clientHeight - 2 * margin];
    return Math.min(1.5, wide / Math.max(1, layout.width), high / Math.max(1, layout.height));
  }

  function draw(): void {
    if (!layout) return;
    const s = scale();
    const width = Math.max(element.clientWidth, layout.width * s + 2 * margin);
    const height = Math.max(element.clientHeight, layout.height * s + 2 * margin);
    sheet.style.width = `${width}px`;
    sheet.style.height = `${height}px`;
    // A graph smaller than the room stands in its middle.
    const [left, top] = origin();
    world.style.transform = `translate(${left}px,${top}px) scale(${s})`;
    if (!revealed) {
      revealed = true;
      const [x, y] = choice.scroll.steps ?? [0, 0];
      element.scrollTo(x, y);
      if (!choice.scroll.steps) reveal();
    }
    drawVisible();
    drawLegend();
  }

  function origin(): readonly [number, number] {
    const s = scale();
    return [
      Math.max(margin, (element.clientWidth - layout!.width * s) / 2),
      Math.max(margin, Math.min(96, (element.clientHeight - layout!.height * s) / 2)),
    ];
  }

  /** The part of the graph in view, in its own pixels. */
  function inView() {
    const s = scale();
    const [left, top] = origin();
    const x = (element.scrollLeft - left) / s;
    const y = (element.scrollTop - top) / s;
    return { left: x, top: y, right: x + element.clientWidth / s, bottom: y + element.clientHeight / s };
  }

  function drawVisible(): void {
    const { x, y, cardWidth, cardHeight, names } = layout!;
    const { left, top, right, bottom } = inView();
    const visible: number[] = [];
    for (let at = 0; at < names.length; at++) {
      if (x[at]! < right && x[at]! + cardWidth > left && y[at]! < bottom && y[at]! + cardHeight > top) visible.push(at);
    }
    const far = scale() < readable || visible.length > mostCards;
    const selected = places.get(choice.selected ?? "");
    // From afar only the selected card exists, for who listens instead of looking.
    const shown = far ? visible.filter((at) => at === selected) : visible;
    while (cards.length < shown.length) {
      const card = makeCard();
      cards.push(card);
      world.append(card.element);
    }
    cards.forEach((card, index) => {
      card.element.hidden = index >= shown.length;
      if (index < shown.length) fill(card, shown[index]!);
    });
    set(element, { "aria-activedescendant": shown.includes(selected ?? -1) ? `card${selected}` : undefined });
    element.classList.toggle("afar", far);
    if (far) paint(visible);
    else drawEdges(layout!.edges.filter((edge) => crosses(edge, left, top, right, bottom)));
  }

  function makeCard() {
    const [glyph, name, kind, length, meter] = [icon(""), h("b"), h("small"), h("span"), h("i", { class: "meter" })];
    return {
      element: h("div", { class: "card", role: "option" }, glyph, name, kind, length, meter),
      glyph,
      name,
      kind,
      length,
      meter,
    };
  }

  function fill({ element: card, glyph, name, kind, length, meter }: ReturnType<typeof makeCard>, at: number): void {
    const row = board.row(layout!.names[at]!);
    if (!row) {
      card.hidden = true;
      return;
    }
    const { activity } = row;
    const selected = activity.name === choice.selected;
    const dim = !board.lets(activity);
    set(card, {
      class: `card ${activity.phase}${selected ? " selected" : ""}${dim ? " dim" : ""}`,
      id: `card${at}`,
      "aria-selected": `${selected}`,
      "aria-setsize": layout!.names.length,
      "aria-posinset": at + 1,
      "aria-label": rowPhrase(row, board),
    });
    card.style.transform = `translate(${layout!.x[at]}px,${layout!.y[at]}px)`;
    glyph.className = `icon ${activity.phase}`;
    write(name, plain(activity.name));
    write(kind, plain(activity.kind, 60));
    const change = changePhrase(row);
    write(
      length,
      (lengthPhrase(row, board) === words.noEnd ? "" : lengthPhrase(row, board)) + (change && ` · ${change}`) || "—",
    );
    meter.style.width = `${(100 * (spanLength(row.span) ?? 0)) / longest()}%`;
  }

  function longest(): number {
    return board.rows.reduce((most, { span }) => Math.max(most, spanLength(span) ?? 0), 1);
  }

  function drawEdges(visible: readonly StepsEdge[]): void {
    set(edges, { width: layout!.width, height: layout!.height });
    const paths: Record<string, string> = {};
    const add = (kind: string, d: string) => {
      paths[kind] = (paths[kind] ?? "") + d;
    };
    for (const edge of visible) {
      const hot = isHot(edge) ? " hot" : "";
      add(`${edge.evidence.replace(" ", "-")}${edge.contradicted ? " against" : ""}${hot}`, wayOf(edge.points));
      const [x, y] = edge.points.slice(-2);
      add(`head${hot}`, `M${x} ${y}l-7-4v8z`);
    }
    const order = Object.entries(paths).sort(([a], [b]) => a.length - b.length);
    edges.replaceChildren(...order.map(([kind, d]) => svg("path", { class: kind, d })));
  }

  function isHot({ from, to }: StepsEdge): boolean {
    const names = layout!.names;
    return choice.selected !== null && (names[from] === choice.selected || names[to] === choice.selected);
  }

  /** Colored marks for cards and lines for edges, in the size of the window. */
  function paint(visible: readonly number[]): void {
    const [wide, high] = [element.clientWidth, element.clientHeight];
    const ratio = window.devicePixelRatio;
    set(canvas, { width: Math.round(wide * ratio), height: Math.round(high * ratio) });
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
    edges.replaceChildren();
    const context = canvas.getContext("2d")!;
    const style = getComputedStyle(element);
    const color = (role: string) => style.getPropertyValue(`--${role}`);
    const view = inView();
    const s = scale();
    context.setTransform(ratio * s, 0, 0, ratio * s, -view.left * s * ratio, -view.top * s * ratio);
    context.strokeStyle = color("line");
    context.lineWidth = 1 / s;
    const lines = new Path2D();
    for (const edge of layout!.edges) {
      if (crosses(edge, view.left, view.top, view.right, view.bottom)) lines.addPath(new Path2D(wayOf(edge.points)));
    }
    context.stroke(lines);
    const { x, y, cardWidth, cardHeight, names } = layout!;
    for (const at of visible) {
      const row = board.row(names[at]!);
      if (!row) continue;
      context.globalAlpha = board.lets(row.activity) ? 1 : 0.25;
      context.fillStyle = color(row.activity.phase);
      context.fillRect(x[at]!, y[at]!, cardWidth, Math.max(cardHeight, 2 / s));
      if (row.activity.name === choice.selected) {
        context.strokeStyle = color("focus");
        context.lineWidth = 3 / s;
        context.strokeRect(x[at]! - 4 / s, y[at]! - 4 / s, cardWidth + 8 / s, cardHeight + 8 / s);
      }
    }
  }

  function drawLegend(): void {
    const kinds = new Set(layout!.edges.map((edge) => edge.evidence));
    const entry = (kind: string, text: string) =>
      h("span", {}, svg("svg", { width: 30, height: 8 }, svg("path", { class: kind, d: "M0 4H30" })), text);
    legend.replaceChildren(
      ...(kinds.has("stated") ? [entry("stated", words.legendStated)] : []),
      ...(kinds.has("by definition") ? [entry("by-definition", words.legendDefinition)] : []),
      ...(kinds.has("data reference") ? [entry("data-reference", words.legendData)] : []),
      h("span", {}, words.legendBar),
    );
  }

  function reveal(): void {
    const at = places.get(choice.selected ?? "");
    if (at === undefined || !layout) return;
    const { left, top, right, bottom } = inView();
    const s = scale();
    const { x, y, cardWidth, cardHeight } = layout;
    if (x[at]! >= left && x[at]! + cardWidth <= right && y[at]! >= top && y[at]! + cardHeight <= bottom) return;
    const [ox, oy] = origin();
    element.scrollTo(
      (x[at]! + cardWidth / 2) * s + ox - element.clientWidth / 2,
      (y[at]! + cardHeight / 2) * s + oy - element.clientHeight / 2,
    );
  }

  function zoom(factor: number, px = element.clientWidth / 2, py = element.clientHeight / 2): void {
    if (!layout) return;
    const [before, [ox, oy]] = [scale(), origin()];
    const [x, y] = [(element.scrollLeft + px - ox) / before, (element.scrollTop + py - oy) / before];
    choice.scale = factor ? Math.max(Math.min(fitScale(), 0.2), Math.min(2, before * factor)) : fitScale();
    draw();
    const [nx, ny] = origin();
    element.scrollTo(x * choice.scale + nx - px, y * choice.scale + ny - py);
    drawVisible();
    app.keep();
  }

  element.addEventListener("scroll", () => {
    if (layout) drawVisible();
    choice.scroll.steps = [element.scrollLeft, element.scrollTop];
    app.keep();
  });
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );
  element.addEventListener("click", (event) => {
    if (!layout) return;
    const box = element.getBoundingClientRect();
    const view = inView();
    const [px, py] = [view.left + (event.clientX - box.left) / scale(), view.top + (event.clientY - box.top) / scale()];
    const { x, y, cardWidth, cardHeight, names } = layout;
    const hit = names.findIndex(
      (_, at) => px >= x[at]! && px <= x[at]! + cardWidth && py >= y[at]! && py <= y[at]! + cardHeight,
    );
    if (hit >= 0) app.select(names[hit]!);
  });

  /** The card next to the selected one: within its layer, or the nearest of the layers beside it. */
  function neighbor(key: string): number | undefined {
    const { x, y, names } = layout!;
    const at = places.get(choice.selected ?? "");
    if (at === undefined) return 0;
    const down = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
    const across = key === "ArrowLeft" || key === "ArrowRight";
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < names.length; other++) {
      const [dx, dy] = [(x[other]! - x[at]!) * down, (y[other]! - y[at]!) * down];
      if (across ? dx <= 0 : dx !== 0 || dy <= 0) continue;
      const distance = across ? dx * 1000 + Math.abs(dy) : dy;
      if (distance < least) [best, least] = [other, distance];
    }
    return best;
  }

  return {
    element: h("div", { class: "graph" }, element, legend),
    focus: element,
    scroller: element,
    draw,
    tick: () => layout && drawVisible(),
    reveal,
    zoom: (factor) => zoom(factor),
    take(next) {
      layout = next;
      places = new Map(next.names.map((name, at) => [name, at]));
    },
    key(key) {
      if (!layout || !/^(Arrow|Home|End)/.test(key)) return false;
      const to = key === "Home" ? 0 : key === "End" ? layout.names.length - 1 : neighbor(key);
      if (to !== undefined && layout.names[to] !== undefined) app.select(layout.names[to]);
      return true;
    },
  };
}

/** Through the layers level, between them in a curve. */
function wayOf(points: readonly number[]): string {
  let d = `M${points[0]} ${points[1]}`;
  for (let at = 2; at < points.length; at += 2) {
    const [x0, y0, x, y] = points.slice(at - 2, at + 2) as [number, number, number, number];
    const bend = Math.max(30, Math.abs(x - x0) / 2);
    d += y === y0 && x > x0 ? `H${x}` : `C${x0 + bend} ${y0} ${x - bend} ${y} ${x} ${y}`;
  }
  return d;
}

function crosses({ points }: StepsEdge, left: number, top: number, right: number, bottom: number): boolean {
  let [minX, minY, maxX, maxY] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (let at = 0; at < points.length; at += 2) {
    minX = Math.min(minX, points[at]!);
    maxX = Math.max(maxX, points[at]!);
    minY = Math.min(minY, points[at + 1]!);
    maxY = Math.max(maxY, points[at + 1]!);
  }
  return minX <= right && maxX >= left && minY <= bottom && maxY >= top;
}
