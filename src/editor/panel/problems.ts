import type { JobProblem } from "../../jobs/types.ts";
import { VodError } from "../../vod/errors.ts";

/** Any thrown thing as the problem that a sentence can be made of; undefined when somebody only gave up waiting. */
export function asProblem(error: unknown): JobProblem | undefined {
  const at = Date.now();
  if (error instanceof VodError) {
    const { kind, code, message, requestId, recommend } = error;
    return kind === "cancelled" ? undefined : { kind, code, message, requestId, recommend, at };
  }
  if ((error as { name?: unknown } | undefined)?.name === "AbortError") return undefined;
  return { kind: "malformed", message: error instanceof Error ? error.message : String(error), at };
}
