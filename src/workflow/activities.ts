import { memberTexts, parseLoosely, plainJson } from "./embedded.ts";
import { activityPhase } from "./status.ts";
import { parseTime } from "./times.ts";
import type { Activity } from "./types.ts";

/** Everything `Activity.notes` can say. English sentences, so that they serve as keys for translation too. */
export const activityNotes = {
  unnamed: "The activity has no name.",
  renamed: "Another activity has the same name.",
  notObject: "The activity is not a JSON object.",
  start: "Its start is not a time.",
  end: "Its end is not a time.",
  order: "It ended before it started.",
} as const;

/** Everything `Activities.problem` can say. */
export const activitiesProblems = {
  notJson: "The activity results are not JSON. They are shown as text.",
  notActivities: "The activity results are JSON, but hold no activities. They are shown as text.",
} as const;

export interface Activities {
  /** In the order of the data, which is not the order of execution (vod-facts §8). Names are unique. */
  readonly activities: Activity[];
  /** Why there is nothing to show of a text that is there: one of `activitiesProblems`. */
  readonly problem?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The activities in `ActivityResults` (GetJobDetail page: "the processing results of each node in the workflow, in
 * JSON format"), plain or escaped once too often, keyed by name or as an array. No Result is decoded. Never throws.
 */
export function readActivities(activityResults: string | undefined): Activities {
  if (activityResults === undefined || activityResults.trim() === "") return { activities: [] };
  const value = parseLoosely(activityResults);
  if (value === undefined) return { activities: [], problem: activitiesProblems.notJson };
  if (typeof value !== "object" || value === null) return { activities: [], problem: activitiesProblems.notActivities };

  const keyed = !Array.isArray(value);
  const names = new Set<string>();
  const activities: Activity[] = [];
  let texts: ReadonlyMap<string, string> | undefined;
  for (const [key, entry] of Object.entries(value)) {
    const fields = asFields(entry);
    // Only a Result that is no string needs its own text cut out, exactly as it came (64-bit numbers, key order).
    const exactText = () => {
      texts ??= textsByKey(plainJson(activityResults) ?? "", keyed);
      return texts.get(key);
    };
    activities.push(readActivity(keyed ? key : undefined, entry, fields, activities.length, names, exactText));
  }
  return { activities };
}

function readActivity(
  key: string | undefined,
  entry: unknown,
  fields: Fields | undefined,
  index: number,
  names: Set<string>,
  exactText: () => string | undefined,
): Activity {
  const notes: string[] = [];
  if (!fields) notes.push(activityNotes.notObject);
  const kind = text(fields?.ActivityId);
  const status = text(fields?.Status);
  const name = uniqueName(key ?? text(fields?.ActivityName ?? fields?.Name), kind, index, names, notes);
  const startedAt = time(fields?.StartTime, activityNotes.start, notes);
  const endedAt = time(fields?.EndTime, activityNotes.end, notes);
  if (startedAt !== undefined && endedAt !== undefined && endedAt < startedAt) notes.push(activityNotes.order);
  const result = fields ? readResult(fields.Result, exactText) : textOf(entry, exactText);
  return {
    name,
    kind,
    instanceId: text(fields?.ActivityInstanceId),
    status,
    phase: activityPhase(status),
    ...(startedAt === undefined ? undefined : { startedAt }),
    ...(endedAt === undefined ? undefined : { endedAt }),
    ...(result === undefined ? undefined : { result }),
    ...(notes.length === 0 ? undefined : { notes }),
  };
}

/** The entry as fields; an entry may itself be a string that holds the object. */
function asFields(entry: unknown): Fields | undefined {
  const value = typeof entry === "string" ? parseLoosely(entry) : entry;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function uniqueName(name: string, kind: string, index: number, names: Set<string>, notes: string[]): string {
  const given = name.trim() === "" ? kind || `activity ${index + 1}` : name;
  if (given !== name) notes.push(activityNotes.unnamed);
  let unique = given;
  for (let n = 2; names.has(unique); n++) unique = `${given} (${n})`;
  if (unique !== given) notes.push(activityNotes.renamed);
  names.add(unique);
  return unique;
}

function time(value: unknown, note: string, notes: string[]): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const at = parseTime(value);
  if (at === undefined) notes.push(note);
  return at;
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function readResult(result: unknown, exactText: () => string | undefined): string | undefined {
  if (result === undefined || result === null || typeof result === "string") return result ?? undefined;
  const entry = exactText();
  return entry === undefined ? undefined : textsByKey(plainJson(entry) ?? "", true).get("Result");
}

function textOf(entry: unknown, exactText: () => string | undefined): string | undefined {
  return entry === null || typeof entry === "string" ? (entry ?? undefined) : exactText();
}

function textsByKey(json: string, keyed: boolean): Map<string, string> {
  return new Map(memberTexts(json).map(([key, member], index) => [keyed ? key : String(index), member]));
}
