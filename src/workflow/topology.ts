import { parseEmbedded } from "./embedded.ts";
import { sortTopologically } from "./order.ts";

/** The shape of a workflow, as a person supplied it. Edges go from predecessor to successor, by node name. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

export interface TopologyNode {
  readonly name: string;
  /** What else the topology calls it: an activity of the run may bear either name. */
  readonly label?: string;
  /** The node's kind, empty when none is given. */
  readonly kind: string;
}

/** Why a topology was refused. `message` is an English sentence with `{0}` for `names`, joined by ` → ` or `, `. */
export interface TopologyProblem {
  readonly kind: "not-json" | "not-topology" | "unknown-node" | "repeated-node" | "cycle" | "too-large" | "empty";
  readonly message: string;
  readonly names: readonly string[];
}

const problems: Readonly<Record<TopologyProblem["kind"], string>> = {
  "not-json": "The topology is not JSON.",
  "not-topology": 'The topology has neither "Activities" and "Dependencies" nor "nodes" and "edges".',
  "unknown-node": "The topology has edges to nodes that it does not define: {0}.",
  "repeated-node": "The topology defines nodes more than once: {0}.",
  cycle: "The topology goes in a circle: {0}. A workflow cannot.",
  "too-large": "The topology has more than 20,000 nodes or 100,000 edges.",
  empty: "The topology has no nodes.",
};
const maxNodes = 20_000;
const maxEdges = 100_000;

class Refusal extends Error {
  readonly problem: TopologyProblem;
  constructor(kind: TopologyProblem["kind"], names: readonly string[] = []) {
    super(problems[kind]);
    this.problem = { kind, message: problems[kind], names };
  }
}

/**
 * Reads a topology in either of its JSON forms, plain or escaped once too often, alone or in a `Topology` field:
 * `{"Activities": {name: {"Type"}}, "Dependencies": {name: [successors]}}` as Media Processing Service writes it, or
 * `{"nodes": [name | {id, label, kind}], "edges": [[from, to] | {from, to} | {source, target}]}`.
 * Never throws: what makes no sense is refused with a sentence.
 */
export function readTopology(text: string): { topology: Topology } | { problem: TopologyProblem } {
  try {
    return { topology: read(unwrap(text)) };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    throw error;
  }
}

function read(value: unknown): Topology {
  if (value === undefined) throw new Refusal("not-json");
  if (!isObject(value)) throw new Refusal("not-topology");
  if (isObject(value.Dependencies)) return check(readDependencies(value.Activities, value.Dependencies));
  if (Array.isArray(value.nodes)) return check(readGraph(value.nodes, value.edges ?? []));
  throw new Refusal("not-topology");
}

/** What the text holds, out of the `Topology` field that it may stand in. */
function unwrap(text: string): unknown {
  const outer = parseEmbedded(text);
  const inner = isObject(outer) ? (outer.Topology ?? outer.topology) : undefined;
  return typeof inner === "string" ? parseEmbedded(inner) : (inner ?? outer);
}

function readDependencies(activities: unknown, dependencies: Record<string, unknown>): Topology {
  const named = isObject(activities) ? activities : undefined;
  const edges = Object.entries(dependencies).flatMap(([from, successors]) => {
    if (!Array.isArray(successors)) throw new Refusal("not-topology");
    return successors.map((to): [string, string] => [from, asName(to)]);
  });
  const names = named ? Object.keys(named) : new Set([...Object.keys(dependencies), ...edges.map(([, to]) => to)]);
  const nodes = [...names].map((name) => {
    const activity = named?.[name];
    return { name, kind: isObject(activity) && typeof activity.Type === "string" ? activity.Type : "" };
  });
  return { nodes, edges };
}

function readGraph(nodes: readonly unknown[], edges: unknown): Topology {
  if (!Array.isArray(edges)) throw new Refusal("not-topology");
  return { nodes: nodes.map(readNode), edges: edges.map(readEdge) };
}

function readNode(node: unknown): TopologyNode {
  if (!isObject(node)) return { name: asName(node), kind: "" };
  const name = asName(node.id ?? node.name);
  const label = node.label ?? node.name;
  const kind = node.kind ?? node.type;
  return {
    name,
    ...(typeof label === "string" && label !== name && { label }),
    kind: typeof kind === "string" ? kind : "",
  };
}

function readEdge(edge: unknown): [string, string] {
  if (Array.isArray(edge) && edge.length === 2) return [asName(edge[0]), asName(edge[1])];
  if (!isObject(edge)) throw new Refusal("not-topology");
  return [asName(edge.from ?? edge.source), asName(edge.to ?? edge.target)];
}

function check({ nodes, edges }: Topology): Topology {
  if (nodes.length === 0) throw new Refusal("empty");
  if (nodes.length > maxNodes || edges.length > maxEdges) throw new Refusal("too-large");
  const places = new Map(nodes.map((node, place) => [node.name, place]));
  if (places.size < nodes.length) throw new Refusal("repeated-node", repeated(nodes.map((node) => node.name)));
  const strangers = new Set(edges.flat().filter((name) => !places.has(name)));
  if (strangers.size > 0) throw new Refusal("unknown-node", [...strangers].slice(0, 10));
  const distinct = [...new Map(edges.map((edge) => [`${edge[0].length} ${edge[0]} ${edge[1]}`, edge])).values()];
  const pairs = distinct.flatMap(([from, to]) => [places.get(from)!, places.get(to)!]);
  const { cycle } = sortTopologically(nodes.length, pairs);
  if (cycle.length > 0) {
    throw new Refusal(
      "cycle",
      [...cycle, cycle[0]!].map((place) => nodes[place]!.name),
    );
  }
  return { nodes, edges: distinct };
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].slice(0, 10);
}

function asName(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number") return String(value);
  throw new Refusal("not-topology");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
