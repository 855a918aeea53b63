import { type DurationModel, learnDurations } from "../../src/jobs/durationModel.ts";
import { planPoll } from "../../src/jobs/pollPlan.ts";
import { nextPollAge, planPolls } from "../../src/jobs/pollTimes.ts";
import type { Row } from "./row.ts";

/**
 * Polling on simulated fleets: how many calls a job costs, and how late its end is seen, against fixed intervals,
 * doubling ones, and the optimum that knows the distribution. The first answer, which comes when a job is added, is the
 * same for all and not counted.
 */

const medians = [30, 120, 900];
const spreads = [0.15, 0.3, 0.6];
/** Finished jobs that a kind has been learned from, how often that is repeated, and how many jobs are then polled. */
const learnedFrom = 30;
const trainings = 12;
const polled = 3_000;
const fleet = 1_000;

/** A pseudo-random number generator (mulberry32), so that every run measures the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = generator(2017);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Durations, ms, ascending. */
const sample = (median: number, spread: number, count: number) =>
  Float64Array.from({ length: count }, () => median * 1_000 * Math.exp(spread * normal())).sort();

/** The age of the next poll, ms, after one at `age`. */
type Policy = (age: number) => number;

interface Result {
  /** Polls of one job, on average. */
  readonly calls: number;
  /** Seconds from the end of a job to the poll that sees it. */
  readonly median: number;
  readonly p95: number;
}

/** Lets each policy poll its jobs; results are of all of them together. */
function simulate(fleets: readonly { readonly durations: Float64Array; readonly policy: Policy }[]): Result {
  const delays: number[] = [];
  let calls = 0;
  for (const { durations, policy } of fleets) {
    let made = 0;
    let age = 0;
    for (const duration of durations) {
      while (age < duration) {
        age = Math.max(age + 1, policy(age));
        made++;
      }
      calls += made;
      delays.push(age - duration);
    }
  }
  delays.sort((a, b) => a - b);
  const quantile = (share: number) => delays[Math.floor(delays.length * share)]! / 1_000;
  return { calls: calls / delays.length, median: quantile(0.5), p95: quantile(0.95) };
}

const fixed =
  (seconds: number): Policy =>
  (age) =>
    age + seconds * 1_000;

/** 5 s, then twice as long each time, up to 5 min. */
const doubling: Policy = (age) => {
  let at = 0;
  for (let wait = 5_000; at <= age; wait = Math.min(2 * wait, 300_000)) at += wait;
  return at;
};

const following = (model: DurationModel, delayCost: number): Policy => {
  const times = planPolls(model, delayCost);
  return (age) => nextPollAge(times, age);
};

/** The true distribution, finely. */
function truth(median: number, spread: number): DurationModel {
  const count = 3_000;
  const ages = new Float64Array(count);
  const ended = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const z = -5 + (10 * i) / (count - 1);
    ages[i] = median * 1_000 * Math.exp(spread * z);
    ended[i] = normalDistribution(z);
  }
  return { ages, ended, learnedFrom: Number.POSITIVE_INFINITY };
}

/** Φ, by Abramowitz and Stegun 26.2.17. */
function normalDistribution(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const polynomial = series.reduceRight((sum, factor) => (sum + factor) * t, 0);
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z > 0 ? 1 - tail : tail;
}

/** The result at the cheapest delay cost whose median delay is at most `median` seconds. */
function atMedianDelay(median: number, result: (delayCost: number) => Result): Result {
  let [low, high] = [1e-8, 1];
  for (let step = 0; step < 24; step++) {
    const middle = Math.sqrt(low * high);
    if (result(middle).median > median) low = middle;
    else high = middle;
  }
  return result(high);
}

interface Kind {
  readonly name: string;
  readonly durations: Float64Array;
  readonly learned: readonly DurationModel[];
  readonly truth: DurationModel;
}

function makeKind(median: number, spread: number, jobs: number, times: number): Kind {
  return {
    name: `median ${median} s, σ ${spread}`,
    durations: sample(median, spread, jobs),
    learned: Array.from({ length: times }, () => learnDurations(inSeconds(sample(median, spread, learnedFrom)), [])),
    truth: truth(median, spread),
  };
}

/** As the service tells times. */
const inSeconds = (durations: Float64Array) => Array.from(durations, (ms) => Math.round(ms / 1_000) * 1_000);

