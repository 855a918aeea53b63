import * as vscode from "vscode";
import type { StorageTrouble } from "../jobs/storageError.ts";
import type { HubNotice } from "../jobs/types.ts";
import { isUnknownIssuer } from "../vod/certificates.ts";
import type { SearchedPlace } from "../vod/errors.ts";
import type { JobRef } from "../vod/types.ts";
import { plain } from "./plain.ts";
import { type Problem, problemOf } from "./problem.ts";
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

/** What a problem is about, as far as it is known: next steps then act on that account, or that job. */
export type About = Partial<JobRef>;

function isJob(about: About): about is JobRef {
  return about.account !== undefined && about.region !== undefined && about.type !== undefined && !!about.id;
}

const step = {
  switchAccount: (): NextStep => ({ title: t("Switch Account…"), command: "vodJobs.switchAccount" }),
  addKey: (): NextStep => ({ title: t("Add Access Key…"), command: "vodJobs.addKey" }),
  copyPolicy: (): NextStep => ({ title: t("Copy Minimal Policy"), command: "vodJobs.copyPolicy" }),
  renew: (account: string | undefined): NextStep => ({
    title: t("Renew…"),
    command: "vodJobs.renewKey",
    args: account === undefined ? [] : [{ account }],
  }),
  region: (): NextStep => ({ title: t("Choose Region…"), command: "vodJobs.chooseRegion" }),
  otherRegions: (job: JobRef): NextStep => ({
    title: t("Look in My Other Regions"),
    command: "vodJobs.lookInRegions",
    args: [job],
  }),
  proxySettings: (): NextStep => ({
    title: t("Open Proxy Settings"),
    command: "workbench.action.openSettings",
    args: ["http.proxy"],
  }),
  log: (): NextStep => ({ title: t("Show Log"), command: "vodJobs.showLog" }),
  troubleshoot: ({ code = "", requestId }: Problem): NextStep[] =>
    requestId ? [{ title: t("Troubleshoot"), command: "vodJobs.troubleshoot", args: [code, requestId] }] : [],
};

/** What happened, what is safe, and what to do next (`vod-facts` §4). */
export function problemSentence(problem: Problem, about: About = {}, now = Date.now()): Sentence {
  const { account } = about;
  const code = problem.code ? t(" ({0})", plain(problem.code, 80)) : "";
  const storage = (kind: StorageTrouble): Sentence => ({
    text: storageSentence({ kind, message: problem.message }),
    next: [step.log()],
  });
  const by: Record<Problem["kind"], () => Sentence> = {
    throttled: () => ({
      text: t("The service is slowing this account down{0}. Checks go on by themselves, more slowly.", code),
      next: [step.log()],
    }),
    credentials: () => credentialSentence(problem, code, account),
    "expired-token": () => ({
      text: t(
        "The security token of this account has expired{0}. Renew it, or switch the account; tracked jobs are kept and go on by themselves.",
        code,
      ),
      next: [step.renew(account), step.switchAccount(), step.log()],
    }),
    permission: () => ({
      text: t(
        "This account may not ask for job details{0}. It needs the RAM action vod:GetJobDetail on all resources; a minimal policy can be copied.",
        code,
      ),
      next: [step.copyPolicy(), step.switchAccount(), ...step.troubleshoot(problem)],
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
      next: isJob(about) ? [step.otherRegions(about), step.switchAccount()] : [step.region(), step.switchAccount()],
    }),
    invalid: () => ({
      text: inDetail(
        t(
          "The request was not accepted{0}. Check the id, the type, the region and the settings; tracked jobs are kept.",
          code,
        ),
        problem,
      ),
      next: [...step.troubleshoot(problem), step.log()],
    }),
    service: () => ({
      text: t("The service had an error of its own{0}. It is asked again later.", code),
      next: [...step.troubleshoot(problem), step.log()],
    }),
    network: () => networkSentence(problem, code),
    timeout: () => ({ text: t("The service did not answer in time. It is asked again later."), next: [step.log()] }),
    cancelled: () => ({ text: t("Canceled."), next: [] }),
    malformed: () => ({
      text: inDetail(
        t("The answer was not one of the service's. It is asked again later; tracked jobs are kept."),
        problem,
      ),
      next: [step.log(), step.proxySettings()],
    }),
    full: () => storage("full"),
    locked: () => storage("locked"),
    refused: () => storage("refused"),
    unexpected: () => ({
      text: inDetail(t("That did not work. Tracked jobs are kept, and the log says more."), problem),
      next: [step.log()],
    }),
  };
  return by[problem.kind]();
}

