import { l10n } from "vscode";
import type { Op, StepsLayout, ViewActivity } from "../../panel/protocol.ts";
import type { WorkflowDetail } from "../../vod/types.ts";
import { readActivities } from "../../workflow/activities.ts";
import { type ActivityComparison, compareRuns } from "../../workflow/compare.ts";
import { type Dependencies, type Dependency, findDependencies, stepEdges } from "../../workflow/dependencies.ts";
import { formatShare } from "../../workflow/format.ts";
import { layoutGraph } from "../../workflow/layout.ts";
import { describeRun, type RunSummary } from "../../workflow/model.ts";
import { dataReferences } from "../../workflow/references.ts";
import type { Span } from "../../workflow/span.ts";
import { type EndedBefore, timeOrder } from "../../workflow/timeOrder.ts";
import { makeAxis, type Stretch, type TimeAxis } from "../../workflow/timeScale.ts";
import type { Topology } from "../../workflow/topology.ts";
import type { Activity } from "../../workflow/types.ts";
import { wayOf } from "../../workflow/ways.ts";
import { lengthText } from "./lengths.ts";
import { activityPhaseWord } from "./phaseWords.ts";

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

/** The axis of a run that goes on ends this share beyond the present. */
const headroom = 0.06;

/** Sizes of the cards of the step graph, pixels. */
const card = { nodeWidth: 212, nodeHeight: 46, layerGap: 84, nodeGap: 18 };

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

  #axis: TimeAxis | undefined;
  #facts: RunFacts | undefined;
  #activities: readonly Activity[] = [];
  #dependencies: Dependencies | undefined;
  #wantsReferences = false;
  #references: readonly Dependency[] = [];
  #order: ReturnType<typeof timeOrder> | undefined;
  #byName = new Map<string, Activity>();
  #links = new Map<string, Omit<Dependency, "to">[]>();
  #changes = new Map<string, ActivityComparison>();
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

  /** The activity as the service told of it, or as the topology names it. */
  activity(name: string): Activity | undefined {
    return this.#byName.get(name);
  }

  /** What leads to an activity, with its evidence. */
  links(name: string): readonly Omit<Dependency, "to">[] {
    return this.#links.get(name) ?? [];
  }

  /** How an activity compares with the previous run; undefined when there is none to compare with. */
  change(name: string): ActivityComparison | undefined {
    return this.#changes.get(name);
  }

  /** What the times alone say of an activity, beside what is known on better evidence. */
  endedBefore(activity: Activity): EndedBefore {
    this.#order ??= timeOrder(this.#activities);
    return this.#order.endedBefore(activity, new Set(this.links(activity.name).map((link) => link.from)));
  }

  /** The time axis; of a live run it reaches beyond the present, so that it seldom has to be made anew. */
  axis(now: number): TimeAxis {
    if (this.#axis && !(this.live && now > this.#axis.to)) return this.#axis;
    const { from } = this.bounds;
    const present = Math.max(this.bounds.to, this.live ? now : 0);
    const to = this.live ? present + Math.max(2000, (present - from) * headroom) : present;
    const busy: Stretch[] = this.live ? [{ from: present, to }] : [];
    for (const activity of this.activities) {
      const { from: start, to: end = present } = activity;
      if (start !== undefined) busy.push({ from: start, to: Math.max(start, end) });
    }
    this.#axis = makeAxis(from, to, busy);
    return this.#axis;
  }

  /** Whether the task or an activity is still at work. */
  get live(): boolean {
    return this.summary?.live ?? false;
  }

  /** The layered graph, its upper left corner at `left`, `top`. */
  steps(left = 0, top = 0): StepsLayout {
    const names = this.activities.map((activity) => activity.name);
    const places = new Map(names.map((name, place) => [name, place]));
    const edges = this.#dependencies ? stepEdges(this.#dependencies) : [];
    const pairs = edges.flatMap((edge) => [places.get(edge.from)!, places.get(edge.to)!]);
    const { width, height, x, y, routes, routeStarts } = layoutGraph(names.length, pairs, card);
    const placed = (values: Float64Array, by: number) => Array.from(values, (value) => Math.round(value) + by);
    return {
      width: Math.round(width),
      height: Math.round(height),
      cardWidth: card.nodeWidth,
      cardHeight: card.nodeHeight,
      names,
      x: placed(x, left),
      y: placed(y, top),
      edges: edges.map(({ evidence, contradicted }, edge) => {
        const points = Array.from(
          routes.subarray(routeStarts[edge], routeStarts[edge + 1]),
          (value, at) => Math.round(value) + (at % 2 ? top : left),
        );
        return {
          from: pairs[2 * edge]!,
          to: pairs[2 * edge + 1]!,
          evidence,
          ...(contradicted && { contradicted }),
          way: wayOf(points),
          head: `M${points.at(-2)} ${points.at(-1)}l-7-4v8z`,
        };
      }),
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
    this.#axis = undefined;

    this.#links = new Map();
    for (const { to, ...link } of edges) {
      const known = this.#links.get(to);
      if (known) known.push(link);
      else this.#links.set(to, [link]);
    }
    this.#changes = previous ? this.#compare(previous) : new Map();
    this.#byName = new Map(rows.map(({ activity }) => [activity.name, activity]));
    const held =
      summary.alone && summary.alone.share > 0.5 && rows.length > 1 && !summary.live ? summary.alone : undefined;
    const before = new Map(this.activities.map((activity) => [activity.name, JSON.stringify(activity)]));
    this.activities = rows.map(({ activity: { name, kind, phase, status }, span }) => {
      const after = this.#links.get(name);
      const remark = remarkOf(name === held?.name ? held.share : undefined, this.#changes.get(name));
      return {
        name,
        kind,
        phase,
        word: activityPhaseWord(phase, status),
        ...placeOf(span),
        ...(remark !== "" && { remark }),
        ...(after && { after: after.map(({ source, token, ...link }) => link) }),
      };
    });
    const puts: Op[] = [];
    const drops: Op[] = [];
    this.activities.forEach((activity, place) => {
      const known = before.get(activity.name);
      before.delete(activity.name);
      if (known === JSON.stringify(activity)) return;
      puts.push({ op: "put", activity, place });
      if (known !== undefined) drops.push({ op: "drop", name: activity.name });
    });
    for (const name of before.keys()) drops.push({ op: "drop", name });
    // All that changes goes first; among what stays, each then lands where the order wants it.
    return puts.length === 1 && drops.length <= 1 && before.size === 0 ? puts : [...drops, ...puts];
  }

  #compare({ activityResults }: WorkflowDetail): Map<string, ActivityComparison> {
    if (this.#before?.text !== activityResults || !this.#before) {
      this.#before = { text: activityResults, activities: readActivities(activityResults).activities };
    }
    const changes = compareRuns(this.#activities, this.#before.activities);
    return new Map(changes.map((change) => [change.name, change]));
  }
}

/** Ids that everything in a run may mention: no evidence of what ran after what. */
function commonIds({ id, workflow }: WorkflowDetail): string[] {
  return [id, workflow?.workflowId ?? "", workflow?.appId ?? ""];
}

/** What is worth saying beside the bar of an activity. */
function remarkOf(alone: number | undefined, change: ActivityComparison | undefined): string {
  const delta = lengthText(Math.abs(change?.delta ?? 0));
  const parts = [
    alone !== undefined && l10n.t("alone for {0} of the run", formatShare(alone)),
    change?.newlyFailing && l10n.t("newly failed"),
    change?.change === "slower" && l10n.t("{0} slower", delta),
    change?.change === "faster" && l10n.t("{0} faster", delta),
  ];
  return parts.filter(Boolean).join(" · ");
}

function placeOf(span: Span): Pick<ViewActivity, "shape" | "from" | "to" | "missing"> {
  switch (span.kind) {
    case "bar":
      return { shape: "bar", from: span.start, to: span.end };
    case "running":
      return { shape: "running", from: span.start };
    case "point":
      return { shape: "point", from: span.at, to: span.at, missing: span.missing };
    case "none":
      return { shape: "none" };
  }
}
