import * as vscode from "vscode";
import type { FoundId } from "../jobs/ids/find.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { TrackedJob } from "../jobs/types.ts";
import { FailedActivities } from "./doors/failedActivities.ts";
import { idAt } from "./doors/idAt.ts";
import type { TrackedIds } from "./doors/trackedIds.ts";
import { reach } from "./milestones.ts";
import { plain } from "./plain.ts";
import { jobTooltip } from "./tree/jobTooltip.ts";
import { typeWord } from "./words.ts";

const t = vscode.l10n.t;

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

  constructor(tracker: JobTracker, ids: TrackedIds) {
    this.#tracker = tracker;
    this.#ids = ids;
    this.#failed = new FailedActivities(tracker);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (token.isCancellationRequested) return undefined;
    const { line, character } = position;
    const place = idAt(document, line, character, this.#ids.known);
    if (!place) return undefined;
    const range = new vscode.Range(line, place.start, line, place.end);
    const jobs = this.#ids.jobsOf(place.found.id);
    if (jobs.length === 0) return new vscode.Hover(offer(place.found), range);
    reach("hovered");
    const parts = await Promise.all(jobs.slice(0, mostJobs).map((job) => this.#stateOf(job, place.found.id, token)));
    return token.isCancellationRequested ? undefined : new vscode.Hover(parts.flat(), range);
  }

  /** What failed and what can be done stand first: a hover may be too small for all the facts that follow. */
  async #stateOf(job: TrackedJob, id: string, token: vscode.CancellationToken): Promise<vscode.MarkdownString[]> {
    const names = await within(patience, this.#failed.namesOf(job), [], token);
    const first = new vscode.MarkdownString(undefined, true);
    if (names.length > 0) {
      const more = names.length > mostNames ? ` ${t("and {0} more", names.length - mostNames)}` : "";
      const list = names.slice(0, mostNames).map((name) => plain(name, 60));
      first
        .appendMarkdown("$(error) ")
        .appendText(t("Failed activities: {0}", list.join(", ")) + more)
        .appendMarkdown("\n\n");
    }
    links(first, [
      [t("Open details"), "vodJobs.open", { key: job.key }],
      [t("Refresh"), "vodJobs.refresh", { key: job.key }],
      [t("Copy id"), "vodJobs.copyId", { key: job.key }],
    ]);
    return [first, jobTooltip(job, this.#tracker.accounts.get(job.ref.account), Date.now(), id)];
  }
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
