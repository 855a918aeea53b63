import * as vscode from "vscode";
import type { DemoAccount } from "../demoAccount.ts";
import type { Log } from "../log.ts";
import { type PanelCommand, panelCommands } from "../panel/source.ts";
import type { Parts } from "./parts.ts";

// biome-ignore lint/suspicious/noExplicitAny: a command's arguments come from anywhere; each handler checks its own
type Handler = (...args: any[]) => unknown;

/** Registers every command. What a command does is loaded when one of its group is first run. */
export function registerCommands(parts: Parts, demo: DemoAccount): vscode.Disposable[] {
  return [
    ...group(parts, ["lookUp", "track", "trackMany", "lookInRegions"], async () =>
      (await import("./lookUpCommands.ts")).lookUpCommands(parts),
    ),
    ...group(
      parts,
      [
        "open",
        "openRaw",
        "copyId",
        "refresh",
        "refreshAll",
        "rename",
        "pin",
        "unpin",
        "pauseJob",
        "resumeJob",
        "remove",
        "clearFinished",
        "undoRemove",
      ],
      async () => (await import("./jobCommands.ts")).jobCommands(parts),
    ),
    ...group(
      parts,
      [
        "groupBy",
        "sortBy",
        "filter",
        "clearFilter",
        "loadMore",
        "showView",
        "showLog",
        "pause",
        "resume",
        "muteNotifications",
      ],
      async () => (await import("./viewCommands.ts")).viewCommands(parts),
    ),
    ...group(parts, ["export", "import"], async () => (await import("./dataCommands.ts")).dataCommands(parts)),
    ...group(parts, ["useDemoAccount", "switchAccount", "chooseRegion", "copyPolicy", "troubleshoot"], async () =>
      (await import("./accountCommands.ts")).accountCommands(parts, demo),
    ),
    ...group(parts, ["addKey", "renewKey", "signOut"], async () =>
      (await import("./keyCommands.ts")).keyCommands(parts),
    ),
    ...group(parts, ["trackFile", "trackSelection"], async () =>
      (await import("../doors/trackIds.ts")).trackIdsCommands(parts),
    ),
    ...group(parts, ["getStarted", "openExample"], async () => (await import("./firstSteps.ts")).firstSteps(parts)),
    ...group(parts, ["findByMedia"], async () => (await import("../media.ts")).mediaCommands(parts)),
  ];
}

/** What the panel's menu offers, for the palette: it is done to the panel that has the focus. */
export function registerPanelCommands(parts: Parts, panels: { run(id: PanelCommand): Promise<void> }) {
  return panelCommands.map((id) => command(parts, id, () => panels.run(id)));
}

/** Commands that one module handles. The type makes sure that `ids` and the module's handlers are the same. */
function group<Id extends string>(
  parts: Parts,
  ids: readonly Id[],
  load: () => Promise<Record<Id, Handler>>,
): vscode.Disposable[] {
  let handlers: Promise<Record<Id, Handler>> | undefined;
  return ids.map((id) =>
    command(parts, id, async (...args) => {
      handlers ??= load();
      return (await handlers)[id](...args);
    }),
  );
}

/** Registers a command whose failure becomes a sentence with a next step, never a stack trace. */
export function command(parts: { readonly log: Log }, id: string, run: Handler): vscode.Disposable {
  return vscode.commands.registerCommand(`vodJobs.${id}`, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      parts.log.error(`command ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      void import("../sentences.ts").then(({ showProblem }) => showProblem(error));
      return undefined;
    }
  });
}
