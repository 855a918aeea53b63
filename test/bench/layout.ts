import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { layoutGraph } from "../../src/workflow/layout.ts";
import { type Graph, randomLayered, type WorkflowShape, workflow, workflowShapes } from "./graphs.ts";
import { dagreCrossings, layoutWithDagre } from "./peers.ts";
import { median } from "./rounds.ts";
import type { Row } from "./row.ts";

/**
 * Sizes at which both peers finish within a minute or so. At 10,000 dagre needs many minutes for a fan or a nested
 * workflow and overflows the stack on one as deep as `stages`, so these are compared at 3,000: in the peers' favor, for
 * their times grow faster than ours.
 */
const timed: readonly { readonly shape: WorkflowShape; readonly nodes: number; readonly rounds: number }[] = [
  { shape: "chains", nodes: 300, rounds: 3 },
  { shape: "nested", nodes: 300, rounds: 3 },
  { shape: "fan", nodes: 3000, rounds: 1 },
  { shape: "stages", nodes: 3000, rounds: 1 },
  { shape: "nested", nodes: 3000, rounds: 1 },
  { shape: "chains", nodes: 10_000, rounds: 1 },
];
/** The goals are for what is large. */
const large = 3000;
const goals = { dagre: 600, elk: 400 };

const ours = ({ nodes, pairs }: Graph) => layoutGraph(nodes, pairs);

/** Layout times and crossings beside those of `@dagrejs/dagre` and `elkjs`, same graphs, same run. */
export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { shape, nodes, rounds } of timed) rows.push(...(await timeRows(shape, nodes, rounds)));
  for (const [nodes, seeds, goal] of [
    [30, 20, 1],
    [60, 20, 1],
    [300, 4, 1.2],
  ] as const) {
    const graphs = Array.from({ length: seeds }, (_, seed) => randomLayered(nodes, seed + 1));
    rows.push(crossingRow(`crossings: ${seeds} random layered graphs of ${nodes}, dagre`, graphs, goal));
  }
  const workflows = workflowShapes.map((shape) => workflow(shape, 300));
  rows.push(crossingRow("crossings: workflow shapes of 300, dagre", workflows, 1));
  return rows;
}

async function timeRows(shape: WorkflowShape, nodes: number, rounds: number): Promise<Row[]> {
  const times = { ours: [] as number[], dagre: [] as number[], elk: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    // A peer's layout of a large graph takes seconds, ours a few milliseconds: one alone would measure chance.
    times.ours.push(await timeOf("ours", 75));
    times.dagre.push(await timeOf("dagre", 1));
    times.elk.push(await timeOf("elk", 1));
  }
  return (["dagre", "elk"] as const).map((peerName) => {
    const mine = median(times.ours);
    const peer = median(times[peerName]);
    const ratio = peer / mine;
    const row = { name: `layout: ${shape} of ${nodes}, ${peerName} / ours`, ours: mine, peer, unit: "ms", ratio };
    const goal = goals[peerName];
    return nodes >= large ? { ...row, goal: `≥ ${goal}`, holds: ratio >= goal } : row;
  });

  async function timeOf(who: keyof typeof times, count: number): Promise<number> {
    const script = fileURLToPath(new URL("timeLayout.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, who, shape, `${nodes}`, `${count}`]);
    return Number(stdout);
  }
}

function crossingRow(name: string, graphs: readonly Graph[], goal: number): Row {
  let mine = 0;
  let peer = 0;
  for (const graph of graphs) {
    mine += ours(graph).crossings;
    peer += dagreCrossings(layoutWithDagre(graph));
  }
  const ratio = mine === peer ? 1 : mine / peer;
  return { name, ours: mine, peer, unit: "crossings", ratio, goal: `≤ ${goal}`, holds: ratio <= goal };
}
