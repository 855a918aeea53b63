/** What JSON text can hold. Integers beyond 2^53 are strings of their digits: see `parseJson`. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Only text that matches can hold an integer a number cannot, or a `__proto__` key, spelled out or escaped. */
const needsCare = /(?:^|[-:,[\s])\d{16}|__proto__|\\u005f/i;
const integer = /^-?\d+$/;

/**
 * Parses JSON text without losing digits: an integer outside the safe range becomes the string of its digits, because
 * ids of the service have 64 bits (vod-facts §1). Keys named `__proto__` are dropped.
 * @throws SyntaxError for what is no JSON; RangeError when it is nested too deep to walk.
 */
export function parseJson(text: string): Json {
  return needsCare.test(text)
    ? (JSON.parse(text, carefully as (key: string, value: unknown) => unknown) as Json)
    : JSON.parse(text);
}

function carefully(key: string, value: unknown, context: { source?: string }): unknown {
  if (key === "__proto__") return undefined;
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && integer.test(context.source) ? context.source : value;
}

/** The value as an object; undefined for everything else, lists included. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
