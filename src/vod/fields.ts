import { asObject, type Json, type JsonObject } from "./json.ts";

/**
 * Lenient reading of an answer's fields: a field that is missing, empty or of a type that makes no sense is absent,
 * never an error, so that one odd field does not hide the others.
 */

/** A text or number as text; empty text is absent. */
export function text(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** JSON text: as it came when it is text, written again when the service sent the object itself. */
export function jsonText(value: Json | undefined): string | undefined {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : text(value);
}

/** A number, also where the service wrote it as text. */
export function number(value: Json | undefined): number | undefined {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
}

/** The objects of a list, whether it is plain or wrapped in an object of one list as in `{Job: [...]}`. */
export function objects(value: Json | undefined): JsonObject[] {
  const lists = Array.isArray(value)
    ? [value]
    : Object.values(asObject(value) ?? {}).filter((inner) => Array.isArray(inner));
  return ((lists[0] ?? []) as readonly Json[]).map(asObject).filter((item) => item !== undefined);
}

const timePattern =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.:,](\d{1,9}))?\s*(?:Z|([+-])(\d\d):?(\d\d)?)?$/i;
const firstYear = 2000;

/**
 * A time as milliseconds since 1970. White space around it is ignored and a colon may stand before the milliseconds, as
 * the service writes both (vod-facts §8); without a zone it is UTC. Zero times of other programs (year 1, 1970) are absent.
 */
export function time(value: Json | undefined): number | undefined {
  const match = typeof value === "string" ? timePattern.exec(value.trim()) : null;
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = match;
  const ms = Math.floor(Number(`0.${fraction ?? 0}`) * 1000);
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms);
  const written = new Date(at);
  const exists =
    written.getUTCFullYear() === Number(year) &&
    written.getUTCMonth() === Number(month) - 1 &&
    written.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 61;
  if (!exists || Number(year) < firstYear) return undefined;
  if (sign === undefined) return at;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes ?? 0)) * 60_000;
  return sign === "+" ? at - offset : at + offset;
}