/** No single log-normal distribution: half of the jobs take about a minute, half about ten (short and long media, say). */
function makeTwoHumps(): Kind {
  const both = (count: number) =>
    Float64Array.from([...sample(60, 0.2, count / 2), ...sample(600, 0.2, count / 2)]).sort();
  const [short, long] = [truth(60, 0.2), truth(600, 0.2)];
  return {
    name: "two humps at 60 s and 600 s",
    durations: both(polled),
    learned: Array.from({ length: trainings }, () => learnDurations(inSeconds(both(learnedFrom)), [])),
    truth: {
      ages: Float64Array.from([...short.ages, ...long.ages]),
      ended: Float64Array.from([...short.ended, ...long.ended], (share, n) =>
        n < short.ages.length ? share / 2 : (1 + share) / 2,
      ),
      learnedFrom: Number.POSITIVE_INFINITY,
    },
  };
}

const peers: readonly (readonly [name: string, policy: Policy])[] = [
  ["fixed 5 s", fixed(5)],
  ["fixed 30 s", fixed(30)],
  ["doubling 5 s → 5 min", doubling],
];

export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  const kinds = medians.flatMap((median) => spreads.map((spread) => makeKind(median, spread, polled, trainings)));
  for (const { name, durations, learned, truth } of [...kinds, makeTwoHumps()]) {
    for (const [peer, policy] of peers) {
      const theirs = simulate([{ durations, policy }]);
      const ours = atMedianDelay(theirs.median, (cost) =>
        simulate(learned.map((model) => ({ durations, policy: following(model, cost) }))),
      );
      const best = atMedianDelay(theirs.median, (cost) => simulate([{ durations, policy: following(truth, cost) }]));
      const at = `${name}, at the ${theirs.median.toFixed(1)} s median delay of ${peer}`;
      rows.push(
        {
          name: `polling ${at}: calls, against the optimum`,
          ours: ours.calls,
          peer: best.calls,
          unit: "calls/job",
          ratio: ours.calls / best.calls,
          goal: "≤ 1.25",
          holds: ours.calls <= 1.25 * best.calls,
        },
        compare(`polling ${at}: calls`, ours.calls, theirs.calls, "calls/job"),
        compare(`polling ${at}: 95th percentile of the delay`, ours.p95, theirs.p95, "s"),
      );
    }
  }
  rows.push(...mixedFleet(), ...withoutHistory());
  return rows;
}

function compare(name: string, ours: number, peer: number, unit: string): Row {
  return { name, ours, peer, unit, ratio: ours / peer };
}

/** All kinds together, polled with one cost of delay. */
function mixedFleet(): Row[] {
  const each = Math.ceil(fleet / (medians.length * spreads.length));
  const kinds = medians.flatMap((median) => spreads.map((spread) => makeKind(median, spread, each, 5)));
  const goals = new Map([
    ["fixed 5 s", 2],
    ["doubling 5 s → 5 min", 2.5],
  ]);
  return peers.flatMap(([peer, policy]) => {
    const theirs = simulate(kinds.map(({ durations }) => ({ durations, policy })));
    const ours = atMedianDelay(theirs.median, (cost) =>
      simulate(
        kinds.flatMap(({ durations, learned }) =>
          learned.map((model) => ({ durations, policy: following(model, cost) })),
        ),
      ),
    );
    const at = `mixed fleet of ${fleet} jobs, at the ${theirs.median.toFixed(1)} s median delay of ${peer}`;
    const goal = goals.get(peer);
    return [
      {
        name: `polling ${at}: calls of the peer for one of ours`,
        ours: ours.calls,
        peer: theirs.calls,
        unit: "calls/job",
        ratio: theirs.calls / ours.calls,
        ...(goal && { goal: `≥ ${goal}`, holds: theirs.calls >= goal * ours.calls }),
      },
      compare(`polling ${at}: 95th percentile of the delay`, ours.p95, theirs.p95, "s"),
    ];
  });
}

/** The plan of a kind that is new, at the normal pace, as the product makes it. */
function withoutHistory(): Row[] {
  const times = planPolls(learnDurations([], []), 0.2 / 1_000);
  const policy: Policy = (age) =>
    planPoll({ phase: "running", createdAt: 0, addedAt: 0, checkedAt: age, failures: 0 }, times, "normal", 0.5).at!;
  return medians.flatMap((median) =>
    spreads.flatMap((spread) => {
      const durations = sample(median, spread, polled);
      const ours = simulate([{ durations, policy }]);
      const theirs = simulate([{ durations, policy: doubling }]);
      const holds = ours.calls <= theirs.calls || ours.median <= theirs.median;
      const name = `polling without history, median ${median} s, σ ${spread}, against doubling`;
      return [
        { ...compare(`${name}: calls`, ours.calls, theirs.calls, "calls/job"), goal: "not worse on both", holds },
        { ...compare(`${name}: median delay`, ours.median, theirs.median, "s"), goal: "not worse on both", holds },
      ];
    }),
  );
}
