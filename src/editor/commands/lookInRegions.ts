import * as vscode from "vscode";
import { cleanId, idProblem } from "../../jobs/ids/find.ts";
import { jobKey } from "../../jobs/key.ts";
import { isRegionName } from "../../vod/endpoints.ts";
import { VodError, type VodErrorKind } from "../../vod/errors.ts";
import { type JobRef, type JobType, jobTypes } from "../../vod/types.ts";
import { otherRegions } from "../otherRegions.ts";
import { plain } from "../plain.ts";
import { showProblem } from "../sentences.ts";
import { typeWord } from "../words.ts";
import { type Parts, withProgress } from "./parts.ts";

const t = vscode.l10n.t;

/** A job that a region does not know, and the types it may be of. */
export interface Missing {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly types: readonly JobType[];
}

/** Failures after which no other region would answer either. */
const endsSearch = new Set<VodErrorKind>(["throttled", "credentials", "expired-token", "permission", "clock-skew"]);

/** What it would cost to look in the person's other regions, as a sentence; undefined when there are none. */
export async function offerOtherRegions(parts: Parts, missing: Missing): Promise<string | undefined> {
  const regions = await otherRegions(parts, missing);
  if (regions.length === 0) return undefined;
  const most = regions.length * missing.types.length;
  return t("Looking in your other regions ({0}) takes at most {1} API calls.", regions.join(", "), most);
}

/**
 * Looks for a job in the other regions that the person uses, one after the other, and stops at the first that has it.
 * Undefined when none has, or when it was canceled; that was said then.
 */
export async function lookInOtherRegions(parts: Parts, missing: Missing): Promise<JobRef | undefined> {
  const { account, id, types } = missing;
  const regions = await otherRegions(parts, missing);
  const failed: { region: string; error: unknown }[] = [];
  const increment = 100 / (regions.length * types.length);
  const found = await withProgress(t("Looking up {0}", plain(id, 80)), async (progress, signal) => {
    for (const region of regions) {
      const onTry = (type: JobType) =>
        progress.report({ message: t("in {0}, as {1}…", region, typeWord(type)), increment });
      try {
        const job = await parts.tracker.findType(id, { account, region, order: types, signal, onTry });
        if (job) return job.ref;
      } catch (error) {
        if (signal.aborted) return undefined;
        failed.push({ region, error });
        if (error instanceof VodError && endsSearch.has(error.kind)) return undefined;
      }
    }
    sayNotFound(missing, regions, failed);
    return undefined;
  });
  const last = failed.at(-1)?.error;
  if (!found && last instanceof VodError && endsSearch.has(last.kind)) void showProblem(last, { account });
  return found;
}

function sayNotFound({ id }: Missing, regions: readonly string[], failed: readonly { region: string }[]): void {
  const asked = regions.filter((region) => !failed.some((one) => one.region === region));
  const parts = [
    asked.length > 0 ? t("{0} has no job {1}.", asked.join(", "), plain(id, 80)) : "",
    failed.length > 0 ? t("Could not be asked: {0}.", failed.map(({ region }) => region).join(", ")) : "",
    regions.length === 0 ? t("You use no other region yet. Choose one, then look the job up again.") : "",
  ];
  const choose = t("Choose Region…");
  void vscode.window.showInformationMessage(parts.filter(Boolean).join(" "), choose).then((picked) => {
    if (picked === choose) void vscode.commands.executeCommand("vodJobs.chooseRegion");
  });
}

/**
 * *Look in My Other Regions*, for a job that its region does not know: a tracked one moves to the region that has it,
 * and keeps its name.
 */
export async function lookInRegions(parts: Parts, given: unknown): Promise<void> {
  const job = givenRef(parts, given);
  if (!job) return;
  const missing: Missing = { ...job, types: [job.type] };
  const offer = await offerOtherRegions(parts, missing);
  const look = t("Look");
  if (offer && (await vscode.window.showInformationMessage(offer, look)) !== look) return;
  const found = await lookInOtherRegions(parts, missing);
  if (!found) return;
  const before = parts.tracker.jobs.get(jobKey(job));
  if (before) {
    await parts.tracker.track([found], { label: before.label });
    await parts.tracker.untrack([before.key]);
    void vscode.window.showInformationMessage(t("The job is in {0}. It is tracked there now.", found.region));
  }
  parts.open(found);
}

/** The job that a command is given: by a panel or a message as it is, by the tree as a node. Everything is checked. */
export function givenRef({ tracker }: Parts, given: unknown): JobRef | undefined {
  if (!given || typeof given !== "object") return undefined;
  if ("key" in given && typeof given.key === "string") return tracker.jobs.get(given.key)?.ref;
  const { account, region, type, id } = given as Record<string, unknown>;
  const known = jobTypes.find((one) => one === type);
  if (typeof account !== "string" || typeof region !== "string" || typeof id !== "string" || !known) return undefined;
  if (!isRegionName(region) || cleanId(id) !== id || idProblem(id)) return undefined;
  return { account, region, type: known, id };
}