/** A sentence, followed by the technical text of its problem. */
function inDetail(text: string, { message }: Problem): string {
  const detail = plain(technicalWords(message), 200);
  return detail ? t("{0} In detail: {1}", text, detail) : text;
}

function proxyText(problem: Problem, code: string): string {
  switch (problem.code) {
    case "PROXY_407":
      return t(
        "The proxy asks for a user name and password{0}. Put them into your user setting http.proxy, as in http://user:password@host:port, or into the variable HTTPS_PROXY before the editor starts.",
        code,
      );
    case "PROXY_ADDRESS":
      return t(
        "The address of the proxy cannot be read{0}. Write it as http://user:password@host:port, into your user setting http.proxy or the variable HTTPS_PROXY. Special characters of user and password must be percent-encoded: %23 for #, %2F for /, %40 for @, %25 for %.",
        code,
      );
    case "PROXY_TIMEOUT":
      return t("The proxy does not answer{0}. Check the proxy settings; tracked jobs are kept.", code);
    default:
      return t(
        "The proxy refused to connect to the service{0}. Check the proxy settings; tracked jobs are kept.",
        code,
      );
  }
}

function networkSentence(problem: Problem, code: string): Sentence {
  if (problem.code?.startsWith("PROXY_")) {
    return { text: proxyText(problem, code), next: [step.proxySettings(), step.log()] };
  }
  if (isUnknownIssuer(problem.code)) {
    return {
      text: t(
        "The connection's certificate is signed by someone this computer does not trust{0}. If your network inspects connections, install its root certificate in the operating system, or name it in NODE_EXTRA_CA_CERTS before the editor starts.",
        code,
      ),
      next: [step.log()],
    };
  }
  const text = t(
    "The service cannot be reached{0}. Check the network and the proxy settings; tracked jobs are kept.",
    code,
  );
  return { text, next: [step.log(), step.proxySettings()] };
}

function credentialSentence(problem: Problem, code: string, account: string | undefined): Sentence {
  // Of a stored key the person can give the new one here; others come from elsewhere.
  const renew = account?.startsWith("key:") ? [step.renew(account)] : [];
  const next = [...renew, step.switchAccount(), step.addKey(), step.log()];
  if (problem.searched) {
    const places = problem.searched.map(placeText).join(t("; "));
    const text = t("No credentials were found. Looked in: {0}. Choose another account, or add an access key.", places);
    return { text, next };
  }
  const text = problem.code
    ? t("The service did not accept the access key{0}. Check it, or switch the account; tracked jobs are kept.", code)
    : t("No usable credentials: {0}", plain(technicalWords(problem.message), 600));
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
  return `${names[place]} ${plain(technicalWords(where), 120)}${t(" ({0})", ends[outcome])}`;
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

/** Shows a failure with its next steps as buttons; a cancellation is not worth a message. */
export async function showProblem(error: unknown, about?: About): Promise<void> {
  const problem = problemOf(error);
  if (!problem) return;
  const { text, next } = problemSentence(problem, about);
  const buttons = next.slice(0, 3);
  const picked = await vscode.window.showErrorMessage(text, ...buttons.map((one) => one.title));
  const chosen = buttons.find((one) => one.title === picked);
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
}
