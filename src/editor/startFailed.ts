import * as vscode from "vscode";
import { redact } from "../vod/redact.ts";
import { plain } from "./plain.ts";

const t = vscode.l10n.t;

/**
 * Says that the parts of a window could not be made, and what to do: else every view would stay empty without a word.
 * There is no log of ours by then; the editor's own log of its extensions has the cause.
 */
export async function tellStartFailed(error: unknown): Promise<void> {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  console.error(redact(stack ?? message));
  const reload = t("Reload Window");
  const picked = await vscode.window.showErrorMessage(
    t(
      "VOD Job Tracker could not start ({0}). Tracked jobs are kept. Reload the window; if that does not help, install the extension anew.",
      plain(redact(message), 200),
    ),
    reload,
  );
  if (picked === reload) await vscode.commands.executeCommand("workbench.action.reloadWindow");
}
