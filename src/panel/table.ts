/** The activities as a table: the plainest form, and the one to sort. */
import { formatUtc } from "../workflow/format.ts";
import { choice, type Picture, redraw, selectRow } from "./app.ts";
import * as board from "./board.ts";
import { byId, type Parts, plain, set, write } from "./dom.ts";
import { joined, lengthOf, lengthPhrase } from "./phrases.ts";
import { makePool, rowHeight } from "./pool.ts";
import type { ViewActivity } from "./protocol.ts";
import { words } from "./words.ts";

/** Behind every time there is. */
const never = 1e16;
const startOf = ({ missing, from }: ViewActivity) => (missing === "start" ? undefined : from);
const endOf = ({ missing, shape, to }: ViewActivity) => (shape === "bar" || missing === "start" ? to : undefined);

/** What each column orders the rows by; times and lengths that are not known come last. */
const keysOf = (row: ViewActivity): (string | number)[] => [
  row.name.toLowerCase(),
  row.kind.toLowerCase(),
  row.word,
  startOf(row) ?? never,
  endOf(row) ?? never,
  lengthOf(row) || never,
  row.after?.[0]?.from ?? "",
];

export function makeTable(): Picture {
  const [element, table, body, above, below] = [
    byId("table-view"),
    byId("grid"),
    byId("lines-body"),
    byId("above"),
    byId("below"),
  ];
  const heads = [...byId("heads").children];
  heads.forEach((head, index) => {
    head.firstElementChild!.addEventListener("click", () => sortBy(index + 1));
  });

  let rows: readonly ViewActivity[] = [];

  const pool = makePool(element, rowHeight, body, "line", () => rows, fill);
  const place = () => rows.findIndex((row) => row.name === choice.selected);

  /** Upward, then downward, then in the order of time again. */
  function sortBy(column: number): void {
    choice.sort = choice.sort === column ? -column : choice.sort === -column ? 0 : column;
    redraw();
  }

  /** The rows in the order chosen; equal ones stay in the order of time. */
  function arrange(): void {
    const way = Math.sign(choice.sort);
    rows = board.shown;
    if (way) {
      const keyed = rows.map((row) => [row, keysOf(row)[choice.sort * way - 1]!] as const);
      rows = keyed.sort(([, a], [, b]) => (a < b ? -way : a > b ? way : 0)).map(([row]) => row);
    }
    heads.forEach((head, index) => {
      set(head, { "aria-sort": index + 1 === choice.sort * way && (way < 0 ? "descending" : "ascending") });
    });
  }

  function draw(anew = true): void {
    if (anew) {
      arrange();
      set(table, { "aria-rowcount": rows.length + 1 });
    }
    const [first, last] = pool.draw(anew);
    above.style.height = `${first * rowHeight}px`;
    below.style.height = `${(rows.length - last) * rowHeight}px`;
    const at = place();
    set(table, { "aria-activedescendant": pool.has(at) && `line${at}` });
  }

  function fill([element, name, kind, , , status, started, ended, length, after]: Parts, at: number): void {
    const row = rows[at]!;
    const { phase, after: links = [] } = row;
    const selected = row.name === choice.selected;
    set(element, {
      id: `line${at}`,
      class: `${phase}${selected ? " selected" : ""}`,
      "aria-rowindex": at + 2,
      "aria-selected": `${selected}`,
    });
    write(name, plain(row.name));
    write(kind, plain(row.kind, 60));
    write(status, plain(row.word, 60));
    write(started, timeOf(startOf(row)));
    write(ended, row.missing === "end" ? words.notReported : timeOf(endOf(row)));
    length.style.setProperty("--share", `${(84 * lengthOf(row)) / (board.duration() || 1)}%`);
    write(length, joined(" · ", row.shape === "point" ? "—" : lengthPhrase(row), row.remark));
    const first = links.find((link) => link.binding) ?? links[0];
    write(after, first ? plain(first.from, 80) + (links.length > 1 ? ` +${links.length - 1}` : "") : "—");
  }

  const pick = (at: number) => selectRow(rows[at]);

  body.addEventListener("click", ({ target }) => pick(Number((target as Element).closest("tr")!.id.slice(4))));

  return {
    element,
    focus: table,
    rows: () => rows,
    scroller: element,
    draw,
    update() {
      if (choice.sort) draw();
      else pool.update(false);
    },
    tick: () => pool.update(true),
    reveal() {
      pool.reveal(place());
    },
    key(key) {
      const to = pool.step(key, place());
      if (to === undefined) return false;
      pick(to);
      return true;
    },
  };
}

function timeOf(at: number | undefined): string {
  return at === undefined ? "—" : formatUtc(at);
}
