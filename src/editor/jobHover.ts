import * as vscode from "vscode";
import { type FoundId, findJobIds, findKnownIds } from "../jobs/ids.ts";
import type { IdPlace } from "../jobs/knownIds.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { TrackedJob } from "../jobs/types.ts";
import { FailedActivities } from "./doors/failedActivities.ts";
import { TrackedIds } from "./doors/trackedIds.ts";
import { plain } from "./sentences.ts";
import { settings } from "./settings.ts";
import { jobTooltip } from "./tree/jobItem.ts";
import { typeWord } from "./words.ts";

const t = vscode.l10n.t;

/** How much of a long line is searched to either side of the pointer, in characters. */
const lineReach = 2_000;
/** How long an id is that the service makes, in characters. */
const usualLength = 32;
/** How many lines above and below are read for what they say of an id, and how many characters of them. */
const linesAround = 60;
const charactersAround = 6_000;
/** A stored answer that takes longer to read is left out of the hover; milliseconds. */
const patience = 250;
const mostJobs = 5;
const mostNames = 8;

/**
 * The hover on job ids, in every language and in untitled and output documents: the state of tracked jobs from memory,
 * else links to look up or track. Reads the pointer's line and a little around it, and never spends a call by itself.
 */
export class JobHover implements vscode.HoverProvider {
  readonly #tracker: JobTracker;
  readonly #ids: TrackedIds;
  readonly #failed: FailedActivities;

  constructor(tracker: JobTracker, ids = new TrackedIds(tracker)) {
    this.#tracker = tracker;
    this.#ids = ids;
    this.#failed = new FailedActivities(tracker);
  }

  register(): vscode.Disposable {
    return vscode.languages.registerHoverProvider({ scheme: "*" }, this);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!settings.hover() || token.isCancellationRequested) return undefined;
    const found = this.#idAt(document, position);
    if (!found) return undefined;
    const jobs = this.#ids.jobsOf(found.id.id);
    if (jobs.length === 0) return new vscode.Hover(offer(found.id), found.range);
    const tips = await Promise.all(jobs.slice(0, mostJobs).map((job) => this.#stateOf(job, token)));
    return token.isCancellationRequested ? undefined : new vscode.Hover(tips, found.range);
  }

  #idAt(document: vscode.TextDocument, position: vscode.Position): { id: FoundId; range: vscode.Range } | undefined {
    const from = Math.max(0, position.character - lineReach);
    const near = new vscode.Range(position.line, from, position.line, position.character + lineReach);
    const line = document.getText(near);
    const at = position.character - from;
    if (!this.#mayBeAt(line, at)) return undefined;
    const above = from > 0 ? "" : linesBefore(document, position.line);
    const text = above + line + linesAfter(document, position.line);
    const pointer = above.length + at;
    const id = findJobIds(text, this.#ids.known, { start: pointer - 1, end: pointer + 1 }).find(isAt(pointer));
    if (!id) return undefined;
    const start = id.start - above.length + from;
    return { id, range: new vscode.Range(position.line, start, position.line, start + id.end - id.start) };
  }

  /** Whether anything at the pointer has the form of an id, or is tracked: most hovers end here. */
  #mayBeAt(line: string, at: number): boolean {
    const word = line.slice(Math.max(0, at - usualLength), at + usualLength);
    return /[0-9a-fA-F]{32}/.test(word) || findKnownIds(line, this.#ids.known).some(isAt(at));
  }

  async #stateOf(job: TrackedJob, token: vscode.CancellationToken): Promise<vscode.MarkdownString> {
    const names = await within(patience, this.#failed.namesOf(job), [], token);
    const tip = jobTooltip(job, this.#tracker.accounts.get(job.ref.account), Date.now());
    if (names.length > 0) {
      const more = names.length > mostNames ? ` ${t("and {0} more", names.length - mostNames)}` : "";
      const list = names.slice(0, mostNames).map((name) => plain(name, 60));
      tip.appendMarkdown("\n\n$(error) ").appendText(t("Failed activities: {0}", list.join(", ")) + more);
    }
    tip.appendMarkdown("\n\n");
    links(tip, [
      [t("Open details"), "vodJobs.open", { key: job.key }],
      [t("Refresh"), "vodJobs.refresh", { key: job.key }],
      [t("Copy id"), "vodJobs.copyId", { key: job.key }],
    ]);
    return tip;
  }
}

/** Whether an id is under the pointer, which stands before the character `at`. */
function isAt(at: number): (place: IdPlace) => boolean {
  return ({ start, end }) => start <= at && at <= end;
}

/** The lines before `line`, at most so many characters of them, each ending in a line break. */
function linesBefore(document: vscode.TextDocument, line: number): string {
  const lines: string[] = [];
  let left = charactersAround;
  for (let at = line - 1; at >= 0 && at >= line - linesAround && left > 0; at--) {
    const text = `${document.lineAt(at).text.slice(-left)}\n`;
    left -= text.length;
    lines.push(text);
  }
  return lines.reverse().join("");
}

/** The lines after `line`, at most so many characters of them, each begun by a line break. */
function linesAfter(document: vscode.TextDocument, line: number): string {
  let text = "";
  for (let at = line + 1; at < document.lineCount && at <= line + linesAround && text.length < charactersAround; at++)
    text += `\n${document.lineAt(at).text.slice(0, charactersAround)}`;
  return text;
}

/** What `wanted` gives, else `otherwise` when it takes longer than `ms` or nobody waits any more. */
function within<T>(ms: number, wanted: Promise<T>, otherwise: T, token: vscode.CancellationToken): Promise<T> {
  return new Promise((resolve) => {
    const stop = (value: T) => {
      clearTimeout(timer);
      listening.dispose();
      resolve(value);
    };
    const timer = setTimeout(() => stop(otherwise), ms);
    const listening = token.onCancellationRequested(() => stop(otherwise));
    void wanted.then(stop, () => stop(otherwise));
  });
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
