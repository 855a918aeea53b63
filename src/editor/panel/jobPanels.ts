import * as vscode from "vscode";
import { jobKey, parseJobKey } from "../../jobs/key.ts";
import type { JobRef } from "../../vod/types.ts";
import { Owner } from "../lifecycle.ts";
import { reach } from "../milestones.ts";
import type { JobPanel } from "./jobPanel.ts";
import type { JobPanelOptions, PanelActions, PanelCommand } from "./source.ts";
import type { Topologies } from "./topologies.ts";

export interface OpenOptions {
  /** Keep the keyboard focus where it is. */
  readonly preserveFocus?: boolean;
  /** Select this activity of a workflow task. */
  readonly activity?: string;
}

/** As of each panel, but for its actions: they are loaded with the first one. */
export interface JobPanelsOptions extends Omit<JobPanelOptions, "actions"> {
  actions(): Promise<PanelActions>;
}

/** A panel that the editor shows, and what fills it: loaded with the first one, undefined when it was closed before. */
interface Shown {
  readonly ref: JobRef;
  readonly frame: vscode.WebviewPanel;
  readonly panel: Promise<JobPanel | undefined>;
}

/**
 * One panel per job, reused; restored after a reload. Registers its serializer itself. What reads and draws a job is
 * loaded when the first panel opens: most windows start without one.
 */
export class JobPanels extends Owner implements vscode.WebviewPanelSerializer {
  /** For `when` clauses: `activeWebviewPanelId == 'vodJobs.job'`. */
  static readonly viewType = "vodJobs.job";

  readonly #options: JobPanelsOptions;
  readonly #shown = new Map<string, Shown>();
  #topologies: Topologies | undefined;

  constructor(options: JobPanelsOptions) {
    super();
    this.#options = options;
    this.own(vscode.window.registerWebviewPanelSerializer(JobPanels.viewType, this));
    this.own(options.source.onDidChange((keys) => this.#changed(keys)));
    this.own({
      dispose: () => {
        for (const { frame } of [...this.#shown.values()]) frame.dispose();
      },
    });
  }

  /** The job of the panel that has the focus. */
  get active(): JobRef | undefined {
    return [...this.#shown.values()].find(({ frame }) => frame.active)?.ref;
  }

  /** Shows the job's panel, a new one beside the others or the one that is there. */
  open(ref: JobRef, { preserveFocus = false, activity }: OpenOptions = {}): void {
    if (ref.type === "workflow") reach("openedWorkflow");
    let shown = this.#shown.get(jobKey(ref));
    if (shown) shown.frame.reveal(undefined, preserveFocus);
    else {
      const column = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
      shown = this.#add(vscode.window.createWebviewPanel(JobPanels.viewType, ref.id, column), ref);
    }
    if (activity !== undefined) void shown.panel.then((panel) => panel?.select(activity));
  }

  /** Runs a command on the panel of `ref`, or on the active one. Says so when there is none. */
  async run(command: PanelCommand, ref: JobRef | undefined = this.active): Promise<void> {
    const shown = ref && this.#shown.get(jobKey(ref));
    if (shown) await (await shown.panel)?.run(command);
    else await vscode.window.showInformationMessage(vscode.l10n.t("Open the panel of a job first."));
  }

  /** VS Code restores a panel after a reload: the page's state names the job. */
  async deserializeWebviewPanel(frame: vscode.WebviewPanel, state: unknown): Promise<void> {
    const key = (state as { ref?: unknown } | undefined)?.ref;
    const ref = typeof key === "string" ? parseJobKey(key) : undefined;
    if (ref && !this.#shown.has(jobKey(ref))) await this.#add(frame, ref).panel;
    else frame.dispose();
  }

  #add(frame: vscode.WebviewPanel, ref: JobRef): Shown {
    const key = jobKey(ref);
    const watching = this.#options.source.watch?.(ref);
    const shown = { ref, frame, panel: this.#fill(frame, ref) };
    this.#shown.set(key, shown);
    frame.onDidDispose(() => {
      this.#shown.delete(key);
      watching?.dispose();
      void shown.panel.then((panel) => panel?.dispose());
    });
    return shown;
  }

  async #fill(frame: vscode.WebviewPanel, ref: JobRef): Promise<JobPanel | undefined> {
    try {
      const [{ JobPanel }, { Topologies }, actions] = await Promise.all([
        import("./jobPanel.ts"),
        import("./topologies.ts"),
        this.#options.actions(),
      ]);
      this.#topologies ??= new Topologies(this.#options.kept);
      if (this.#shown.get(jobKey(ref))?.frame !== frame) return undefined;
      const options = { ...this.#options, actions };
      return new JobPanel(frame, ref, options, this.#topologies, (workflowId) => void this.#redraw(workflowId));
    } catch (error) {
      this.#options.log.error(`panel: ${error}`);
      frame.dispose();
      void vscode.window.showErrorMessage(vscode.l10n.t("The panel could not be opened. The log says why."));
      return undefined;
    }
  }

  /** Every panel of a workflow, whose topology is another now. */
  async #redraw(workflowId: string): Promise<void> {
    const panels = await Promise.all([...this.#shown.values()].map(({ panel }) => panel));
    for (const panel of panels) if (panel?.workflowId === workflowId) void panel.changed();
  }

  #changed(keys: Iterable<string> | undefined): void {
    const touched = keys === undefined ? [...this.#shown.keys()] : keys;
    for (const key of touched) void this.#shown.get(key)?.panel.then((panel) => panel?.changed());
  }
}
