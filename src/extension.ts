import * as vscode from "vscode";
import { registerAgentTools } from "./editor/agentTools.ts";
import type { OpenWindow } from "./editor/commands/parts.ts";
import { registerCommands } from "./editor/commands/register.ts";

/** What in-host tests look at. */
export type TestAccess = OpenWindow;

let opening: Promise<OpenWindow> | undefined;

/** Gives leases back and closes the database, which takes a moment: the editor waits for it. */
export async function deactivate(): Promise<void> {
  await (await opening)?.close();
}

/**
 * Registers what the editor may ask for as soon as this returns, and what agents use: all of it waits for the window's
 * parts, which are made in the host's next turn, so that the editor's other extensions start meanwhile. No logic lives
 * here. The in-host tests get the parts; other extensions get nothing.
 */
export function activate(context: vscode.ExtensionContext): Promise<TestAccess> | undefined {
  const window = nextTurn().then(async () => (await import("./editor/window.ts")).openWindow(context));
  opening = window;
  window.catch(async (error) => (await import("./editor/startFailed.ts")).tellStartFailed(error));
  context.subscriptions.push(
    ...registerCommands(window),
    registerAgentTools(window, context.extension.packageJSON),
    new vscode.Disposable(() => window.then((opened) => opened.dispose())),
  );
  return context.extensionMode === vscode.ExtensionMode.Test ? window : undefined;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
