/**
 * Writes the crossings of dagre's layouts for the unit tests, which must not need dagre installed:
 * `node test/bench/dagreCrossings.ts`. The graphs are those of graphs.ts with seeds from 1.
 */
import { writeFileSync } from "node:fs";
import { type Graph, randomLayered, workflow, workflowShapes } from "./graphs.ts";
import { dagreCrossings, layoutWithDagre } from "./peers.ts";

const count = (graph: Graph) => dagreCrossings(layoutWithDagre(graph));
const random = [
  { nodes: 30, seeds: 10 },
  { nodes: 60, seeds: 10 },
  { nodes: 300, seeds: 3 },
].map(({ nodes, seeds }) => ({
  nodes,
  crossings: Array.from({ length: seeds }, (_, i) => count(randomLayered(nodes, i + 1))),
}));
const workflows = workflowShapes.flatMap((shape) =>
  [30, 300].map((nodes) => ({ shape, nodes, crossings: count(workflow(shape, nodes)) })),
);
const file = new URL("../unit/workflow/dagre-crossings.json", import.meta.url);
writeFileSync(file, `${JSON.stringify({ peer: "@dagrejs/dagre 3.1.3", random, workflows }, null, 2)}\n`);
