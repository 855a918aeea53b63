import { type FoundId, findJobIds, findKnownIds } from "../../jobs/ids/find.ts";
import type { IdPlace, KnownIds } from "../../jobs/ids/known.ts";

/** How much of a long line is searched to either side of the pointer, in characters. */
const lineReach = 2_000;
/** How long an id is that the service makes, in characters. */
const usualLength = 32;
/** How many lines above and below are read for what they say of an id, and how many characters of them. */
const linesAround = 60;
const charactersAround = 6_000;

/** What is needed of a `vscode.TextDocument`. */
export interface Lines {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** A place on a line; offsets are UTF-16 positions in the line, end exclusive. */
export interface IdAt {
  readonly found: FoundId;
  readonly start: number;
  readonly end: number;
}

/**
 * The job id under the pointer, which stands before a character of a line. Reads a bounded piece of the line, and of the
 * lines around it what tells the id's type, so the cost does not grow with the length of lines and documents.
 */
export function idAt(document: Lines, line: number, character: number, known: KnownIds): IdAt | undefined {
  const from = Math.max(0, character - lineReach);
  const near = document.lineAt(line).text.slice(from, character + lineReach);
  const at = character - from;
  if (!mayBeAt(near, at, known)) return undefined;
  const above = from > 0 ? "" : linesBefore(document, line);
  const text = above + near + linesAfter(document, line);
  const pointer = above.length + at;
  const found = findJobIds(text, known, { start: pointer - 1, end: pointer + 1 }).find(isAt(pointer));
  if (!found) return undefined;
  const start = found.start - above.length + from;
  return { found, start, end: start + found.end - found.start };
}

/** Whether anything at the pointer has the form of an id, or is known: most questions end here. */
function mayBeAt(line: string, at: number, known: KnownIds): boolean {
  const word = line.slice(Math.max(0, at - usualLength), at + usualLength);
  return /[0-9a-fA-F]{32}/.test(word) || findKnownIds(line, known).some(isAt(at));
}

function isAt(at: number): (place: IdPlace) => boolean {
  return ({ start, end }) => start <= at && at <= end;
}

/** The lines before `line`, at most so many characters of them, each ending in a line break. */
function linesBefore(document: Lines, line: number): string {
  const lines: string[] = [];
  let left = charactersAround;
  for (let at = line - 1; at >= 0 && at >= line - linesAround && left > 0; at--) {
    const text = `${document.lineAt(at).text.slice(-left)}\n`;
    left -= text.length;
    lines.push(text);
  }
  return lines.reverse().join("");
}

/** The lines after `line`, at most so many characters of them, each begun by a line break. */
function linesAfter(document: Lines, line: number): string {
  const lines: string[] = [];
  let left = charactersAround;
  for (let at = line + 1; at < document.lineCount && at <= line + linesAround && left > 0; at++) {
    const text = `\n${document.lineAt(at).text.slice(0, left)}`;
    left -= text.length;
    lines.push(text);
  }
  return lines.join("");
}
