import { adjacency, sortTopologically } from "./order.ts";

/**
 * The edges with as few turned around as a depth-first search needs to leave no circle: those that lead back to a node
 * still on its path. `pairs` is from, to, from, to, …; the answer has the same edges in the same places.
 */
export function withoutCycles(count: number, pairs: ArrayLike<number>): Int32Array {
  const turned = Int32Array.from(pairs);
  if (sortTopologically(count, pairs).cycle.length === 0) return turned;
  const { starts, targets } = adjacency(count, pairs);
  const edges = adjacency(
    count,
    Int32Array.from(pairs, (node, i) => (i % 2 === 0 ? node : i >> 1)),
  ).targets;
  const onPath = 1;
  const done = 2;
  const state = new Uint8Array(count);
  const next = starts.slice(0, count);
  for (let root = 0; root < count; root++) {
    const path = state[root] === 0 ? [root] : [];
    while (path.length > 0) {
      const node = path.at(-1)!;
      state[node] = onPath;
      const slot = next[node]!++;
      if (slot >= starts[node + 1]!) {
        state[node] = done;
        path.pop();
        continue;
      }
      const target = targets[slot]!;
      if (state[target] === onPath) {
        const edge = edges[slot]!;
        turned[2 * edge] = target;
        turned[2 * edge + 1] = node;
      } else if (state[target] === 0) path.push(target);
    }
  }
  return turned;
}

/**
 * The layer of every node of an acyclic graph: the length of the longest path to it. Then nodes with more successors
 * than predecessors move toward their successors, which shortens more edges than it lengthens. O(nodes + edges).
 */
export function assignLayers(count: number, pairs: ArrayLike<number>): Int32Array {
  const layer = new Int32Array(count);
  const { order } = sortTopologically(count, pairs);
  const down = adjacency(count, pairs);
  const up = adjacency(count, pairs, true);
  for (const node of order) {
    for (let i = down.starts[node]!; i < down.starts[node + 1]!; i++) {
      const next = down.targets[i]!;
      if (layer[next]! <= layer[node]!) layer[next] = layer[node]! + 1;
    }
  }
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const successors = down.starts[node + 1]! - down.starts[node]!;
    const predecessors = up.starts[node + 1]! - up.starts[node]!;
    if (successors <= predecessors) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = down.starts[node]!; j < down.starts[node + 1]!; j++) {
      nearest = Math.min(nearest, layer[down.targets[j]!]!);
    }
    layer[node] = nearest - 1;
  }
  return layer;
}
