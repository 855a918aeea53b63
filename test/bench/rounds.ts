/** Milliseconds that each piece of work takes: the median of `rounds` rounds, each doing all of them by turns. */
export async function timeByTurns(rounds: number, works: readonly (() => unknown)[]): Promise<number[]> {
  return (await roundsByTurns(rounds, works)).map(median);
}

/** Milliseconds that each piece of work takes in each of `rounds` rounds, which do all of them by turns. */
export async function roundsByTurns(rounds: number, works: readonly (() => unknown)[]): Promise<number[][]> {
  const times = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, work] of works.entries()) {
      const begin = performance.now();
      await work();
      times[i]!.push(performance.now() - begin);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
