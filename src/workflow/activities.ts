import { memberTexts, parseEmbedded, parseLoosely, plainJson } from "./embedded.ts";
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
  let texts: ReadonlyMap<string, string> | undefined;
  // Only a Result that is no string needs its own text cut out, exactly as it came (64-bit numbers, key order).
  const exactText = (key: string) => {
    texts ??= textsByKey(plainJson(activityResults) ?? "", keyed);
    return texts.get(key);
  };
  const entries = value as Readonly<Record<string, unknown>>;
  const activities = Object.keys(entries).map((key) => readActivity(key, keyed, entries[key], exactText));
  const named = keyed && activities.every(({ name }) => /\S/.test(name));
  return { activities: named ? activities : nameApart(activities) };
}

function readActivity(
  key: string,
  keyed: boolean,
  entry: unknown,
  exactText: (key: string) => string | undefined,
): Activity {
  const fields = asFields(hasNumberAsId(entry) ? exactText(key) : entry);
  const notes: string[] = [];
  if (!fields) notes.push(activityNotes.notObject);
  const status = text(fields?.Status);
  const startedAt = time(fields?.StartTime, activityNotes.start, notes);
  const endedAt = time(fields?.EndTime, activityNotes.end, notes);
  if (startedAt !== undefined && endedAt !== undefined && endedAt < startedAt) notes.push(activityNotes.order);
  const result = fields ? readResult(fields.Result, key, exactText) : textOf(entry, key, exactText);
  const activity: { -readonly [K in keyof Activity]: Activity[K] } = {
    name: keyed ? key : text(fields?.ActivityName ?? fields?.Name),
    kind: text(fields?.ActivityId),
    instanceId: text(fields?.ActivityInstanceId),
    status,
    phase: activityPhase(status),
  };
  if (startedAt !== undefined) activity.startedAt = startedAt;
  if (endedAt !== undefined) activity.endedAt = endedAt;
  if (result !== undefined) activity.result = result;
  if (notes.length > 0) activity.notes = notes;
  return activity;
}

/** The activities with a name each, where one is missing made from the kind, and no two the same. */
function nameApart(activities: readonly Activity[]): Activity[] {
  const names = new Map<string, number>();
  return activities.map((activity, index) => {
    const given = activity.name.trim() !== "";
    const wanted = given ? activity.name : activity.kind.trim() || `activity ${index + 1}`;
    let name = wanted;
    while (names.has(name)) {
      // The next number to try is kept, so that ten thousand equal names do not take fifty million tries.
      const number = names.get(wanted)! + 1;
      names.set(wanted, number);
      name = `${wanted} (${number})`;
    }
    names.set(name, 1);
    if (name === activity.name) return activity;
    return {
      ...activity,
      name,
      notes: [...(activity.notes ?? []), given ? activityNotes.renamed : activityNotes.unnamed],
    };
  });
}

/** The entry as fields; an entry may itself be a string that holds the object. */
function asFields(entry: unknown): Fields | undefined {
  const value = typeof entry === "string" ? parseEmbedded(entry) : entry;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** An id that came as a number may have lost digits, and must be read from the text. */
function hasNumberAsId(entry: unknown): boolean {
  return typeof (entry as Fields | null)?.ActivityInstanceId === "number";
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

function readResult(result: unknown, key: string, exactText: (key: string) => string | undefined): string | undefined {
  if (result === undefined || result === null || typeof result === "string") return result ?? undefined;
  const entry = exactText(key);
  return entry === undefined ? undefined : textsByKey(plainJson(entry) ?? "", true).get("Result");
}

function textOf(entry: unknown, key: string, exactText: (key: string) => string | undefined): string | undefined {
  return entry === null || typeof entry === "string" ? (entry ?? undefined) : exactText(key);
}

function textsByKey(json: string, keyed: boolean): Map<string, string> {
  return new Map(memberTexts(json).map(([key, member], index) => [keyed ? key : String(index), member]));
}
