import { adjacency, sortTopologically } from "./order.ts";

export interface Layering {
  /** The layer of every node, from 0. */
  readonly layer: Int32Array;
  /** The edges as given, from, to, …, but those turned around that would lead back to an earlier layer. */
  readonly pairs: Int32Array;
}

/**
 * The layer of every node: the length of the longest path to it, edges that close a circle turned around. Then nodes
 * with more successors than predecessors move toward their successors, which shortens more edges than it lengthens.
 * O(nodes + edges).
 */
export function assignLayers(count: number, edges: ArrayLike<number>): Layering {
  const { order } = sortTopologically(count, edges);
  const pairs = forward(order, edges);
  const layer = new Int32Array(count);
  const down = adjacency(count, pairs);
  const up = adjacency(count, pairs, true);
  for (let i = 0; i < count; i++) {
    const node = order[i]!;
    for (let j = down.starts[node]!; j < down.starts[node + 1]!; j++) {
      const next = down.targets[j]!;
      if (next !== node) layer[next] = Math.max(layer[next]!, layer[node]! + 1);
    }
  }
  for (let i = count - 1; i >= 0; i--) {
    const node = order[i]!;
    const successors = down.starts[node + 1]! - down.starts[node]!;
    const predecessors = up.starts[node + 1]! - up.starts[node]!;
    if (successors <= predecessors) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = down.starts[node]!; j < down.starts[node + 1]!; j++) {
      const next = down.targets[j]!;
      if (next !== node) nearest = Math.min(nearest, layer[next]!);
    }
    layer[node] = nearest - 1;
  }
  return { layer, pairs };
}

/** The edges, each from the node that comes earlier in `order` to the one that comes later. */
function forward(order: Int32Array, edges: ArrayLike<number>): Int32Array {
  const place = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) place[order[i]!] = i;
  const pairs = Int32Array.from(edges);
  for (let i = 0; i < pairs.length; i += 2) {
    if (place[pairs[i]!]! <= place[pairs[i + 1]!]!) continue;
    pairs[i] = edges[i + 1]!;
    pairs[i + 1] = edges[i]!;
  }
  return pairs;
}
