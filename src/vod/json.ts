/** What JSON text can hold. Integers beyond 2^53 are strings of their digits: see `parseJson`. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Signs of an integer that a number cannot hold, and of a `__proto__` key, spelled out or escaped. */
const signs = [/[-:,[\s]\d{16}/, /^\d{16}/, /__proto__|\\u005f/i];
const integer = /^-?\d+$/;

/**
 * Parses JSON text without losing digits: an integer outside the safe range becomes the string of its digits, because
 * ids of the service have 64 bits (vod-facts §1). Keys named `__proto__` are dropped.
 * @returns undefined for text that is no JSON or is nested too deep to walk.
 */
export function parseJson(text: string): Json | undefined {
  // One pattern for each sign: together they would take ten times as long, three times that of parsing.
  const needsCare = signs.some((sign) => sign.test(text));
  try {
    return JSON.parse(text, needsCare ? (carefully as Reviver) : undefined);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

type Reviver = (key: string, value: unknown) => unknown;

/** The third argument, the text a value was read from, is younger than its types. */
function carefully(key: string, value: unknown, context: { source?: string }): unknown {
  if (key === "__proto__") return undefined;
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && integer.test(context.source) ? context.source : value;
}

/** The value as an object; undefined for everything else, lists included. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
