/** Short phrases about an activity that several views say. */
import { formatDuration, formatShare } from "../workflow/format.ts";
import { spanLength } from "../workflow/span.ts";
import type { ActivityPhase } from "../workflow/types.ts";
import type { Board, Row } from "./board.ts";
import { plain } from "./dom.ts";
import { say, words } from "./words.ts";

/** The word for a phase; of an undocumented status the service's own word. */
export function phaseWord(phase: ActivityPhase, status = ""): string {
  return phase === "unknown" && status ? plain(status, 60) : words[phase];
}

/** "4 m 33 s", "35 s so far", "end not reported"; empty when there is nothing to say. */
export function lengthPhrase({ span }: Row, board: Board): string {
  switch (span.kind) {
    case "bar":
      return formatDuration(spanLength(span)!);
    case "running":
      return say("soFar", formatDuration(Math.max(0, board.now() - span.start)));
    case "point":
      return span.missing === "end" ? words.noEnd : "";
    case "none":
      return "";
  }
}

/** "alone for 97% of the run", of the activity that held the run up most. */
export function alonePhrase({ activity: { alone } }: Row, board: Board): string {
  const whole = board.duration();
  return alone && whole ? say("alone", formatShare(Math.min(1, alone / whole))) : "";
}

/** "12 s slower", "newly failed": what differs from the previous run; empty when nothing does. */
export function changePhrase({ activity: { was } }: Row): string {
  if (was?.newlyFailing) return words.newlyFailed;
  if (was?.change !== "slower" && was?.change !== "faster") return "";
  return say(was.change, formatDuration(Math.abs(was.delta ?? 0)));
}

/** What a screen reader says of a row: "Translate_zh_en, Failed, started 1 s into the run, 4 m 33 s". */
export function rowPhrase(row: Row, board: Board): string {
  const { name, phase, status, startedAt } = row.activity;
  const start = startedAt === undefined ? "" : say("into", formatDuration(startedAt - board.axis().from));
  return list(plain(name, 100), phaseWord(phase, status), start, lengthPhrase(row, board), changePhrase(row));
}

/** The phrases that say something, as one. */
export function list(...phrases: readonly string[]): string {
  return phrases.filter(Boolean).join(", ");
}
