import dagre from "@dagrejs/dagre";
import { countLineCrossings, type Graph } from "./graphs.ts";

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
