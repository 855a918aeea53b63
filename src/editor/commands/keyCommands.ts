import { access } from "node:fs/promises";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { credentialFiles } from "../../vod/credentialFiles.ts";
import { isSendable } from "../../vod/credentialText.ts";
import type { Credential } from "../../vod/types.ts";
import type { Parts } from "./parts.ts";

const t = vscode.l10n.t;

/** Access keys that a person stores, renews and removes. Secrets go from the input box into the secret storage only. */
export function keyCommands(parts: Parts) {
  return {
    addKey: () => addKey(parts),
    renewKey: (given: unknown) => renew(parts, accountOf(given)),
    signOut: () => removeKey(parts),
  };
}

async function addKey({ accounts }: Parts): Promise<void> {
  const credential = await askKey(t("Add Access Key"), 4);
  if (!credential) return;
  const taken = accounts.storedKeys();
  const name = await vscode.window.showInputBox({
    title: `${t("Add Access Key")} (4/4)`,
    ignoreFocusOut: true,
    prompt: t("A name for this key."),
    value: "default",
    validateInput: (text) => {
      if (!/^[\w.-]{1,40}$/.test(text)) return t("Letters, digits, dots, dashes and underscores, at most 40.");
      return taken.includes(text)
        ? {
            message: t("This replaces the stored key of that name."),
            severity: vscode.InputBoxValidationSeverity.Warning,
          }
        : undefined;
    },
  });
  if (!name) return;
  await accounts.use(await accounts.storeKey(name, credential));
  void vscode.window.showInformationMessage(t("The key “{0}” is stored, and new look-ups use it.", name));
}

/** Asks for a key in three steps of `steps`. Undefined when the person went away. */
async function askKey(title: string, steps: number, knownId?: string): Promise<Credential | undefined> {
  const ask = async (step: number, options: vscode.InputBoxOptions) =>
    (
      await vscode.window.showInputBox({ title: `${title} (${step}/${steps})`, ignoreFocusOut: true, ...options })
    )?.trim();
  const accessKeyId = await ask(1, {
    prompt: t("The AccessKey ID. Prefer a RAM user that has only vod:GetJobDetail."),
    value: knownId,
    validateInput: (text) => wrongWith(text, 8, 128, t("Paste the whole AccessKey ID, and nothing else.")),
  });
  if (!accessKeyId) return undefined;
  const accessKeySecret = await ask(2, {
    prompt: t("The AccessKey Secret. It is kept in the editor's secret storage and nowhere else."),
    password: true,
    validateInput: (text) => wrongWith(text, 8, 256, t("Paste the whole AccessKey Secret, and nothing else.")),
  });
  if (!accessKeySecret) return undefined;
  const isTemporary = accessKeyId.startsWith("STS.");
  const securityToken = await ask(3, {
    prompt: isTemporary
      ? t("The STS security token that belongs to this temporary key.")
      : t("The STS security token, for temporary keys. Leave it empty for a permanent key."),
    password: true,
    validateInput: (text) =>
      wrongWith(text, isTemporary ? 1 : 0, Infinity, t("A temporary key does not work without its token.")),
  });
  if (securityToken === undefined) return undefined;
  return { accessKeyId, accessKeySecret, securityToken: securityToken || undefined };
}

/** Why a pasted text can be no part of a key, in words; `otherwise` where it is shorter or longer than one. */
function wrongWith(text: string, shortest: number, longest: number, otherwise: string): string | undefined {
  const part = text.trim();
  if (!isSendable(part)) {
    return t("It has visible ASCII characters only, and no spaces: something may have been copied along.");
  }
  return part.length < shortest || part.length > longest ? otherwise : undefined;
}

function accountOf(given: unknown): string | undefined {
  const { account } = (given ?? {}) as { account?: unknown };
  return typeof account === "string" ? account : undefined;
}

/** Renews what an account signs with: a stored key by asking for it, what is in a file by opening the file. */
async function renew(parts: Parts, given: string | undefined): Promise<void> {
  const account = given ?? parts.accounts.current;
  if (account.startsWith("key:")) return renewKey(parts, account.slice("key:".length));
  if (account.startsWith("profile:")) return openFile(account.slice("profile:".length));
  if (account !== "default") return vscode.commands.executeCommand("vodJobs.switchAccount");
  if (process.env.ALIBABA_CLOUD_ACCESS_KEY_ID) {
    void vscode.window.showInformationMessage(
      t(
        "This credential comes from the environment variables ALIBABA_CLOUD_… of the editor. Set them anew, then start the editor again.",
      ),
    );
    return;
  }
  return openFile(undefined);
}

async function renewKey({ accounts }: Parts, name: string): Promise<void> {
  const credential = await askKey(t("Renew Access Key “{0}”", name), 3, await accounts.storedKeyId(name));
  if (!credential) return;
  await accounts.storeKey(name, credential);
  void vscode.window.showInformationMessage(t("The key “{0}” is renewed, and its jobs go on.", name));
}

/** Opens the file that holds the credential. It is watched: saving it is enough. */
async function openFile(profile: string | undefined): Promise<void> {
  const isThere = (file: string) =>
    access(file).then(
      () => true,
      () => false,
    );
  for (const file of credentialFiles(homedir(), process.env)) {
    if (!(await isThere(file))) continue;
    await vscode.window.showTextDocument(vscode.Uri.file(file));
    void vscode.window.showInformationMessage(
      profile === undefined
        ? t(
            "Put the new credential into this file, or renew it with the tool that wrote it. The jobs then go on by themselves.",
          )
        : t(
            "Put the new credential of the profile “{0}” into this file, or renew it with the tool that wrote it. The jobs then go on by themselves.",
            profile,
          ),
    );
    return;
  }
  await vscode.commands.executeCommand("vodJobs.addKey");
}

async function removeKey({ accounts }: Parts): Promise<void> {
  const names = accounts.storedKeys();
  if (names.length === 0) {
    void vscode.window.showInformationMessage(t("No access key is stored."));
    return;
  }
  const name = await vscode.window.showQuickPick(names, {
    title: t("Remove Stored Access Key"),
    placeHolder: t("Its jobs stay tracked, but cannot be checked without it"),
  });
  if (!name) return;
  const remove = t("Remove");
  const sure = await vscode.window.showWarningMessage(
    t(
      "Remove the access key “{0}” from this editor? The key itself stays valid until it is disabled in the RAM console.",
      name,
    ),
    { modal: true },
    remove,
  );
  if (sure !== remove) return;
  await accounts.removeKey(name);
  if (accounts.current === `key:${name}`) await accounts.use("default");
}
