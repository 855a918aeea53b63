import type * as vscode from "vscode";
import type { Parts } from "../commands/parts.ts";
import { JobHover } from "../jobHover.ts";
import { copyLinkCommand, DeepLinks } from "./deepLinks.ts";
import { documentLinks } from "./documentLinks.ts";
import { InlineStatus } from "./inlineStatus.ts";
import { terminalLinks } from "./terminalLinks.ts";
import { TrackedIds } from "./trackedIds.ts";

/** Everything that leads from a place where a job's or a media asset's id appears to the job. */
export function doors(parts: Parts): vscode.Disposable[] {
  const ids = new TrackedIds(parts.tracker);
  return [
    ids,
    new JobHover(parts.tracker, ids).register(),
    terminalLinks(ids),
    documentLinks(ids),
    new InlineStatus(ids, parts.tracker),
    new DeepLinks(parts, ids),
    copyLinkCommand(parts),
  ];
}
