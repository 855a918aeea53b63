/**
 * How long a job of some kind is likely to take, learned from finished ones.
 *
 * The logarithm of a duration is expected to follow a Student distribution, as it does for a normal one of unknown mean
 * and spread: wide after one example, close to the true one after thirty. Beside it stand sums of narrow kernels, one
 * around each example, for kinds of which some jobs are short and some are long. How much each counts depends on how
 * well it foretells every example from the others. A small part is left to "none of what is known", which keeps plans
 * sane when a job takes far longer than any before.
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

/** Of how many examples at most, the newest, a kind is learned. */
const mostExamples = 60;
/** From how many examples on kernels are made, and how narrow. */
const enoughForKernels = 8;
const kernelScales = [0.1, 0.25];
/** How much better, as a logarithm, kernels must foretell to count as much as the one distribution. */
const reluctance = 2;
/** A share that is not worth adding up. */
const negligible = 0.01;

/** How finely ages are laid, and how far out, in spreads: finer and nearer in the middle than in the tails. */
const points = 800;
const reach = 9;

/** Learns from durations in ms: those of the kind, and, while they are few, those of the whole type. */
export function learnDurations(ofKind: readonly number[], ofType: readonly number[]): DurationModel {
  const kind = logarithms(ofKind.slice(0, mostExamples));
  const type = logarithms(ofType);
  const n = kind.length;
  const typical =
    type.length >= enoughOfType
      ? student(mean(type), spread(type) * Math.sqrt(1 + 1 / type.length), type.length - 1)
      : student(Math.log(guessedMedian), guessedSpread, 4);
  if (n === 0) return tabulate([{ share: 1, ...typical }], typical, 0);
  const surprise = surpriseWeight / (n + surpriseWeight);
  const views = viewsOf(kind).map((view) => ({ view, evidence: Math.exp(view.evidence) }));
  const evidence = views.reduce((sum, one) => sum + one.evidence, 0);
  const parts = views.flatMap(({ view, evidence: own }) => {
    const share = ((1 - surprise) * own) / evidence;
    return share < negligible ? [] : view.parts.map((part) => ({ ...part, share: share * part.share }));
  });
  return tabulate([...parts, { share: surprise, ...student(mean(kind), guessedSpread, 4) }], foretold(kind), n);
}

/** One way to see a kind's durations, and how well it foretells each from the others, as a logarithm. */
interface View {
  readonly parts: readonly Part[];
  readonly evidence: number;
}

function viewsOf(kind: readonly number[]): View[] {
  const one: View = { parts: [{ share: 1, ...foretold(kind) }], evidence: 0 };
  if (kind.length < enoughForKernels) return [one];
  const without = (n: number) => kind.filter((_, index) => index !== n);
  const evidence = (density: (n: number) => number) =>
    kind.reduce((sum, _, n) => sum + Math.log(Math.max(Number.MIN_VALUE, density(n))), 0);
  const single = evidence((n) => densityOf({ share: 1, ...foretold(without(n)) }, kind[n]!));
  const kernels = kernelScales.map((scale): View => {
    const parts = kind.map((center) => ({ share: 1 / kind.length, ...student(center, scale, 4) }));
    const share = 1 / (kind.length - 1);
    const sum = (n: number) =>
      parts.reduce((total, part, index) => total + (index === n ? 0 : densityOf({ ...part, share }, kind[n]!)), 0);
    return { parts, evidence: evidence(sum) - single - reluctance };
  });
  // Shifted so that the largest is 0, as their exponentials are compared.
  const top = Math.max(0, ...kernels.map((view) => view.evidence));
  return [one, ...kernels].map((view) => ({ ...view, evidence: view.evidence - top }));
}

/** What the durations of one kind, as logarithms, say of the next one. */
function foretold(kind: readonly number[]): Student {
  const center = mean(kind);
  const squares = kind.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const freedom = Math.max(1, kindWeight + kind.length - 1);
  const scale = Math.sqrt((kindWeight * kindSpread ** 2 + squares) / freedom);
  return student(center, scale * Math.sqrt(1 + 1 / kind.length), freedom);
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

/** A Student distribution of the logarithm. */
interface Student {
  readonly center: number;
  readonly scale: number;
  readonly freedom: number;
  /** The density at the center. */
  readonly height: number;
}

interface Part extends Student {
  readonly share: number;
}

function student(center: number, spread: number, freedom: number): Student {
  const scale = Math.min(widest, Math.max(narrowest, spread));
  return { center, scale, freedom, height: studentFactor(freedom) / scale };
}

/** Lays ages out around the middle and sums the parts' densities over them. */
function tabulate(parts: readonly Part[], middle: Student, learnedFrom: number): DurationModel {
  const near = 3 * middle.scale;
  const far = reach * Math.max(middle.scale, ...parts.map(({ scale }) => scale));
  const ages = new Float64Array(points);
  const ended = new Float64Array(points);
  const logs = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    // The fifth power keeps them dense in the middle and still reaches far out.
    const u = (2 * i) / (points - 1) - 1;
    logs[i] = middle.center + near * u + (far - near) * u ** 5;
    ages[i] = Math.exp(logs[i]!);
  }
  const density = (log: number) => parts.reduce((sum, part) => sum + densityOf(part, log), 0);
  for (let i = 1, before = density(logs[0]!); i < points; i++) {
    const here = density(logs[i]!);
    ended[i] = ended[i - 1]! + ((before + here) / 2) * (logs[i]! - logs[i - 1]!);
    before = here;
  }
  const total = ended[points - 1]!;
  return { ages, ended: ended.map((value) => value / total), learnedFrom };
}

/** A part's density at a logarithm. */
function densityOf({ share, center, scale, freedom, height }: Part, log: number): number {
  const z = (log - center) / scale;
  return share * height * (1 + (z * z) / freedom) ** (-(freedom + 1) / 2);
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
