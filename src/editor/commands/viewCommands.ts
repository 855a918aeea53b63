import * as vscode from "vscode";
import { type Announce, settings } from "../settings.ts";
import { type Grouping, groupings, type Sorting, sortings } from "../tree/grouping.ts";
import type { Parts } from "./parts.ts";

const t = vscode.l10n.t;

/** How the tree is arranged, and what is told by itself. */
export function viewCommands(parts: Parts) {
  const { tree, state } = parts;
  return {
    groupBy: async () => {
      const names: Record<Grouping, string> = {
        status: t("Status"),
        type: t("Job type"),
        account: t("Account and region"),
        day: t("Day"),
        none: t("No groups"),
      };
      const by = await pickOne(t("Group Jobs By"), groupings, names, tree.grouping);
      if (!by) return;
      tree.arrange({ by });
      await state.update("tree.groupBy", by);
    },
    sortBy: async () => {
      const names: Record<Sorting, string> = {
        newest: t("Newest first"),
        changed: t("Last changed first"),
        name: t("Name"),
      };
      const sort = await pickOne(t("Sort Jobs By"), sortings, names, tree.sorting);
      if (!sort) return;
      tree.arrange({ sort });
      await state.update("tree.sortBy", sort);
    },
    filter: () => filter(parts),
    clearFilter: () => setFilter(parts, ""),
    loadMore: (group: unknown) => {
      if (typeof group === "string") tree.showMore(group);
    },
    showView: () => vscode.commands.executeCommand("vodJobs.jobs.focus"),
    showLog: () => parts.log.show(),
    pause: async () => {
      await state.update("polling.before", settings.polling());
      await settings.set("polling", "off");
    },
    resume: async () => {
      const before = state.get<string>("polling.before", "normal");
      await settings.set("polling", before === "off" ? "normal" : before);
    },
    muteNotifications: async () => {
      const names: Record<Announce, string> = {
        all: t("All finished jobs"),
        failures: t("Failures only"),
        off: t("None (the badge still counts)"),
      };
      const announce = await pickOne(
        t("Choose Notifications"),
        ["all", "failures", "off"],
        names,
        settings.notifications(),
      );
      if (announce) await settings.set("notifications", announce);
    },
  };
}

/** Filters while the person types; Escape goes back to what was there. */
function filter(parts: Parts): void {
  const before = parts.tree.filter;
  const box = vscode.window.createInputBox();
  box.title = t("Filter Jobs");
  box.prompt = t("Words to find in the name, id, status, type, account, region or media. All must match.");
  box.value = before;
  let accepted = false;
  box.onDidChangeValue((text) => setFilter(parts, text));
  box.onDidAccept(() => {
    accepted = true;
    box.hide();
  });
  box.onDidHide(() => {
    if (!accepted) setFilter(parts, before);
    box.dispose();
  });
  box.show();
}

function setFilter(parts: Parts, text: string): void {
  parts.tree.arrange({ filter: text });
  void vscode.commands.executeCommand("setContext", "vodJobs.filtered", parts.tree.filter !== "");
}

async function pickOne<T extends string>(
  title: string,
  values: readonly T[],
  names: Record<T, string>,
  now: T,
): Promise<T | undefined> {
  const items = values.map((value) => ({
    value,
    label: names[value],
    description: value === now ? t("current") : undefined,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.value;
}
