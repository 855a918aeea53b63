import * as vscode from "vscode";
import type { JobRef } from "../../vod/types.ts";
import { type Parts, withProgress } from "../commands/parts.ts";
import { plain } from "../plain.ts";
import { showProblem } from "../sentences.ts";
import { jobsOf } from "../tree/jobsTree.ts";
import { jobCount, typeWord } from "../words.ts";
import { jobLink, type LinkedJob, parseJobLink } from "./jobLink.ts";
import type { TrackedIds } from "./trackedIds.ts";

const t = vscode.l10n.t;

/**
 * What happens when a link to a job is opened. Any web page can open one, so the person is asked first, one question at
 * a time, and all that a link can do is look up a job.
 */
export class DeepLinks implements vscode.UriHandler {
  readonly #parts: Parts;
  readonly #ids: TrackedIds;
  #asking = false;

  constructor(parts: Parts, ids: TrackedIds) {
    this.#parts = parts;
    this.#ids = ids;
  }

  async handleUri(uri: vscode.Uri): Promise<void> {
    const job = parseJobLink(uri);
    if (!job) {
      this.#parts.log.warn("a link was refused: it is none that this extension makes");
      void vscode.window.showWarningMessage(
        t("This link is none that “Copy Link to Job” makes. Nothing was done; to look up a job, paste its id."),
      );
      return;
    }
    // A page that opens links again and again gets one question, not a pile of them.
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#ask(job);
    } finally {
      this.#asking = false;
    }
  }

  async #ask(job: LinkedJob): Promise<void> {
    const ref = this.#refOf(job);
    const lookUp = t("Look Up");
    const detail = [
      t("Id: {0}", plain(ref.id, 80)),
      t("Type: {0}", typeWord(ref.type)),
      t("Region: {0}", ref.region),
      t("Account: {0}", ref.account),
      "",
      t("A link asked for this. It asks the service once with your account; nothing else is changed."),
    ].join("\n");
    const answer = await vscode.window.showInformationMessage(
      t("Look up this VOD job?"),
      { modal: true, detail },
      lookUp,
    );
    if (answer !== lookUp) return;
    const found = await withProgress(t("Looking up {0}", ref.id), async (_, signal) => {
      try {
        await this.#parts.tracker.lookUp(ref, { signal });
        return true;
      } catch (error) {
        if (!signal.aborted) void showProblem(error, ref);
        return false;
      }
    });
    if (found) this.#parts.open(ref);
  }

  /** A tracked job is asked for with its own account, any other with the current one. */
  #refOf({ type, id, region }: LinkedJob): JobRef {
    const { current } = this.#parts.accounts;
    const tracked = this.#ids.jobsOf(id).filter(({ ref }) => ref.type === type && ref.region === region);
    const own = tracked.find(({ ref }) => ref.account === current) ?? tracked[0];
    return own?.ref ?? { account: current, region, type, id };
  }
}

/** *Copy Link to Job*: one line for each of the jobs. */
export async function copyLink({ tracker, tree }: Parts, clicked: unknown, selected: unknown): Promise<void> {
  const jobs = jobsOf(tracker, clicked, selected ?? tree.view.selection);
  const links = jobs.map(({ ref }) => jobLink(vscode.env.uriScheme, ref)).filter((link) => link !== undefined);
  if (links.length > 0) {
    await vscode.env.clipboard.writeText(links.join("\n"));
    const text = links.length === 1 ? t("Link copied.") : t("{0} links copied.", links.length);
    vscode.window.setStatusBarMessage(text, 3000);
  }
  const without = jobs.length - links.length;
  if (without > 0) {
    void vscode.window.showWarningMessage(
      t("No link to {0}: the id has characters that a link cannot carry. Copy the id instead.", jobCount(without)),
    );
  }
}
