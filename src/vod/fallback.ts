import { VodError } from "./errors.ts";
import type { Send } from "./send.ts";

/** Told when an account's calls change their way, and the failure that was the reason. */
export type OnWay = (way: "own" | "host", because: VodError) => void;

/**
 * Sends by `own`, and where that cannot connect but `host` can, by `host` from then on: one decision for all calls,
 * until `host` cannot connect either. Make one for each account. Only https goes another way, and only a request of
 * which nothing was sent yet is sent again: its nonce is still fresh, and the time it has left is what it had.
 */
export function withFallback(own: Send, host: Send, onWay: OnWay): Send {
  let useHost = false;
  return async (request) => {
    if (useHost) {
      try {
        return await host(request);
      } catch (error) {
        // Perhaps another network by now: the next attempt begins with our own way again.
        if (isNetwork(error) && useHost) {
          useHost = false;
          onWay("own", error);
        }
        throw error;
      }
    }
    const began = performance.now();
    try {
      return await own(request);
    } catch (error) {
      const timeout = request.timeout - (performance.now() - began);
      const mayGoAnotherWay = isNetwork(error) && error.unsent && request.url.startsWith("https:");
      if (!mayGoAnotherWay || timeout <= 0 || request.signal?.aborted) throw error;
      const answer = await host({ ...request, timeout }).catch(() => {
        throw error; // the first failure says more of what is set up here
      });
      if (!useHost) {
        useHost = true;
        onWay("host", error);
      }
      return answer;
    }
  };
}

function isNetwork(error: unknown): error is VodError {
  return error instanceof VodError && (error.kind === "network" || error.kind === "timeout");
}
