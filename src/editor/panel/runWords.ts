import { l10n } from "vscode";
import { activitiesProblems, activityNotes } from "../../workflow/activities.ts";
import type { TopologyProblem } from "../../workflow/topology.ts";

/** A note of an activity (`activityNotes`), in the language of the editor. */
export function noteWord(note: string): string {
  const words: Record<keyof typeof activityNotes, string> = {
    unnamed: l10n.t("The activity has no name."),
    renamed: l10n.t("Another activity has the same name."),
    notObject: l10n.t("The activity is not a JSON object."),
    start: l10n.t("Its start is not a time."),
    end: l10n.t("Its end is not a time."),
    order: l10n.t("It ended before it started."),
  };
  return wordOf(note, activityNotes, words);
}

/** Why activities could not be read (`activitiesProblems`), in the language of the editor. */
export function unreadWord(problem: string): string {
  const words: Record<keyof typeof activitiesProblems, string> = {
    notJson: l10n.t("The activity results are not JSON. They are shown as text."),
    notActivities: l10n.t("The activity results are JSON, but hold no activities. They are shown as text."),
  };
  return wordOf(problem, activitiesProblems, words);
}

/** Why a topology was refused, in the language of the editor. `names`: the nodes that it is about. */
export function topologyWord(kind: TopologyProblem["kind"], names: string): string {
  const words: Record<TopologyProblem["kind"], () => string> = {
    "not-json": () => l10n.t("The topology is not JSON."),
    "not-topology": () => l10n.t('The topology has neither "Activities" and "Dependencies" nor "nodes" and "edges".'),
    "unknown-node": () => l10n.t("The topology has edges to nodes that it does not define: {0}.", names),
    "repeated-node": () => l10n.t("The topology defines nodes more than once: {0}.", names),
    cycle: () => l10n.t("The topology goes in a circle: {0}. A workflow cannot.", names),
    "too-large": () => l10n.t("The topology has more than 20,000 nodes or 100,000 edges."),
    empty: () => l10n.t("The topology has no nodes."),
  };
  return words[kind]();
}

/** The word for one of the texts that the pure code knows; any other text as it is. */
function wordOf<Name extends string>(
  text: string,
  texts: Readonly<Record<Name, string>>,
  words: Readonly<Record<Name, string>>,
): string {
  const name = (Object.keys(texts) as Name[]).find((one) => texts[one] === text);
  return name ? words[name] : text;
}
