import * as vscode from "vscode";
import type { JobRef } from "../../vod/types.ts";
import { Owner } from "../lifecycle.ts";
import type { Log } from "../log.ts";
import type { KeptValues, PanelActions, PanelSource } from "./source.ts";

export interface JobPanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly source: PanelSource;
  readonly actions: PanelActions;
  /** `ExtensionContext.globalState` will do. */
  readonly kept: KeptValues;
  readonly log: Log;
}

export interface OpenOptions {
  /** Keep the keyboard focus where it is. */
  readonly preserveFocus?: boolean;
  /** Select this activity of a workflow task. */
  readonly activity?: string;
}

/** What can be done with the view of a panel. */
export type PanelCommand = "exportSvg" | "exportPng" | "copyMarkdown" | "attachTopology" | "detachTopology";

/**
 * One panel per job, reused; restored after a reload. Registers its serializer itself.
 * Times are milliseconds since 1970.
 */
export class JobPanels extends Owner implements vscode.WebviewPanelSerializer {
  /** For `when` clauses: `activeWebviewPanelId == 'vodJobs.job'`. */
  static readonly viewType = "vodJobs.job";

  constructor(options: JobPanelsOptions) {
    super();
    void options;
    this.own(vscode.window.registerWebviewPanelSerializer(JobPanels.viewType, this));
  }

  /** The job of the panel that has the focus. */
  get active(): JobRef | undefined {
    return undefined;
  }

  /** Shows the job's panel, a new one beside the others or the one that is there. */
  open(ref: JobRef, options: OpenOptions = {}): void {
    void ref;
    void options;
  }

  /** Runs a command on the panel of `ref`, or on the active one. Says so when there is none. */
  async run(command: PanelCommand, ref: JobRef | undefined = this.active): Promise<void> {
    void command;
    void ref;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    void panel;
    void state;
  }
}
