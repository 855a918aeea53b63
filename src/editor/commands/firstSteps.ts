import * as vscode from "vscode";
import type { TrackedJob } from "../../jobs/types.ts";
import { type JobType, jobTypes } from "../../vod/types.ts";
import { plain } from "../plain.ts";
import { jobName } from "../words.ts";
import type { Parts } from "./parts.ts";

const t = vscode.l10n.t;

/** As `package.json` declares it. */
const walkthrough = "vod-job-tracker.vod-job-tracker#start";

/** What leads a newcomer on. */
export function firstSteps({ tracker }: Parts) {
  return {
    getStarted: () => vscode.commands.executeCommand("workbench.action.openWalkthrough", walkthrough, false),
    openExample: () => openExample([...tracker.jobs.values()]),
  };
}

/** Opens a file with ids of tracked jobs, one of each type, to point at. Nothing is written to disk. */
async function openExample(jobs: readonly TrackedJob[]): Promise<void> {
  const shown = jobTypes.flatMap((type) => jobs.find(({ ref }) => ref.type === type) ?? []);
  if (shown.length === 0) {
    void vscode.window.showInformationMessage(t("Track a job first, or use the demo account: its jobs will do."));
    return;
  }
  const first = t("Point at an id: the hover shows the job's state, and costs no API call.");
  const lines = shown.map((job, index) => {
    const comma = index < shown.length - 1 ? "," : "";
    return `  "${keys[job.ref.type]}": "${job.ref.id}"${comma} // ${plain(jobName(job), 80)}`;
  });
  const content = [`// ${first}`, "{", ...lines, "}", ""].join("\n");
  const document = await vscode.workspace.openTextDocument({ language: "jsonc", content });
  await vscode.window.showTextDocument(document);
}

/** Names of ids as they stand in code: they tell the type of a job. */
const keys: Readonly<Record<JobType, string>> = {
  transcode: "transcodeJobId",
  snapshot: "snapshotJobId",
  ai: "aiJobId",
  workflow: "workflowTaskId",
};
