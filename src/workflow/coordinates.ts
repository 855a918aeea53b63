import type { Order } from "./crossings.ts";
import type { LayeredGraph } from "./layered.ts";

export interface Sizes {
  /** Height of a node and of the lane that a passing edge takes. */
  readonly node: number;
  readonly lane: number;
  /** Least space between two of them. */
  readonly gap: number;
}

/** Times that the layers are passed through, down and up. */
const sweeps = 4;

/**
 * The center of every vertex across its layer, in the order given, nothing nearer than the sizes allow, and every vertex
 * as near the mean of its neighbors as its layer permits.
 *
 * For one layer this is a least-squares fit under order constraints: with the needed distances subtracted, the wanted
 * centers must become non-decreasing, which is isotonic regression, solved exactly in linear time by pooling adjacent
 * violators. A few sweeps over the layers let the wishes settle. Dummies weigh more, so long edges run straight.
 */
export function placeVertices(graph: LayeredGraph, order: Order, sizes: Sizes): Float64Array {
  const center = new Float64Array(graph.vertices);
  const fit = new LayerFit(graph, order, sizes, center);
  for (let layer = 0; layer < graph.layers; layer++) fit.pack(layer);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let layer = 1; layer < graph.layers; layer++) fit.toward(layer, sweep === 0 ? 1 : 2);
    for (let layer = graph.layers - 2; layer >= 0; layer--) fit.toward(layer, sweep === 0 ? 3 : 2);
  }
  let top = Number.POSITIVE_INFINITY;
  for (let v = 0; v < graph.vertices; v++)
    top = Math.min(top, center[v]! - (v < graph.nodes ? sizes.node : sizes.lane) / 2);
  for (let v = 0; v < graph.vertices; v++) center[v]! -= top;
  return center;
}

class LayerFit {
  private readonly graph: LayeredGraph;
  private readonly order: Order;
  private readonly sizes: Sizes;
  private readonly center: Float64Array;
  // The blocks of pooled vertices: weighted mean, weight, and where each block begins.
  private readonly mean: Float64Array;
  private readonly weight: Float64Array;
  private readonly begin: Int32Array;
  private readonly offset: Float64Array;

  constructor(graph: LayeredGraph, order: Order, sizes: Sizes, center: Float64Array) {
    this.graph = graph;
    this.order = order;
    this.sizes = sizes;
    this.center = center;
    this.mean = new Float64Array(graph.vertices);
    this.weight = new Float64Array(graph.vertices);
    this.begin = new Int32Array(graph.vertices);
    this.offset = new Float64Array(graph.vertices);
  }

  /** Stacks a layer without regard to its neighbors. */
  pack(layer: number): void {
    const { sequence, starts } = this.order;
    let at = 0;
    for (let i = starts[layer]!; i < starts[layer + 1]!; i++) {
      if (i > starts[layer]!) at += this.distance(sequence[i - 1]!, sequence[i]!);
      this.center[sequence[i]!] = at;
    }
  }

  /** Moves a layer toward the layer before it (`sides` 1), after it (3) or both (2). */
  toward(layer: number, sides: 1 | 2 | 3): void {
    const { sequence, starts } = this.order;
    const { mean, weight, begin, offset } = this;
    let blocks = 0;
    let shift = 0;
    for (let i = starts[layer]!; i < starts[layer + 1]!; i++) {
      const vertex = sequence[i]!;
      if (i > starts[layer]!) shift += this.distance(sequence[i - 1]!, vertex);
      offset[i] = shift;
      mean[blocks] = this.wish(vertex, sides) - shift;
      weight[blocks] = vertex < this.graph.nodes ? 1 : 4;
      begin[blocks] = i;
      blocks++;
      while (blocks > 1 && mean[blocks - 2]! > mean[blocks - 1]!) {
        const sum = weight[blocks - 2]! + weight[blocks - 1]!;
        mean[blocks - 2] = (mean[blocks - 2]! * weight[blocks - 2]! + mean[blocks - 1]! * weight[blocks - 1]!) / sum;
        weight[blocks - 2] = sum;
        blocks--;
      }
    }
    for (let block = 0; block < blocks; block++) {
      const end = block + 1 < blocks ? begin[block + 1]! : starts[layer + 1]!;
      for (let i = begin[block]!; i < end; i++) this.center[sequence[i]!] = mean[block]! + offset[i]!;
    }
  }

  private wish(vertex: number, sides: 1 | 2 | 3): number {
    const { up, down } = this.graph;
    let sum = 0;
    let count = 0;
    if (sides <= 2) {
      for (let i = up.starts[vertex]!; i < up.starts[vertex + 1]!; i++) sum += this.center[up.targets[i]!]!;
      count += up.starts[vertex + 1]! - up.starts[vertex]!;
    }
    if (sides >= 2) {
      for (let i = down.starts[vertex]!; i < down.starts[vertex + 1]!; i++) sum += this.center[down.targets[i]!]!;
      count += down.starts[vertex + 1]! - down.starts[vertex]!;
    }
    return count === 0 ? this.center[vertex]! : sum / count;
  }

  private distance(a: number, b: number): number {
    const { node, lane, gap } = this.sizes;
    return ((a < this.graph.nodes ? node : lane) + (b < this.graph.nodes ? node : lane)) / 2 + gap;
  }
}
