import * as vscode from "vscode";
import { jobKey } from "../../jobs/key.ts";
import { isRegionName, regions } from "../../vod/endpoints.ts";
import type { AccountChoice } from "../accounts.ts";
import { type DemoAccount, demo } from "../demoAccount.ts";
import { settings } from "../settings.ts";
import type { Parts } from "./parts.ts";

const t = vscode.l10n.t;

/** The smallest RAM policy that lets an account look up jobs (GetJobDetail page, "RAM authorization"). */
export const minimalPolicy = `${JSON.stringify(
  { Version: "1", Statement: [{ Effect: "Allow", Action: ["vod:GetJobDetail"], Resource: "*" }] },
  undefined,
  2,
)}\n`;

/** Accounts, regions and what helps when the service refuses one. */
export function accountCommands(parts: Parts, demoAccount: DemoAccount) {
  return {
    useDemoAccount: () => useDemo(parts, demoAccount),
    switchAccount: () => switchAccount(parts),
    addKey: () => addKey(parts),
    signOut: () => removeKey(parts),
    chooseRegion: () => chooseRegion(parts),
    copyPolicy: async () => {
      await vscode.env.clipboard.writeText(minimalPolicy);
      void vscode.window.showInformationMessage(
        t("The policy was copied. An administrator can attach it to your RAM user in the RAM console."),
      );
    },
    troubleshoot: (code: unknown, requestId: unknown) => {
      if (typeof code === "string" && typeof requestId === "string")
        return vscode.env.openExternal(troubleshootLink(code, requestId));
    },
  };
}

/** Alibaba Cloud's own page about a failed request (`vod-facts` §9). */
function troubleshootLink(code: string, requestId: string): vscode.Uri {
  const query = new URLSearchParams({ q: code, product: "vod", requestId });
  return vscode.Uri.parse(`https://api.aliyun.com/troubleshoot?${query}`, true);
}

/** Starts the demo, makes it the account of new look-ups, and tracks a few of its jobs. */
export async function useDemo({ tracker, accounts, tree }: Parts, demoAccount: DemoAccount): Promise<void> {
  const { fresh } = await demoAccount.begin(Date.now());
  if (fresh) {
    accounts.forget(demo.account);
    const old = [...tracker.jobs.values()].filter((job) => job.ref.account === demo.account);
    if (old.length > 0) await tracker.untrack(old.map((job) => job.key));
  }
  const starters = await demoAccount.starters();
  await tracker.track(starters.map(({ ref }) => ref));
  // Only answers about workflow tasks name their media; the others get a person's name, as a person would give it.
  const unnamed = starters.filter(({ ref }) => ref.type !== "workflow" && !tracker.jobs.get(jobKey(ref))?.label);
  await Promise.all(unnamed.map(({ ref, title }) => tracker.setLabel(jobKey(ref), title)));
  await accounts.use(demo.account);
  await vscode.commands.executeCommand("vodJobs.jobs.focus");
  tree.arrange({ filter: "" });
}

async function switchAccount(parts: Parts): Promise<void> {
  const { accounts } = parts;
  const now = accounts.current;
  type Item = vscode.QuickPickItem & { readonly run?: () => unknown };
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: Item[] = [];
  let kind: AccountChoice["kind"] | undefined;
  for (const choice of await accounts.choices()) {
    if (choice.kind !== kind) items.push(separator(kindWord(choice.kind)));
    kind = choice.kind;
    items.push(accountItem(choice, now, () => use(parts, choice)));
  }
  items.push(separator(t("More")), {
    label: `$(add) ${t("Add Access Key…")}`,
    run: () => vscode.commands.executeCommand("vodJobs.addKey"),
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Switch Account"),
    placeHolder: t("Which account do new look-ups use? Tracked jobs keep theirs."),
    matchOnDescription: true,
  });
  await picked?.run?.();
}

