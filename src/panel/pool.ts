/** A few elements that stand for many rows: those in view and a few around them exist, and move as it scrolls. */

import { clamp } from "../workflow/timeScale.ts";
import { clone, type Parts } from "./dom.ts";

export const rowHeight = 28;
const spare = 3;

export interface Pool {
  /** Writes the rows in view, all of them when `anew`, else those that show another item; gives the places of the first and last
   * (excluded), and whether any was written. */
  draw(anew: boolean): readonly [first: number, last: number, written: boolean];
  /** Writes the rows that show another item though nothing moved, and with `ticking` those of which the time goes on. */
  update(ticking: boolean): void;
  /** Whether a place has an element. */
  has(place: number): boolean;
  /** Scrolls as little as needed to show a place. */
  reveal(place: number): void;
  /** How many whole rows fit. */
  page(): number;
  /** The place that a key leads to; undefined when it leads nowhere. */
  step(key: string, place: number): number | undefined;
}

/**
 * Rows after a template stand in `holder`, before what is `below` there, in order: whoever reads the page instead of
 * looking at it meets them as they are shown. `head`: pixels at the top of `scroller` that a sticky heading covers.
 */
export function makePool(
  scroller: HTMLElement,
  head: number,
  holder: HTMLElement,
  template: string,
  list: () => readonly unknown[],
  fill: (row: Parts, place: number) => void,
): Pool {
  const rows: Parts[] = [];
  const items: unknown[] = [];
  const tail = holder.querySelector(".below");
  let start = 0;
  let shown = 0;
  const page = () => Math.max(1, Math.floor((scroller.clientHeight - head) / rowHeight) - 1);

  /** Writes the rows that show another activity, all when `anew`: most changes write one. Tells whether any was written. */
  function fillRows(anew: boolean, ticking?: boolean): boolean {
    let written = false;
    rows.forEach((row, index) => {
      const item = index < shown ? list()[start + index] : undefined;
      const ticks = ticking && row[0].classList.contains("running");
      if (!anew && !ticks && items[index] === item) return;
      written = true;
      items[index] = item;
      row[0].hidden = !item;
      if (item) fill(row, start + index);
      else row[0].id = "";
    });
    return written;
  }

  return {
    draw(anew) {
      const total = list().length;
      const want = Math.ceil(scroller.clientHeight / rowHeight) + 2 * spare;
      while (rows.length < want) {
        const row = clone(template);
        rows.push(row);
        holder.insertBefore(row[0], tail);
        anew = true;
      }
      const first = Math.max(0, Math.min(total - rows.length, Math.floor(scroller.scrollTop / rowHeight) - spare));
      const count = Math.min(rows.length, total - first);
      anew ||= first !== start || count !== shown;
      start = first;
      shown = count;
      return [first, first + shown, fillRows(anew)];
    },
    has: (place) => place >= start && place < start + shown,
    update: (ticking) => void fillRows(false, ticking),
    reveal(place) {
      if (place < 0) return;
      const top = place * rowHeight;
      const room = scroller.clientHeight - head;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + rowHeight > scroller.scrollTop + room) scroller.scrollTop = top + rowHeight - room;
    },
    page,
    step(key, place) {
      const total = list().length;
      const to: Record<string, number> = {
        ArrowUp: place - 1,
        ArrowDown: place + 1,
        PageUp: place - page(),
        PageDown: place + page(),
        Home: 0,
        End: total,
      };
      return key in to ? clamp(to[key]!, 0, total - 1) : undefined;
    },
  };
}
