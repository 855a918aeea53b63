import { activitySpan, spanEnd, spanStart } from "./span.ts";
import type { Topology, TopologyNode } from "./topology.ts";
import type { Activity } from "./types.ts";

/**
 * What is known of "runs after", as a ladder of evidence. Times can only refute an edge, never prove one: activities
 * and their times form an interval order, in which every two that do not overlap are related, n²/4 pairs and more, and
 * most of those pairs never waited for each other. So what only the times say is never an edge (see `timeOrder.ts`);
 * it is the time axis itself.
 */
export type Evidence = "stated" | "by definition" | "data reference";

export interface Dependency {
  readonly from: string;
  readonly to: string;
  readonly evidence: Evidence;
  /** Who states it: the topology that a person supplied, or a Result that names the other activity's instance. */
  readonly source?: "topology" | "result";
  /** The id that both Results hold, or the instance id that was named. */
  readonly token?: string;
  /** The times say otherwise: it started before the other had ended. */
  readonly contradicted?: true;
  /** Of all that leads to this activity, the one to draw: of the best evidence the one that ended last. */
  readonly binding?: true;
}

export interface Dependencies {
  readonly edges: readonly Dependency[];
  /** Activities of the topology that the run does not have: not run yet, or skipped. They have no times. */
  readonly pending: readonly Activity[];
  /** Names of the run that the topology does not have. Empty without a topology. */
  readonly strangers: readonly string[];
}

/**
 * The dependencies between activities: stated by `topology` and `references` (see `dataReferences`), by definition from
 * the `start` activity to what has nothing stated, and by reference. Linear in what is given.
 */
export function findDependencies(
  activities: readonly Activity[],
  topology?: Topology,
  references: readonly Dependency[] = [],
): Dependencies {
  const byName = new Map(activities.map((activity) => [activity.name, activity]));
  const { edges: stated, pending, strangers } = topology ? match(topology, byName) : unmatched;
  const edges = distinct([...stated, ...references]);
  const hasStated = new Set(edges.filter((edge) => edge.evidence === "stated").map((edge) => edge.to));
  const start = startActivity(activities);
  for (const { name } of start ? activities : []) {
    if (name !== start && !hasStated.has(name)) edges.push({ from: start!, to: name, evidence: "by definition" });
  }
  return {
    edges: markBinding(
      edges.map((edge) => markContradiction(edge, byName)),
      byName,
    ),
    pending,
    strangers,
  };
}

/**
 * The edges of the step graph: everything stated, and of what is inferred only the binding one of each activity, so that
 * inferred edges never outnumber the activities.
 */
export function stepEdges({ edges }: Pick<Dependencies, "edges">): Dependency[] {
  return edges.filter((edge) => edge.evidence === "stated" || edge.binding);
}

/** The name of the activity a run begins with: of kind `start`, the earliest if there are several. */
export function startActivity(activities: readonly Activity[]): string | undefined {
  const never = Number.POSITIVE_INFINITY;
  let first: Activity | undefined;
  for (const activity of activities) {
    if (activity.kind.toLowerCase() !== "start") continue;
    if (!first || (activity.startedAt ?? never) < (first.startedAt ?? never)) first = activity;
  }
  return first?.name;
}

const unmatched: Dependencies = { edges: [], pending: [], strangers: [] };

/** The topology in the names of the run. A node is known by its name, else by its label. */
function match(topology: Topology, byName: ReadonlyMap<string, Activity>): Dependencies {
  const nameOf = (node: TopologyNode) =>
    !byName.has(node.name) && node.label !== undefined && byName.has(node.label) ? node.label : node.name;
  const names = new Map(topology.nodes.map((node) => [node.name, nameOf(node)]));
  const used = new Set(names.values());
  return {
    edges: topology.edges.map(([from, to]) => ({
      from: names.get(from)!,
      to: names.get(to)!,
      evidence: "stated",
      source: "topology",
    })),
    pending: topology.nodes
      .filter((node) => !byName.has(names.get(node.name)!))
      .map(({ name, kind }) => ({ name, kind, instanceId: "", status: "", phase: "pending" })),
    strangers: [...byName.keys()].filter((name) => !used.has(name)),
  };
}

/** One edge per pair of activities, the first given: what is stated hides what is inferred. */
function distinct(edges: readonly Dependency[]): Dependency[] {
  const best = new Map<string, Dependency>();
  const rank = (edge: Dependency) => (edge.evidence === "stated" ? 0 : 1);
  for (const edge of edges) {
    const key = `${edge.from.length} ${edge.from} ${edge.to}`;
    const known = best.get(key);
    if (edge.from !== edge.to && (!known || rank(edge) < rank(known))) best.set(key, edge);
  }
  return [...best.values()];
}

/**
 * Whether the times refute that `to` waited for `from`. They have whole seconds, cut off, so starting in the very second
 * in which the other ended refutes nothing. What is still running has ended for nobody.
 */
function markContradiction(edge: Dependency, byName: ReadonlyMap<string, Activity>): Dependency {
  const from = byName.get(edge.from);
  const to = byName.get(edge.to);
  if (!from || to?.startedAt === undefined) return edge;
  const ended = spanEnd(activitySpan(from), Number.POSITIVE_INFINITY);
  return ended !== undefined && to.startedAt < ended ? { ...edge, contradicted: true } : edge;
}

const ladder: readonly Evidence[] = ["stated", "data reference", "by definition"];

function markBinding(edges: readonly Dependency[], byName: ReadonlyMap<string, Activity>): Dependency[] {
  const binding = new Map<string, Dependency>();
  for (const edge of edges) {
    const known = binding.get(edge.to);
    if (!known || binds(edge, known, byName)) binding.set(edge.to, edge);
  }
  return edges.map((edge) => (binding.get(edge.to) === edge ? { ...edge, binding: true } : edge));
}

/** Whether `a` binds its activity rather than `b`: better evidence, else the later end, else the later start. */
function binds(a: Dependency, b: Dependency, byName: ReadonlyMap<string, Activity>): boolean {
  const rung = ladder.indexOf(a.evidence) - ladder.indexOf(b.evidence);
  if (rung !== 0) return rung < 0;
  const [aEnd, bEnd] = [endOf(byName.get(a.from)), endOf(byName.get(b.from))];
  return aEnd !== bEnd ? aEnd > bEnd : startOf(byName.get(a.from)) > startOf(byName.get(b.from));
}

/** What has not run, or not ended, is what one still waits for. */
function endOf(activity: Activity | undefined): number {
  const never = Number.POSITIVE_INFINITY;
  return (activity && spanEnd(activitySpan(activity), never)) ?? never;
}

function startOf(activity: Activity | undefined): number {
  return (activity && spanStart(activitySpan(activity))) ?? Number.POSITIVE_INFINITY;
}
