import type { IdPlace, KnownIds } from "./known.ts";
import { alphanumeric, eachRun, hexadecimal, isIn } from "./runs.ts";

/** The length of the service's ids, in characters (`vod-facts` §7). */
const idLength = 32;
/** How far a known id may reach out of the part of a text that is searched, in characters. */
const overlap = 256;

/** A part of a text: offsets, end exclusive. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** Where something stands that may be a job's id. */
export interface Candidate extends IdPlace {
  readonly known: boolean;
}

/**
 * Where ids stand in a part of a text, in order and without overlaps: runs of 32 hexadecimal digits that are no part of a
 * longer word, and known ids of any form.
 */
export function idPlaces(text: string, known: KnownIds, part: Part): Candidate[] {
  const from = Math.max(0, part.start - overlap);
  const to = Math.min(text.length, part.end + overlap);
  const found: Candidate[] = [];
  eachRun(text, hexadecimal, idLength, from, to, (runStart, end) => {
    const start = afterEscape(text, runStart, end);
    if (end - start !== idLength) return;
    const digits = text.slice(start, end);
    const tracked = known.named(digits);
    const apart = tracked === undefined ? !isWordly(text, end) && isFresh(text, start) : !isLonger(text, start, end);
    if (apart) found.push({ id: tracked ?? digits, start, end, known: tracked !== undefined });
  });
  const unusual = known.unusualIn(text, from, to);
  if (unusual.length > 0) {
    found.push(...unusual.map((place) => ({ ...place, known: true })));
    found.sort((a, b) => a.start - b.start || b.end - a.end);
  }
  let taken = 0;
  return found.filter(({ start, end }) => {
    // One known id may be a part of another.
    if (start < taken || start >= part.end || end <= part.start) return false;
    taken = end;
    return true;
  });
}

/** Where the id in a run of hexadecimal digits begins: behind the digits of an escape, as in `%22` and `\u0022`. */
function afterEscape(text: string, start: number, end: number): number {
  if (end - start === idLength + 2 && text.charAt(start - 1) === "%") return start + 2;
  if (end - start === idLength + 4 && text.startsWith("\\u", start - 2)) return start + 4;
  return start;
}

function isWordly(text: string, at: number): boolean {
  return isIn(alphanumeric, text, at) || text.charCodeAt(at) === 0x5f;
}

/** Whether no word goes on at `at`: a letter before it may be the end of an escape (`\n`, or a terminal's color). */
function isFresh(text: string, at: number): boolean {
  if (!isWordly(text, at - 1)) return true;
  if (isIn(hexadecimal, text, at - 1)) return /(?:%..|\\u....)$/.test(text.slice(Math.max(0, at - 6), at));
  return /(?:\\[nrt]|(?:\x1b|\\u001b|\\x1b|\\033|\\e)\[[\d;]{0,12}m)$/.test(text.slice(Math.max(0, at - 20), at));
}

/** Whether a known id is here only a part of a longer run of letters and digits. */
function isLonger(text: string, start: number, end: number): boolean {
  return isIn(alphanumeric, text, end) || (isIn(alphanumeric, text, start - 1) && !isFresh(text, start));
}
