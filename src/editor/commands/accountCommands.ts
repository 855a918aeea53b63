import * as vscode from "vscode";
import { jobKey } from "../../jobs/key.ts";
import { isRegionName, regions } from "../../vod/endpoints.ts";
import type { AccountChoice } from "../accountChoices.ts";
import { type DemoAccount, demo } from "../demoAccount.ts";
import { settings } from "../settings.ts";
import type { Parts } from "./parts.ts";

const t = vscode.l10n.t;

function policyOf(...actions: string[]): string {
  const policy = { Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}

/** The smallest RAM policy that lets an account look up jobs (GetJobDetail page, "RAM authorization"). */
export const minimalPolicy = policyOf("vod:GetJobDetail");

/** The policy that also lets it list the jobs of a media asset, and ask for the progress and error of transcodes. */
export const wholePolicy = policyOf("vod:GetJobDetail", "vod:ListJobInfo", "vod:GetTranscodeTask");

/** Accounts, regions and what helps when the service refuses one. */
export function accountCommands(parts: Parts, demoAccount: DemoAccount) {
  return {
    useDemoAccount: () => useDemo(parts, demoAccount),
    switchAccount: () => switchAccount(parts),
    chooseRegion: () => chooseRegion(parts),
    copyPolicy,
    troubleshoot: (code: unknown, requestId: unknown) => {
      if (typeof code === "string" && typeof requestId === "string")
        return vscode.env.openExternal(troubleshootLink(code, requestId));
    },
  };
}

/** Copies the minimal policy at once and offers the one for everything, or copies that when it is asked for. */
async function copyPolicy(which: unknown): Promise<void> {
  if (which === "everything") {
    await vscode.env.clipboard.writeText(wholePolicy);
    void vscode.window.showInformationMessage(
      t("The policy was copied. An administrator can attach it to your RAM user in the RAM console."),
    );
    return;
  }
  await vscode.env.clipboard.writeText(minimalPolicy);
  const whole = t("Copy Policy for Everything");
  const text = t(
    "The policy for vod:GetJobDetail was copied. An administrator can attach it to your RAM user in the RAM console. Listing the jobs of a media asset and the progress of transcodes need vod:ListJobInfo and vod:GetTranscodeTask too.",
  );
  void vscode.window.showInformationMessage(text, whole).then((picked) => {
    if (picked === whole) void vscode.env.clipboard.writeText(wholePolicy);
  });
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
  vscode.window.setStatusBarMessage(t("New look-ups use account {0}.", choice.id), 5_000);
}

function accountItem(choice: AccountChoice, now: string, run: () => unknown) {
  const icon = { default: "account", profile: "terminal", key: "key", demo: "beaker" }[choice.kind];
  const detail = {
    default: t("Environment variables, OIDC, CLI profile, credentials file, instance role"),
    profile: undefined,
    key: t("An access key in this editor's secret storage"),
    demo: t("An account on this computer that plays jobs; no credentials, no network"),
  }[choice.kind];
  const facts = [choice.mode, choice.region, choice.id === now ? t("current") : undefined].filter(Boolean);
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

async function chooseRegion({ accounts }: Parts): Promise<void> {
  const now = await accounts.regionOf(accounts.current);
  const other = t("Another region…");
  const items = regions.map(({ id }) => ({ label: id, description: id === now ? t("current") : undefined }));
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
