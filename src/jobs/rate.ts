import type { Slowdown } from "./hub.ts";

/** How fast an account may call: at its ceiling, or slower while it recovers from throttling. */

/**
 * Calls a second that are never exceeded. The service allows 15 in any second; starts exactly paced at 15 put 16 into
 * some second, and the network moves them by a little more, so 13 (vod-facts §5).
 */
export const ceiling = 13;
/** What a rate gains each second while calls are answered, calls a second. */
const recovery = 0.2;

/** Calls a second that may start at `now`. */
export function rateAt(slowdown: Slowdown | undefined, now: number): number {
  if (!slowdown) return ceiling;
  const recovered = slowdown.recoveringSince === undefined ? 0 : (now - slowdown.recoveringSince) / 1_000;
  return Math.min(ceiling, slowdown.rate + recovery * Math.max(0, recovered));
}

/** When the rate is at its ceiling again, if calls are answered from `now` on. */
export function recoveredAt(slowdown: Slowdown, now: number): number {
  const start = slowdown.recoveringSince ?? Math.max(now, slowdown.holdUntil);
  return Math.ceil(start + ((ceiling - slowdown.rate) / recovery) * 1_000);
}
