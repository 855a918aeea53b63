import { l10n } from "vscode";
import type { Field, Section, TreeNode } from "../../panel/protocol.ts";
import type { ActivityComparison } from "../../workflow/compare.ts";
import type { Dependency, Evidence } from "../../workflow/dependencies.ts";
import { decodeJson } from "../../workflow/embedded.ts";
import { formatShare, formatUtc } from "../../workflow/format.ts";
import { activitySpan } from "../../workflow/span.ts";
import type { Stretch } from "../../workflow/timeScale.ts";
import type { Activity } from "../../workflow/types.ts";
import { lengthText, offsetText } from "./lengths.ts";
import type { Details } from "./panelParts.ts";
import { activityPhaseWord } from "./phaseWords.ts";
import type { RunView } from "./runView.ts";
import { noteWord } from "./runWords.ts";
import { treeNode } from "./treeNode.ts";

/** What is known of one activity, in plain words. */
export function activityDetails(view: RunView, activity: Activity): Details {
  const { name, result, phase } = activity;
  const told: Field = result
    ? { label: "", tree: resultTree(result) }
    : { label: "", text: l10n.t("None was reported.") };
  return {
    type: "details",
    name,
    title: name,
    phase,
    notes: [],
    life: [],
    sections: [
      { title: "", fields: facts(activity, view.change(name), view.bounds) },
      { title: l10n.t("Runs after"), fields: evidence(activity, view) },
      ...followers(name, view),
      { title: l10n.t("Result"), fields: [told] },
    ],
  };
}

/** The Result that was decoded last: while an activity is selected, everything that changes around it tells of it anew. */
let decoded: { readonly text: string; readonly tree: TreeNode } | undefined;

function resultTree(text: string): TreeNode {
  if (decoded?.text !== text) decoded = { text, tree: treeNode(decodeJson(text)) };
  return decoded.tree;
}

function facts(activity: Activity, was: ActivityComparison | undefined, run: Stretch): Field[] {
  const { kind, phase, status, startedAt, endedAt, instanceId, notes } = activity;
  const span = activitySpan(activity);
  const word = activityPhaseWord(phase, status);
  const missing: Field["text"] = phase === "pending" ? "—" : l10n.t("not reported");
  // The day is said once, above, unless the run went on over midnight.
  const clock = formatUtc(run.from, true).slice(0, 10) === formatUtc(run.to, true).slice(0, 10) || undefined;
  const end: Field =
    endedAt === undefined
      ? { label: "", text: span.kind === "running" ? "—" : missing }
      : { label: "", at: endedAt, clock };
  const fields: Field[] = [
    { label: l10n.t("Status"), phase, text: word, ...(isNews(status, word) && { note: `“${status}”` }) },
    { label: l10n.t("Type"), text: kind || "—" },
    startedAt === undefined
      ? { label: l10n.t("Started"), text: missing }
      : { label: l10n.t("Started"), at: startedAt, clock, note: `+${offsetText(startedAt - run.from)}` },
    { ...end, label: l10n.t("Ended") },
  ];
  if (span.kind === "bar") {
    const length = span.end - span.start;
    const share = run.to > run.from ? l10n.t("{0} of the run", formatShare(length / (run.to - run.from))) : undefined;
    fields.push({ label: l10n.t("Duration"), text: lengthText(length), note: share });
  }
  if (was) fields.push({ label: l10n.t("Previous run"), ...comparison(was) });
  if (instanceId) fields.push({ label: l10n.t("Instance"), text: instanceId, code: true });
  for (const note of notes ?? []) fields.push({ label: l10n.t("Note"), warning: noteWord(note) });
  return fields;
}

/** Whether the service's own word says more than ours, as "Succeed" beside "Succeeded" does not. */
function isNews(status: string, word: string): boolean {
  return !word.toLowerCase().startsWith(status.trim().toLowerCase());
}

function comparison(was: ActivityComparison): Pick<Field, "text" | "note" | "warning"> {
  const delta = lengthText(Math.abs(was.delta ?? 0));
  const text =
    was.change === "new" ? l10n.t("not part of it") : was.before === undefined ? "—" : lengthText(was.before);
  const note =
    was.change === "slower"
      ? l10n.t("{0} slower now", delta)
      : was.change === "faster"
        ? l10n.t("{0} faster now", delta)
        : was.change === "same"
          ? l10n.t("about as long")
          : undefined;
  const warning = was.newlyFailing ? l10n.t("did not fail then") : undefined;
  return { text, note: was.recovered ? l10n.t("failed then") : note, warning };
}

/** Each predecessor with the rung of its evidence; what the times alone say comes last, as a sentence. */
function evidence(activity: Activity, view: RunView): Field[] {
  const links = view.links(activity.name);
  const fields: Field[] = links.slice(0, 50).map((link) => ({
    label: "",
    mark: rungWord(link.evidence),
    ...(link.evidence === "stated" && { rung: "stated" }),
    text: l10n.t("after"),
    names: [link.from],
    note: because(link),
    warning: link.contradicted ? l10n.t("the times say otherwise: it started before that had ended") : undefined,
  }));
  const { count, latest } = view.endedBefore(activity);
  if (count > 0) {
    const text =
      count === 1
        ? l10n.t("1 other activity had ended before this one started")
        : l10n.t("{0} other activities had ended before this one started", count);
    fields.push({
      label: "",
      mark: l10n.t("time only"),
      rung: "time-only",
      text,
      names: latest,
      note: count > latest.length ? "…" : undefined,
    });
  }
  if (fields.length === 0) fields.push({ label: "", text: l10n.t("Nothing is known of that.") });
  return fields;
}

/** The word for a rung of the ladder of evidence. */
export function rungWord(evidence: Evidence): string {
  return evidence === "stated"
    ? l10n.t("stated")
    : evidence === "by definition"
      ? l10n.t("by definition")
      : l10n.t("data reference");
}

function because({ evidence, source, token }: Omit<Dependency, "to">): string | undefined {
  if (evidence === "data reference") return l10n.t("both results hold {0}", token ?? "");
  if (source === "result") return l10n.t("its result names that instance");
  return source === "topology" ? l10n.t("in the attached topology") : undefined;
}

function followers(name: string, view: RunView): Section[] {
  const names = view.activities.filter((one) => one.after?.some((link) => link.from === name)).map((one) => one.name);
  if (names.length === 0) return [];
  const note = names.length > 8 ? l10n.t("and {0} more", names.length - 8) : undefined;
  return [{ title: l10n.t("Runs before"), fields: [{ label: "", names: names.slice(0, 8), note }] }];
}
