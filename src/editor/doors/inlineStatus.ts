import * as vscode from "vscode";
import { findKnownIds } from "../../jobs/ids.ts";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { TrackedJob } from "../../jobs/types.ts";
import type { Phase } from "../../vod/types.ts";
import { Owner } from "../lifecycle.ts";
import { plain } from "../sentences.ts";
import { settings } from "../settings.ts";
import { isFinal, phaseWord } from "../words.ts";
import type { TrackedIds } from "./trackedIds.ts";

const t = vscode.l10n.t;

/** Changes that come together are drawn together; milliseconds. */
const settleFor = 100;
/** The most of a visible range that is searched, in characters: one line may be very long. */
const longestRange = 100_000;

/**
 * The live status behind tracked ids in visible editors: off by default, switched on by `vodJobs.inlineStatus`. Looks
 * only at what is visible and only for tracked ids.
 */
export class InlineStatus extends Owner {
  readonly #ids: TrackedIds;
  #shown: vscode.Disposable | undefined;

  constructor(ids: TrackedIds, tracker: JobTracker) {
    super();
    this.#ids = ids;
    this.own({ dispose: () => this.#hide() });
    this.own(
      settings.onDidChange((affects) => {
        if (affects("inlineStatus")) this.#follow(tracker);
      }),
    );
    this.#follow(tracker);
  }

  #follow(tracker: JobTracker): void {
    const wanted = vscode.workspace.getConfiguration("vodJobs").get<boolean>("inlineStatus") === true;
    if (wanted === (this.#shown !== undefined)) return;
    if (wanted) this.#shown = this.#show(tracker);
    else this.#hide();
  }

  #hide(): void {
    this.#shown?.dispose();
    this.#shown = undefined;
  }

  #show(tracker: JobTracker): vscode.Disposable {
    const face = vscode.window.createTextEditorDecorationType({
      after: { margin: "0 0 0 1ch", color: new vscode.ThemeColor("editorCodeLens.foreground") },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    let timer: NodeJS.Timeout | undefined;
    /** What each editor shows: most changes of jobs change nothing of it. */
    const drawn = new WeakMap<vscode.TextEditor, string>();
    const draw = () => {
      timer = undefined;
      for (const editor of vscode.window.visibleTextEditors) {
        const statuses = visibleStatuses(editor, this.#ids);
        const now = JSON.stringify([editor.document.version, statuses]);
        if (drawn.get(editor) === now) continue;
        drawn.set(editor, now);
        editor.setDecorations(face, statuses);
      }
    };
    const soon = () => {
      timer ??= setTimeout(draw, settleFor);
    };
    const isVisible = (document: vscode.TextDocument) =>
      vscode.window.visibleTextEditors.some((editor) => editor.document === document);
    draw();
    return vscode.Disposable.from(
      { dispose: () => clearTimeout(timer) },
      tracker.onDidChange(soon),
      vscode.window.onDidChangeVisibleTextEditors(soon),
      vscode.window.onDidChangeTextEditorVisibleRanges(soon),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isVisible(document)) soon();
      }),
      face,
    );
  }
}

/** What is shown in an editor: behind each tracked id that is visible, the status of its jobs. */
export function visibleStatuses(
  { document, visibleRanges }: Pick<vscode.TextEditor, "document" | "visibleRanges">,
  ids: TrackedIds,
): vscode.DecorationOptions[] {
  return visibleRanges.flatMap((visible) => {
    const start = document.offsetAt(visible.start);
    const text = document.getText(visible).slice(0, longestRange);
    return findKnownIds(text, ids.known).map((found) => {
      const end = document.positionAt(start + found.end);
      const contentText = ids.jobsOf(found.id).map(shortStatus).join(" · ");
      return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } } };
    });
  });
}

const marks: Record<Phase, string> = {
  waiting: "◷",
  running: "↻",
  succeeded: "✓",
  failed: "✗",
  canceled: "⊘",
  skipped: "↷",
  unknown: "?",
};

/** A job's status in a few characters: a sign and a word. */
function shortStatus(job: TrackedJob): string {
  if (job.problem && !isFinal(job.phase)) return `⚠ ${t("Cannot be checked")}`;
  if (!job.checkedAt) return `◷ ${t("Not checked yet")}`;
  if (job.phase === "succeeded" && job.failedActivities) return `⚠ ${t("Succeeded, {0} failed", job.failedActivities)}`;
  const word = job.phase === "unknown" && job.status ? plain(job.status, 40) : phaseWord(job.phase);
  return `${marks[job.phase]} ${word}`;
}
