import dagre from "@dagrejs/dagre";
import type { Graph } from "./graphs.ts";

export const nodeWidth = 200;
export const nodeHeight = 46;
const layerGap = 90;
const nodeGap = 16;

/** The layout that dagre gives: what its crossings are counted from. */
export function layoutWithDagre({ nodes, pairs }: Graph): dagre.graphlib.Graph {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ranksep: layerGap, nodesep: nodeGap });
  graph.setDefaultEdgeLabel(() => ({}));
  for (let node = 0; node < nodes; node++) graph.setNode(String(node), { width: nodeWidth, height: nodeHeight });
  for (let i = 0; i < pairs.length; i += 2) graph.setEdge(String(pairs[i]), String(pairs[i + 1]));
  dagre.layout(graph);
  return graph;
}

/** Pairs of edges that cross in dagre's layout: its routes have one point in every rank they pass. */
export function dagreCrossings(graph: dagre.graphlib.Graph): number {
  const lines = graph.edges().map((edge: { v: string; w: string }) => {
    const inner = graph.edge(edge).points.slice(1, -1);
    return [graph.node(edge.v), ...inner, graph.node(edge.w)].map(({ x, y }) => ({ x, y }));
  });
  return countLineCrossings(lines);
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
