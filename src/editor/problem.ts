import { StorageError, type StorageTrouble } from "../jobs/storageError.ts";
import { VodError, type VodErrorFacts, type VodErrorKind } from "../vod/errors.ts";

/**
 * Why something did not work: a call's failure (a `VodError`, or the `JobProblem` that is kept of one), the database's
 * trouble, or something that nobody foresaw.
 */
export interface Problem extends Pick<VodErrorFacts, "code" | "requestId" | "recommend" | "searched"> {
  readonly kind: VodErrorKind | StorageTrouble | "unexpected";
  /** Technical text. */
  readonly message: string;
}

/** Any thrown thing as the problem that a sentence can be made of; undefined when somebody only gave up waiting. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof VodError) return error.kind === "cancelled" ? undefined : error;
  if (error instanceof StorageError) return { kind: error.trouble, message: error.message };
  const name = (error as { name?: unknown } | undefined)?.name;
  if (name === "AbortError" || name === "Canceled") return undefined;
  return { kind: "unexpected", message: error instanceof Error ? error.message : String(error) };
}
