import * as vscode from "vscode";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { JobRef } from "../../vod/types.ts";
import type { Accounts } from "../accounts.ts";
import type { Log } from "../log.ts";
import { showProblem } from "../sentences.ts";
import type { JobsTree } from "../tree/jobsTree.ts";

/** What commands work with; made by `extension.ts`. */
export interface Parts {
  readonly tracker: JobTracker;
  readonly accounts: Accounts;
  readonly tree: JobsTree;
  readonly log: Log & { show(): void };
  /** Flags that outlive the session. */
  readonly state: vscode.Memento;
  /** Shows a job's panel. */
  open(ref: JobRef, options?: { preserveFocus?: boolean }): void;
}

/** Registers a command whose failure becomes a sentence with a next step, never a stack trace. */
export function command(
  parts: Pick<Parts, "log">,
  id: string,
  run: (...args: unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(`vodJobs.${id}`, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      parts.log.error(`command ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      void showProblem(error);
      return undefined;
    }
  });
}

/** Runs long work under a progress notification that can be canceled. */
export function withProgress<T>(
  title: string,
  work: (progress: vscode.Progress<{ message?: string; increment?: number }>, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => abort.abort());
      try {
        return await work(progress, abort.signal);
      } finally {
        listening.dispose();
      }
    },
  );
}
