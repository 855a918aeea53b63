import type { JobType } from "../../vod/types.ts";
import { alphanumeric, isIn } from "./runs.ts";
import { mayBeginType, statingKey, typeNameAt } from "./typeNames.ts";

/** How far back the text is read when nothing nearer has been read, in characters. */
const farthest = 8192;
/** How far after an id its own record may still name the type, in characters. */
const lookAhead = 2000;
/** How far above an id a name in plain text may stand, in characters. */
const above = 600;
/** How many brackets may be left open between an opening bracket and its closing one. */
const mostUnclosed = 8;
const deepest = 256;
/** Less text than this is read rather than skipped, in characters. */
const worthSkipping = 100;

/** A name of a type, and where it stands. */
interface TypeName {
  readonly type: JobType;
  readonly at: number;
}

/** The text within one pair of brackets, so far; the first of a stack is the plain text around all brackets. */
interface Scope {
  readonly opener: number;
  readonly at: number;
  /** The last name of a type: an API, an object, a comment. */
  said?: TypeName;
  /** The last that is the value of a key which tells types: `"EventType": "TranscodeComplete"`, `--JobType ai`. */
  stated?: TypeName;
  /** What was seen when somebody looked ahead from here. */
  ahead?: Ahead;
}

/** What the text from `from` to `to` says behind an id, seen from a scope that is open at `from`. */
interface Ahead {
  readonly from: number;
  readonly to: number;
  /** Where the line of `from` ends: only there a mere name counts. */
  readonly lineEnd: number;
  readonly said?: TypeName & { readonly level: number };
  readonly stated?: TypeName & { readonly level: number };
}

const [newline, roundOpen, squareOpen, curlyOpen] = [0x0a, 0x28, 0x5b, 0x7b];
const [roundClose, squareClose, curlyClose] = [0x29, 0x5d, 0x7d];

/** What a character does: 1 ends a line, 2 opens a scope, 3 closes one, 4 may begin the name of a type. */
const kinds = new Uint8Array(128);
for (let code = 0; code < 128; code++) if (mayBeginType(code)) kinds[code] = 4;
kinds[newline] = 1;
for (const code of [roundOpen, squareOpen, curlyOpen]) kinds[code] = 2;
for (const code of [roundClose, squareClose, curlyClose]) kinds[code] = 3;

function kindOf(code: number): number {
  return code < 128 ? kinds[code]! : mayBeginType(code) ? 4 : 0;
}

/**
 * Tells which job type the surroundings of ids name (`vod-facts` §7): what stands before an id in its own record, then
 * the keys after it there, then the same of what encloses the record, and so on outward. What stands in other records,
 * that is in closed braces, says nothing. Reads a text once, forward: ask for ids in the order in which they stand.
 */
