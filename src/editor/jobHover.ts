import * as vscode from "vscode";
import { type FoundId, findJobIds } from "../jobs/ids.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { TrackedJob } from "../jobs/types.ts";
import { settings } from "./settings.ts";
import { jobTooltip } from "./tree/jobItem.ts";
import { typeWord } from "./words.ts";

const t = vscode.l10n.t;

/** How much of a long line is searched to either side of the pointer, in characters. */
const reach = 2_000;
/** How many lines above are read for what they say of an id's type. */
const linesAbove = 5;

/**
 * The hover on job ids: the state of tracked jobs from memory, else links to look up or track.
 * Never spends a call by itself.
 */
export class JobHover implements vscode.HoverProvider {
  readonly #tracker: JobTracker;

  constructor(tracker: JobTracker) {
    this.#tracker = tracker;
  }

  register(): vscode.Disposable {
    return vscode.languages.registerHoverProvider([{ scheme: "*" }, { scheme: "output" }], this);
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!settings.hover()) return undefined;
    const found = this.#idAt(document, position);
    if (!found) return undefined;
    const { id, range } = found;
    const tracked = [...this.#tracker.jobs.values()].filter((job) => job.ref.id === id.id);
    return new vscode.Hover(tracked.length > 0 ? tracked.map((job) => this.#stateOf(job)) : [offer(id)], range);
  }

  #idAt(document: vscode.TextDocument, position: vscode.Position): { id: FoundId; range: vscode.Range } | undefined {
    const from = Math.max(0, position.character - reach);
    const near = new vscode.Range(position.line, from, position.line, position.character + reach);
    const above = new vscode.Range(Math.max(0, position.line - linesAbove), 0, position.line, from);
    const line = document.getText(near);
    // Whether there is any candidate is asked of the line alone: most hovers end here.
    const known = this.#knownIn(line);
    if (known.length === 0 && !/[0-9a-fA-F]{32}/.test(line)) return undefined;
    const before = document.getText(above).slice(-reach);
    const offset = before.length;
    const at = offset + position.character - from;
    const id = findJobIds(before + line, known).find((one) => one.start >= offset && one.start <= at && at <= one.end);
    if (!id) return undefined;
    const start = id.start - offset + from;
    return { id, range: new vscode.Range(position.line, start, position.line, start + id.id.length) };
  }

  /** The tracked ids that stand in a line: found by its words, so that 10,000 tracked jobs cost no 10,000 searches. */
  #knownIn(line: string): string[] {
    const words = new Set(line.match(/[\w*.-]{6,}/g) ?? []);
    if (words.size === 0) return [];
    const known = new Set<string>();
    for (const { ref } of this.#tracker.jobs.values()) if (words.has(ref.id)) known.add(ref.id);
    return [...known];
  }

  #stateOf(job: TrackedJob): vscode.MarkdownString {
    const account = this.#tracker.accounts.get(job.ref.account);
    const tip = jobTooltip(job, account, Date.now());
    tip.appendMarkdown("\n\n");
    links(tip, [
      [t("Open details"), "vodJobs.open", { key: job.key }],
      [t("Refresh"), "vodJobs.refresh", { key: job.key }],
      [t("Copy id"), "vodJobs.copyId", { key: job.key }],
    ]);
    return tip;
  }
}

/** What is offered for an id that is not tracked. */
function offer(id: FoundId): vscode.MarkdownString {
  const tip = new vscode.MarkdownString(undefined, true);
  const kind = id.type ? typeWord(id.type) : t("job");
  tip.appendText(id.because === "form" ? t("This may be the id of a VOD job.") : t("The id of a VOD {0}.", kind));
  tip.appendMarkdown("\n\n");
  const given = { id: id.id, type: id.type };
  links(tip, [
    [t("Look up"), "vodJobs.lookUp", given],
    [t("Track"), "vodJobs.track", given],
  ]);
  return tip;
}

/** Appends command links; only these commands are trusted, and each checks its arguments again. */
function links(tip: vscode.MarkdownString, entries: readonly (readonly [string, string, unknown])[]): void {
  tip.isTrusted = { enabledCommands: entries.map(([, id]) => id) };
  tip.appendMarkdown(
    entries
      .map(([text, id, given]) => `[${text}](command:${id}?${encodeURIComponent(JSON.stringify([given]))})`)
      .join(" · "),
  );
}
