import * as vscode from "vscode";
import { StorageError } from "../jobs/storageError.ts";
import type { HubNotice, JobProblem } from "../jobs/types.ts";
import { type SearchedPlace, VodError, type VodErrorKind } from "../vod/errors.ts";
import { plain } from "./plain.ts";
import { technicalWords } from "./technical.ts";
import { jobCount, moment } from "./words.ts";

const t = vscode.l10n.t;

/** Something a person can do next: the title of a button and the command behind it. */
export interface NextStep {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

export interface Sentence {
  /** What happened and what is safe, in one or two sentences. */
  readonly text: string;
  readonly next: readonly NextStep[];
}

/** The facts of a failed call: a `VodError`, or the `JobProblem` that is kept of one. */
type Facts = Pick<JobProblem, "kind" | "code" | "message" | "requestId" | "recommend"> & {
  readonly searched?: readonly SearchedPlace[];
};

const step = {
  switchAccount: (): NextStep => ({ title: t("Switch Account…"), command: "vodJobs.switchAccount" }),
  addKey: (): NextStep => ({ title: t("Add Access Key…"), command: "vodJobs.addKey" }),
  copyPolicy: (): NextStep => ({ title: t("Copy Minimal Policy"), command: "vodJobs.copyPolicy" }),
  region: (): NextStep => ({ title: t("Choose Region…"), command: "vodJobs.chooseRegion" }),
  log: (): NextStep => ({ title: t("Show Log"), command: "vodJobs.showLog" }),
  troubleshoot: (facts: Facts): NextStep[] =>
    facts.requestId
      ? [{ title: t("Troubleshoot"), command: "vodJobs.troubleshoot", args: [facts.code ?? "", facts.requestId] }]
      : [],
};

/**
 * The sentence for a failed call, with what to do next (`vod-facts` §4).
 * `tracked`: say that the tracked jobs are kept, where a person may fear for them.
 */
export function problemSentence(facts: Facts, now = Date.now()): Sentence {
  const code = facts.code ? ` (${plain(facts.code, 80)})` : "";
  const by: Record<VodErrorKind, () => Sentence> = {
    throttled: () => ({
      text: t("The service is slowing this account down{0}. Checks go on by themselves, more slowly.", code),
      next: [step.log()],
    }),
    credentials: () => credentialSentence(facts, code),
    "expired-token": () => ({
      text: t(
        "The security token of this account has expired{0}. Renew it where it came from, or switch the account.",
        code,
      ),
      next: [step.switchAccount(), step.log()],
    }),
    permission: () => ({
      text: t(
        "This account may not ask for job details{0}. It needs the RAM action vod:GetJobDetail on all resources; a minimal policy can be copied.",
        code,
      ),
      next: [step.copyPolicy(), step.switchAccount(), ...step.troubleshoot(facts)],
    }),
    "clock-skew": () => ({
      text: t(
        "The clock of this computer differs too much from the service's{0}. Set the clock (it reads {1}) and try again.",
        code,
        moment(now, now),
      ),
      next: [step.log()],
    }),
    "not-found": () => ({
      text: t(
        "No such job here{0}. Check the id, the type and the region; the service forgets jobs after six months.",
        code,
      ),
      next: [step.region(), step.switchAccount()],
    }),
    invalid: () => ({
      text: t("The service did not accept the request{0}: {1}", code, plain(technicalWords(facts.message), 200)),
      next: [...step.troubleshoot(facts), step.log()],
    }),
    service: () => ({
      text: t("The service had an error of its own{0}. It is asked again later.", code),
      next: [...step.troubleshoot(facts), step.log()],
    }),
    network: () => ({
      text: t(
        "The service cannot be reached{0}. Check the network and the proxy settings; tracked jobs are kept.",
        code,
      ),
      next: [step.log()],
    }),
    timeout: () => ({ text: t("The service did not answer in time. It is asked again later."), next: [step.log()] }),
    cancelled: () => ({ text: t("Canceled."), next: [] }),
    malformed: () => ({
      text: t("The answer was not one of the service's: {0}", plain(technicalWords(facts.message), 200)),
      next: [step.log()],
    }),
  };
  return by[facts.kind]();
}

function credentialSentence(facts: Facts, code: string): Sentence {
  const next = [step.switchAccount(), step.addKey(), step.log()];
  if (facts.searched) {
    const places = facts.searched.map(placeText).join("; ");
    const text = t("No credentials were found. Looked in: {0}. Choose another account, or add an access key.", places);
    return { text, next };
  }
  const text = facts.code
    ? t("The service did not accept the access key{0}. Check it, or switch the account; tracked jobs are kept.", code)
    : t("No usable credentials: {0}", plain(technicalWords(facts.message), 600));
  return { text, next };
}

/** "the CLI profile dev in ~/.aliyun/config.json (failed: …)": a place that was searched, and how that ended. */
function placeText({ place, where, outcome, reason }: SearchedPlace): string {
  const names: Record<SearchedPlace["place"], string> = {
    environment: t("environment variables"),
    oidc: t("OIDC role"),
    "cli-profile": t("CLI profile"),
    "credentials-file": t("credentials file"),
    "ecs-metadata": t("ECS instance role"),
    "credentials-uri": t("credentials URI"),
  };
  const ends: Record<SearchedPlace["outcome"], string> = {
    absent: t("not there"),
    skipped: t("not set up here"),
    failed: t("failed: {0}", plain(technicalWords(reason ?? ""), 160)),
    untrusted: t("not used in an untrusted workspace"),
  };
  return `${names[place]} ${plain(where, 120)} (${ends[outcome]})`;
}

/** What happened to the database, what is safe, and what to do. */
export function storageSentence(notice: HubNotice): string {
  switch (notice.kind) {
    case "damaged":
      return t(
        "The list of tracked jobs was damaged. Saved from it: {0}. The file was kept as {1}; if jobs are missing, track or import them again.",
        jobCount(notice.saved ?? 0),
        notice.movedTo ?? "",
      );
    case "newer":
      return t(
        "The list of tracked jobs was written by a newer version of this extension. It was left untouched; update the extension to use it. Until then nothing is kept.",
      );
    case "memory":
      return t(
        "The list of tracked jobs cannot be opened ({0}). What was in it is untouched. Free the disk or fix the permissions of its folder: it is tried again every few seconds. Jobs tracked until then are kept only while this window is open.",
        plain(notice.message, 200),
      );
    case "full":
      return t(
        "The disk is full: tracked jobs cannot be kept up to date. What was kept is safe. Free some space, and it goes on by itself.",
      );
    case "locked":
      return t(
        "Another program has locked the list of tracked jobs. What was kept is safe. Close what uses it (a backup, a database tool), and it goes on by itself.",
      );
    case "refused":
      return t(
        "The disk does not let the list of tracked jobs be written ({0}). What was kept is safe. Check the disk and the permissions of the folder; it goes on by itself.",
        plain(notice.message, 200),
      );
  }
}

/** Any thrown thing as the facts of a problem. */
export function problemFacts(error: unknown): Facts {
  if (error instanceof VodError) return error;
  const name = (error as { name?: string } | undefined)?.name;
  if (name === "AbortError" || name === "Canceled") return { kind: "cancelled", message: "" };
  return { kind: "malformed", message: error instanceof Error ? error.message : String(error) };
}

/** Shows a failure with its next steps as buttons; a cancellation is not worth a message. */
export async function showProblem(error: unknown, before = ""): Promise<void> {
  const facts = problemFacts(error);
  if (facts.kind === "cancelled") return;
  const sentence =
    error instanceof StorageError
      ? { text: storageSentence({ kind: error.trouble, message: error.message }), next: [step.log()] }
      : problemSentence(facts);
  const text = before ? `${before} ${sentence.text}` : sentence.text;
  const buttons = sentence.next.slice(0, 3);
  const picked = await vscode.window.showErrorMessage(text, ...buttons.map((one) => one.title));
  const chosen = buttons.find((one) => one.title === picked);
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
}
