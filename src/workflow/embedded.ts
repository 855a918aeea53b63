/**
 * JSON that stands in strings of JSON, to any depth: `ActivityResults` → `Result` → `TriggerSource`, each plain or
 * escaped once too often (vod-facts §8). Nothing here throws, and what cannot be decoded stays the original text.
 */

/** A value as it is drawn and sent between host and panel. Keys keep their order and may repeat; numbers are digits. */
export type Decoded =
  | {
      readonly kind: "object";
      readonly entries: readonly (readonly [key: string, value: Decoded])[];
      /** The value stood in a string. */
      readonly from?: "string";
      /** How many further entries were left off. */
      readonly truncated?: number;
    }
  | {
      readonly kind: "array";
      readonly items: readonly Decoded[];
      readonly from?: "string";
      readonly truncated?: number;
    }
  | {
      readonly kind: "string";
      readonly value: string;
      /** How many further characters were left off. */
      readonly truncated?: number;
      /** `value` is JSON text that was too deep or too long to decode. */
      readonly undecoded?: true;
    }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" };

export interface DecodeLimits {
  /** Levels of nesting, counting objects, arrays and strings that hold JSON. */
  readonly depth: number;
  /** Values in the whole tree. */
  readonly values: number;
  /** Characters of one string. */
  readonly characters: number;
  /** Characters of the whole text; a longer one stays text. */
  readonly size: number;
}

const defaults: DecodeLimits = { depth: 64, values: 50_000, characters: 100_000, size: 16 * 1024 * 1024 };

/** How often a text may be escaped too often before we take it for what it is: text. */
const maxLayers = 8;
/** Deeper than this nobody looks for numbers that lost digits. */
const maxDepth = 500;

/**
 * The JSON value that `text` holds, as plain JavaScript values, one level: strings inside stay strings.
 * Whole numbers beyond 2^53 become strings of their digits. `undefined` when the text holds no JSON.
 */
export function parseEmbedded(text: string): unknown {
  return peel(text, true)?.value;
}

/** The same for many texts where no number matters: `ActivityResults`, whose values are strings. */
export function parseLoosely(text: string): unknown {
  return peel(text, false)?.value;
}

/** The plain JSON text under all layers of escaping, or `undefined` when `text` holds no JSON. */
export function plainJson(text: string): string | undefined {
  return peel(text, false)?.json;
}

/**
 * The value that `text` holds as a tree, decoding strings that hold an object or an array wherever they stand.
 * A text that holds no JSON is a string. Never throws; what the limits leave off is marked.
 */
export function decodeJson(text: string, limits: Partial<DecodeLimits> = {}): Decoded {
  const reader = new Reader({ ...defaults, ...limits });
  return reader.embedded(text, 0, false) ?? reader.string(text);
}

/** Keys and raw JSON texts of the members of an object (in order, repeated keys too) or of an array (keys are empty). */
export function memberTexts(json: string): (readonly [key: string, text: string])[] {
  const members: [string, string][] = [];
  eachMember(json, skipSpace(json, 0), (key, start) => {
    const end = valueEnd(json, start);
    members.push([key, json.slice(start, end)]);
    return end;
  });
  return members;
}

interface Peeled {
  readonly value: unknown;
  /** The text that `JSON.parse` accepted. */
  readonly json: string;
}

/**
 * Takes layers off until a value appears: the text is JSON, or a JSON string that holds JSON, or JSON escaped once too
 * often (then it is the inside of a JSON string). Scalars are accepted only from the outermost layer.
 */
function peel(text: string, exact: boolean): Peeled | undefined {
  let json = text;
  for (let layer = 0; layer < maxLayers; layer++) {
    // A backslash outside a string is no JSON: trying would only cost the making of an error.
    const value = opensEscaped.test(json) ? undefined : parse(json, exact);
    const inner = value === undefined && json.includes("\\") ? parse(`"${json.trim()}"`, false) : value;
    if (typeof inner !== "string" || !opensContainer.test(inner)) {
      if (value === undefined) break;
      return { value, json };
    }
    json = inner;
  }
  const value = parse(text, exact);
  return value === undefined ? undefined : { value, json: text };
}

/** Whether a string may hold an object or array, perhaps quoted or escaped: its first characters say so. */
const opensContainer = /^[\s\\"]*[{[]/;

/** Brackets at most, then a backslash: the quotes of what follows are escaped. */
const opensEscaped = /^[\s{[]*\\/;

/** `JSON.parse` that answers `undefined` instead of throwing. */
function parse(json: string, exact: boolean): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return exact && hasInexact(value, 0) ? JSON.parse(json, keepDigits) : value;
  } catch {
    return undefined;
  }
}

/** Whether a number in the value may have lost digits. */
function hasInexact(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null || depth > maxDepth) return false;
  return Object.values(value).some((item) => hasInexact(item, depth + 1));
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?[0-9]+$/.test(source) ? source : value;
}

