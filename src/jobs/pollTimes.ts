import { type DurationModel, endedBy, firstAbove } from "./durationModel.ts";

/**
 * When to poll a job of known likely duration, such that calls + λ · delay is least: a dynamic program over poll times.
 * Delay is the time from the job's end to the poll that sees it; λ is what a millisecond of it is worth in calls.
 */
export interface PollTimes {
  readonly model: DurationModel;
  readonly delayCost: number;
  /** What is still to be spent on a job that runs at each age of the model and was polled just then. */
  readonly cost: Float64Array;
  /** The integral of `ended` over age up to each age of the model, ms. */
  readonly area: Float64Array;
}

/** What is to be spent on a job that outlives the model: about two more polls. */
const costBeyond = 2;
/** How intervals grow there. */
const growthBeyond = 1.25;

/** `delayCost`: λ, calls per millisecond. */
export function planPolls(model: DurationModel, delayCost: number): PollTimes {
  const { ages, ended } = model;
  const last = ages.length - 1;
  const area = new Float64Array(ages.length);
  area[0] = 0;
  for (let i = 1; i <= last; i++) {
    area[i] = area[i - 1]! + ((ended[i - 1]! + ended[i]!) / 2) * (ages[i]! - ages[i - 1]!);
  }
  const cost = new Float64Array(ages.length);
  const times: PollTimes = { model, delayCost, cost, area };
  cost[last] = costBeyond;
  for (let i = last - 1; i >= 0; i--) {
    cost[i] = best(times, ages[i]!, ended[i]!, area[i]!, i + 1).cost;
  }
  return times;
}

/** The age at which to poll a job next that was seen running at `age`. Both in ms. */
export function nextPollAge(times: PollTimes, age: number): number {
  const { ages, ended } = times.model;
  const index = firstAbove(ages, age);
  if (index >= ages.length - 1) return age * growthBeyond;
  if (index === 0) return ages[best(times, age, 0, 0, 0).index]!;
  const here = endedBy(times.model, age);
  const area = times.area[index - 1]! + ((ended[index - 1]! + here) / 2) * (age - ages[index - 1]!);
  return ages[best(times, age, here, area, index).index]!;
}

/** The best next poll among the model's ages from index `from` on, for a job that runs at `age`. */
function best(
  { model, delayCost, cost, area }: PollTimes,
  age: number,
  endedHere: number,
  areaHere: number,
  from: number,
) {
  const { ages, ended } = model;
  const running = 1 - endedHere;
  let least = Number.POSITIVE_INFINITY;
  let index = from;
  for (let j = from; j < ages.length; j++) {
    // The chance that the job has ended since, summed over the time until the poll: the expected delay.
    const delay = area[j]! - areaHere - endedHere * (ages[j]! - age);
    const waiting = 1 + (delayCost * delay) / running;
    if (waiting > least) break; // it only grows from here on
    const total = waiting + ((1 - ended[j]!) * cost[j]!) / running;
    if (total < least) {
      least = total;
      index = j;
    }
  }
  return { index, cost: least };
}
