import * as vscode from "vscode";
import { redact } from "../vod/redact.ts";
import { Accounts } from "./accounts.ts";
import type { OpenWindow, Parts } from "./commands/parts.ts";
import { DemoAccount } from "./demoAccount.ts";
import { Doors } from "./doors/doors.ts";
import { openLog } from "./log.ts";
import { JobPanels } from "./panel/jobPanels.ts";
import { panelSource } from "./panelSource.ts";
import { RawDocuments, rawUri } from "./rawDocument.ts";
import { recoverOnChange } from "./recoverOnChange.ts";
import { settings } from "./settings.ts";
import { Signals } from "./signals.ts";
import { followSettings, openTracker } from "./tracking.ts";
import { JobsTree } from "./tree/jobsTree.ts";

/** Builds the parts of a window and hands them to each other. No logic lives here. */
export function openWindow(context: vscode.ExtensionContext): OpenWindow {
  const { globalState: state, secrets, extensionUri } = context;
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
  const accounts = new Accounts({ secrets, state, demo, log, budget: (account) => tracker.budget(account) });
  const tree = new JobsTree(tracker, {
    by: state.get("tree.groupBy", "status"),
    sort: state.get("tree.sortBy", "newest"),
  });
  const panels = new JobPanels({
    extensionUri,
    source: panelSource(tracker),
    actions: async () => {
      const { problemSentence, showProblem } = await import("./sentences.ts");
      return { showRaw: (ref) => vscode.window.showTextDocument(rawUri(ref)), problemSentence, showProblem };
    },
    kept: state,
    log,
  });
  const agents = {
    tracker,
    accounts,
    demoRun: () => demo.run,
    kept: state,
    folder,
    dist,
    version: context.extension.packageJSON.version,
  };
  const parts = { tracker, accounts, tree, log, state, open: panels.open.bind(panels) };
  const owned = [
    log,
    demo,
    accounts,
    tree,
    panels,
    new RawDocuments(tracker),
    new Signals(tracker, tree.view, state),
    new Doors(parts),
    recoverOnChange(accounts, tracker),
    followSettings(tracker),
  ];
  const ready = begin(parts).catch((error) => log.error(`start: ${error}`));
  const dispose = () => vscode.Disposable.from(...owned).dispose();
  return { ...parts, demo, panels, agents, ready, close, dispose, subscriptions: context.subscriptions };
}

/** What goes on after that: it waits for the database. */
async function begin({ tracker }: Parts): Promise<void> {
  await tracker.start();
  await vscode.commands.executeCommand("setContext", "vodJobs.ready", true);
  if (settings.startDemo()) await vscode.commands.executeCommand("vodJobs.useDemoAccount");
}
