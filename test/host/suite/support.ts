import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Node } from "../../../src/editor/tree/jobsTree.ts";
import type { TestAccess } from "../../../src/extension.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";

/** The extension's parts, once it has read its database. */
export async function parts(): Promise<TestAccess> {
  const extension = vscode.extensions.getExtension<TestAccess>("vod-job-tracker.vod-job-tracker");
  assert.ok(extension, "the extension is installed");
  const access = await extension.activate();
  await access.ready;
  return access;
}

/** Waits until `check` gives something, and gives that. Fails with `what` after a while, ms. */
export async function until<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  limit = 20_000,
): Promise<T> {
  for (const end = Date.now() + limit; Date.now() < end; ) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new assert.AssertionError({ message: `waited in vain until ${what}` });
}

/** Tracks the demo's starters and waits until each was answered once. */
export async function demoJobs(access: TestAccess): Promise<TrackedJob[]> {
  await vscode.commands.executeCommand("vodJobs.useDemoAccount");
  return until("every demo job was checked", () => {
    const jobs = [...access.tracker.jobs.values()].filter((job) => job.ref.account === "demo");
    return jobs.length > 0 && jobs.every((job) => job.checkedAt) && jobs;
  });
}

/** The tree as a person sees it: labels with their children, indented. */
export async function drawnTree({ tree }: Pick<TestAccess, "tree">, node?: Node, indent = ""): Promise<string[]> {
  const lines: string[] = [];
  for (const child of await tree.getChildren(node)) {
    const item = tree.getTreeItem(child);
    lines.push(`${indent}${item.label} ${item.description ?? ""}`.trimEnd());
    lines.push(...(await drawnTree({ tree }, child, `${indent}  `)));
  }
  return lines;
}

type Dialog =
  | "showInformationMessage"
  | "showWarningMessage"
  | "showErrorMessage"
  | "showInputBox"
  | "showQuickPick"
  | "showOpenDialog"
  | "showSaveDialog";

/**
 * Answers dialogs instead of a person, as nobody is there to click; everything else stays real.
 * Gives what was asked, and puts the real dialogs back with `restore`.
 */
export function answerDialogs(answers: Partial<Record<Dialog, (...args: never[]) => unknown>>): {
  readonly asked: { dialog: Dialog; args: unknown[] }[];
  restore(): void;
} {
  const asked: { dialog: Dialog; args: unknown[] }[] = [];
  const window = vscode.window as unknown as Record<Dialog, unknown>;
  const real = new Map<Dialog, unknown>();
  for (const [name, answer] of Object.entries(answers) as [Dialog, (...args: unknown[]) => unknown][]) {
    real.set(name, window[name]);
    window[name] = async (...args: unknown[]) => {
      asked.push({ dialog: name, args });
      return answer(...args);
    };
  }
  return {
    asked,
    restore: () => {
      for (const [name, dialog] of real) window[name] = dialog;
    },
  };
}
