import { type Adjacency, adjacency } from "./order.ts";

/**
 * A graph in which every edge leads from one layer to the next: an edge that spans several has a dummy vertex in each
 * layer that it crosses. Vertices 0…nodes−1 are the nodes, the rest dummies; those of one edge are consecutive.
 */
export interface LayeredGraph {
  readonly nodes: number;
  readonly vertices: number;
  readonly layers: number;
  readonly layer: Int32Array;
  /** Neighbors in the layer before. */
  readonly up: Adjacency;
  /** Neighbors in the layer after. */
  readonly down: Adjacency;
  /** The dummies of edge e are `chains[e]` up to, not including, `chains[e + 1]`. */
  readonly chains: Int32Array;
}

/**
 * Long edges beyond this many dummies per node and edge are not routed, the longest first: they are drawn straight.
 * Only graphs that nobody could read come near it (a chain of thousands whose every node also leads to the end).
 */
const dummiesPerItem = 8;
/** Small graphs may always have this many. */
const dummiesAtLeast = 20_000;

/** `pairs` (from, to, …) with `layer[from] < layer[to]` for every edge that is no loop. */
export function makeLayered(nodes: number, pairs: Int32Array, layer: Int32Array): LayeredGraph {
  const edges = pairs.length >> 1;
  const longest = longestRouted(pairs, layer, Math.max(dummiesAtLeast, dummiesPerItem * (nodes + edges)));
  const chains = new Int32Array(edges + 1);
  let vertices = nodes;
  for (let edge = 0; edge < edges; edge++) {
    chains[edge] = vertices;
    const span = layer[pairs[2 * edge + 1]!]! - layer[pairs[2 * edge]!]!;
    if (span > 1 && span <= longest) vertices += span - 1;
  }
  chains[edges] = vertices;

  const layers = new Int32Array(vertices);
  layers.set(layer);
  const links = new Int32Array(2 * (edges + vertices - nodes));
  let used = 0;
  let last = 0;
  for (let edge = 0; edge < edges; edge++) {
    let from = pairs[2 * edge]!;
    const to = pairs[2 * edge + 1]!;
    for (let dummy = chains[edge]!; dummy < chains[edge + 1]!; dummy++) {
      layers[dummy] = layers[from]! + 1;
      links[used++] = from;
      links[used++] = dummy;
      from = dummy;
    }
    if (layers[to] === layers[from]! + 1) {
      links[used++] = from;
      links[used++] = to;
    }
  }
  for (const value of layer) last = Math.max(last, value);
  const linked = links.subarray(0, used);
  return {
    nodes,
    vertices,
    layers: nodes === 0 ? 0 : last + 1,
    layer: layers,
    down: adjacency(vertices, linked),
    up: adjacency(vertices, linked, true),
    chains,
  };
}

/** The longest span that is still routed, so that all dummies together are at most `limit`. */
function longestRouted(pairs: Int32Array, layer: Int32Array, limit: number): number {
  const spans: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const span = layer[pairs[i + 1]!]! - layer[pairs[i]!]!;
    spans[span] = (spans[span] ?? 0) + 1;
  }
  let dummies = 0;
  for (let span = 2; span < spans.length; span++) {
    dummies += (spans[span] ?? 0) * (span - 1);
    if (dummies > limit) return span - 1;
  }
  return spans.length;
}
