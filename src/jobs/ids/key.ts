import { alphanumeric, hexadecimal, isIn } from "./runs.ts";
import { type Meaning, meaningOf } from "./words.ts";

/** How far before an id its key may begin, in characters. */
const reach = 240;
/** Longer runs of letters and digits are no identifiers. */
const longestIdentifier = 80;
/** How many words of a line are asked for what an id is, the nearest first. */
const mostWords = 16;

/** The identifier that stands directly before a value. Offsets in the text, end exclusive. */
export interface Key {
  readonly start: number;
  readonly meaning: Meaning;
  /** Its punctuation makes it the name of the value (`jobId = `, `"JobId": `, `<JobId>`, `--job-id `), no mere word. */
  readonly firm: boolean;
  /** It stands on a line before, as of a list with one id per line. */
  readonly above: boolean;
}

/** What stands between an identifier and its value. */
interface Glue {
  /** Where the identifier would end. */
  readonly end: number;
  readonly assigned: "" | ":" | "=";
  readonly called: boolean;
  readonly tagged: boolean;
  readonly above: boolean;
}

/** The names that languages give to strings: `jobId: string = …`, `tea.String(…)`. They say nothing of a value. */
const stringNames = new Set(["string", "str", "text", "varchar", "char", "stringptr", "ptr", "of", "valueof"]);

/**
 * The identifier whose value begins at `at`: across quotes, brackets, assignment signs, calls (`setJobId("`,
 * `JobId: tea.String("`), XML tags, list markers and percent-encoding, also on a line before, if punctuation says that
 * what follows belongs to it.
 */
export function keyBefore(text: string, at: number, hops = 3): Key | undefined {
  const glue = glueBefore(text, at);
  if (!glue) return undefined;
  const { end, assigned, called, tagged, above } = glue;
  let start = identifierStart(text, end);
  if (start === end) return undefined;
  if (text.charAt(start - 1) === "%") start = Math.min(end, start + 2);
  if (isValue(text, start, end) || (tagged && text.charAt(start - 1) === "/")) return undefined;
  const name = text.slice(start, end);
  const meaning = meaningOf(name);
  if (!meaning.noun && hops > 0) {
    const further = called ? keyBefore(text, pathStart(text, start), hops - 1) : typedName(text, start, name, assigned);
    if (further?.firm) return { ...further, above: further.above || above };
  }
  const firm =
    assigned === "=" || tagged || called || isFlag(text, start) || (assigned === ":" && beginsField(text, start));
  return { start, meaning, firm, above };
}

const [filler, newline, colon, equals, call, bracket, angle, entity, digit] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** What a character between a name and its value may be. */
const glues = new Uint8Array(128);
for (const char of "\"'`\\ \t\r*#|-@$") glues[char.charCodeAt(0)] = filler;
for (const char of "[{") glues[char.charCodeAt(0)] = bracket;
for (const char of "0123456789abcdefABCDEF") glues[char.charCodeAt(0)] = digit;
for (const [char, glue] of Object.entries({
  "\n": newline,
  ":": colon,
  "=": equals,
  "(": call,
  ">": angle,
  ";": entity,
}))
  glues[char.charCodeAt(0)] = glue;

function glueAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 128) return glues[code]!;
  if (code === 0xff1a) return colon;
  return "“‘「【•".includes(text.charAt(at)) ? filler : 0;
}

/** Reads backward from a value to where its name would end. Undefined when nothing can name the value. */
function glueBefore(text: string, at: number): Glue | undefined {
  const floor = Math.max(0, at - reach);
  const glue = { assigned: "" as Glue["assigned"], called: false, tagged: false, above: false };
  /** Whether a sign since the last line's end says that what follows belongs to what is before. */
  let bound = true;
  let end = at;
  for (; end > floor; end--) {
    const kind = glueAt(text, end - 1);
    if (kind === filler) continue;
    if (kind === newline) {
      glue.above = true;
      bound = false;
      continue;
    }
    if (kind === digit) {
      // Percent-encoded punctuation: %22 is a quote, %3D an equals sign, %3A a colon.
      if (text.charCodeAt(end - 3) !== 0x25 || !isIn(hexadecimal, text, end - 2)) break;
      if (/3[ad]/i.test(text.slice(end - 2, end))) glue.assigned = "=";
      end -= 2;
      continue;
    }
    if (kind === entity) {
      if (!text.endsWith("&quot;", end)) break;
      end -= 5;
      continue;
    }
    if (!kind) break;
    bound = true;
    if (kind === call) glue.called = glue.assigned === "";
    else if (kind === equals) {
      glue.assigned = "=";
      glue.called = false;
    } else if (kind === colon) {
      glue.assigned ||= ":";
      glue.called = false;
    } else if (kind === angle) {
      const arrow = /[-=]/.test(text.charAt(end - 2));
      if (arrow) {
        glue.assigned ||= ":";
        end--;
      } else glue.tagged = true;
    }
  }
  return bound && end > floor ? { ...glue, end } : undefined;
}

