import type { Clock } from "./types.ts";

const longestTimer = 2 ** 31 - 1;

/**
 * The machine's clock. Sleeps are rounded up and never end early: Node's timers may fire up to a millisecond before
 * their time, which is enough to put one call too many into a second (vod-facts §5).
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = performance.now() + ms;
      let timer: NodeJS.Timeout;
      const arm = () => {
        const left = Math.ceil(end - performance.now());
        if (left > 0) {
          timer = setTimeout(arm, Math.min(left, longestTimer));
          return;
        }
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      arm();
    });
  },
};
