import { l10n } from "vscode";
import { formatDuration, formatTick } from "../../workflow/format.ts";

/** The units of lengths of time in the language of the editor, as `formatDuration` takes them. */
export function unitWords(): string {
  return l10n.t({
    message: "d h m s",
    comment: "units behind a number: days, hours, minutes, seconds; keep the spaces and the order",
  });
}

/** A length of time in the language of the editor; milliseconds. */
export function lengthText(ms: number): string {
  return formatDuration(ms, unitWords());
}

/** A moment of a run, counted from its beginning, in the language of the editor; milliseconds. */
export function offsetText(ms: number): string {
  return formatTick(ms, unitWords());
}
