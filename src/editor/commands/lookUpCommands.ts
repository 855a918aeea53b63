import * as vscode from "vscode";
import { cleanId, findJobIds, idProblem, typesToTry } from "../../jobs/ids.ts";
import { jobKey } from "../../jobs/key.ts";
import { type JobRef, type JobType, jobTypes } from "../../vod/types.ts";
import { askId, askType, offeredId } from "../idInput.ts";
import { showProblem } from "../sentences.ts";
import { typeIcon, typeWord } from "../words.ts";
import { command, type Parts, withProgress } from "./parts.ts";

const t = vscode.l10n.t;

/** *Look Up Job…*, *Track Job…*, *Track Many Jobs…*: the ways a job id enters. */
export function lookUpCommands(parts: Parts): vscode.Disposable[] {
  return [
    command(parts, "lookUp", (given) => lookUp(parts, given, false)),
    command(parts, "track", (given) => lookUp(parts, given, true)),
    command(parts, "trackMany", () => trackMany(parts)),
  ];
}

/** Arguments of links (hover, deep links) come from untrusted text: everything is checked again here. */
function givenJob(given: unknown): { id: string; type?: JobType } | undefined {
  if (!given || typeof given !== "object" || !("id" in given) || typeof given.id !== "string") return undefined;
  const id = cleanId(given.id);
  if (idProblem(id)) return undefined;
  const type = "type" in given ? jobTypes.find((known) => known === given.type) : undefined;
  return { id, type };
}

async function lookUp(parts: Parts, given: unknown, track: boolean): Promise<void> {
  const title = track ? t("Track Job") : t("Look Up Job");
  const account = parts.accounts.current;
  const region = await parts.accounts.regionOf(account);
  const where = `${title} (${account} · ${region})`;
  const offer = givenJob(given) ?? (await offeredId());
  const id = given && offer.id ? offer.id : await askId(where, offer.id);
  if (id === undefined) return;
  const hint = offer.id === id ? offer.type : undefined;
  const type = given && hint ? hint : await askType(where, hint);
  if (type === undefined) return;
  const ref = await findOut(parts, { account, region, id, type, hint });
  if (!ref) return;
  if (track) await parts.tracker.track([ref]);
  parts.open(ref);
}

/** Asks the service, under progress that can be canceled. Undefined when it did not work out; that was said then. */
async function findOut(
  parts: Parts,
  what: { account: string; region: string; id: string; type: JobType | "any"; hint?: JobType },
): Promise<JobRef | undefined> {
  const { account, region, id, type, hint } = what;
  return withProgress(t("Looking up {0}", id), async (progress, signal) => {
    try {
      if (type !== "any") {
        const ref: JobRef = { account, region, type, id };
        await parts.tracker.lookUp(ref, { signal });
        return ref;
      }
      const found = await parts.tracker.findType(id, {
        account,
        region,
        order: typesToTry(hint),
        signal,
        onTry: (one) => progress.report({ message: t("as {0}…", typeWord(one)) }),
      });
      if (found) return found.ref;
      await notFound(t("No job {0} of any type was found for {1} in {2}.", id, account, region));
    } catch (error) {
      if (!signal.aborted) void failed(error, id, type);
    }
    return undefined;
  });
}

async function failed(error: unknown, id: string, type: JobType | "any"): Promise<void> {
  if (type !== "any" && (error as { kind?: string }).kind === "not-found") {
    const again = t("Try Other Types");
    const text = t(
      "There is no {0} with the id {1} here. It may be of another type, region or account.",
      typeWord(type),
      id,
    );
    if ((await vscode.window.showErrorMessage(text, again)) === again)
      await vscode.commands.executeCommand("vodJobs.lookUp", { id });
    return;
  }
  await showProblem(error);
}

/** Says so without making the caller wait for the answer. */
function notFound(text: string): void {
  const region = t("Choose Region…");
  const account = t("Switch Account…");
  const advice = t("Check the id and the region; the service forgets jobs after six months.");
  void vscode.window.showErrorMessage(`${text} ${advice}`, region, account).then((picked) => {
    if (picked === region) void vscode.commands.executeCommand("vodJobs.chooseRegion");
    if (picked === account) void vscode.commands.executeCommand("vodJobs.switchAccount");
  });
}

/** A line of ids, or a text that holds some. */
interface Candidate {
  readonly id: string;
  readonly type?: JobType;
}

