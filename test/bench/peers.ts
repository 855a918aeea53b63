import * as dagre from "@dagrejs/dagre";
import ELK from "elkjs/lib/elk.bundled.js";
import { countLineCrossings, type Graph } from "./graphs.ts";

const nodeWidth = 200;
const nodeHeight = 46;
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

const elk = new ELK();

/** The layout of ELK's layered algorithm, with its usual settings. */
export function layoutWithElk({ nodes, pairs }: Graph): Promise<unknown> {
  return elk.layout({
    id: "root",
    layoutOptions: { "elk.algorithm": "layered", "elk.direction": "RIGHT" },
    children: Array.from({ length: nodes }, (_, node) => ({ id: `n${node}`, width: nodeWidth, height: nodeHeight })),
    edges: Array.from({ length: pairs.length / 2 }, (_, edge) => ({
      id: `e${edge}`,
      sources: [`n${pairs[2 * edge]}`],
      targets: [`n${pairs[2 * edge + 1]}`],
    })),
  });
}
