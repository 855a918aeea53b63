import { placeVertices } from "./coordinates.ts";
import { type LayeredGraph, makeLayered } from "./layered.ts";
import { assignLayers } from "./layers.ts";
import { orderLayers } from "./ordering.ts";

/** Sizes in pixels. Layers go from left to right. */
export interface LayoutOptions {
  readonly nodeWidth?: number;
  readonly nodeHeight?: number;
  /** Between two layers. */
  readonly layerGap?: number;
  /** Between two nodes of a layer. */
  readonly nodeGap?: number;
  /** Height that a long edge takes where it passes a layer. */
  readonly laneHeight?: number;
}

/** Where everything is, in pixels; the top left corner of the whole is 0, 0. */
export interface Layout {
  /** Top left corner of every node. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly layer: Int32Array;
  readonly layers: number;
  readonly width: number;
  readonly height: number;
  /** Pairs of edges that cross. */
  readonly crossings: number;
  /** The points of all edges, x, y, x, y, …; those of edge e are `routeStarts[e]` up to, not including, `routeStarts[e + 1]`. */
  readonly routes: Float64Array;
  readonly routeStarts: Int32Array;
}

/** The points of an edge, x, y, x, y, …, from its source to its target. A loop has none. */
export function routeOf({ routes, routeStarts }: Layout, edge: number): Float64Array {
  return routes.subarray(routeStarts[edge], routeStarts[edge + 1]);
}

/**
 * A layered layout (Sugiyama's method) of the nodes 0…count−1 with the edges `pairs` (from, to, from, to, …): nodes in
 * layers along the edges, few crossings, long edges led between the nodes they pass. Circles are allowed: some of their
 * edges then lead back. Deterministic. All on typed arrays, near linear in nodes, edges and the layers that edges span.
 */
export function layoutGraph(count: number, pairs: ArrayLike<number>, options: LayoutOptions = {}): Layout {
  const { nodeWidth = 200, nodeHeight = 46, layerGap = 90, nodeGap = 16, laneHeight = 4 } = options;
  const { layer, pairs: edges } = assignLayers(count, pairs);
  const graph = makeLayered(count, edges, layer);
  const { order, crossings } = orderLayers(graph);
  const center = placeVertices(graph, order, { node: nodeHeight, lane: laneHeight, gap: nodeGap });

  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const step = nodeWidth + layerGap;
  let height = 0;
  for (let node = 0; node < count; node++) {
    x[node] = layer[node]! * step;
    y[node] = center[node]! - nodeHeight / 2;
    height = Math.max(height, y[node]! + nodeHeight);
  }
  const width = graph.layers === 0 ? 0 : graph.layers * step - layerGap;
  const routes = routeEdges(graph, edges, pairs, center, nodeWidth, step);
  return { x, y, layer, layers: graph.layers, width, height, crossings, ...routes };
}

/**
 * An edge leaves its node's right side, passes each layer between level, and enters its target's left side. `edges` lead
 * to later layers; those that are the other way round in `pairs` are routed the same and then turned around.
 */
function routeEdges(
  graph: LayeredGraph,
  edges: Int32Array,
  pairs: ArrayLike<number>,
  center: Float64Array,
  nodeWidth: number,
  step: number,
): Pick<Layout, "routes" | "routeStarts"> {
  const { layer, chains, nodes, vertices } = graph;
  const count = edges.length >> 1;
  const routeStarts = new Int32Array(count + 1);
  const routes = new Float64Array(4 * (count + vertices - nodes));
  let used = 0;
  for (let edge = 0; edge < count; edge++) {
    const from = edges[2 * edge]!;
    const to = edges[2 * edge + 1]!;
    if (from !== to) {
      routes[used++] = layer[from]! * step + nodeWidth;
      routes[used++] = center[from]!;
      for (let dummy = chains[edge]!; dummy < chains[edge + 1]!; dummy++) {
        routes[used++] = layer[dummy]! * step;
        routes[used++] = center[dummy]!;
        routes[used++] = layer[dummy]! * step + nodeWidth;
        routes[used++] = center[dummy]!;
      }
      routes[used++] = layer[to]! * step;
      routes[used++] = center[to]!;
      if (from !== pairs[2 * edge]) turnAround(routes.subarray(routeStarts[edge], used));
    }
    routeStarts[edge + 1] = used;
  }
  return { routes, routeStarts };
}

/** Reverses a list of points x, y, x, y, … */
function turnAround(points: Float64Array): void {
  points.reverse();
  for (let i = 0; i < points.length; i += 2) points.subarray(i, i + 2).reverse();
}
