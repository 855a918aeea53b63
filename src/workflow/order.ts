/**
 * An order of the nodes 0…count−1 in which every edge goes forward, save those that close a circle; and the first circle
 * found, as its nodes along the edges, empty when there is none. `pairs` holds the edges: from, to, from, to, … The
 * reverse of the order in which a depth-first search leaves the nodes, begun at those without predecessors.
 * O(nodes + edges).
 */
export function sortTopologically(count: number, pairs: ArrayLike<number>): { order: Int32Array; cycle: number[] } {
  const { starts, targets } = adjacency(count, pairs);
  const entered = 1;
  const left = 2;
  const state = new Uint8Array(count);
  const next = starts.slice(0, count);
  const path = new Int32Array(count);
  const order = new Int32Array(count);
  let free = count;
  let cycle: number[] = [];
  const search = (root: number) => {
    let depth = 0;
    path[depth] = root;
    state[root] = entered;
    while (depth >= 0) {
      const node = path[depth]!;
      if (next[node] === starts[node + 1]) {
        state[node] = left;
        order[--free] = node;
        depth--;
        continue;
      }
      const target = targets[next[node]!++]!;
      if (state[target] === 0) {
        path[++depth] = target;
        state[target] = entered;
      } else if (state[target] === entered && cycle.length === 0) {
        cycle = [...path.subarray(path.indexOf(target), depth + 1)];
      }
    }
  };
  const hasPredecessor = new Uint8Array(count);
  for (let i = 1; i < pairs.length; i += 2) hasPredecessor[pairs[i]!] = 1;
  for (let node = 0; node < count; node++) if (!hasPredecessor[node]) search(node);
  for (let node = 0; node < count; node++) if (state[node] === 0) search(node);
  return { order, cycle };
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
