import * as vscode from "vscode";
import type { JobTracker } from "../jobs/tracker.ts";
import type { TrackedJob } from "../jobs/types.ts";
import { Owner } from "./lifecycle.ts";
import { settings } from "./settings.ts";
import { isFinal } from "./words.ts";

const t = vscode.l10n.t;

/** Jobs that finish within `settle` are told of together, and messages are `quiet` apart at least; milliseconds. */
const apart = { settle: 500, quiet: 10_000 };
/** How long "Mute" lasts, milliseconds. */
const muteFor = 3_600_000;

/**
 * What tells a person by itself: the view's badge, the status-bar item, context keys for menus, and one message for
 * what finished. All are views of the tracker's jobs.
 */
export class Signals extends Owner {
  readonly #tracker: JobTracker;
  readonly #state: vscode.Memento;
  readonly #view: vscode.TreeView<unknown>;
  readonly #status: vscode.StatusBarItem;
  readonly #apart: typeof apart;
  #timer: NodeJS.Timeout | undefined;
  #lastDigest = 0;
  #contexts = new Map<string, unknown>();

  constructor(tracker: JobTracker, view: vscode.TreeView<unknown>, state: vscode.Memento, messages = apart) {
    super();
    this.#apart = messages;
    this.#state = state;
    this.#tracker = tracker;
    this.#view = view;
    this.#status = this.own(vscode.window.createStatusBarItem("vodJobs.status", vscode.StatusBarAlignment.Left));
    this.#status.name = t("VOD Jobs");
    this.#status.command = "vodJobs.showView";
    this.own({ dispose: () => clearTimeout(this.#timer) });
    this.own(tracker.onDidChange(() => this.#update()));
    this.own(settings.onDidChange(() => this.#update()));
    this.own(vscode.window.onDidChangeWindowState(() => this.#announce()));
    this.own(
      view.onDidChangeVisibility(() => {
        this.#see();
        this.#update();
      }),
    );
    this.#update();
  }

  #update(): void {
    let running = 0;
    let unseen = 0;
    for (const job of this.#tracker.jobs.values()) {
      if (!isFinal(job.phase)) running += 1;
      else if (!job.seen) unseen += 1;
    }
    this.#view.badge = badge(running, unseen);
    this.#showStatus(running, unseen);
    this.#tell("vodJobs.hasJobs", this.#tracker.jobs.size > 0);
    const accounts = [...this.#tracker.accounts.values()];
    this.#tell(
      "vodJobs.offline",
      accounts.some((one) => one.offlineSince !== undefined),
    );
    const current = this.#tracker.accounts.get(settings.account() || "default");
    this.#tell("vodJobs.noCredentials", current?.credentialProblem !== undefined);
    this.#tell("vodJobs.paused", settings.polling() === "off");
    this.#announce();
  }

  #showStatus(running: number, unseen: number): void {
    if (!settings.statusBar() || (running === 0 && unseen === 0)) {
      this.#status.hide();
      return;
    }
    const parts = [
      ...(running > 0 ? [{ text: `$(sync) ${running}`, words: t("{0} running", running) }] : []),
      ...(unseen > 0 ? [{ text: `$(error) ${unseen}`, words: t("{0} failed and not looked at", unseen) }] : []),
    ];
    this.#status.text = parts.map(({ text }) => text).join("  ");
    const words = parts.map(({ words }) => words).join(", ");
    this.#status.tooltip = t("VOD jobs: {0}. Click to show them.", words);
    this.#status.accessibilityInformation = { label: t("VOD jobs: {0}", words), role: "button" };
    this.#status.show();
  }

  #tell(key: string, value: unknown): void {
    if (this.#contexts.get(key) === value) return;
    this.#contexts.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }

  /** Leaving the view means its failures have been looked at; while it shows, the count stays so they can be found. */
  #see(): void {
    if (this.#view.visible) return;
    const unseen = [...this.#tracker.jobs.values()].filter((job) => !job.seen).map((job) => job.key);
    if (unseen.length > 0) void this.#tracker.markSeen(unseen);
  }

  /**
   * One message for what finished, at most one in a while and only in the focused window; what finishes meanwhile waits
   * for the next.
   */
  #announce(): void {
    if (this.#timer || !vscode.window.state.focused) return;
    const { settle, quiet } = this.#apart;
    // A last message ahead of now is of before the wall clock was set back.
    const wait = Math.min(quiet, Math.max(settle, this.#lastDigest + quiet - Date.now()));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#digest().catch(() => undefined);
    }, wait);
  }

  /** With notifications off or muted the jobs are taken all the same: turning them on later must not tell of the past. */
  async #digest(): Promise<void> {
    if (!vscode.window.state.focused) return;
    const finished = await this.#tracker.takeDigest();
    const announce = Date.now() < this.#state.get("mutedUntil", 0) ? "off" : settings.notifications();
    const told = finished.filter((job) => announce === "all" || (announce === "failures" && hasFailed(job)));
    if (told.length === 0) return;
    this.#lastDigest = Date.now();
    const open = t("Open");
    const mute = t("Mute for an Hour");
    const never = t("Don't Show Again");
    const show = told.some(hasFailed) ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    const { digestText } = await import("./digest.ts");
    const picked = await show(digestText(told, told.filter(hasFailed).length), open, mute, never);
    if (picked === open) await this.#open(told);
    if (picked === mute) await this.#state.update("mutedUntil", Date.now() + muteFor);
    if (picked === never) await settings.set("notifications", "off");
  }

  async #open(told: readonly TrackedJob[]): Promise<void> {
    const first = told.find(hasFailed) ?? told[0];
    if (told.length > 3 || !first) await vscode.commands.executeCommand("vodJobs.showView");
    else await vscode.commands.executeCommand("vodJobs.open", { key: first.key });
  }
}

function badge(running: number, unseen: number): vscode.ViewBadge | undefined {
  if (unseen > 0) return { value: unseen, tooltip: t("{0} failed and not looked at", unseen) };
  return running > 0 ? { value: running, tooltip: t("{0} running", running) } : undefined;
}

function hasFailed(job: TrackedJob): boolean {
  return job.phase === "failed" || (job.failedActivities ?? 0) > 0;
}
