/** A few elements that stand for many rows: those in view and a few around them exist, and move as it scrolls. */

export const rowHeight = 28;
const spare = 4;

export interface PoolRow {
  readonly element: HTMLElement;
}

export interface Pool<R extends PoolRow> {
  /** Writes the rows in view, all of them when `anew`; gives the places of the first and last (excluded). */
  draw(total: number, anew: boolean): readonly [first: number, last: number];
  /** The element of a place, where one exists. */
  at(place: number): R | undefined;
  /** Scrolls as little as needed to show a place. */
  reveal(place: number): void;
  /** How many whole rows fit. */
  page(): number;
}

/**
 * The rows stand in `holder` before `tail`, in order: whoever reads the page instead of looking at it meets them as they
 * are shown. `head`: pixels at the top of `scroller` that a sticky heading covers.
 */
export function makePool<R extends PoolRow>(
  scroller: HTMLElement,
  head: number,
  holder: HTMLElement,
  tail: Node | null,
  make: () => R,
  fill: (row: R, place: number) => void,
): Pool<R> {
  const rows: R[] = [];
  let start = 0;
  let shown = 0;
  return {
    draw(total, anew) {
      const want = Math.ceil(scroller.clientHeight / rowHeight) + 2 * spare;
      while (rows.length < want) {
        const row = make();
        rows.push(row);
        holder.insertBefore(row.element, tail);
        anew = true;
      }
      const first = Math.max(0, Math.min(total - rows.length, Math.floor(scroller.scrollTop / rowHeight) - spare));
      // A row that stays in view keeps its element: one step of scrolling moves and writes one.
      const count = Math.min(rows.length, total - first);
      let moved = first - start;
      anew ||= count !== shown || Math.abs(moved) >= count;
      start = first;
      shown = count;
      if (!anew) {
        for (; moved > 0; moved--) {
          const row = rows.shift()!;
          holder.insertBefore(row.element, tail);
          rows.push(row);
          fill(row, first + rows.length - moved);
        }
        for (; moved < 0; moved++) {
          const row = rows.pop()!;
          holder.insertBefore(row.element, rows[0]!.element);
          rows.unshift(row);
          fill(row, first - moved - 1);
        }
      } else {
        rows.forEach((row, index) => {
          row.element.hidden = index >= shown;
          if (index < shown) fill(row, first + index);
        });
      }
      return [first, first + shown];
    },
    at: (place) => (place >= start && place < start + shown ? rows[place - start] : undefined),
    reveal(place) {
      const top = place * rowHeight;
      const room = scroller.clientHeight - head;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + rowHeight > scroller.scrollTop + room) scroller.scrollTop = top + rowHeight - room;
    },
    page: () => Math.max(1, Math.floor((scroller.clientHeight - head) / rowHeight) - 1),
  };
}
