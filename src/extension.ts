import * as vscode from "vscode";
import { Accounts } from "./editor/accounts.ts";
import { registerAgentTools } from "./editor/agentTools.ts";
import type { Parts } from "./editor/commands/parts.ts";
import { registerCommands, registerPanelCommands } from "./editor/commands/register.ts";
import { DemoAccount } from "./editor/demoAccount.ts";
import { doors } from "./editor/doors/doors.ts";
import { openLog } from "./editor/log.ts";
import { JobPanels } from "./editor/panel/jobPanels.ts";
import { panelSource } from "./editor/panelSource.ts";
import { RawDocuments, rawUri } from "./editor/rawDocument.ts";
import { recoverOnChange } from "./editor/recoverOnChange.ts";
import { settings } from "./editor/settings.ts";
import { Signals } from "./editor/signals.ts";
import { followSettings, openTracker } from "./editor/tracking.ts";
import { JobsTree } from "./editor/tree/jobsTree.ts";
import { redact } from "./vod/redact.ts";

/** What in-host tests look at. */
export interface TestAccess extends Parts {
  readonly demo: DemoAccount;
  readonly panels: JobPanels;
  readonly ready: Promise<void>;
}

let closeTracker: (() => Promise<void>) | undefined;

/** Gives leases back and closes the database, which takes a moment: the editor waits for it. */
export function deactivate(): Promise<void> | undefined {
  return closeTracker?.();
}

/**
 * Builds the parts, hands them to each other, registers them. No logic lives here.
 * The in-host tests get the parts; other extensions get nothing.
 */
export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  const { globalState: state, secrets, extensionUri, subscriptions } = context;
  const folder = context.globalStorageUri.fsPath;
  const dist = vscode.Uri.joinPath(extensionUri, "dist").fsPath;
  const log = openLog(redact);
  const demo = new DemoAccount(state, log);
  const { tracker, close } = openTracker({
    folder,
    dist,
    clientFor: (account) => accounts.clientFor(account),
    log,
  });
  closeTracker = close;
  const accounts = new Accounts({ secrets, state, demo, log, budget: (account) => tracker.budget(account) });
  const tree = new JobsTree(tracker, {
    by: state.get("tree.groupBy", "status"),
    sort: state.get("tree.sortBy", "newest"),
  });
  const panels = new JobPanels({
    extensionUri,
    source: panelSource(tracker, accounts),
    actions: async () => {
      const { problemSentence, showProblem } = await import("./editor/sentences.ts");
      return { showRaw: (ref) => vscode.window.showTextDocument(rawUri(ref)), problemSentence, showProblem };
    },
    kept: state,
    log,
  });
  const parts = { tracker, accounts, tree, log, state, open: panels.open.bind(panels) };
  subscriptions.push(
    log,
    demo,
    accounts,
    tree,
    panels,
    new RawDocuments(tracker),
    new Signals(tracker, tree.view, state),
    ...doors(parts),
    recoverOnChange(accounts, tracker),
    followSettings(tracker),
    registerAgentTools({
      tracker,
      accounts,
      demoRun: () => demo.run,
      kept: state,
      folder,
      dist,
      version: context.extension.packageJSON.version,
      log,
    }),
    ...registerCommands(parts, demo),
    ...registerPanelCommands(parts, panels),
  );
  const ready = begin(parts).catch((error) => log.error(`start: ${error}`));
  return context.extensionMode === vscode.ExtensionMode.Test ? { ...parts, demo, panels, ready } : undefined;
}

/** What goes on after activation: it waits for the database. */
async function begin({ tracker }: Parts): Promise<void> {
  await tracker.start();
  await vscode.commands.executeCommand("setContext", "vodJobs.ready", true);
  if (settings.startDemo()) await vscode.commands.executeCommand("vodJobs.useDemoAccount");
}
