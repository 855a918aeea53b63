/**
 * The time axis: a strictly increasing, piecewise linear map from time to a position along the axis. Long stretches in
 * which nothing happened are folded to a narrow band each, so that a run that waited an hour still shows its seconds.
 * A view is a window on the axis; zooming moves the window, never the map.
 */

/** A stretch of time, milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface TimeAxis extends Stretch {
  /** The stretches that are folded, in order. */
  readonly folds: readonly Stretch[];
  /** Length of the axis in its own unit: milliseconds where it is not folded. Never 0. */
  readonly length: number;
  /** Breakpoints of the map: at `times[i]` the position is `positions[i]`. */
  readonly times: readonly number[];
  readonly positions: readonly number[];
}

/** A window on an axis: the position at its left side, and pixels per unit of position. */
export interface TimeView {
  readonly left: number;
  readonly scale: number;
}

export interface Tick {
  readonly time: number;
  /** Pixels from the left side of the view. */
  readonly x: number;
  /** Milliseconds since the axis begins. */
  readonly offset: number;
}

/** An idle stretch is folded when it is longer than this share of the time in which something happened… */
const foldFrom = 0.25;
/** …and then takes this share of it. */
const foldTo = 0.04;
/** Shorter idle stretches are never folded, milliseconds. */
const shortestFold = 5000;

/** The axis from `from` to `to`. `busy` are the stretches in which something happened, in any order; they may overlap. */
export function makeAxis(from: number, to: number, busy: readonly Stretch[], fold = true): TimeAxis {
  const gaps = fold ? idleStretches(from, to, busy) : [];
  const busyTime = to - from - sum(gaps);
  const folds = gaps.filter((gap) => gap.to - gap.from >= Math.max(shortestFold, busyTime * foldFrom) && busyTime > 0);
  const times = [from];
  const positions = [0];
  const extend = (time: number, length: number) => {
    if (time <= times.at(-1)!) return;
    times.push(time);
    positions.push(positions.at(-1)! + length);
  };
  for (const gap of folds) {
    extend(gap.from, gap.from - times.at(-1)!);
    extend(gap.to, busyTime * foldTo);
  }
  extend(to, to - times.at(-1)!);
  // An axis of no length still needs a map: one second.
  if (times.length === 1) extend(from + 1000, 1000);
  return { from, to: times.at(-1)!, folds, length: positions.at(-1)!, times, positions };
}

/** The position of a time on the axis; times outside continue the axis at its own pace. */
export function positionOf(axis: TimeAxis, time: number): number {
  return interpolate(axis.times, axis.positions, time);
}

/** The time at a position: the inverse of `positionOf`. */
export function timeAt(axis: TimeAxis, position: number): number {
  return interpolate(axis.positions, axis.times, position);
}

/** The view that shows the whole axis, or the stretch given, in `width` pixels. */
export function fitView(axis: TimeAxis, width: number, stretch: Stretch = axis): TimeView {
  const left = positionOf(axis, stretch.from);
  const length = Math.max(positionOf(axis, stretch.to) - left, axis.length * 1e-6);
  return { left, scale: Math.max(1, width) / length };
}

/** Pixels from the left side of the view to a time. */
export function xOf(axis: TimeAxis, view: TimeView, time: number): number {
  return (positionOf(axis, time) - view.left) * view.scale;
}

/** The time at `x` pixels from the left side of the view. */
export function timeAtX(axis: TimeAxis, view: TimeView, x: number): number {
  return timeAt(axis, view.left + x / view.scale);
}

/** The nearest a view may come: pixels per second. */
const nearest = 400;

/**
 * The view `factor` times nearer (smaller than 1: farther), in which the time at `x` pixels stays where it is.
 * Never farther than the whole axis, never beyond its ends.
 */
export function zoomView(axis: TimeAxis, view: TimeView, width: number, factor: number, x: number): TimeView {
  const whole = fitView(axis, width).scale;
  const scale = clamp(view.scale * factor, whole, Math.max(whole, nearest / 1000));
  return panView(axis, { left: view.left + x / view.scale - x / scale, scale }, width, 0);
}

/** The view moved by `pixels` to the right, held within the axis. */
export function panView(axis: TimeAxis, view: TimeView, width: number, pixels: number): TimeView {
  const last = Math.max(0, axis.length - width / view.scale);
  return { left: clamp(view.left + pixels / view.scale, 0, last), scale: view.scale };
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Steps between ticks that people count in. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * day),
];

/** Ticks at whole steps from the beginning of the axis, at least `gap` pixels apart, none inside a fold. */
export function makeTicks(axis: TimeAxis, view: TimeView, width: number, gap = 80): Tick[] {
  const step = niceStep(gap / view.scale);
  const right = view.left + width / view.scale;
  const ticks: Tick[] = [];
  for (let i = 1; i < axis.times.length; i++) {
    const [start, end] = [axis.times[i - 1]!, axis.times[i]!];
    if (axis.folds.some((fold) => fold.from === start)) continue;
    const shownFrom = Math.max(start, timeAt(axis, view.left));
    const shownTo = Math.min(end, timeAt(axis, right));
    for (let n = Math.ceil((shownFrom - axis.from) / step); axis.from + n * step <= shownTo; n++) {
      const time = axis.from + n * step;
      const x = xOf(axis, view, time);
      if (ticks.length === 0 || x - ticks.at(-1)!.x >= gap) ticks.push({ time, x, offset: n * step });
    }
  }
  return ticks;
}

function niceStep(length: number): number {
  return steps.find((step) => step >= length) ?? Math.ceil(length / (365 * day)) * 365 * day;
}

/** The stretches between `from` and `to` that no busy one touches. */
function idleStretches(from: number, to: number, busy: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = [];
  let until = from;
  for (const stretch of [...busy].sort((a, b) => a.from - b.from)) {
    if (stretch.from > until) gaps.push({ from: until, to: Math.min(stretch.from, to) });
    until = Math.max(until, stretch.to);
  }
  if (to > until) gaps.push({ from: until, to });
  return gaps.filter((gap) => gap.to > gap.from);
}

/** The value at `x` of the piecewise linear function through the points; the first and last pieces go on beyond them. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  let low = 1;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x <= xs[middle]!) high = middle;
    else low = middle + 1;
  }
  const [x0, y0] = [xs[low - 1]!, ys[low - 1]!];
  return y0 + ((x - x0) * (ys[low]! - y0)) / (xs[low]! - x0);
}

function sum(stretches: readonly Stretch[]): number {
  return stretches.reduce((total, { from, to }) => total + to - from, 0);
}

/** The value, but no less than `low` and no more than `high`. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
