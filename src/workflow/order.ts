/**
 * An order of the nodes 0…count−1 in which every edge goes forward, and where there is none, one circle of edges.
 * `pairs` holds the edges: from, to, from, to, … Kahn's algorithm, O(nodes + edges), nodes in their own order among equals.
 */
export function sortTopologically(count: number, pairs: ArrayLike<number>): { order: number[]; cycle: number[] } {
  const successors = adjacency(count, pairs);
  const waiting = new Int32Array(count);
  for (let i = 1; i < pairs.length; i += 2) waiting[pairs[i]!]!++;
  const order: number[] = [];
  for (let node = 0; node < count; node++) if (waiting[node] === 0) order.push(node);
  for (let i = 0; i < order.length; i++) {
    const node = order[i]!;
    for (let j = successors.starts[node]!; j < successors.starts[node + 1]!; j++) {
      const next = successors.targets[j]!;
      if (--waiting[next]! === 0) order.push(next);
    }
  }
  return { order, cycle: order.length < count ? findCycle(count, pairs, waiting) : [] };
}

/** Neighbors as one flat list: those of `node` are `targets[starts[node]]` up to, not including, `targets[starts[node + 1]]`. */
export interface Adjacency {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/** Successors of every node, or its predecessors with `backward`; in the order of `pairs`. */
export function adjacency(count: number, pairs: ArrayLike<number>, backward = false): Adjacency {
  const [from, to] = backward ? [1, 0] : [0, 1];
  const starts = new Int32Array(count + 1);
  for (let i = from; i < pairs.length; i += 2) starts[pairs[i]! + 1]!++;
  for (let node = 0; node < count; node++) starts[node + 1]! += starts[node]!;
  const next = starts.slice();
  const targets = new Int32Array(pairs.length >> 1);
  for (let i = 0; i + 1 < pairs.length; i += 2) targets[next[pairs[i + from]!]!++] = pairs[i + to]!;
  return { starts, targets };
}

/** A circle among the nodes that Kahn's algorithm left waiting: each has such a predecessor, so walking back must repeat. */
function findCycle(count: number, pairs: ArrayLike<number>, waiting: Int32Array): number[] {
  const predecessors = adjacency(count, pairs, true);
  const step = (node: number) => {
    for (let j = predecessors.starts[node]!; j < predecessors.starts[node + 1]!; j++) {
      if (waiting[predecessors.targets[j]!]! > 0) return predecessors.targets[j]!;
    }
    return node;
  };
  const met = new Map<number, number>();
  const path: number[] = [];
  let node = waiting.findIndex((left) => left > 0);
  while (!met.has(node)) {
    met.set(node, path.length);
    path.push(node);
    node = step(node);
  }
  return path.slice(met.get(node)).reverse();
}