/** Many at once: from the selection, the clipboard, or a file of ids; types inferred, one confirmation. */
async function trackMany(parts: Parts): Promise<void> {
  const account = parts.accounts.current;
  const region = await parts.accounts.regionOf(account);
  const text = await sourceOfIds();
  if (text === undefined) return;
  const candidates = readCandidates(text);
  if (candidates.length === 0) {
    void vscode.window.showWarningMessage(
      t("No job ids were found there. Paste one id per line, or text such as a SubmitTranscodeJobs answer."),
    );
    return;
  }
  const fallback = candidates.every((one) => one.type) ? undefined : await askOneType(candidates);
  if (fallback === null) return;
  const items = candidates.map((one) => {
    const ref: JobRef = { account, region, type: one.type ?? fallback!, id: one.id };
    const tracked = parts.tracker.jobs.has(jobKey(ref));
    return {
      ref,
      label: one.id,
      description: typeWord(ref.type) + (tracked ? ` · ${t("already tracked")}` : ""),
      iconPath: typeIcon(ref.type),
      picked: !tracked,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Track {0} Jobs ({1} · {2})", items.length, account, region),
    placeHolder: t("Take out what should not be tracked, then confirm"),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!picked || picked.length === 0) return;
  const { added, already } = await parts.tracker.track(picked.map(({ ref }) => ref));
  const text2 = already.length
    ? t("{0} jobs are tracked now, {1} were already.", added.length, already.length)
    : t("{0} jobs are tracked now.", added.length);
  const undo = t("Undo");
  if ((await vscode.window.showInformationMessage(text2, ...(added.length ? [undo] : []))) === undo)
    await parts.tracker.untrack(added.map((job) => job.key));
}

async function sourceOfIds(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : "";
  const clipboard = await vscode.env.clipboard.readText();
  const count = (text: string) => readCandidates(text).length;
  type Source = vscode.QuickPickItem & { read(): Thenable<string | undefined> | string };
  const sources: Source[] = [];
  if (count(selected) > 0)
    sources.push({
      label: t("From the selection"),
      description: t("{0} ids", count(selected)),
      iconPath: icon("selection"),
      read: () => selected,
    });
  if (count(clipboard) > 0)
    sources.push({
      label: t("From the clipboard"),
      description: t("{0} ids", count(clipboard)),
      iconPath: icon("clippy"),
      read: () => clipboard,
    });
  if (editor && count(editor.document.getText().slice(0, longestText)) > 0)
    sources.push({
      label: t("From the active file"),
      description: vscode.workspace.asRelativePath(editor.document.uri),
      iconPath: icon("file"),
      read: () => editor.document.getText().slice(0, longestText),
    });
  sources.push({ label: t("Type or paste ids…"), iconPath: icon("edit"), read: pasteIds });
  sources.push({ label: t("From a file…"), iconPath: icon("folder-opened"), read: fileOfIds });
  const picked = await vscode.window.showQuickPick(sources, {
    title: t("Track Many Jobs"),
    placeHolder: t("Where are the job ids?"),
  });
  return picked?.read();
}

/** The most text that is searched for ids, in characters. */
const longestText = 5_000_000;

function icon(id: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id);
}

function pasteIds(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: t("Track Many Jobs"),
    prompt: t("Job ids, separated by spaces or commas. A pasted list may have one per line."),
    ignoreFocusOut: true,
    validateInput: (text) => (readCandidates(text).length > 0 ? undefined : t("Type or paste at least one job id.")),
  });
}

async function fileOfIds(): Promise<string | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ canSelectMany: false, openLabel: t("Read Ids") })) ?? [];
  if (!uri) return undefined;
  const bytes = await vscode.workspace.fs.readFile(uri);
  return new TextDecoder().decode(bytes.subarray(0, longestText));
}

/** Ids in a text, each once. A plain list (one word a line or separated by commas) may hold ids of any form. */
function readCandidates(text: string): Candidate[] {
  const words = text
    .split(/[\s,;]+/)
    .map(cleanId)
    .filter(Boolean);
  const isList =
    words.length > 0 &&
    words.length <= 10_000 &&
    words.every((word) => /^[\w*.-]{16,64}$/.test(word) && /\d/.test(word));
  const found: Candidate[] = isList ? words.map((id) => ({ id })) : findJobIds(text.slice(0, longestText));
  return [...new Map(found.map(({ id, type }) => [id, { id, type }])).values()];
}

/** The type for ids whose surroundings do not tell. Null when the person went away. */
async function askOneType(candidates: readonly Candidate[]): Promise<JobType | null> {
  const open = candidates.filter((one) => !one.type).length;
  const picked = await vscode.window.showQuickPick(
    jobTypes.map((type) => ({ type, label: typeWord(type), iconPath: typeIcon(type) })),
    {
      title: t("Track Many Jobs"),
      placeHolder: t("What are the {0} ids whose type is not told by what stands near them?", open),
      ignoreFocusOut: true,
    },
  );
  return picked?.type ?? null;
}
