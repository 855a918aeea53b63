import * as vscode from "vscode";

/** What the walkthrough in `package.json` ticks off when it happens, by the name of its context key. */
type Milestone = "hovered" | "openedWorkflow";

const reached = new Set<Milestone>();

/** Tells the walkthrough that a person got so far; once for each window. */
export function reach(milestone: Milestone): void {
  if (reached.has(milestone)) return;
  reached.add(milestone);
  void vscode.commands.executeCommand("setContext", `vodJobs.${milestone}`, true);
}
