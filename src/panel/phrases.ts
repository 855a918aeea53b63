/** Short phrases about an activity that several views say. */
import { formatDuration } from "../workflow/format.ts";
import * as board from "./board.ts";
import { plain } from "./dom.ts";
import type { ViewActivity } from "./protocol.ts";
import { say, words } from "./words.ts";

/** A length of time in the language of the editor; milliseconds. */
export const lengthText = (ms: number): string => formatDuration(ms, words.units);

/** How long it took, milliseconds; 0 while that is not known. */
export function lengthOf({ shape, from, to }: ViewActivity): number {
  return shape === "bar" ? to! - from! : 0;
}

/** "4 m 33 s", "35 s so far", "end not reported"; empty when there is nothing to say. */
export function lengthPhrase(row: ViewActivity): string {
  const { shape, from = 0, missing } = row;
  if (shape === "bar") return lengthText(lengthOf(row));
  if (shape === "running") return say("soFar", lengthText(Math.max(0, board.now() - from)));
  return missing === "end" ? words.noEnd : "";
}

/**
 * What a screen reader says of a row: "Translate_zh_en, Failed, started 1 s into the run, 4 m 33 s". Texts that stand
 * beside the name come with it, so that who speaks to the page can say what they see.
 */
export function rowPhrase(row: ViewActivity, ...beside: string[]): string {
  const { name, word, from, remark } = row;
  const start = from !== undefined && say("into", lengthText(from - board.axis().from));
  return joined(", ", plain(name, 100), ...beside, word, start, lengthPhrase(row), remark);
}

/** The phrases that say something, as one. */
export function joined(comma: string, ...phrases: readonly (string | false | undefined)[]): string {
  return phrases.filter(Boolean).join(comma);
}
