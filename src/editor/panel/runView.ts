import type { Op, StepsLayout, ViewActivity } from "../../panel/protocol.ts";
import type { WorkflowDetail } from "../../vod/types.ts";
import { readActivities } from "../../workflow/activities.ts";
import { compareRuns } from "../../workflow/compare.ts";
import { type Dependencies, type Dependency, findDependencies, stepEdges } from "../../workflow/dependencies.ts";
import { layoutGraph } from "../../workflow/layout.ts";
import { describeRun, type RunSummary } from "../../workflow/model.ts";
import { dataReferences } from "../../workflow/references.ts";
import { type EndedBefore, timeOrder } from "../../workflow/timeOrder.ts";
import type { Topology } from "../../workflow/topology.ts";
import type { Activity } from "../../workflow/types.ts";

/** What a run is drawn from. */
export interface RunFacts {
  readonly detail: WorkflowDetail;
  /** The run of the same workflow before this one. */
  readonly previous?: WorkflowDetail;
  /** The shape of the workflow, as a person supplied it. */
  readonly topology?: Topology;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Sizes of the cards of the step graph, pixels. */
const card = { nodeWidth: 200, nodeHeight: 46, layerGap: 84, nodeGap: 18 };

/**
 * A run as the panel draws it. Nothing is read twice: an answer whose ActivityResults are the text of the last one is
 * not parsed again, and ids are sought in the Results only when somebody has looked at an activity or at the graph.
 */
export class RunView {
  /** In the order of the views, activities of the topology that have not run last. */
  activities: readonly ViewActivity[] = [];
  summary: RunSummary | undefined;
  /** From the first to the last moment of the run, milliseconds since 1970. */
  bounds = { from: 0, to: 0 };
  /** Why the activities could not be read, an English sentence; undefined when they could. */
  problem: string | undefined;
  /** Names of the run that the attached topology does not have. */
  strangers: readonly string[] = [];

  #facts: RunFacts | undefined;
  #activities: readonly Activity[] = [];
  #dependencies: Dependencies | undefined;
  #wantsReferences = false;
  #references: readonly Dependency[] = [];
  #order: ReturnType<typeof timeOrder> | undefined;
  #before: { readonly text: string | undefined; readonly activities: readonly Activity[] } | undefined;

  /** Takes an answer; gives what changed of the activities. */
  update(facts: RunFacts): Op[] {
    const old = this.#facts;
    this.#facts = facts;
    const same = old && old.detail.activityResults === facts.detail.activityResults;
    if (!same) {
      const read = readActivities(facts.detail.activityResults);
      this.#activities = read.activities;
      this.problem = read.problem;
      this.#order = undefined;
    }
    const alike =
      same &&
      old.detail.phase === facts.detail.phase &&
      old.detail.finishedAt === facts.detail.finishedAt &&
      old.previous?.activityResults === facts.previous?.activityResults &&
      old.topology === facts.topology;
    return alike ? [] : this.#arrange(!same);
  }

  /** Seeks ids in the Results from now on; gives what that changed of the activities. */
  wantReferences(): Op[] {
    if (this.#wantsReferences || !this.#facts) return [];
    this.#wantsReferences = true;
    return this.#arrange(true);
  }

  /** The activity as the service told of it. */
  activity(name: string): Activity | undefined {
    return this.#activities.find((activity) => activity.name === name);
  }

  /** What the times alone say of an activity, beside what is known on better evidence. */
  endedBefore(activity: ViewActivity): EndedBefore {
    this.#order ??= timeOrder(this.#activities);
    return this.#order.endedBefore(activity, new Set(activity.after?.map((link) => link.from)));
  }

  /** The layered graph. */
  steps(): StepsLayout {
    const names = this.activities.map((activity) => activity.name);
    const places = new Map(names.map((name, place) => [name, place]));
    const edges = this.#dependencies ? stepEdges(this.#dependencies) : [];
    const pairs = edges.flatMap((edge) => [places.get(edge.from)!, places.get(edge.to)!]);
    const { width, height, x, y, routes, routeStarts } = layoutGraph(names.length, pairs, card);
    const rounded = (values: Float64Array) => Array.from(values, Math.round);
    return {
      width: Math.round(width),
      height: Math.round(height),
      cardWidth: card.nodeWidth,
      cardHeight: card.nodeHeight,
      names,
      x: rounded(x),
      y: rounded(y),
      edges: edges.map(({ evidence, contradicted }, edge) => ({
        from: pairs[2 * edge]!,
        to: pairs[2 * edge + 1]!,
        evidence,
        ...(contradicted && { contradicted }),
        points: rounded(routes.subarray(routeStarts[edge], routeStarts[edge + 1])),
      })),
    };
  }

  #arrange(newResults: boolean): Op[] {
    const { detail, previous, topology, now } = this.#facts!;
    if (newResults && this.#wantsReferences) {
      this.#references = dataReferences(this.#activities, detail.taskInput, commonIds(detail));
    }
    this.#dependencies = findDependencies(this.#activities, topology, this.#references);
    const { edges, pending, strangers } = this.#dependencies;
    this.strangers = strangers;
    const { rows, summary, from, to } = describeRun([...this.#activities, ...pending], detail, now);
    this.summary = summary;
    this.bounds = { from, to };

    const links = new Map<string, Omit<Dependency, "to">[]>();
    for (const { to, ...link } of edges) {
      const known = links.get(to);
      if (known) known.push(link);
      else links.set(to, [link]);
    }
    const changes = previous ? this.#compare(previous) : undefined;
    const held = summary.alone && summary.alone.share > 0.5 && rows.length > 1 ? summary.alone.name : undefined;
    const before = new Map(this.activities.map((activity) => [activity.name, JSON.stringify(activity)]));
    this.activities = rows.map(({ activity: { result, ...shown }, alone }) => {
      const after = links.get(shown.name);
      const was = changes?.get(shown.name);
      return {
        ...shown,
        ...(result !== undefined && { resultSize: result.length }),
        ...(after && { after }),
        ...(shown.name === held && { alone }),
        ...(was && { was }),
      };
    });
    const ops: Op[] = [];
    for (const activity of this.activities) {
      if (before.get(activity.name) !== JSON.stringify(activity)) ops.push({ op: "put", activity });
      before.delete(activity.name);
    }
    for (const name of before.keys()) ops.push({ op: "drop", name });
    return ops;
  }

  #compare({ activityResults }: WorkflowDetail): Map<string, ViewActivity["was"]> {
    if (this.#before?.text !== activityResults || !this.#before) {
      this.#before = { text: activityResults, activities: readActivities(activityResults).activities };
    }
    const changes = compareRuns(this.#activities, this.#before.activities);
    return new Map(changes.map(({ name, ...change }) => [name, change]));
  }
}

/** Ids that everything in a run may mention: no evidence of what ran after what. */
function commonIds({ id, workflow }: WorkflowDetail): string[] {
  return [id, workflow?.workflowId ?? "", workflow?.appId ?? ""];
}
