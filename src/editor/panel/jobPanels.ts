import * as vscode from "vscode";
import { jobKey, parseJobKey } from "../../jobs/key.ts";
import type { JobRef } from "../../vod/types.ts";
import { Owner } from "../lifecycle.ts";
import { JobPanel } from "./jobPanel.ts";
import type { JobPanelsOptions, PanelCommand } from "./source.ts";
import { Topologies } from "./topologies.ts";

export interface OpenOptions {
  /** Keep the keyboard focus where it is. */
  readonly preserveFocus?: boolean;
  /** Select this activity of a workflow task. */
  readonly activity?: string;
}

/** One panel per job, reused; restored after a reload. Registers its serializer itself. */
export class JobPanels extends Owner implements vscode.WebviewPanelSerializer {
  /** For `when` clauses: `activeWebviewPanelId == 'vodJobs.job'`. */
  static readonly viewType = "vodJobs.job";

  readonly #options: JobPanelsOptions;
  readonly #topologies: Topologies;
  readonly #panels = new Map<string, JobPanel>();

  constructor(options: JobPanelsOptions) {
    super();
    this.#options = options;
    this.#topologies = new Topologies(options.kept);
    this.own(vscode.window.registerWebviewPanelSerializer(JobPanels.viewType, this));
    this.own(options.source.onDidChange((keys) => this.#changed(keys)));
    this.own({
      dispose: () => {
        for (const panel of [...this.#panels.values()]) panel.dispose();
      },
    });
  }

  /** The job of the panel that has the focus. */
  get active(): JobRef | undefined {
    return [...this.#panels.values()].find((panel) => panel.active)?.ref;
  }

  /** Shows the job's panel, a new one beside the others or the one that is there. */
  open(ref: JobRef, { preserveFocus = false, activity }: OpenOptions = {}): void {
    let panel = this.#panels.get(jobKey(ref));
    if (!panel) {
      const column = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
      panel = this.#add(vscode.window.createWebviewPanel(JobPanels.viewType, ref.id, column), ref);
    }
    panel.reveal(preserveFocus, activity);
  }

  /** Runs a command on the panel of `ref`, or on the active one. Says so when there is none. */
  async run(command: PanelCommand, ref: JobRef | undefined = this.active): Promise<void> {
    const panel = ref && this.#panels.get(jobKey(ref));
    if (panel) await panel.run(command);
    else await vscode.window.showInformationMessage(vscode.l10n.t("Open the panel of a job first."));
  }

  /** VS Code restores a panel after a reload: the page's state names the job. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const key = (state as { ref?: unknown } | undefined)?.ref;
    const ref = typeof key === "string" ? parseJobKey(key) : undefined;
    if (ref && !this.#panels.has(jobKey(ref))) this.#add(panel, ref);
    else panel.dispose();
  }

  #add(webviewPanel: vscode.WebviewPanel, ref: JobRef): JobPanel {
    const key = jobKey(ref);
    const redrawAll = (workflowId: string) => {
      for (const other of this.#panels.values()) if (other.workflowId === workflowId) void other.changed();
    };
    const panel = new JobPanel(webviewPanel, ref, this.#options, this.#topologies, redrawAll);
    this.#panels.set(key, panel);
    const watching = this.#options.source.watch?.(ref);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(key);
      watching?.dispose();
      panel.dispose();
    });
    return panel;
  }

  #changed(keys: Iterable<string> | undefined): void {
    const touched = keys === undefined ? this.#panels.keys() : keys;
    for (const key of touched) void this.#panels.get(key)?.changed();
  }
}
