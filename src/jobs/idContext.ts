import type { JobType } from "../vod/types.ts";
import { alphanumeric, characterSet, isIn } from "./idRuns.ts";

/** How far back the text is read when nothing nearer has been read, in characters. */
const farthest = 8192;
/** How far after an id its own record may still name the type, in characters. */
const lookAhead = 2000;
/** How far above an id a name in plain text may stand, in characters. */
const above = 600;
/** How many brackets may be open between an opening bracket and its closing one. */
const mostUnclosed = 8;
const deepest = 256;

/** A name of a type, and where it stands. */
interface TypeWord {
  readonly type: JobType;
  readonly at: number;
}

/** The text within one pair of brackets, so far; the first of a stack is the plain text around all brackets. */
interface Scope {
  readonly opener: string;
  readonly at: number;
  /** The last name of a type: an API, an object, a comment. */
  said?: TypeWord;
  /** The last that is the value of a key which names types: `"EventType": "TranscodeComplete"`, `--JobType ai`. */
  stated?: TypeWord;
}

/** What a look past an id found, and in which of the scopes that are open at the id. */
interface Ahead {
  said?: TypeWord;
  saidIn?: number;
  stated?: TypeWord;
  statedIn?: number;
}

const newline = 0x0a;
const openers = "([{";
const closers = ")]}";

/** What a character may be the beginning of: 1 a line, 2 a scope, 3 the end of a scope, 4 a name of a type. */
const kinds = new Uint8Array(128);
kinds[newline] = 1;
for (const char of openers) kinds[char.charCodeAt(0)] = 2;
for (const char of closers) kinds[char.charCodeAt(0)] = 3;
for (const char of "tTsSwWaA") kinds[char.charCodeAt(0)] = 4;

/**
 * Tells which job type the surroundings of ids name (`vod-facts` §7): the names before an id in its own record, then the
 * keys after it there, then the same of what encloses the record, and so on outward. What stands in other records, that
 * is in closed braces, says nothing. Reads a text once, forward: ask for ids in the order in which they stand.
 */
