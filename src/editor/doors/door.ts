import * as vscode from "vscode";
import type { FoundId } from "../../jobs/ids/find.ts";
import type { TrackedJob } from "../../jobs/types.ts";
import { plain } from "../plain.ts";
import { jobName, phaseWord, typeWord } from "../words.ts";

const t = vscode.l10n.t;

/** What a click on a job's id does, and the words that say so before. */
export interface Door {
  readonly command: string;
  readonly args: readonly unknown[];
  readonly tooltip: string;
}

/** The way from an id in text to its job: opens what is tracked, looks up what is not. */
export function doorTo(found: FoundId, jobs: readonly TrackedJob[]): Door {
  const [job] = jobs;
  if (!job) {
    const tooltip = found.type ? t("Look up this VOD {0}", typeWord(found.type)) : t("Look up this VOD job");
    return { command: "vodJobs.lookUp", args: [{ id: found.id, type: found.type }], tooltip };
  }
  const nodes = jobs.map(({ key }) => ({ key }));
  const tooltip =
    jobs.length > 1
      ? t("Open {0} VOD jobs with this id", jobs.length)
      : t("Open {0} ({1})", plain(jobName(job), 80), phaseWord(job.phase));
  return { command: "vodJobs.open", args: [nodes[0], nodes], tooltip };
}

/** Whether something says that an id is a job's; its form alone is not enough to draw attention to it. */
export function isCertain({ because }: FoundId): boolean {
  return because !== "form";
}