/** Builds trees from texts that `JSON.parse` has accepted, so its own scanning needs no error handling. */
class Reader {
  private readonly limits: DecodeLimits;
  /** Values that may still be made. */
  private left: number;
  /** Where the value read last ended in its text. */
  private end = 0;

  constructor(limits: DecodeLimits) {
    this.limits = limits;
    this.left = limits.values;
  }

  /** The tree of the JSON in `text`; `undefined` when there is none, or in an `inner` string no object and no array. */
  embedded(text: string, depth: number, inner: boolean): Decoded | undefined {
    if (text.length > this.limits.size || (inner && !opensContainer.test(text))) return undefined;
    const peeled = peel(text, false);
    if (!peeled || (inner && (typeof peeled.value !== "object" || peeled.value === null))) return undefined;
    if (depth >= this.limits.depth) return { ...this.string(text), undecoded: true };
    const tree = this.value(peeled.json, skipSpace(peeled.json, 0), depth);
    return inner && (tree.kind === "object" || tree.kind === "array") ? { ...tree, from: "string" } : tree;
  }

  string(value: string): Decoded & { kind: "string" } {
    const limit = this.limits.characters;
    if (value.length <= limit) return { kind: "string", value };
    const cut = value.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
    return { kind: "string", value: cut, truncated: value.length - cut.length };
  }

  private value(json: string, start: number, depth: number): Decoded {
    this.left--;
    const first = json[start];
    if ((first === "{" || first === "[") && depth < this.limits.depth) return this.container(json, start, depth);
    const end = valueEnd(json, start);
    const value = this.leaf(json, start, end, depth);
    this.end = end;
    return value;
  }

  private leaf(json: string, start: number, end: number, depth: number): Decoded {
    switch (json[start]) {
      case '"': {
        const text = readString(json, start, end);
        return this.embedded(text, depth + 1, true) ?? this.string(text);
      }
      case "{":
      case "[":
        return { ...this.string(json.slice(start, end)), undecoded: true };
      case "t":
        return { kind: "boolean", value: true };
      case "f":
        return { kind: "boolean", value: false };
      case "n":
        return { kind: "null" };
      default:
        return { kind: "number", text: json.slice(start, end) };
    }
  }

  private container(json: string, start: number, depth: number): Decoded {
    const entries: [string, Decoded][] = [];
    let truncated = 0;
    this.end = eachMember(json, start, (key, at) => {
      if (this.left <= 0) {
        truncated++;
        return valueEnd(json, at);
      }
      entries.push([this.string(key).value, this.value(json, at, depth + 1)]);
      return this.end;
    });
    const mark = truncated > 0 ? { truncated } : {};
    if (json[start] === "{") return { kind: "object", entries, ...mark };
    return { kind: "array", items: entries.map(([, item]) => item), ...mark };
  }
}

/**
 * Calls `visit` with each member of the container at `start`; `visit` answers where the member's value ends.
 * Gives where the container ends.
 */
function eachMember(json: string, start: number, visit: (key: string, start: number) => number): number {
  const isObject = json[start] === "{";
  if (!isObject && json[start] !== "[") return start;
  let at = skipSpace(json, start + 1);
  while (at < json.length && json[at] !== "}" && json[at] !== "]") {
    let key = "";
    if (isObject) {
      const end = stringEnd(json, at);
      key = readString(json, at, end);
      at = skipSpace(json, skipSpace(json, end) + 1);
    }
    at = skipSpace(json, visit(key, at));
    if (json[at] === ",") at = skipSpace(json, at + 1);
  }
  return at + 1;
}

function skipSpace(json: string, at: number): number {
  let code = json.charCodeAt(at);
  while (code === 32 || code === 10 || code === 13 || code === 9) code = json.charCodeAt(++at);
  return at;
}

/** Where the string that opens at `start` ends: behind the first quote with an even number of backslashes before it. */
function stringEnd(json: string, start: number): number {
  let at = json.indexOf('"', start + 1);
  while (at >= 0) {
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at + 1;
    at = json.indexOf('"', at + 1);
  }
  return json.length;
}

function readString(json: string, start: number, end: number): string {
  const inside = json.slice(start + 1, end - 1);
  return inside.includes("\\") ? (JSON.parse(json.slice(start, end)) as string) : inside;
}

/** Where the value that begins at `start` ends. Counts brackets instead of recursing: hostile depth costs no stack. */
function valueEnd(json: string, start: number): number {
  let open = 0;
  let at = start;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === 34) {
      at = stringEnd(json, at);
      if (open === 0) return at;
    } else if (code === 123 || code === 91) {
      open++;
      at++;
    } else if (code === 125 || code === 93) {
      if (open === 0) return at;
      at++;
      if (--open === 0) return at;
    } else if (open === 0 && (code === 44 || code === 32 || code === 10 || code === 13 || code === 9)) {
      return at;
    } else at++;
  }
  return at;
}