export class TypeContext {
  readonly #text: string;
  #at: number;
  #lineAt: number;
  #scopes: Scope[] = [{ opener: "", at: -1 }];
  /** The name after an id that told its type: it does not tell the type of the next id too. */
  #claimed = -1;

  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = this.#lineAt = from;
  }

  /** The type that the surroundings of the id from `start` to `end` name. */
  typeOf(start: number, end: number): JobType | undefined {
    this.#readTo(start);
    const innermost = this.#scopes.at(-1)!;
    const ahead = this.#usable(innermost, "stated") ? {} : this.#readAhead(end);
    for (let level = this.#scopes.length - 1; level >= 0; level--) {
      const scope = this.#scopes[level]!;
      const before = this.#usable(scope, "stated");
      if (before) return before.type;
      if (ahead.stated && ahead.statedIn === level) return this.#claim(ahead.stated);
      const said = this.#usable(scope, "said");
      if (said) return said.type;
      if (ahead.said && ahead.saidIn === level) return this.#claim(ahead.said);
    }
    const { said, stated } = this.#scopes[0]!;
    const last = stated && stated.at > (said?.at ?? -1) ? stated : said;
    return last && last.at !== this.#claimed && start - last.at <= above ? last.type : undefined;
  }

  /** Where the brackets open that enclose `at`, the innermost first. */
  openingsAt(at: number): number[] {
    this.#readTo(at);
    return this.#scopes
      .slice(1)
      .map(({ at }) => at)
      .reverse();
  }

  /** Names in plain text count as near only on the line itself. */
  #usable(scope: Scope, how: "said" | "stated"): TypeWord | undefined {
    const word = scope[how];
    const near = scope.at >= 0 || (word && word.at >= this.#lineAt);
    return word && near && word.at !== this.#claimed ? word : undefined;
  }

  #claim(word: TypeWord): JobType {
    this.#claimed = word.at;
    return word.type;
  }

  #readTo(to: number): void {
    const text = this.#text;
    if (to - this.#at > farthest) this.#restart(to - farthest, to);
    for (let at = this.#at; at < to; at++) {
      switch (kindAt(text, at)) {
        case 1:
          if (this.#scopes.length > 1 && beginsStatement(text, at + 1)) this.#scopes.length = 1;
          if (this.#scopes.length === 1) this.#lineAt = at + 1;
          break;
        case 2:
          if (this.#scopes.length >= deepest) this.#scopes.length = 1;
          this.#scopes.push({ opener: text.charAt(at), at });
          break;
        case 3:
          this.#close(text.charAt(at));
          break;
        case 4: {
          const type = typeWordAt(text, at);
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

  /** Goes on from a line near `from`, as if nothing was before. */
  #restart(from: number, to: number): void {
    const line = this.#text.indexOf("\n", from);
    this.#at = this.#lineAt = line >= 0 && line < to ? line + 1 : from;
    this.#scopes = [{ opener: "", at: -1 }];
  }

  /** Leaves the scope that `closer` ends. What round and square brackets held counts for what is around them. */
  #close(closer: string): void {
    const level = matching(this.#scopes, this.#scopes.length - 1, closer);
    if (level > 0) {
      const { said, stated } = this.#scopes[level]!;
      this.#scopes.length = level;
      const outer = this.#scopes[level - 1]!;
      const inner = stated ?? said;
      if (closer !== "}" && inner && inner.at > (outer.said?.at ?? -1)) outer.said = inner;
    } else if (closer === "}") {
      // It opened before what was read: all that was read belongs to a record that ends here.
      this.#scopes = [{ opener: "", at: -1 }];
    }
  }

  #readAhead(end: number): Ahead {
    const text = this.#text;
    const found: Ahead = {};
    const limit = Math.min(text.length, end + lookAhead);
    let level = this.#scopes.length - 1;
    let hidden = 0;
    let opened = 0;
    let sameLine = true;
    for (let at = end; at < limit; at++) {
      switch (kindAt(text, at)) {
        case 1:
          sameLine = false;
          if (level === 0 ? !this.#continues(end, at + 1) : beginsStatement(text, at + 1)) return found;
          break;
        case 2:
          if (text.charAt(at) === "{") hidden++;
          else if (hidden === 0) opened++;
          break;
        case 3:
          if (text.charAt(at) === "}" && hidden > 0) hidden--;
          else if (hidden === 0 && opened > 0 && text.charAt(at) !== "}") opened--;
          else if (hidden === 0) {
            const closed = matching(this.#scopes, level, text.charAt(at));
            if (closed > 0) level = closed - 1;
            else if (text.charAt(at) === "}") return found;
          }
          break;
        case 4: {
          const type = hidden === 0 ? typeWordAt(text, at) : undefined;
          if (!type) break;
          const key = statingKey(text, at);
          if (key !== undefined && (sameLine || level > 0 || beginsLine(text, key)))
            return { ...found, stated: { type, at }, statedIn: level };
          if (sameLine && !found.said) {
            found.said = { type, at };
            found.saidIn = level;
          }
        }
      }
    }
    return found;
  }

  /** Whether the line at `next` belongs to the same indented block as the line of `at`, as in YAML. */
  #continues(at: number, next: number): boolean {
    const own = contentColumn(this.#text, Math.max(this.#lineAt, at - lookAhead));
    return own > 0 && contentColumn(this.#text, next, false) >= own;
  }
}

/** The level, at or below `top`, of the scope that `closer` ends; 0 when none near is. */
function matching(scopes: readonly Scope[], top: number, closer: string): number {
  const opener = openers.charAt(closers.indexOf(closer));
  for (let level = top; level > 0 && level > top - mostUnclosed; level--)
    if (scopes[level]!.opener === opener) return level;
  return 0;
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 128) return kinds[code]!;
  return code === 0x8f6c || code === 0x622a || code === 0x5de5 ? 4 : 0;
}

/** Whether a line begins at the left margin with a word, or with a log's `[time]`: no bracket is open any more. */
function beginsStatement(text: string, line: number): boolean {
  return isIn(alphanumeric, text, text.charAt(line) === "[" ? line + 1 : line);
}

/** How far a line's content is indented, in spaces; a list's `- ` counts as indentation when `item` is true. */
function contentColumn(text: string, line: number, item = true): number {
  let at = line;
  while (at - line < 200 && (text.charAt(at) === " " || (item && text.startsWith("- ", at)))) at++;
  return at - line;
}

/** Whether nothing but indentation, quotes and list markers stand before `at` on its line. */
function beginsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (/["' \t-]/.test(text.charAt(before))) before--;
  return before < 0 || text.charCodeAt(before) === newline;
}

/** The type whose name begins at `at`. */
function typeWordAt(text: string, at: number): JobType | undefined {
  switch (text.charCodeAt(at) | 0x20) {
    case 0x74:
      return folds(text, at, "transcod") ? "transcode" : undefined;
    case 0x73:
      return folds(text, at, "snapshot") ? "snapshot" : undefined;
    case 0x77:
      return folds(text, at, "workflow") && !isWorkflowId(text, at + 8) ? "workflow" : undefined;
    case 0x61:
      return isAI(text, at) ? "ai" : undefined;
  }
  if (text.startsWith("转码", at)) return "transcode";
  if (text.startsWith("截图", at)) return "snapshot";
  return text.startsWith("工作流", at) ? "workflow" : undefined;
}

/** Whether `word`, in any case, stands at `at`; its first `known` letters are known to. */
function folds(text: string, at: number, word: string, known = 1): boolean {
  for (let i = known; i < word.length; i++) if ((text.charCodeAt(at + i) | 0x20) !== word.charCodeAt(i)) return false;
  return true;
}

/** Every job that a workflow started carries the workflow's id: that says nothing of its type. */
function isWorkflowId(text: string, at: number): boolean {
  const id = /[_-]/.test(text.charAt(at)) ? at + 1 : at;
  return folds(text, id, "id", 0) && !isLower(text.charCodeAt(id + 2));
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

const aiThings = ["job", "task", "media", "video", "image", "audit", "censor"];

/** Whether "ai" at `at` is a word of its own and names a job type: `AIJob`, `ai_job`, `AI task`, `AI任务`, `JobType=ai`. */
function isAI(text: string, at: number): boolean {
  if ((text.charCodeAt(at + 1) | 0x20) !== 0x69) return false;
  const before = text.charCodeAt(at - 1) || 0;
  const lower = text.charCodeAt(at) === 0x61;
  if (isLower(before) ? lower : isUpper(before)) return false;
  let next = at + 2;
  if (isLower(text.charCodeAt(next))) return false;
  if (/[\s_-]/.test(text.charAt(next))) next++;
  if (/[任审]/.test(text.charAt(next))) return true;
  if (aiThings.some((thing) => folds(text, next, thing, 0))) return true;
  return !isIn(alphanumeric, text, at + 2) && statingKey(text, at) !== undefined;
}

const assigning = characterSet("\"'\\ :=>");

/** Where the key begins that states the name at `at` as its value: `JobType`, `EventType`, `type`, `event`, `Action`. */
function statingKey(text: string, at: number): number | undefined {
  const floor = Math.max(0, at - 80);
  let end = at;
  while (end > floor && isIn(alphanumeric, text, end - 1)) end--;
  const value = end;
  while (end > floor && isIn(assigning, text, end - 1)) end--;
  if (end === value || !["type", "event", "action"].some((key) => folds(text, end - key.length, key, 0)))
    return undefined;
  while (end > floor && isIn(alphanumeric, text, end - 1)) end--;
  return end;
}
