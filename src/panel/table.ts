/** The activities as a table: the plainest form, and the one to sort. */
import { formatUtc } from "../workflow/format.ts";
import { spanLength } from "../workflow/span.ts";
import type { App, Picture } from "./app.ts";
import type { Row } from "./board.ts";
import { h, icon, plain, set, write } from "./dom.ts";
import { changePhrase, lengthPhrase, phaseWord } from "./phrases.ts";
import { makePool, rowHeight } from "./pool.ts";
import { say, words } from "./words.ts";

/** How each column orders the rows; times and lengths that are not known come last. */
const orders: readonly (readonly [column: string, key: (row: Row) => string | number])[] = [
  ["activity", (row) => row.activity.name.toLowerCase()],
  ["kind", (row) => row.activity.kind.toLowerCase()],
  ["status", (row) => row.activity.phase],
  ["started", (row) => row.activity.startedAt ?? Number.POSITIVE_INFINITY],
  ["ended", (row) => row.activity.endedAt ?? Number.POSITIVE_INFINITY],
  ["duration", (row) => spanLength(row.span) ?? Number.POSITIVE_INFINITY],
  ["after", (row) => row.activity.after?.[0]?.from ?? ""],
];

export function makeTable(app: App): Picture {
  const { board, choice } = app;
  const heads = orders.map(([column]) => {
    const title = words[column as "activity"];
    const sort = h("button", { click: () => sortBy(column) }, /ed$/.test(column) ? say("utc", title) : title);
    return h("th", { scope: "col" }, sort);
  });
  const above = h("tr", { "aria-hidden": "true" });
  const below = h("tr", { "aria-hidden": "true" });
  const body = h("tbody", {}, above, below);
  const table = h("table", { role: "grid", tabindex: 0, "aria-label": words.table, "aria-readonly": "true" });
  table.append(h("thead", {}, h("tr", { "aria-rowindex": 1 }, ...heads)), body);
  const element = h("div", { class: "scroller table" }, table);

  let rows: readonly Row[] = [];
  let span: readonly [number, number] = [0, 0];
  const pool = makePool(element, rowHeight, body, below, makeRow, fill);
  const place = () => rows.findIndex((row) => row.activity.name === choice.selected);

  function sortBy(column: string): void {
    choice.sort = choice.sort === column ? `-${column}` : choice.sort === `-${column}` ? "" : column;
    app.redraw();
  }

  /** The rows in the order chosen; equal ones stay in the order of time. */
  function arrange(): void {
    const key = orders.find(([column]) => column === choice.sort.replace("-", ""))?.[1];
    const way = choice.sort.startsWith("-") ? -1 : 1;
    rows = board.shown;
    if (key) {
      const keyed = rows.map((row) => ({ row, key: key(row) }));
      keyed.sort((a, b) => (a.key < b.key ? -way : a.key > b.key ? way : 0));
      rows = keyed.map(({ row }) => row);
    }
    heads.forEach((head, index) => {
      const sorted = choice.sort.endsWith(orders[index]![0]);
      set(head, { "aria-sort": sorted ? (way < 0 ? "descending" : "ascending") : undefined });
    });
  }

  function draw(anew = true): void {
    if (anew) {
      arrange();
      set(table, { "aria-rowcount": rows.length + 1 });
    }
    span = pool.draw(rows.length, anew);
    above.style.height = `${span[0] * rowHeight}px`;
    below.style.height = `${(rows.length - span[1]) * rowHeight}px`;
    const at = place();
    set(table, { "aria-activedescendant": pool.at(at) ? `line${at}` : undefined });
  }

  function makeRow() {
    const [glyph, status, share, length] = [icon(""), h("span"), h("i", { class: "share" }), h("span")];
    const cells = [h("td"), h("td"), h("td", {}, glyph, status), h("td"), h("td"), h("td", {}, share, length), h("td")];
    return { element: h("tr", {}, ...cells), cells, glyph, status, share, length };
  }

  function fill({ element, cells, glyph, status, share, length }: ReturnType<typeof makeRow>, at: number): void {
    const row = rows[at]!;
    const { name, kind, phase, status: word, startedAt, endedAt, after } = row.activity;
    const selected = name === choice.selected;
    set(element, {
      id: `line${at}`,
      class: `${phase}${selected ? " selected" : ""}`,
      "aria-rowindex": at + 2,
      "aria-selected": `${selected}`,
    });
    glyph.className = `icon ${phase}`;
    write(cells[0]!, plain(name));
    write(cells[1]!, plain(kind, 60));
    write(status, phaseWord(phase, word));
    write(cells[3]!, startedAt === undefined ? "—" : formatUtc(startedAt));
    write(cells[4]!, endedAt !== undefined ? formatUtc(endedAt) : startedAt === undefined ? "—" : words.notReported);
    const took = spanLength(row.span);
    share.style.width = `${(100 * (took ?? 0)) / (board.duration() || 1)}%`;
    write(
      length,
      [lengthPhrase(row, board).replace(words.noEnd, "") || "—", changePhrase(row)].filter(Boolean).join(" · "),
    );
    const first = after?.find((link) => link.binding) ?? after?.[0];
    write(cells[6]!, first ? plain(first.from, 80) + (after!.length > 1 ? ` +${after!.length - 1}` : "") : "—");
  }

  function step(to: number): void {
    const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
    if (row) app.select(row.activity.name);
  }

  element.addEventListener("scroll", () => {
    draw(false);
    choice.scroll.table = [element.scrollLeft, element.scrollTop];
    app.keep();
  });
  body.addEventListener("click", (event) => {
    step(Number((event.target as Element).closest("tr")?.id.replace("line", "") || Number.NaN));
  });

  return {
    element,
    focus: table,
    scroller: element,
    draw: () => draw(),
    tick() {
      for (let at = span[0]; at < span[1]; at++) {
        const parts = rows[at]!.span.kind === "running" && pool.at(at);
        if (parts) fill(parts, at);
      }
    },
    reveal() {
      arrange();
      if (place() >= 0) pool.reveal(place());
    },
    zoom() {},
    key(key) {
      const at = place();
      const to: Record<string, number> = {
        ArrowUp: at - 1,
        ArrowDown: at + 1,
        PageUp: at - pool.page(),
        PageDown: at + pool.page(),
        Home: 0,
        End: rows.length - 1,
      };
      if (!(key in to)) return false;
      step(to[key]!);
      return true;
    },
  };
}
