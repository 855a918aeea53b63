import type { Clock } from "../vod/types.ts";
import type { JobHub } from "./hub.ts";
import { hubOf } from "./rpc.ts";
import { StorageError } from "./storageError.ts";

/** How often it is tried whether the store takes changes again, ms. */
const checkEvery = 5_000;

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

  function refused(error: StorageError): void {
    const before = trouble;
    trouble = error;
    if (before?.trouble !== error.trouble) tell(error);
    if (!before) void untilAccepted();
  }

  async function untilAccepted(): Promise<void> {
    while (trouble) {
      await clock.sleep(checkEvery, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        await hub.check();
        trouble = undefined;
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
