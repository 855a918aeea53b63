import type { JobType } from "../vod/types.ts";
import { learnDurations } from "./durationModel.ts";
import type { JobHub } from "./hub.ts";
import { delayCost } from "./pollPlan.ts";
import { type PollTimes, planPolls } from "./pollTimes.ts";
import type { Pace } from "./types.ts";

/** How long what was learned serves before the hub is asked for what other windows have learned since, ms. */
const goodFor = 60_000;
/** One more finished job changes little: what was learned this shortly before serves on, ms. */
const stillGood = 5_000;
/** How many kinds are kept. */
const mostKinds = 500;

interface Learned {
  readonly at: number;
  readonly pace: Pace;
  readonly times: Promise<PollTimes>;
}

/** The poll times of each kind of job, learned from its finished jobs and kept for a while. */
export class Learning {
  readonly #hub: JobHub;
  readonly #learned = new Map<string, Learned>();

  constructor(hub: JobHub) {
    this.#hub = hub;
  }

  /** When to poll jobs of this type and kind. `now` in milliseconds since 1970. */
  times(type: JobType, kind: string | undefined, pace: Pace, now: number): Promise<PollTimes> {
    const name = nameOf(type, kind);
    const known = this.#learned.get(name);
    if (known && known.pace === pace && Math.abs(now - known.at) < goodFor) return known.times;
    const times = this.#hub
      .durations(type, kind)
      .then(({ ofKind, ofType }) => planPolls(learnDurations(ofKind, ofType), delayCost[pace] / 1_000));
    this.#learned.delete(name);
    this.#learned.set(name, { at: now, pace, times });
    if (this.#learned.size > mostKinds) this.#learned.delete(this.#learned.keys().next().value!);
    times.catch(() => this.#learned.delete(name));
    return times;
  }

  /** A job of this kind has ended: there is one more to learn from. */
  finished(type: JobType, kind: string | undefined, now: number): void {
    const name = nameOf(type, kind);
    const known = this.#learned.get(name);
    if (known && Math.abs(now - known.at) > stillGood) this.#learned.delete(name);
  }
}

const nameOf = (type: JobType, kind: string | undefined) => `${type} ${kind ?? ""}`;
