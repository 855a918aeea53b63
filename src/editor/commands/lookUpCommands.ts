import * as vscode from "vscode";
import { cleanId, idProblem, typesToTry } from "../../jobs/ids/find.ts";
import { type JobRef, type JobType, jobTypes } from "../../vod/types.ts";
import { readCandidates } from "../doors/candidates.ts";
import { trackAndTell, trackCandidates } from "../doors/trackIds.ts";
import { askId, askType, offeredId } from "../idInput.ts";
import { plain } from "../plain.ts";
import { showProblem } from "../sentences.ts";
import { jobCount, typeWord } from "../words.ts";
import { givenRef, lookInOtherRegions, lookInRegions, type Missing, offerOtherRegions } from "./lookInRegions.ts";
import { type Parts, withProgress } from "./parts.ts";

const t = vscode.l10n.t;

/** *Look Up Job…*, *Track Job…*, *Track Many Jobs…*: the ways a job id enters. */
export function lookUpCommands(parts: Parts) {
  return {
    lookUp: (given: unknown) => lookUp(parts, given, false),
    track: async (given: unknown) => {
      const ref = givenRef(parts, given);
      return ref ? trackAndTell(parts, [ref]) : lookUp(parts, given, true);
    },
    trackMany: () => trackMany(parts),
    lookInRegions: (given: unknown) => lookInRegions(parts, given),
  };
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
  const asked: Asked = { account, region, id, type, hint, track };
  const ref = await findOut(parts, asked);
  if (ref) await finish(parts, ref, asked);
}

/** What a look-up asks for. */
interface Asked {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly type: JobType | "any";
  readonly hint?: JobType;
  /** Whether the job is to be tracked when it is found. */
  readonly track: boolean;
}

async function finish({ tracker, open }: Parts, ref: JobRef, { track }: Asked): Promise<void> {
  if (track) await tracker.track([ref]);
  open(ref);
}

/** Asks the service, under progress that can be canceled. Undefined when it did not work out; that was said then. */
async function findOut(parts: Parts, asked: Asked): Promise<JobRef | undefined> {
  const { account, region, id, type, hint } = asked;
  return withProgress(t("Looking up {0}", id), async (progress, signal) => {
    try {
      const order = type === "any" ? typesToTry(hint) : [type];
      const onTry = (one: JobType) => progress.report({ message: t("as {0}…", typeWord(one)) });
      const found = await parts.tracker.findType(id, { account, region, order, signal, onTry });
      if (found) return found.ref;
      void notFound(parts, asked);
    } catch (error) {
      if (!signal.aborted) void showProblem(error, { account });
    }
    return undefined;
  });
}

/** Says that a region does not know a job, and where else it may be. */
async function notFound(parts: Parts, asked: Asked): Promise<void> {
  const { account, region, id, type, hint } = asked;
  const missing: Missing = { account, region, id, types: type === "any" ? typesToTry(hint) : [type] };
  const offer = await offerOtherRegions(parts, missing);
  const elsewhere = t("Look in My Other Regions");
  const otherTypes = t("Try Other Types");
  const chooseRegion = t("Choose Region…");
  const switchAccount = t("Switch Account…");
  const sentences =
    type === "any"
      ? [
          t("No job {0} of any type was found for {1} in {2}.", plain(id, 80), plain(account, 80), region),
          t("Check the id and the region; the service forgets jobs after six months."),
        ]
      : [
          t(
            "There is no {0} with the id {1} here. It may be of another type, region or account.",
            typeWord(type),
            plain(id, 80),
          ),
        ];
  const buttons = [...(offer ? [elsewhere] : []), ...(type === "any" ? [chooseRegion, switchAccount] : [otherTypes])];
  const text = [...sentences, ...(offer ? [offer] : [])].join(" ");
  switch (await vscode.window.showErrorMessage(text, ...buttons)) {
    case elsewhere: {
      const ref = await lookInOtherRegions(parts, missing);
      if (ref) await finish(parts, ref, asked);
      break;
    }
    case otherTypes:
      await vscode.commands.executeCommand("vodJobs.lookUp", { id });
      break;
    case chooseRegion:
      await vscode.commands.executeCommand("vodJobs.chooseRegion");
      break;
    case switchAccount:
      await vscode.commands.executeCommand("vodJobs.switchAccount");
  }
}

/** Many at once: from the selection, the clipboard, or a file of ids; types inferred, one confirmation. */
async function trackMany(parts: Parts): Promise<void> {
  const text = await sourceOfIds();
  if (text !== undefined) await trackCandidates(parts, readCandidates(text));
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
      description: jobCount(count(selected)),
      iconPath: icon("selection"),
      read: () => selected,
    });
  if (count(clipboard) > 0)
    sources.push({
      label: t("From the clipboard"),
      description: jobCount(count(clipboard)),
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
