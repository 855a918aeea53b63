import * as vscode from "vscode";
import { panelCommands } from "../panel/source.ts";
import type { OpenWindow } from "./parts.ts";

// biome-ignore lint/suspicious/noExplicitAny: a command's arguments come from anywhere; each handler checks its own
type Handler = (...args: any[]) => unknown;

/** Registers every command. What a command does is loaded when one of its group is first run. */
export function registerCommands(window: Promise<OpenWindow>): vscode.Disposable[] {
  return [
    ...group(window, ["lookUp", "track", "trackMany", "lookInRegions"], async (parts) =>
      (await import("./lookUpCommands.ts")).lookUpCommands(parts),
    ),
    ...group(
      window,
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
      async (parts) => (await import("./jobCommands.ts")).jobCommands(parts),
    ),
    ...group(
      window,
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
      async (parts) => (await import("./viewCommands.ts")).viewCommands(parts),
    ),
    ...group(window, ["export", "import"], async (parts) => (await import("./dataCommands.ts")).dataCommands(parts)),
    ...group(window, ["useDemoAccount", "switchAccount", "chooseRegion", "copyPolicy", "troubleshoot"], async (parts) =>
      (await import("./accountCommands.ts")).accountCommands(parts, parts.demo),
    ),
    ...group(window, ["addKey", "renewKey", "signOut"], async (parts) =>
      (await import("./keyCommands.ts")).keyCommands(parts),
    ),
    ...group(window, ["trackFile", "trackSelection"], async (parts) =>
      (await import("../doors/trackIds.ts")).trackIdsCommands(parts),
    ),
    ...group(window, ["getStarted", "openExample"], async (parts) =>
      (await import("./firstSteps.ts")).firstSteps(parts),
    ),
    ...group(window, ["findByMedia"], async (parts) => (await import("../media.ts")).mediaCommands(parts)),
    command(window, "copyLink", async (...args) => {
      const { copyLink } = await import("../doors/deepLinks.ts");
      return copyLink(await window, args[0], args[1]);
    }),
    // What the panel's menu offers, for the palette: it is done to the panel that has the focus.
    ...panelCommands.map((id) => command(window, id, async () => (await window).panels.run(id))),
  ];
}

/** Commands that one module handles. The type makes sure that `ids` and the module's handlers are the same. */
function group<Id extends string>(
  window: Promise<OpenWindow>,
  ids: readonly Id[],
  load: (parts: OpenWindow) => Promise<Record<Id, Handler>>,
): vscode.Disposable[] {
  let handlers: Promise<Record<Id, Handler>> | undefined;
  return ids.map((id) =>
    command(window, id, async (...args) => {
      handlers ??= window.then(load);
      return (await handlers)[id](...args);
    }),
  );
}

/** Registers a command whose failure becomes a sentence with a next step, never a stack trace. */
export function command(window: Promise<OpenWindow>, id: string, run: Handler): vscode.Disposable {
  return vscode.commands.registerCommand(`vodJobs.${id}`, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      const text = `command ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      void window.then(({ log }) => log.error(text));
      void import("../sentences.ts").then(({ showProblem }) => showProblem(error));
      return undefined;
    }
  });
}
