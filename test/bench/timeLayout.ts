/**
 * `node timeLayout.ts <ours|dagre|elk> <shape> <nodes> <times>` prints the median time of a layout, in milliseconds.
 * A process of its own for each, so that nobody works in the heap that another has filled.
 */
import { layoutGraph } from "../../src/workflow/layout.ts";
import { type Graph, type WorkflowShape, workflow } from "./graphs.ts";
import { layoutWithDagre, layoutWithElk } from "./peers.ts";
import { timeByTurns } from "./rounds.ts";

const layouts: Readonly<Record<string, (graph: Graph) => unknown>> = {
  ours: ({ nodes, pairs }) => layoutGraph(nodes, pairs),
  dagre: layoutWithDagre,
  elk: layoutWithElk,
};
const [who, shape, nodes, times] = process.argv.slice(2) as [string, WorkflowShape, string, string];
const layout = layouts[who]!;
const graph = workflow(shape, Number(nodes));
const small = workflow(shape, 60);
for (let i = 0; i < 20; i++) await layout(small);
const [time] = await timeByTurns(Number(times), [() => layout(graph)]);
console.log(time);
