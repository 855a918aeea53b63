/** The texts of the page. The host puts them into it, in the language of the editor. */
import type { Word, Words } from "./protocol.ts";

/** What the page says, by name. */
export let words: Words;

/** Takes the texts that the host put into the page. */
export function useWords(table: Words): void {
  words = table;
}

/** The text of `key` with its places filled in. */
export function say(key: Word, ...values: readonly (string | number)[]): string {
  return words[key].replace(/\{(\d)\}/g, (_, place) => `${values[place]}`);
}
