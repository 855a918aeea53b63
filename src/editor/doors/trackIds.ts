import * as vscode from "vscode";
import { findJobIds } from "../../jobs/ids/find.ts";
import { type JobRef, type JobType, jobTypes } from "../../vod/types.ts";
import type { Parts } from "../commands/parts.ts";
import { jobCount, typeIcon, typeWord } from "../words.ts";
import { type Candidate, candidatesOf, mostCandidates, readCandidates } from "./candidates.ts";

const t = vscode.l10n.t;

/** *Track All Job Ids in This File* and *… in the Selection*. */
export function trackIdsCommands(parts: Parts) {
  return {
    trackFile: () => {
      const document = vscode.window.activeTextEditor?.document;
      return document ? trackCandidates(parts, candidatesOf(findJobIds(document.getText()))) : tellNoEditor();
    },
    trackSelection: () => {
      const editor = vscode.window.activeTextEditor;
      return editor ? trackCandidates(parts, selectedCandidates(editor)) : tellNoEditor();
    },
  };
}

function tellNoEditor(): void {
  void vscode.window.showInformationMessage(t("Open a file that has job ids in it, then run this again."));
}

/** The ids in all selections. What stands around a selection tells their types too. */
function selectedCandidates({ document, selections }: vscode.TextEditor): Candidate[] {
  const text = document.getText();
  const found = selections.flatMap((selection) => {
    const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
    return findJobIds(text, [], { start, end });
  });
  return found.length > 0
    ? candidatesOf(found)
    : readCandidates(selections.map((one) => document.getText(one)).join("\n"));
}

/** Offers ids for tracking: what they are taken for in a list to confirm, one question for types that nothing tells. */
export async function trackCandidates(parts: Parts, all: readonly Candidate[]): Promise<void> {
  if (all.length === 0) {
    void vscode.window.showWarningMessage(
      t("No job ids were found there. Paste one id per line, or text such as a SubmitTranscodeJobs answer."),
    );
    return;
  }
  const account = parts.accounts.current;
  const region = await parts.accounts.regionOf(account);
  const chosen = await chooseCandidates(parts, all.slice(0, mostCandidates), all.length, { account, region });
  if (chosen.length === 0) return;
  const untold = chosen.filter((one) => !one.type).length;
  const fallback = untold === 0 ? undefined : await askOneType(untold);
  if (untold > 0 && !fallback) return;
  const refs = chosen.map(({ id, type }): JobRef => ({ account, region, id, type: type ?? fallback! }));
  await trackAndTell(parts, refs);
}

async function chooseCandidates(
  { tracker }: Parts,
  candidates: readonly Candidate[],
  total: number,
  { account, region }: Pick<JobRef, "account" | "region">,
): Promise<readonly Candidate[]> {
  const tracked = new Set<string>();
  for (const { ref } of tracker.jobs.values())
    if (ref.account === account && ref.region === region) tracked.add(ref.id);
  if (candidates.every(({ id }) => tracked.has(id))) {
    void vscode.window.showInformationMessage(t("Nothing new: tracked already: {0}.", jobCount(candidates.length)));
    return [];
  }
  const anyCertain = candidates.some((one) => one.certain);
  const items = candidates.map((candidate) => {
    const { id, type, certain } = candidate;
    const facts = [
      type ? typeWord(type) : t("type not told"),
      tracked.has(id) ? t("already tracked") : "",
      certain ? "" : t("looks like an id, nothing says so"),
    ];
    return {
      candidate,
      label: id,
      description: facts.filter(Boolean).join(" · "),
      iconPath: type ? typeIcon(type) : new vscode.ThemeIcon("question"),
      picked: !tracked.has(id) && (certain || !anyCertain),
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Track Jobs: {0} ({1} · {2})", items.length, account, region),
    placeHolder:
      total > items.length
        ? t("The first {0} of {1} ids. Take out what should not be tracked, then confirm", items.length, total)
        : t("Take out what should not be tracked, then confirm"),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return picked?.map(({ candidate }) => candidate) ?? [];
}

/** The type for ids whose surroundings do not tell. Undefined when the person went away. */
async function askOneType(count: number): Promise<JobType | undefined> {
  const picked = await vscode.window.showQuickPick(
    jobTypes.map((type) => ({ type, label: typeWord(type), iconPath: typeIcon(type) })),
    {
      title: t("Track Many Jobs"),
      placeHolder: t("What type are the ids of which nothing near them tells it? ({0})", count),
      ignoreFocusOut: true,
    },
  );
  return picked?.type;
}

/** Tracks jobs and says how many are new, with a way back. */
export async function trackAndTell({ tracker }: Parts, refs: readonly JobRef[]): Promise<void> {
  const { added, already } = await tracker.track(refs);
  const text = already.length
    ? t("Now tracking {0}; already tracked: {1}.", jobCount(added.length), already.length)
    : t("Now tracking {0}.", jobCount(added.length));
  const undo = t("Undo");
  const picked = await vscode.window.showInformationMessage(text, ...(added.length ? [undo] : []));
  if (picked === undo) await tracker.untrack(added.map((job) => job.key));
}
