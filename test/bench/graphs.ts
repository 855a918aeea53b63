/** Graphs to lay out, made from a seed. Edges are from, to, from, to, …; every graph is acyclic. */
export interface Graph {
  readonly nodes: number;
  readonly pairs: Int32Array;
}

/** A small pseudo-random generator (mulberry32): numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A random layered graph: about √nodes layers, and for every node behind the first layer one to three predecessors, four
 * of five in the layer before, the others anywhere before that.
 */
export function randomLayered(nodes: number, seed: number): Graph {
  const random = randomFrom(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const layerCount = Math.max(2, Math.round(Math.sqrt(nodes)));
  const layers: number[][] = Array.from({ length: layerCount }, () => []);
  for (let node = 0; node < nodes; node++) layers[node < layerCount ? node : pick(layerCount)]!.push(node);
  const edges = new Set<string>();
  for (let layer = 1; layer < layerCount; layer++) {
    for (const node of layers[layer]!) {
      for (let wanted = 1 + pick(3); wanted > 0; wanted--) {
        const before = layers[random() < 0.8 ? layer - 1 : pick(layer)]!;
        edges.add(`${before[pick(before.length)]},${node}`);
      }
    }
  }
  return { nodes, pairs: Int32Array.from([...edges].flatMap((edge) => edge.split(",").map(Number))) };
}

/** A random acyclic graph without any plan: `edges` random pairs, each from the smaller number to the larger. */
export function randomAcyclic(nodes: number, edges: number, seed: number): Graph {
  const random = randomFrom(seed);
  const made = new Set<string>();
  while (made.size < edges) {
    const [a, b] = [Math.floor(random() * nodes), Math.floor(random() * nodes)];
    if (a !== b) made.add(`${Math.min(a, b)},${Math.max(a, b)}`);
  }
  return { nodes, pairs: Int32Array.from([...made].flatMap((edge) => edge.split(",").map(Number))) };
}

export const workflowShapes = ["fan", "chains", "stages", "nested"] as const;
export type WorkflowShape = (typeof workflowShapes)[number];

/**
 * The shapes that workflows have, each from one start to one end:
 * `fan`: everything at once; `chains`: parallel chains of 8; `stages`: one fork and join of up to 12 after another;
 * `nested`: forks within forks, made at random (a series-parallel graph).
 */
export function workflow(shape: WorkflowShape, nodes: number, seed = 1): Graph {
  const pairs: number[] = [];
  const link = (from: number, to: number) => pairs.push(from, to);
  const last = nodes - 1;
  if (shape === "fan" || shape === "chains") {
    const length = shape === "fan" ? 1 : 8;
    for (let node = 1; node < last; node++) {
      const begins = (node - 1) % length === 0;
      link(begins ? 0 : node - 1, node);
      if (node % length === 0 || node === last - 1) link(node, last);
    }
  } else if (shape === "stages") {
    for (let node = 0; node < last; ) {
      const branches = Math.min(1 + (node % 12), last - node - 1);
      const join = node + branches + 1;
      for (let branch = node + 1; branch < join; branch++) {
        link(node, branch);
        link(branch, join);
      }
      if (branches === 0) link(node, join);
      node = join;
    }
  } else {
    const random = randomFrom(seed);
    // Every edge of a series-parallel graph may become a path through a new node, alone or beside the edge itself.
    const edges: [number, number][] = [[0, 1]];
    for (let node = 2; node < nodes; node++) {
      const place = Math.floor(random() * edges.length);
      const [from, to] = edges[place]!;
      if (random() < 0.6) edges[place] = [from, node];
      else edges.push([from, node]);
      edges.push([node, to]);
    }
    for (const [from, to] of edges) link(from, to);
  }
  return { nodes, pairs: Int32Array.from(pairs) };
}

/**
 * Crossings of polylines whose points all lie on common ranks (equal `x`), counted between neighboring ranks in the
 * plainest way: every two pieces whose ends are in opposite order.
 */
export function countLineCrossings(lines: readonly (readonly { x: number; y: number }[])[]): number {
  const pieces = new Map<string, [number, number][]>();
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1]!, line[i]!];
      const key = `${a.x.toFixed(3)} ${b.x.toFixed(3)}`;
      const list = pieces.get(key) ?? [];
      list.push([a.y, b.y]);
      pieces.set(key, list);
    }
  }
  let crossings = 0;
  for (const list of pieces.values()) {
    for (let i = 0; i < list.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [list[i]!, list[j]!];
        if ((a[0] - b[0]) * (a[1] - b[1]) < 0) crossings++;
      }
    }
  }
  return crossings;
}
