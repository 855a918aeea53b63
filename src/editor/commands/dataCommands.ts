import * as vscode from "vscode";
import { type ParsedJobs, parseCsv, parseJson, toCsv, toJson, toPortable } from "../../jobs/portable.ts";
import { jobCount } from "../words.ts";
import type { Parts } from "./parts.ts";

const t = vscode.l10n.t;

/** Tracked jobs to a file and back. */
export function dataCommands(parts: Parts) {
  return { export: () => exportJobs(parts), import: () => importJobs(parts) };
}

const filters = { JSON: ["json"], CSV: ["csv"] };

async function exportJobs({ tracker }: Parts): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: t("Export Tracked Jobs"),
    filters,
    defaultUri: folder && vscode.Uri.joinPath(folder, "vod-jobs.json"),
  });
  if (!uri) return;
  const jobs = [...tracker.jobs.values()].map(toPortable);
  const text = uri.path.toLowerCase().endsWith(".csv") ? toCsv(jobs) : toJson(jobs);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const open = t("Open");
  const picked = await vscode.window.showInformationMessage(t("Exported {0}.", jobCount(jobs.length)), open);
  if (picked === open) await vscode.window.showTextDocument(uri);
}

async function importJobs({ tracker, accounts }: Parts): Promise<void> {
  const [uri] = (await vscode.window.showOpenDialog({ title: t("Import Tracked Jobs"), filters })) ?? [];
  if (!uri) return;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const account = accounts.current;
  const defaults = { account, region: await accounts.regionOf(account) };
  let parsed: ParsedJobs;
  try {
    parsed = uri.path.toLowerCase().endsWith(".csv") ? parseCsv(text, defaults) : parseJson(text, defaults);
  } catch {
    void vscode.window.showErrorMessage(
      t("This file is neither JSON nor CSV as “Export Tracked Jobs…” writes it. Nothing was changed."),
    );
    return;
  }
  const { added, already } = await tracker.importJobs(parsed.jobs);
  const words = [t("Imported {0}", jobCount(added.length))];
  if (already.length > 0) words.push(t("already tracked: {0}", already.length));
  if (parsed.problems.length > 0) words.push(problemsText(parsed));
  const undo = t("Undo");
  const show = parsed.problems.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await show(t("{0}.", words.join(t("; "))), ...(added.length > 0 ? [undo] : []))) === undo)
    await tracker.untrack(added.map((job) => job.key));
}

function problemsText({ problems }: ParsedJobs): string {
  const first = problems[0]!;
  const why = {
    "not-a-job": t("it is no job"),
    type: t("its type is none of transcode, snapshot, ai, workflow"),
    id: t("its id, account or region is missing or has spaces"),
    duplicate: t("it stands there twice"),
  }[first.problem];
  return t("left out: {0}, the first is entry {1}: {2}", problems.length, first.entry, why);
}
