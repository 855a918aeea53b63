/**
 * How long a job of some kind is likely to take, learned from finished ones.
 *
 * Durations are taken as log-normal with unknown median and spread, so that what is expected of the next one is a
 * Student distribution of the logarithm: wide after one example, close to the true one after thirty. A small part is
 * left to "none of what is known", which keeps plans sane when a job takes far longer than any before.
 */
export interface DurationModel {
  /** Ages in ms, ascending, close to each other where the end is likely. */
  readonly ages: Float64Array;
  /** The probability that the job has ended by each age. */
  readonly ended: Float64Array;
  /** How many finished jobs of the kind it was learned from; 0 when it is no more than a guess. */
  readonly learnedFrom: number;
}

/** What is expected of a job that nothing is known of: half of them take longer than this, ms. */
const guessedMedian = 30_000;
/** Its spread, as the standard deviation of the logarithm: a factor of six to either side is normal. */
const guessedSpread = 1.8;
/** The spread expected within one kind, and how many finished jobs that expectation is worth. */
const kindSpread = 0.35;
const kindWeight = 1;
/** How many finished jobs of a type say something of a kind that is new. */
const enoughOfType = 5;
/** How many finished jobs "none of what is known" is worth. */
const surpriseWeight = 0.2;

/** No spread is narrower, as times come in whole seconds, or wider. */
const narrowest = 0.02;
const widest = 2;

/** How finely ages are laid, and how far out, in spreads: finer and nearer in the middle than in the tails. */
const points = 800;
const reach = 9;

/** Learns from durations in ms: those of the kind, and, while they are few, those of the whole type. */
export function learnDurations(ofKind: readonly number[], ofType: readonly number[]): DurationModel {
  const kind = logarithms(ofKind);
  const type = logarithms(ofType);
  const n = kind.length;
  const typical =
    type.length >= enoughOfType
      ? student(mean(type), spread(type) * Math.sqrt(1 + 1 / type.length), type.length - 1)
      : student(Math.log(guessedMedian), guessedSpread, 4);
  if (n === 0) return tabulate([{ share: 1, ...typical }], 0);
  const center = mean(kind);
  const squares = kind.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const freedom = kindWeight + n - 1;
  const scale = Math.sqrt((kindWeight * kindSpread ** 2 + squares) / Math.max(1, freedom));
  const surprise = surpriseWeight / (n + surpriseWeight);
  return tabulate(
    [
      { share: 1 - surprise, ...student(center, scale * Math.sqrt(1 + 1 / n), Math.max(1, freedom)) },
      { share: surprise, ...student(center, guessedSpread, 4) },
    ],
    n,
  );
}

/** The age by which half of the jobs that are still running at `age` have ended; undefined beyond what is modeled. */
export function medianEnd(model: DurationModel, age: number): number | undefined {
  if (age >= model.ages.at(-1)!) return undefined;
  const goal = (1 + endedBy(model, age)) / 2;
  const index = model.ended.findIndex((value) => value >= goal);
  if (index < 0) return undefined;
  return index === 0 ? model.ages[0] : between(model.ended, model.ages, index, goal);
}

/** The probability that a job has ended by `age`. */
export function endedBy({ ages, ended }: DurationModel, age: number): number {
  const index = firstAbove(ages, age);
  if (index === 0) return 0;
  return index === ages.length ? ended[ended.length - 1]! : between(ages, ended, index, age);
}

/** The index of the first age above `age`; the length when none is. */
export function firstAbove(ages: Float64Array, age: number): number {
  let low = 0;
  let high = ages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ages[middle]! > age) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Part {
  readonly share: number;
  readonly center: number;
  readonly scale: number;
  readonly freedom: number;
}

const student = (center: number, scale: number, freedom: number) => ({
  center,
  scale: Math.min(widest, Math.max(narrowest, scale)),
  freedom,
});

/** Lays out ages around the parts' centers and sums their densities over them. */
function tabulate(parts: readonly Part[], learnedFrom: number): DurationModel {
  const [main] = parts as [Part];
  const edge = reach * Math.max(...parts.map(({ scale }) => scale));
  const ages = new Float64Array(points);
  const ended = new Float64Array(points);
  const logs = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    // The fifth power keeps them dense in the middle and still reaches as far out as the widest part does.
    const u = (2 * i) / (points - 1) - 1;
    logs[i] = main.center + 3 * main.scale * u + (edge - 3 * main.scale) * u ** 5;
    ages[i] = Math.exp(logs[i]!);
  }
  const density = (log: number) =>
    parts.reduce((sum, { share, center, scale, freedom }) => {
      const z = (log - center) / scale;
      return sum + (share / scale) * studentDensity(z, freedom);
    }, 0);
  for (let i = 1, before = density(logs[0]!); i < points; i++) {
    const here = density(logs[i]!);
    ended[i] = ended[i - 1]! + ((before + here) / 2) * (logs[i]! - logs[i - 1]!);
    before = here;
  }
  const total = ended[points - 1]!;
  return { ages, ended: ended.map((value) => value / total), learnedFrom };
}

/** Student's density, up to a factor that `studentFactor` gives. */
function studentDensity(z: number, freedom: number): number {
  return studentFactor(freedom) * (1 + z ** 2 / freedom) ** (-(freedom + 1) / 2);
}

/** Γ((ν+1)/2) / (√(νπ) Γ(ν/2)), by Stirling's series for the ratio of gammas. */
function studentFactor(freedom: number): number {
  const half = freedom / 2;
  const ratio = Math.sqrt(half) * (1 - 1 / (8 * half) + 1 / (128 * half ** 2));
  return ratio / Math.sqrt(freedom * Math.PI);
}

const logarithms = (durations: readonly number[]) => durations.map((ms) => Math.log(Math.max(500, ms)));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function spread(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** The value at `x` on the line from point `index - 1` to point `index`. */
function between(xs: Float64Array, ys: Float64Array, index: number, x: number): number {
  const [x0, x1, y0, y1] = [xs[index - 1]!, xs[index]!, ys[index - 1]!, ys[index]!];
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
