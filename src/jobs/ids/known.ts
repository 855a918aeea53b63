import { alphanumeric, eachRun, isIn } from "./runs.ts";

/** Shorter ids are not looked for: they would be found in ordinary words. */
const shortestId = 6;

/** A place in a text where a known id stands; offsets are UTF-16 positions, end exclusive. */
export interface IdPlace {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A set of ids that can be found in text, whatever their form, at a cost that does not grow with their number.
 * Ids in the service's usual form are recognized by the caller and looked up with `named`. Every other id is filed under
 * its longest word, so that one look at the words of a text finds all of them.
 */
export class KnownIds {
  /** By the id in lower case. */
  readonly #usual = new Map<string, Set<string>>();
  /** By the id's longest word; with each id, where in it the word begins. */
  readonly #filed = new Map<string, Map<string, number>>();
  readonly #wordless = new Set<string>();
  #shortestWord = Number.POSITIVE_INFINITY;

  constructor(ids: Iterable<string> = []) {
    for (const id of ids) this.add(id);
  }

  add(id: string): void {
    if (isUsual(id)) {
      const lower = id.toLowerCase();
      const same = this.#usual.get(lower);
      if (same) same.add(id);
      else this.#usual.set(lower, new Set([id]));
      return;
    }
    if (id.length < shortestId) return;
    const { word, at } = longestWord(id);
    if (word === "") {
      this.#wordless.add(id);
      return;
    }
    const filed = this.#filed.get(word);
    if (filed) filed.set(id, at);
    else this.#filed.set(word, new Map([[id, at]]));
    this.#shortestWord = Math.min(this.#shortestWord, word.length);
  }

  delete(id: string): void {
    if (isUsual(id)) {
      const lower = id.toLowerCase();
      const same = this.#usual.get(lower);
      same?.delete(id);
      if (same?.size === 0) this.#usual.delete(lower);
      return;
    }
    this.#wordless.delete(id);
    const { word } = longestWord(id);
    const filed = this.#filed.get(word);
    filed?.delete(id);
    if (filed?.size === 0) this.#filed.delete(word);
  }

  /** The known id that 32 hexadecimal digits name: the one spelled so, else one that differs in case only. */
  named(digits: string): string | undefined {
    if (this.#usual.size === 0) return undefined;
    const same = this.#usual.get(digits.toLowerCase());
    return !same || same.has(digits) ? same && digits : same.values().next().value;
  }

  /** Where ids of any other form stand between `from` and `to`, in no order. */
  unusualIn(text: string, from = 0, to = text.length): IdPlace[] {
    const places: IdPlace[] = [];
    const take = (id: string, start: number) => {
      const end = start + id.length;
      if (start < from || end > to || !text.startsWith(id, start)) return;
      if (!joined(text, start) && !joined(text, end)) places.push({ id, start, end });
    };
    if (this.#filed.size > 0) {
      eachRun(text, alphanumeric, this.#shortestWord, from, to, (start, end) => {
        for (const [id, at] of this.#filed.get(text.slice(start, end)) ?? []) take(id, start - at);
      });
    }
    for (const id of this.#wordless) {
      for (let at = text.indexOf(id, from); at >= 0 && at + id.length <= to; at = text.indexOf(id, at + id.length))
        take(id, at);
    }
    return places;
  }
}

/** Whether a text has the form that the service's ids have: 32 hexadecimal digits (`vod-facts` §7). */
function isUsual(id: string): boolean {
  return id.length === 32 && /^[0-9a-fA-F]{32}$/.test(id);
}

/** Whether the characters before and at `at` belong to one word: then no id ends between them. */
function joined(text: string, at: number): boolean {
  return isIn(alphanumeric, text, at - 1) && isIn(alphanumeric, text, at);
}

function longestWord(id: string): { word: string; at: number } {
  let longest = { word: "", at: 0 };
  eachRun(id, alphanumeric, 1, 0, id.length, (start, end) => {
    if (end - start > longest.word.length) longest = { word: id.slice(start, end), at: start };
  });
  return longest;
}
