import * as vscode from "vscode";
import { findKnownIds } from "../../jobs/ids/find.ts";
import type { JobTracker } from "../../jobs/tracker.ts";
import type { TrackedJob } from "../../jobs/types.ts";
import type { Phase } from "../../vod/types.ts";
import { Owner } from "../lifecycle.ts";
import { plain } from "../plain.ts";
import { isFinal, phaseWord } from "../words.ts";
import type { TrackedIds } from "./trackedIds.ts";

const t = vscode.l10n.t;

/** Changes that come together are drawn together; milliseconds. */
const settleFor = 100;
/** The most of a visible range that is searched, in characters: one line may be very long. */
const longestRange = 100_000;

/**
 * The live status behind tracked ids in visible editors, until it is disposed. Looks only at what is visible and only
 * for tracked ids.
 */
export class InlineStatus extends Owner {
  readonly #ids: TrackedIds;
  readonly #face = this.own(
    vscode.window.createTextEditorDecorationType({
      after: {
        margin: "0 0 0 1ch",
        color: new vscode.ThemeColor("descriptionForeground"),
        fontStyle: "italic", // it may stand in a string, before the quotation mark
      },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  );
  /** What each editor shows: most changes of jobs change nothing of it. */
  readonly #drawn = new WeakMap<vscode.TextEditor, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tracker: JobTracker, ids: TrackedIds) {
    super();
    this.#ids = ids;
    const soon = () => {
      this.#timer ??= setTimeout(() => this.#draw(), settleFor);
    };
    this.own({ dispose: () => clearTimeout(this.#timer) });
    this.own(tracker.onDidChange(soon));
    this.own(vscode.window.onDidChangeVisibleTextEditors(soon));
    this.own(vscode.window.onDidChangeTextEditorVisibleRanges(soon));
    this.own(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (vscode.window.visibleTextEditors.some((editor) => editor.document === document)) soon();
      }),
    );
    this.#draw();
  }

  #draw(): void {
    this.#timer = undefined;
    for (const editor of vscode.window.visibleTextEditors) {
      const statuses = visibleStatuses(editor, this.#ids);
      const now = JSON.stringify([editor.document.version, statuses]);
      if (this.#drawn.get(editor) === now) continue;
      this.#drawn.set(editor, now);
      editor.setDecorations(this.#face, statuses);
    }
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
