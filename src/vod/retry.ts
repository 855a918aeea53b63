import type { VodError } from "./errors.ts";

/** The most attempts of one call. */
export const mostAttempts = 3;

const firstWait = 200;
const firstThrottledWait = 1_000;
const longestWait = 5_000;

/**
 * True for a failure after which the same call can succeed: the network broke, the service failed by itself, or it asks
 * to slow down. Sending again is safe after any of them, because every call of this product only reads.
 */
export function canSucceedAgain({ kind, status = 0 }: VodError): boolean {
  if (kind === "malformed") return status >= 500;
  return kind === "network" || kind === "timeout" || kind === "service" || kind === "throttled";
}

/**
 * Milliseconds before the next attempt: evenly between nothing and a bound that doubles ("full jitter"), so that callers
 * who failed together do not come back together; never sooner than the service asked.
 * @param attempt how many attempts failed, from 1.
 */
export function backoff(failure: VodError, attempt: number, random: () => number): number {
  const first = failure.kind === "throttled" ? firstThrottledWait : firstWait;
  const jitter = random() * Math.min(longestWait, first * 2 ** (attempt - 1));
  return (failure.retryAfter ?? 0) + jitter;
}

const capacity = 100;
const retryCost = 5;
const timeoutCost = 10;
const refund = 1;

/**
 * What may be spent on retries, over all calls of a client. While most calls fail it runs dry, and calls fail at once
 * instead of tripling a storm; calls that succeed fill it again. The scheme of the AWS SDKs' standard mode.
 */
export class RetryTokens {
  #left = capacity;

  /** Takes the price of a retry after this failure; false when it is not there. */
  take(failure: VodError): boolean {
    const cost = failure.kind === "timeout" ? timeoutCost : retryCost;
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }

  /** A call succeeded. */
  refill(): void {
    this.#left = Math.min(capacity, this.#left + refund);
  }
}
