/** Characters of a whole answer: some four thousand tokens. */
export const usualLimit = 16_000;

/** Kept free for the line that says what was left off. */
const reserve = 120;

/** An answer being written, line by line, most important first: what goes beyond the limit is counted and said. */
export class Report {
  readonly #lines: string[] = [];
  #left: number;
  #omitted = 0;

  constructor(limit: number) {
    this.#left = limit - reserve;
  }

  /** Adds a line; nothing when it is undefined or empty. No line follows one that did not fit. */
  add(line: string | undefined): void {
    if (!line) return;
    if (this.#omitted > 0 || line.length + 1 > this.#left) {
      this.#omitted++;
      return;
    }
    this.#lines.push(line);
    this.#left -= line.length + 1;
  }

  /** Adds a line for each of the first `most` items, and one for the rest: `… and 7 more` with what `more` says of them. */
  list<T>(items: readonly T[], most: number, write: (item: T, index: number) => string, more: string): void {
    items.slice(0, most).forEach((item, index) => {
      this.add(write(item, index));
    });
    if (items.length > most) this.add(`… and ${items.length - most} more${more}.`);
  }

  toString(): string {
    const end = this.#omitted > 0 ? [`… ${this.#omitted} more lines did not fit into this answer.`] : [];
    return [...this.#lines, ...end].join("\n");
  }
}
