import * as vscode from "vscode";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { JobRef } from "../../vod/types.ts";
import type { Accounts } from "../accounts.ts";
import type { DemoAccount } from "../demoAccount.ts";
import type { ToolParts } from "../languageModelTool.ts";
import type { Log } from "../log.ts";
import type { McpParts } from "../mcpStart.ts";
import type { JobPanels } from "../panel/jobPanels.ts";
import { plain } from "../plain.ts";
import type { JobsTree } from "../tree/jobsTree.ts";

/** What commands work with; made by `window.ts`. */
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

/** What agents' tools and their server work with. */
export interface AgentParts extends ToolParts, McpParts {
  readonly accounts: Accounts;
  /** The product's version. */
  readonly version: string;
}

/** All parts of a window. */
export interface OpenWindow extends Parts, vscode.Disposable {
  readonly demo: DemoAccount;
  readonly panels: JobPanels;
  readonly agents: AgentParts;
  /** All that the editor disposes when the extension goes. */
  readonly subscriptions: readonly vscode.Disposable[];
  /** Resolves when what is tracked has been read. */
  readonly ready: Promise<void>;
  /** Gives leases back and closes the database. */
  close(): Promise<void>;
}

/** Runs long work under a progress notification that can be canceled. */
export function withProgress<T>(
  title: string,
  work: (progress: vscode.Progress<{ message?: string; increment?: number }>, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable: true },
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
