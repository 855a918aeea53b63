import { median } from "./rounds.ts";

/** One measurement beside what it is compared with. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  /** The same of the peer, or of the goal where there is no peer. */
  readonly peer: number;
  readonly unit: string;
  /** `ours` / `peer`, or the other way round where the name says so. */
  readonly ratio: number;
  /** The least and the most that a round gave, where there were several. */
  readonly range?: { readonly ours: Range; readonly peer: Range };
  /** What is wanted, in words, and whether it is so. */
  readonly goal?: string;
  readonly holds?: boolean;
}

type Range = readonly [least: number, most: number];

/** A row of what several rounds gave: medians, their ratio, and the range. `most` and `least` bound the ratio. */
export function row(
  name: string,
  ours: readonly number[],
  peer: readonly number[],
  unit: string,
  { most, least }: { readonly most?: number; readonly least?: number } = {},
): Row {
  const ratio = median(ours) / median(peer);
  const range = { ours: rangeOf(ours), peer: rangeOf(peer) };
  const measured = { name, ours: median(ours), peer: median(peer), unit, ratio, range };
  if (most !== undefined) return { ...measured, goal: `≤ ${fraction(most)}`, holds: ratio <= most };
  if (least !== undefined) return { ...measured, goal: `≥ ${fraction(least)}`, holds: ratio >= least };
  return measured;
}

function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

/** 1/3 as a person writes it. */
function fraction(value: number): string {
  return value < 1 && Number.isInteger(1 / value) ? `1/${1 / value}` : String(value);
}
