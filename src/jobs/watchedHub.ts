import type { Clock } from "../vod/types.ts";
import type { JobHub } from "./hub.ts";
import { hubOf } from "./rpc.ts";
import { StorageError } from "./storageError.ts";

/** How long to wait before it is tried whether the store takes changes again, at first and at most, ms. */
const firstWait = 5_000;
const longestWait = 5 * 60_000;
/** A store that refuses again this shortly after it took a change, ms, is waited for twice as long. */
const relapse = 60_000;

export interface WatchedHubParts {
  readonly hub: JobHub;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called when the store begins to refuse changes, or does so for another reason, and with undefined when it takes them again. */
  tell(trouble: StorageError | undefined): void;
}

/** The hub, watched: who shows jobs can say that changes are not kept at the moment, and that they are again. */
export function watchHub({ hub, clock, signal, tell }: WatchedHubParts): JobHub {
  let trouble: StorageError | undefined;
  let wait = firstWait;
  let acceptedAt = Number.NEGATIVE_INFINITY;

  function refused(error: StorageError): void {
    const before = trouble;
    trouble = error;
    if (before?.trouble !== error.trouble) tell(error);
    if (before) return;
    wait = clock.now() - acceptedAt < relapse ? Math.min(2 * wait, longestWait) : firstWait;
    void untilAccepted();
  }

  async function untilAccepted(): Promise<void> {
    while (trouble) {
      await clock.sleep(wait, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        await hub.check();
        trouble = undefined;
        acceptedAt = clock.now();
        tell(undefined);
      } catch {
        // It is told already; the next check comes.
      }
    }
  }

  return hubOf(async (method, args) => {
    try {
      return await (hub[method] as (...args: readonly unknown[]) => Promise<unknown>).apply(hub, args as unknown[]);
    } catch (error) {
      if (error instanceof StorageError) refused(error);
      throw error;
    }
  });
}
