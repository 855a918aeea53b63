import type { LayeredGraph } from "./layered.ts";

/** The vertices of every layer in their order: layer i is `sequence[starts[i]]` up to, not including, `starts[i + 1]`. */
export interface Order {
  readonly sequence: Int32Array;
  readonly starts: Int32Array;
  /** Place of every vertex within its layer. */
  readonly place: Int32Array;
}

/**
 * Counts how many pairs of edges cross when the layers are drawn in an order. Two edges between the same layers cross
 * when their ends are in opposite order, so crossings are inversions: walking the upper ends in order, each edge crosses
 * the edges already met whose lower end lies further on, which a Fenwick tree counts in O(log V). O(E log V) altogether.
 * Keeps its memory from one count to the next.
 */
export class CrossingCounter {
  private readonly graph: LayeredGraph;
  private readonly tree: Int32Array;

  constructor(graph: LayeredGraph) {
    this.graph = graph;
    this.tree = new Int32Array(graph.vertices + 1);
  }

  /** All crossings. */
  total(order: Order): number {
    let crossings = 0;
    for (let layer = 0; layer + 1 < this.graph.layers; layer++) crossings += this.below(order, layer);
    return crossings;
  }

  /** Crossings between `layer` and the one after it. */
  private below(order: Order, layer: number): number {
    const { starts, targets } = this.graph.down;
    const size = order.starts[layer + 2]! - order.starts[layer + 1]!;
    const tree = this.tree.fill(0, 0, size + 1);
    let met = 0;
    let crossings = 0;
    for (let i = order.starts[layer]!; i < order.starts[layer + 1]!; i++) {
      const vertex = order.sequence[i]!;
      const from = starts[vertex]!;
      const to = starts[vertex + 1]!;
      // First count against what other vertices left, then add: edges of one vertex do not cross each other.
      for (let j = from; j < to && met > 0; j++) {
        let before = 0;
        for (let k = order.place[targets[j]!]! + 1; k > 0; k &= k - 1) before += tree[k]!;
        crossings += met - before;
      }
      for (let j = from; j < to; j++) {
        for (let k = order.place[targets[j]!]! + 1; k <= size; k += k & -k) tree[k]!++;
      }
      met += to - from;
    }
    return crossings;
  }
}
