import * as vscode from "vscode";
import { parseJobKey } from "../../jobs/key.ts";
import type { RemovedJobs } from "../../jobs/tracker.ts";
import type { TrackedJob } from "../../jobs/types.ts";
import { plain } from "../plain.ts";
import { rawUri } from "../rawDocument.ts";
import { jobsOf } from "../tree/jobsTree.ts";
import { isFinal, jobCount, jobName } from "../words.ts";
import { type Parts, withProgress } from "./parts.ts";

const t = vscode.l10n.t;

/** What can be done with tracked jobs: from the tree's menus and keys, or with the tree's selection. */
export function jobCommands(parts: Parts) {
  const { tracker, tree } = parts;
  const undo = new UndoRemove(parts);
  const jobs = (clicked: unknown, selected: unknown) => jobsOf(tracker, clicked, selected ?? tree.view.selection);
  const keys = (clicked: unknown, selected: unknown) => jobs(clicked, selected).map((job) => job.key);
  return {
    open: (clicked: unknown, selected?: unknown) => {
      const picked = jobs(clicked, selected);
      void tracker.markSeen(picked.map((job) => job.key));
      for (const job of picked.slice(0, 10)) parts.open(job.ref, { preserveFocus: picked.length === 1 });
    },
    openRaw: (clicked: unknown) => {
      const key = (clicked as { key?: unknown } | undefined)?.key;
      const ref = typeof key === "string" ? parseJobKey(key) : undefined;
      if (ref) return vscode.window.showTextDocument(rawUri(ref), { preview: true });
    },
    copyId: async (clicked: unknown, selected?: unknown) => {
      const picked = jobs(clicked, selected);
      if (picked.length === 0) return;
      await vscode.env.clipboard.writeText(picked.map((job) => job.ref.id).join("\n"));
      const text = picked.length === 1 ? t("Job id copied.") : t("{0} job ids copied.", picked.length);
      vscode.window.setStatusBarMessage(text, 3000);
    },
    refresh: (clicked: unknown, selected?: unknown) => refresh(parts, jobs(clicked, selected)),
    refreshAll: () => refresh(parts, everyRefreshable(tracker.jobs.values())),
    rename: async (clicked: unknown) => {
      const [job] = jobs(clicked, undefined);
      if (!job) return;
      const label = await vscode.window.showInputBox({
        title: t("Rename {0}", plain(jobName(job), 60)),
        prompt: t("A name of your own for this job. Leave it empty to go back to the service's name."),
        placeHolder: job.title ?? job.ref.id,
        value: job.label,
        validateInput: (text) => (text.length > 200 ? t("At most 200 characters.") : undefined),
      });
      if (label !== undefined) await tracker.setLabel(job.key, label);
    },
    pin: (clicked: unknown, selected?: unknown) => tracker.pin(keys(clicked, selected)),
    unpin: (clicked: unknown, selected?: unknown) => tracker.unpin(keys(clicked, selected)),
    pauseJob: (clicked: unknown, selected?: unknown) => tracker.pause(keys(clicked, selected)),
    resumeJob: (clicked: unknown, selected?: unknown) => tracker.resume(keys(clicked, selected)),
    remove: async (clicked: unknown, selected?: unknown) => {
      const picked = keys(clicked, selected);
      if (picked.length > 0) undo.offer(await tracker.untrack(picked));
    },
    clearFinished: async () => {
      const removed = await tracker.clearFinished();
      if (removed.keys.length > 0) undo.offer(removed);
      else void vscode.window.showInformationMessage(t("No tracked job has finished."));
    },
    undoRemove: () => undo.run(),
  };
}

/** Everything worth asking for again: unfinished jobs, and those whose last check failed. */
function everyRefreshable(jobs: Iterable<TrackedJob>): TrackedJob[] {
  return [...jobs].filter((job) => !isFinal(job.phase) || job.problem);
}

async function refresh(parts: Parts, jobs: TrackedJob[]): Promise<void> {
  if (jobs.length === 0) {
    vscode.window.setStatusBarMessage(t("All tracked jobs have finished: nothing to check."), 4000);
    return;
  }
  const keys = jobs.map((job) => job.key);
  if (keys.length === 1) {
    await vscode.window.withProgress({ location: { viewId: "vodJobs.jobs" } }, () => parts.tracker.refresh(keys));
    return;
  }
  const { answered, failed } = await withProgress(t("Checking {0} jobs", keys.length), (progress, signal) => {
    let before = 0;
    return parts.tracker.refresh(keys, {
      signal,
      onProgress: (done, total) => {
        progress.report({ message: t("{0} of {1}", done, total), increment: ((done - before) * 100) / total });
        before = done;
      },
    });
  });
  if (failed > 0)
    void vscode.window.showWarningMessage(
      t("Checked {0}; {1} could not be checked. The tree shows why; nothing was lost.", jobCount(answered), failed),
    );
}

/** Removing can be undone: by the message's button, by the command, until the window closes. */
class UndoRemove {
  readonly #parts: Parts;
  readonly #removed: RemovedJobs[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  offer(removed: RemovedJobs): void {
    if (removed.keys.length === 0) return;
    this.#removed.push(removed);
    this.#tell();
    const text = t("{0} no longer tracked.", jobCount(removed.keys.length));
    const undo = t("Undo");
    void vscode.window.showInformationMessage(text, undo).then((picked) => {
      if (picked === undo) return this.run(removed);
    });
  }

  /** Brings back what was removed: the given removal, else the last one. */
  async run(removed = this.#removed.at(-1)): Promise<void> {
    const at = removed ? this.#removed.indexOf(removed) : -1;
    if (!removed || at < 0) return;
    this.#removed.splice(at, 1);
    this.#tell();
    await this.#parts.tracker.restore(removed);
  }

  #tell(): void {
    void vscode.commands.executeCommand("setContext", "vodJobs.canUndoRemove", this.#removed.length > 0);
  }
}
