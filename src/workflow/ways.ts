/** The lines of the pictures, as SVG paths: the page and its exported pictures draw the same. */

/** Curves over more pixels than this would lie on each other as a broad band. */
const farApart = 700;

/**
 * The way of an edge through its points x, y, x, y, …: through the layers level, between them in a curve; far up or down
 * upright, so that what spreads widely shares a line.
 */
export function wayOf(points: readonly number[]): string {
  let d = `M${points[0]} ${points[1]}`;
  for (let at = 2; at < points.length; at += 2) {
    const [x0, y0, x, y] = points.slice(at - 2, at + 2) as [number, number, number, number];
    const bend = Math.max(30, Math.abs(x - x0) / 2);
    if (y === y0 && x > x0) d += `H${x}`;
    else if (Math.abs(y - y0) > farApart) d += `H${(x0 + x) / 2}V${y}H${x}`;
    else d += `C${x0 + bend} ${y0} ${x - bend} ${y} ${x} ${y}`;
  }
  return d;
}

/**
 * The way from the end of a bar at `x1`, `y1` to the start of another at `x2`, `y2` on a time axis: beside the end up or
 * down, then across.
 */
export function connectorOf(x1: number, y1: number, x2: number, y2: number): string {
  const turn = Math.min(x1, x2 - 8);
  const down = y1 < y2 ? 1 : -1;
  const lead = x1 > turn ? `M${x1} ${y1}v${3 * down}H${turn}` : `M${x1} ${y1}`;
  return `${lead}V${y2 - 4 * down}q0 ${4 * down} 4 ${4 * down}H${x2 - 4}`;
}
