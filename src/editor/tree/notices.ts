import * as vscode from "vscode";
import type { AccountState, HubNotice } from "../../jobs/types.ts";
import { problemSentence, storageSentence } from "../sentences.ts";
import { moment } from "../words.ts";

const t = vscode.l10n.t;

/** An error or a state of an account, or of the database, with a next step. */
export interface NoticeNode {
  readonly notice: string;
  readonly text: string;
  readonly icon: string;
  readonly command?: vscode.Command;
}

/** What happened to the database. */
export function storageNotice(notice: HubNotice, n: number): NoticeNode {
  return {
    notice: `storage:${n}`,
    text: storageSentence(notice),
    icon: "database",
    command: { command: "vodJobs.showLog", title: t("Show Log") },
  };
}

/** What is wrong with an account as a whole, said once for all its jobs. */
export function accountNotices(state: AccountState): NoticeNode[] {
  const now = Date.now();
  const problem = state.credentialProblem ?? state.serviceProblem;
  if (problem) {
    const { text, next } = problemSentence(problem, { account: state.account }, now);
    const step = next[0];
    const command = step && { command: step.command, title: step.title, arguments: [...(step.args ?? [])] };
    const icon = state.credentialProblem ? "key" : "cloud";
    return [{ notice: `account:${state.account}`, text: t("{0}: {1}", state.account, text), icon, command }];
  }
  if (state.offlineSince !== undefined) {
    const next = state.nextProbeAt ? t(" The next try is at {0}.", moment(state.nextProbeAt, now)) : "";
    return [
      {
        notice: `offline:${state.account}`,
        text: t("{0}: offline since {1}.", state.account, moment(state.offlineSince, now)) + next,
        icon: "debug-disconnect",
        command: { command: "vodJobs.refreshAll", title: t("Try Now") },
      },
    ];
  }
  return [];
}
