import { placeVertices } from "./coordinates.ts";
import { makeLayered } from "./layered.ts";
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
    x[node] = graph.layer[node]! * step;
    y[node] = center[node]! - nodeHeight / 2;
    height = Math.max(height, y[node]! + nodeHeight);
  }
  const { routes, routeStarts } = routeEdges();
  const width = graph.layers === 0 ? 0 : graph.layers * step - layerGap;
  return {
    x,
    y,
    layer,
    layers: graph.layers,
    width,
    height,
    crossings,
    routes,
    routeStarts,
  };

  /** An edge leaves its node's right side, passes each layer between level, and enters its target's left side. */
  function routeEdges() {
    const routeStarts = new Int32Array(edges.length / 2 + 1);
    const routes = new Float64Array(2 * edges.length + 4 * (graph.vertices - count));
    let used = 0;
    for (let edge = 0; edge < edges.length / 2; edge++) {
      routeStarts[edge] = used;
      const [from, to] = [edges[2 * edge]!, edges[2 * edge + 1]!];
      if (from === to) continue;
      const begin = used;
      used = point(used, x[from]! + nodeWidth, center[from]!);
      for (let dummy = graph.chains[edge]!; dummy < graph.chains[edge + 1]!; dummy++) {
        const left = graph.layer[dummy]! * step;
        used = point(used, left, center[dummy]!);
        used = point(used, left + nodeWidth, center[dummy]!);
      }
      used = point(used, x[to]!, center[to]!);
      if (from !== pairs[2 * edge]) turnAround(begin, used);
    }
    routeStarts[edges.length / 2] = used;
    return { routes, routeStarts };

    function point(at: number, px: number, py: number): number {
      routes[at] = px;
      routes[at + 1] = py;
      return at + 2;
    }

    function turnAround(start: number, end: number): void {
      for (let i = start, j = end - 2; i < j; i += 2, j -= 2) {
        [routes[i], routes[j]] = [routes[j]!, routes[i]!];
        [routes[i + 1], routes[j + 1]] = [routes[j + 1]!, routes[i + 1]!];
      }
    }
  }
}
