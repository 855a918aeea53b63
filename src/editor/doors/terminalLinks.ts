import * as vscode from "vscode";
import { findJobIds } from "../../jobs/ids/find.ts";
import { type Door, doorTo, isCertain } from "./door.ts";
import type { TrackedIds } from "./trackedIds.ts";

/** A link that knows where it leads. */
export interface JobLink extends vscode.TerminalLink {
  readonly door: Door;
}

/** Longer lines are searched up to here only, in characters: a terminal wraps them over many screens. */
const longestLine = 20_000;

/** Job ids in terminals as links. A click opens the job, or looks it up; the tooltip says which. */
export function terminalLinks(ids: TrackedIds) {
  return {
    provideTerminalLinks: ({ line }) =>
      findJobIds(line.slice(0, longestLine), ids.known)
        .filter(isCertain)
        .map((found) => {
          const door = doorTo(found, ids.jobsOf(found.id));
          return { startIndex: found.start, length: found.end - found.start, tooltip: door.tooltip, door };
        }),
    handleTerminalLink: async ({ door }) => {
      await vscode.commands.executeCommand(door.command, ...door.args);
    },
  } satisfies vscode.TerminalLinkProvider<JobLink>;
}
