import { cleanId, type FoundId, findJobIds } from "../../jobs/ids/find.ts";
import type { JobType } from "../../vod/types.ts";

/** An id that may be tracked. */
export interface Candidate {
  readonly id: string;
  /** What stands near it says so. */
  readonly type?: JobType;
  /** Something says that it is a job's: a key, an API, or that the text is nothing but a list of ids. */
  readonly certain: boolean;
}

/** The most ids that are offered at once. */
export const mostCandidates = 10_000;

/** Each id once, as the place that says most about it tells. */
export function candidatesOf(found: readonly FoundId[]): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const { id, type, because } of found) {
    const certain = because !== "form";
    const known = best.get(id);
    if (known && (known.type || !type) && (known.certain || !certain)) continue;
    best.set(id, { id, type: known?.type ?? type, certain: certain || known?.certain === true });
  }
  return [...best.values()];
}

/**
 * The ids in a text that a person pasted or selected. A plain list, one word a line or separated by spaces, commas or
 * semicolons, may hold ids of any form; other text holds ids in the service's usual form.
 */
export function readCandidates(text: string): Candidate[] {
  return readList(text) ?? candidatesOf(findJobIds(text));
}

function readList(text: string): Candidate[] | undefined {
  const words = text
    .split(/[\s,;]+/, 2 * mostCandidates)
    .map(cleanId)
    .filter(Boolean);
  if (words.length === 0 || !words.every(isListed)) return undefined;
  return [...new Set(words)].map((id) => ({ id, certain: true }));
}

/** Whether a word can be an id of a list: letters, digits and what masks them, with a digit among them. */
function isListed(word: string): boolean {
  return /^[\w*.-]{16,64}$/.test(word) && /\d/.test(word);
}