function isIdentifierPart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isIn(alphanumeric, text, at) || code === 0x5f || code === 0x2d || (code >= 0x4e00 && code <= 0x9fff);
}

/** Where the identifier that ends at `end` begins: letters, digits, `_`, `-` and Chinese characters. */
function identifierStart(text: string, end: number): number {
  const floor = Math.max(0, end - longestIdentifier);
  let start = end;
  while (start > floor && isIdentifierPart(text, start - 1)) start--;
  while (start < end && text.charCodeAt(start) === 0x2d) start++;
  return start;
}

/** Where the path `a.b.` before an identifier begins. */
function pathStart(text: string, at: number): number {
  let start = at;
  while (text.charAt(start - 1) === "." && at - start < reach) start = identifierStart(text, start - 1);
  return start;
}

/** The name in `name: string = …` (TypeScript, Python, Rust) and `name string = …` (Go), where its type stands between. */
function typedName(text: string, start: number, name: string, assigned: string): Key | undefined {
  if (assigned !== "=") return undefined;
  let end = start;
  while (end > 0 && text.charAt(end - 1) === " ") end--;
  const annotated = text.charAt(end - 1) === ":" && text.charAt(end - 2) !== ":";
  if (annotated) end--;
  else if (!stringNames.has(name.toLowerCase()) || end === start) return undefined;
  while (end > 0 && /[ ?]/.test(text.charAt(end - 1))) end--;
  const from = identifierStart(text, end);
  return from < end ? { start: from, meaning: meaningOf(text.slice(from, end)), firm: true, above: false } : undefined;
}

/** Whether an identifier is an option of a command line: `--job-id `. */
function isFlag(text: string, start: number): boolean {
  let at = start;
  while (at > 0 && text.charCodeAt(at - 1) === 0x2d) at--;
  return at < start && (at === 0 || /\s/.test(text.charAt(at - 1)));
}

/** Whether an identifier before a colon is a field's name (`{ id: `, `"Id": `, `- id: `), not the end of a sentence. */
function beginsField(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && (text.charAt(at) === " " || text.charAt(at) === "\t")) at--;
  return !/[A-Za-z0-9_)\].\u4e00-\u9fff]/.test(text.charAt(at));
}

/** What the word says that ends at `at`; nothing where none does. */
export function wordBefore(text: string, at: number): Meaning {
  return meaningOf(text.slice(identifierStart(text, at), at));
}

/**
 * What the words of the line before `at` say that the id at `at` is, the nearest first: "job created: …",
 * `SubmitTranscodeJobs -> …`, "the video …". A word whose own value stands between it and `at` is passed over.
 */
export function nounBefore(text: string, at: number): Meaning | undefined {
  const floor = Math.max(0, at - reach);
  let end = at;
  for (let words = 0; words < mostWords && end > floor; ) {
    if (text.charAt(end - 1) === "\n") return undefined;
    if (!isIdentifierPart(text, end - 1)) {
      end--;
      continue;
    }
    const start = identifierStart(text, end);
    if (start === end) {
      end--;
      continue;
    }
    words++;
    if (isValue(text, start, end)) end = keyBefore(text, start, 0)?.start ?? start;
    else {
      const meaning = meaningOf(text.slice(start, end));
      if (meaning.noun) return meaning;
      end = start;
    }
  }
  return undefined;
}

/** Whether a run of identifier characters is an id or a number of its own, no word. */
function isValue(text: string, start: number, end: number): boolean {
  return end - start >= 16 && /^[\da-fA-F-]+$/.test(text.slice(start, end));
}

/** The key of the mapping that holds the line of `at`, by indentation as in YAML; undefined at the left margin. */
export function parentKey(text: string, at: number): Meaning | undefined {
  let lineStart = lineStartBefore(text, at);
  let indent = lineStart === undefined ? 0 : indentOf(text, lineStart);
  for (let lines = 0; lines < 20 && lineStart && indent > 0; lines++) {
    const end: number = lineStart - (text.charAt(lineStart - 2) === "\r" ? 2 : 1);
    lineStart = lineStartBefore(text, lineStart - 1);
    if (lineStart === undefined || lineStart >= end) continue;
    const own = indentOf(text, lineStart);
    if (own >= indent) continue;
    indent = own;
    if (text.charAt(end - 1) === ":") {
      const meaning = meaningOf(text.slice(identifierStart(text, end - 1), end - 1));
      if (meaning.noun) return meaning;
    } else if (text.charAt(lineStart + own) !== "-") return undefined;
  }
  return undefined;
}

/** Where the line of `at` begins; undefined when that is out of reach. */
function lineStartBefore(text: string, at: number): number | undefined {
  for (let start = at; start >= at - reach; start--)
    if (start === 0 || text.charCodeAt(start - 1) === 0x0a) return start;
  return undefined;
}

function indentOf(text: string, lineStart: number): number {
  let at = lineStart;
  while (text.charAt(at) === " ") at++;
  return at - lineStart;
}