export class TypeContext {
  readonly #text: string;
  #at: number;
  #lineAt: number;
  #scopes: Scope[] = [plainText()];
  /** The name after an id that told its type: it does not tell the type of the next id too. */
  #claimed = -1;

  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = this.#lineAt = from;
  }

  /**
   * The type that the surroundings of the id from `start` to `end` name. In plain text the lines above it count only
   * when `isJob`, that is when the id's own line says that it is a job's; never for a log's line.
   */
  typeOf(start: number, end: number, isJob: boolean): JobType | undefined {
    this.#readTo(start);
    const ahead = this.#usable(this.#scopes.at(-1)!.stated) ? undefined : this.#lookAhead(end);
    for (let level = this.#scopes.length - 1; level >= 0; level--) {
      const { said, stated } = this.#scopes[level]!;
      if (this.#usable(stated, level)) return stated.type;
      if (ahead?.stated?.level === level) return this.#claim(ahead.stated);
      if (this.#usable(said, level)) return said.type;
      if (ahead?.said?.level === level && end <= ahead.lineEnd) return this.#claim(ahead.said);
    }
    if (!isJob || beginsLogLine(this.#text, this.#lineAt)) return undefined;
    const { said, stated } = this.#scopes[0]!;
    const last = stated && stated.at > (said?.at ?? -1) ? stated : said;
    return last && last.at !== this.#claimed && start - last.at <= above ? last.type : undefined;
  }

  /** Where the brackets open that enclose `at`, the innermost first. */
  openingsAt(at: number): number[] {
    this.#readTo(at);
    return this.#scopes
      .slice(1)
      .map((scope) => scope.at)
      .reverse();
  }

  /** In plain text only what stands on the same line is near. */
  #usable(name: TypeName | undefined, level = this.#scopes.length - 1): name is TypeName {
    return name !== undefined && name.at !== this.#claimed && (level > 0 || name.at >= this.#lineAt);
  }

  #claim(name: TypeName): JobType {
    this.#claimed = name.at;
    return name.type;
  }

  #readTo(to: number): void {
    const text = this.#text;
    if (to - this.#at > worthSkipping) this.#skip(to);
    for (let at = this.#at; at < to; at++) {
      const code = text.charCodeAt(at);
      switch (kindOf(code)) {
        case 1:
          if (this.#scopes.length > 1 && beginsStatement(text, at + 1)) this.#scopes.length = 1;
          if (this.#scopes.length === 1) this.#lineAt = at + 1;
          break;
        case 2:
          if (this.#scopes.length >= deepest) this.#scopes.length = 1;
          this.#scopes.push({ opener: code, at });
          break;
        case 3:
          this.#close(code);
          break;
        case 4: {
          const type = typeNameAt(text, at);
          if (!type) break;
          const scope = this.#scopes.at(-1)!;
          if (statingKey(text, at) === undefined) scope.said = { type, at };
          else scope.stated = { type, at };
          at++;
        }
      }
    }
    this.#at = Math.max(this.#at, to);
  }

  /**
   * Passes over text that cannot matter for the line of `to`: what is very far, and, where the line is a statement or a
   * log's, everything but what directly stands above it.
   */
  #skip(to: number): void {
    const text = this.#text;
    const floor = Math.max(this.#at, to - farthest);
    let line = to;
    while (line > floor && text.charCodeAt(line - 1) !== newline) line--;
    let from = floor;
    if (line > floor && beginsStatement(text, line))
      from = beginsLogLine(text, line) ? line : Math.max(floor, line - above);
    if (from === this.#at) return;
    // Where the text is one long line there is no line to begin with, and none is looked for to its end.
    this.#at = this.#lineAt = from === line || line === floor ? from : text.indexOf("\n", from) + 1;
    this.#scopes = [plainText()];
  }

  /** Leaves the scope that `closer` ends. What round and square brackets held counts for what is around them. */
  #close(closer: number): void {
    const level = this.#closedBy(closer, this.#scopes.length - 1);
    if (level > 0) {
      const { said, stated } = this.#scopes[level]!;
      this.#scopes.length = level;
      const outer = this.#scopes[level - 1]!;
      const inner = stated ?? said;
      if (closer !== curlyClose && inner && inner.at > (outer.said?.at ?? -1)) outer.said = inner;
    } else if (closer === curlyClose) {
      // It opened before what was read: all that was read belongs to a record that ends here.
      this.#scopes = [plainText()];
    }
  }

  /** The level, at or below `top`, of the scope that `closer` ends; 0 when none near is. */
  #closedBy(closer: number, top: number): number {
    const opener = closer === curlyClose ? curlyOpen : closer === squareClose ? squareOpen : roundOpen;
    for (let level = top; level > 0 && level > top - mostUnclosed; level--)
      if (this.#scopes[level]!.opener === opener) return level;
    return 0;
  }

  /**
   * What stands after an id in the records that are open at it. Records beside each other see the same from their ends
   * on, so each scope keeps what was seen: all looks together read a text no more often than a few times.
   */
  #lookAhead(end: number): Ahead | undefined {
    const text = this.#text;
    const limit = Math.min(text.length, end + lookAhead);
    const left: { scope: Scope; from: number }[] = [];
    let level = this.#scopes.length - 1;
    let said: Ahead["said"];
    let stated: Ahead["stated"];
    let lineEnd = Number.POSITIVE_INFINITY;
    let hidden = 0;
    let opened = 0;
    let at = end;
    const enter = (): boolean => {
      const scope = this.#scopes[level]!;
      const seen = scope.ahead;
      if (seen && seen.from <= at && at <= seen.to && !(seen.stated && seen.stated.at < at)) {
        stated = seen.stated;
        if (lineEnd === Number.POSITIVE_INFINITY) {
          if (at <= seen.lineEnd && seen.said && seen.said.at >= at) said ??= seen.said;
          lineEnd = seen.lineEnd;
        }
        at = seen.to;
        return true;
      }
      left.push({ scope, from: at });
      return false;
    };
    let over = enter();
    for (; !over && at < limit; at++) {
      const code = text.charCodeAt(at);
      switch (kindOf(code)) {
        case 1:
          lineEnd = Math.min(lineEnd, at);
          over = level === 0 ? !this.#continues(end, at + 1) : beginsStatement(text, at + 1);
          break;
        case 2:
          if (code === curlyOpen) hidden++;
          else if (hidden === 0) opened++;
          break;
        case 3:
          if (hidden > 0) {
            if (code === curlyClose) hidden--;
          } else if (opened > 0 && code !== curlyClose) opened--;
          else {
            const closed = this.#closedBy(code, level);
            opened = 0;
            if (closed > 0) {
              level = closed - 1;
              over = enter();
            } else over = code === curlyClose;
          }
          break;
        case 4: {
          const type = hidden === 0 ? typeNameAt(text, at) : undefined;
          if (!type) break;
          const key = statingKey(text, at);
          const isNear = lineEnd === Number.POSITIVE_INFINITY;
          if (key !== undefined && (isNear || level > 0 || beginsLine(text, key))) {
            stated = { type, at, level };
            over = true;
          } else if (isNear) said ??= { type, at, level };
        }
      }
    }
    for (const { scope, from } of left) {
      const ownSaid = said && said.at >= from ? said : undefined;
      scope.ahead = { from, to: at, lineEnd: said && !ownSaid ? from - 1 : lineEnd, said: ownSaid, stated };
    }
    return { from: end, to: at, lineEnd, said, stated };
  }

  /** Whether the line at `next` belongs to the same indented block as the line of `at`, as in YAML. */
  #continues(at: number, next: number): boolean {
    const own = contentColumn(this.#text, Math.max(this.#lineAt, at - lookAhead), true);
    return own > 0 && contentColumn(this.#text, next, false) >= own;
  }
}

function plainText(): Scope {
  return { opener: 0, at: -1 };
}

/** Whether a line begins at the left margin with a word, or with a log's `[time]`: no bracket is open any more. */
function beginsStatement(text: string, line: number): boolean {
  return isIn(alphanumeric, text, text.charCodeAt(line) === squareOpen ? line + 1 : line);
}

/** Whether a line begins with a time or another number: the lines above it tell of something else. */
function beginsLogLine(text: string, line: number): boolean {
  return /[\d[\x1b]/.test(text.charAt(line));
}

/** How far a line's content is indented, in characters; the marker of a list's item may count as indentation. */
function contentColumn(text: string, line: number, pastMarker: boolean): number {
  let at = line;
  while (at - line < 200 && (text.charAt(at) === " " || (pastMarker && text.startsWith("- ", at)))) at++;
  return at - line;
}

/** Whether nothing but indentation, quotes and list markers stand before `at` on its line. */
function beginsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (/["' \t-]/.test(text.charAt(before))) before--;
  return before < 0 || text.charCodeAt(before) === newline;
}
