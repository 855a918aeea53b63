import * as vscode from "vscode";
import { cleanId, findMediaIds } from "../jobs/ids/find.ts";
import { jobKey } from "../jobs/key.ts";
import type { ListedJob, ListedType } from "../vod/jobList.ts";
import type { JobRef } from "../vod/types.ts";
import { type Parts, withProgress } from "./commands/parts.ts";
import { trackAndTell } from "./doors/trackIds.ts";
import { idSentence } from "./idInput.ts";
import { plain } from "./plain.ts";
import { problemOf } from "./problem.ts";
import { showProblem } from "./sentences.ts";
import { jobsOf } from "./tree/jobsTree.ts";
import { moment, phaseIcon, phaseWord, typeIcon, typeWord } from "./words.ts";

const t = vscode.l10n.t;

/** The types that the service lists by media asset: it has no such list of workflow tasks (`vod-facts` §1). */
const listedTypes: readonly ListedType[] = ["transcode", "snapshot", "ai"];

/** Where a media asset is asked for. */
interface Asset {
  readonly id: string;
  readonly account: string;
  readonly region: string;
}

/** *Find Jobs of a Media Asset…*: the jobs of the last six months by `ListJobInfo`, to pick from for tracking. */
export function mediaCommands(parts: Parts) {
  return { findByMedia: (clicked: unknown) => findByMedia(parts, clicked) };
}

async function findByMedia(parts: Parts, clicked: unknown): Promise<void> {
  const [job] = jobsOf(parts.tracker, clicked, undefined);
  const account = job?.ref.account ?? parts.accounts.current;
  const region = job?.ref.region ?? (await parts.accounts.regionOf(account));
  const id = await askMediaId(job?.mediaId ?? mediaIdInEditor());
  if (id === undefined) return;
  const types = await askTypes();
  if (types.length === 0) return;
  const jobs = await listJobs(parts, { id, account, region }, types);
  if (!jobs) return;
  if (jobs.length === 0) {
    void vscode.window.showInformationMessage(
      t(
        "The media asset {0} has no such jobs of the last six months in {1}. Check the id, the region and the account; workflow tasks cannot be listed.",
        plain(id, 80),
        plain(region, 40),
      ),
    );
    return;
  }
  const refs = await chooseJobs(parts, { id, account, region }, jobs);
  if (refs.length > 0) await trackAndTell(parts, refs);
}

/** The media id that is selected or under the cursor, else the only one of the line. */
function mediaIdInEditor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  const selected = cleanId(document.getText(selection).slice(0, 200));
  if (/^[0-9a-fA-F]{32}$/.test(selected)) return selected;
  const { text } = document.lineAt(selection.active.line);
  const from = Math.max(0, selection.active.character - 1000);
  const at = selection.active.character - from;
  const near = findMediaIds(text.slice(from, selection.active.character + 1000));
  return (near.find(({ start, end }) => start <= at && at <= end) ?? (near.length === 1 ? near[0] : undefined))?.id;
}

async function askMediaId(offered: string | undefined): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: t("Find Jobs of a Media Asset"),
    prompt: t("The id of the audio or video (VideoId or MediaId)."),
    value: offered,
    ignoreFocusOut: true,
    validateInput: (value) => (cleanId(value) === "" ? t("Type or paste a media id.") : idSentence(cleanId(value))),
  });
  return text === undefined ? undefined : cleanId(text);
}

async function askTypes(): Promise<readonly ListedType[]> {
  const picked = await vscode.window.showQuickPick(
    listedTypes.map((type) => ({ type, label: typeWord(type), iconPath: typeIcon(type), picked: true })),
    {
      title: t("Find Jobs of a Media Asset"),
      placeHolder: t("Which jobs? One call for each type."),
      canPickMany: true,
      ignoreFocusOut: true,
    },
  );
  return picked?.map(({ type }) => type) ?? [];
}

/**
 * Asks the service for the jobs of each type, the newest first. Undefined when it was canceled or nothing came; that was
 * said then. When only some types failed, that is said, and the others are given.
 */
async function listJobs(
  { accounts }: Parts,
  { id, account, region }: Asset,
  types: readonly ListedType[],
): Promise<ListedJob[] | undefined> {
  return withProgress(t("Finding the jobs of {0}", plain(id, 80)), async (_, signal) => {
    const outcomes = await Promise.allSettled(
      types.map(async (type) => {
        const client = await accounts.clientFor(account);
        return client.listJobInfo(id, type, { region, lane: "interactive", signal });
      }),
    );
    if (signal.aborted) return undefined;
    const failure = outcomes.find((one) => one.status === "rejected");
    if (failure) void tellFailure(failure.reason, { id, account, region });
    const jobs = outcomes.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    if (failure && jobs.length === 0) return undefined;
    return jobs.filter((job) => job.id !== "").sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  });
}

async function tellFailure(error: unknown, { id, account, region }: Asset): Promise<void> {
  const { kind, code } = problemOf(error) ?? {};
  const shown = code ? t(" ({0})", plain(code, 80)) : "";
  const switchAccount = t("Switch Account…");
  const chooseRegion = t("Choose Region…");
  const copyPolicy = t("Copy Policy for Everything");
  let picked: string | undefined;
  if (kind === "permission") {
    picked = await vscode.window.showErrorMessage(
      t(
        "This account may not list the jobs of a media asset{0}. It needs the RAM action vod:ListJobInfo on all resources.",
        shown,
      ),
      copyPolicy,
      switchAccount,
    );
  } else if (kind === "not-found") {
    picked = await vscode.window.showErrorMessage(
      t(
        "There is no media asset {0} for {1} in {2}{3}. Check the id, the region and the account.",
        plain(id, 80),
        plain(account, 80),
        plain(region, 40),
        shown,
      ),
      chooseRegion,
      switchAccount,
    );
  } else await showProblem(error, { account });
  if (picked === copyPolicy) await vscode.commands.executeCommand("vodJobs.copyPolicy", "everything");
  if (picked === switchAccount) await vscode.commands.executeCommand("vodJobs.switchAccount");
  if (picked === chooseRegion) await vscode.commands.executeCommand("vodJobs.chooseRegion");
}

/** Shows the jobs; those that are not tracked yet are picked already. */
async function chooseJobs({ tracker }: Parts, asset: Asset, jobs: readonly ListedJob[]): Promise<JobRef[]> {
  const now = Date.now();
  const items = jobs.map(({ id, type, phase, status, createdAt }) => {
    const ref: JobRef = { account: asset.account, region: asset.region, type, id };
    const tracked = tracker.jobs.has(jobKey(ref));
    const facts = [
      typeWord(type),
      phase === "unknown" ? plain(status, 40) : phaseWord(phase),
      createdAt === undefined ? "" : moment(createdAt, now),
      tracked ? t("already tracked") : "",
    ];
    return {
      ref,
      label: plain(id, 80),
      description: facts.filter(Boolean).join(" · "),
      iconPath: phaseIcon(phase),
      picked: !tracked,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Jobs of {0} ({1} · {2})", plain(asset.id, 80), asset.account, asset.region),
    placeHolder: t("Take out what should not be tracked, then confirm"),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return picked?.map(({ ref }) => ref) ?? [];
}
