import * as vscode from "vscode";

/** Asks where to, and writes the picture there. */
export async function savePicture(title: string, format: "svg" | "png", bytes: Uint8Array): Promise<void> {
  const name = `${title.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "job"}.${format}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Export View"),
    filters: { [format.toUpperCase()]: [format] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, bytes);
  const open = vscode.l10n.t("Open");
  const picked = await vscode.window.showInformationMessage(vscode.l10n.t("The view was exported."), open);
  if (picked === open) await vscode.commands.executeCommand("vscode.open", uri);
}
