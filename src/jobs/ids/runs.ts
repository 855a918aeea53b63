/** A set of ASCII characters, as a table by character code. */
export type CharacterSet = Uint8Array;

/** The set of the characters in `text`. */
export function characterSet(text: string): CharacterSet {
  const set = new Uint8Array(128);
  for (let at = 0; at < text.length; at++) set[text.charCodeAt(at)] = 1;
  return set;
}

const digits = "0123456789";
const small = "abcdefghijklmnopqrstuvwxyz";
export const hexadecimal = characterSet(`${digits}abcdefABCDEF`);
/** What words are made of: an id does not begin or end in the middle of these. */
export const alphanumeric = characterSet(digits + small + small.toUpperCase());

/** Whether the character at `at` is in `set`; false outside of the text. */
export function isIn(set: CharacterSet, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && set[code] === 1;
}

/**
 * Calls `visit` for every longest run of characters of `set` between `from` and `to` that has at least `least` of them,
 * in order. Looks at every `least`-th character only, until one belongs to the set: text without long runs costs next
 * to nothing, and no text costs more than two looks at each character.
 */
export function eachRun(
  text: string,
  set: CharacterSet,
  least: number,
  from: number,
  to: number,
  visit: (start: number, end: number) => void,
): void {
  let earliest = from;
  while (earliest + least <= to) {
    const probe = earliest + least - 1;
    if (!isIn(set, text, probe)) {
      earliest = probe + 1;
      continue;
    }
    let start = probe;
    while (start > earliest && isIn(set, text, start - 1)) start--;
    let end = probe + 1;
    while (end < to && isIn(set, text, end)) end++;
    if (end - start >= least) visit(start, end);
    earliest = end + 1;
  }
}
