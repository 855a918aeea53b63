import type { JobType } from "../../vod/types.ts";
import type { TypeContext } from "./context.ts";
import { type Key, keyBefore, nounBefore, parentKey, wordBefore } from "./key.ts";
import type { IdPlace } from "./known.ts";
import { alphanumeric, isIn } from "./runs.ts";
import type { Meaning } from "./words.ts";

/** How far apart two ids of one list may stand, in characters. */
const listGap = 40;

/** What the words near an id say that it is. */
export interface Naming {
  readonly meaning: Meaning;
  /** They stand on a line before. */
  readonly above: boolean;
  readonly type?: JobType;
}

const somethingElse: Omit<Naming, "type"> = { meaning: { noun: "other" }, above: false };

/** What the key or the words before an id say that it is; what encloses it where they say only that it is an id. */
export function namingOf(text: string, { start, end }: IdPlace, context: TypeContext): Omit<Naming, "type"> {
  const key = keyBefore(text, start);
  if (isPartOfName(text, start, end, key)) return somethingElse;
  if (key && (key.meaning.noun || (key.firm && !key.meaning.neutral))) return key;
  const meaning = nounBefore(text, key?.start ?? start) ?? (key?.meaning.neutral && ownerOf(text, start, context));
  return { meaning: meaning || {}, above: key?.above ?? false };
}

/** Whether an id is a part of a file's name, of an address's path or of another id. */
function isPartOfName(text: string, start: number, end: number, key: Key | undefined): boolean {
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  const isJob = key?.meaning.noun === "job";
  if (before === "/") return wordBefore(text, start - 1).noun !== "job" && text.charAt(start - 2) !== "/";
  if (after === "." && isIn(alphanumeric, text, end + 1)) return true;
  if (before === "." && isIn(alphanumeric, text, start - 2)) return true;
  if (before === "-" && isIn(alphanumeric, text, start - 2) && after === "-" && isIn(alphanumeric, text, end + 1))
    return !isJob;
  // A line of md5sum: the hash, two spaces or a space and an asterisk, a file's name.
  return (before === "" || /["'\n]/.test(before)) && /^ [ *]\S/.test(text.slice(end, end + 3));
}

/** What the record is called that an `id` stands in: `"SnapshotJob": { "Id": …`, or by indentation. */
function ownerOf(text: string, start: number, context: TypeContext): Meaning | undefined {
  const openings = context.openingsAt(start);
  if (openings.length === 0) return parentKey(text, start);
  for (const opening of openings.slice(0, 4)) {
    const meaning = keyBefore(text, opening)?.meaning;
    if (meaning?.noun) return meaning;
  }
  return undefined;
}

/** Whether only what separates the ids of a list stands between `end` and `start`. `above`: the list has a line for each. */
export function continuesList(text: string, end: number, start: number, above: boolean): boolean {
  if (start - end > listGap) return false;
  const gap = text.slice(end, start);
  if (gap === " ") return true;
  if (!/^(?:["'`\\\s,;•*-]|%2[02Cc])*$/.test(gap)) return false;
  if (gap.includes("\n")) return /[,;•*-]/.test(gap) || above;
  return /[,;]|%2[Cc]/.test(gap);
}

/** The type that the surroundings name of an id whose own name tells none. */
export function typeFrom(context: TypeContext, { noun, task }: Meaning, { start, end }: IdPlace): JobType | undefined {
  const type = context.typeOf(start, end, noun === "job");
  if (!task) return type;
  // A task among transcodes may be a TranscodeTaskId, which is asked for with another call.
  return type === "transcode" ? undefined : (type ?? "workflow");
}
