/** How many of some spans, in the order of their ends, ended at `time` or before. */
export function countEndedBy(ended: readonly { readonly end: number }[], time: number): number {
  let low = 0;
  let high = ended.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ended[middle]!.end <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