async function use(parts: Parts, choice: AccountChoice): Promise<void> {
  if (choice.kind === "demo") {
    await vscode.commands.executeCommand("vodJobs.useDemoAccount");
    return;
  }
  // Choosing it again means: read the credential anew.
  parts.accounts.forget(choice.id);
  await parts.accounts.use(choice.id);
}

function accountItem(choice: AccountChoice, now: string, run: () => unknown) {
  const icon = { default: "account", profile: "terminal", key: "key", demo: "beaker" }[choice.kind];
  const detail = {
    default: t(
      "Environment variables, OIDC, the CLI's current profile, the shared credentials file, the instance's role",
    ),
    profile: undefined,
    key: t("An access key in this editor's secret storage"),
    demo: t("An account on this computer that plays jobs; no credentials, no network"),
  }[choice.kind];
  const facts = [choice.mode, choice.region, choice.id === now ? t("now") : undefined].filter(Boolean);
  return {
    label:
      choice.kind === "default"
        ? t("Default credential chain")
        : choice.kind === "demo"
          ? t("Demo account")
          : choice.name,
    iconPath: new vscode.ThemeIcon(icon),
    description: facts.join(" · "),
    detail,
    run,
  };
}

function kindWord(kind: AccountChoice["kind"]): string {
  switch (kind) {
    case "default":
      return t("Found by itself");
    case "profile":
      return t("Alibaba Cloud CLI profiles");
    case "key":
      return t("Stored access keys");
    case "demo":
      return t("Try out");
  }
}

async function addKey({ accounts }: Parts): Promise<void> {
  const title = t("Add Access Key");
  const ask = (step: number, options: vscode.InputBoxOptions) =>
    vscode.window.showInputBox({ title: `${title} (${step}/4)`, ignoreFocusOut: true, ...options });
  const accessKeyId = await ask(1, {
    prompt: t("The AccessKey ID. Prefer a RAM user that has only vod:GetJobDetail."),
    validateInput: (text) =>
      /^\S{8,128}$/.test(text.trim()) ? undefined : t("Paste the AccessKey ID, without spaces."),
  });
  if (!accessKeyId) return;
  const accessKeySecret = await ask(2, {
    prompt: t("The AccessKey Secret. It is kept in the editor's secret storage and nowhere else."),
    password: true,
    validateInput: (text) =>
      /^\S{8,256}$/.test(text.trim()) ? undefined : t("Paste the AccessKey Secret, without spaces."),
  });
  if (!accessKeySecret) return;
  const securityToken = await ask(3, {
    prompt: t("The STS security token, for temporary keys. Leave it empty for a permanent key."),
    password: true,
    validateInput: (text) => (/\s/.test(text.trim()) ? t("A token has no spaces.") : undefined),
  });
  if (securityToken === undefined) return;
  const taken = accounts.storedKeys();
  const name = await ask(4, {
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
  const id = await accounts.storeKey(name, {
    accessKeyId: accessKeyId.trim(),
    accessKeySecret: accessKeySecret.trim(),
    securityToken: securityToken.trim() || undefined,
  });
  await accounts.use(id);
  void vscode.window.showInformationMessage(t("The key “{0}” is stored, and new look-ups use it.", name));
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

async function chooseRegion({ accounts }: Parts): Promise<void> {
  const now = await accounts.regionOf(accounts.current);
  const other = t("Another region…");
  const items = regions.map(({ id }) => ({ label: id, description: id === now ? t("now") : undefined }));
  const picked = await vscode.window.showQuickPick([...items, { label: other, description: undefined }], {
    title: t("Choose Region"),
    placeHolder: t("Which region do new look-ups use? Tracked jobs keep theirs."),
  });
  if (!picked) return;
  const region =
    picked.label !== other
      ? picked.label
      : await vscode.window.showInputBox({
          title: t("Choose Region"),
          prompt: t("A region id such as cn-shanghai."),
          validateInput: (text) => (isRegionName(text.trim()) ? undefined : t("This is no region id.")),
        });
  if (region) await settings.set("region", region.trim());
}
