import * as vscode from "vscode";
import { findJobIds } from "../../jobs/ids/find.ts";
import { doorTo, isCertain } from "./door.ts";
import type { TrackedIds } from "./trackedIds.ts";

/** Of longer documents the beginning is searched, in characters. */
const longestText = 5_000_000;

/**
 * Job ids in documents as links, in all languages, untitled and output documents too. Only ids that are tracked, or
 * that a key or an API names: a link on every hash would be noise.
 */
export function documentLinks(ids: TrackedIds) {
  return {
    provideDocumentLinks(document, token) {
      if (token.isCancellationRequested) return [];
      const text = document.getText().slice(0, longestText);
      return findJobIds(text, ids.known)
        .filter(isCertain)
        .map((found) => {
          const { command, args, tooltip } = doorTo(found, ids.jobsOf(found.id));
          const range = new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
          const query = encodeURIComponent(JSON.stringify(args));
          const link = new vscode.DocumentLink(range, vscode.Uri.parse(`command:${command}?${query}`));
          link.tooltip = tooltip;
          return link;
        });
    },
  } satisfies vscode.DocumentLinkProvider;
}
