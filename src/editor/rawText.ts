import { l10n } from "vscode";
import { parseJobKey } from "../jobs/key.ts";
import type { JobTracker } from "../jobs/tracker.ts";

/** What the raw document of a job shows: the answer's own words, each on a line of its own. */
export async function rawText(tracker: Pick<JobTracker, "answer">, key: string): Promise<string> {
  if (!parseJobKey(key)) return l10n.t("This link names no job.");
  const stored = await tracker.answer(key);
  if (stored) return indented(stored.answer.raw);
  return l10n.t("No answer has come for this job yet. Refresh it, then open this again.");
}

/** A string, an empty list or object, a mark, or the space between. What is left out, numbers above all, stays. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|\{\s*\}|\[\s*\]|[{[}\],:]|\s+/g;

/** Answers are about ten deep. What is made to be deeper would become many times as long. */
const deepest = 20;

/**
 * JSON with a line for each member and entry. Nothing but space is another: 64-bit ids keep their digits, strings their
 * escapes, keys that stand twice stay twice. What is no JSON, or very deep, is given back as it came.
 */
export function indented(json: string): string {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  try {
    JSON.parse(json);
    return json.replaceAll(tokens, (token) => {
      switch (token) {
        case "{":
        case "[":
          if (++depth > deepest) throw new RangeError("too deep");
          return token + line();
        case "}":
        case "]":
          depth--;
          return line() + token;
        case ",":
          return token + line();
        case ":":
          return ": ";
        default:
          return token.trim() && (token[0] === '"' ? token : `${token[0]}${token.at(-1)}`);
      }
    });
  } catch {
    return json;
  }
}
