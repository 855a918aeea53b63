import * as vscode from "vscode";
import { jobKey } from "../jobs/key.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { JobRef } from "../vod/types.ts";
import { Owner } from "./lifecycle.ts";

const scheme = "vod-job";

/** Where the raw answer of a job opens: a read-only JSON document named for the job. */
export function rawUri(ref: JobRef): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${ref.id.replace(/[\\/]/g, "_")}.json`, query: jobKey(ref) });
}

/** Serves raw answers as read-only documents, kept current while they are open. */
export class RawDocuments extends Owner implements vscode.TextDocumentContentProvider {
  readonly #tracker: JobTracker;
  readonly #changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(tracker: JobTracker) {
    super();
    this.#tracker = tracker;
    this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.own(
      tracker.onDidChange(({ changed }) => {
        const keys = new Set(changed);
        for (const { uri } of vscode.workspace.textDocuments)
          if (uri.scheme === scheme && keys.has(uri.query)) this.#changed.fire(uri);
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { rawText } = await import("./rawText.ts");
    return rawText(this.#tracker, uri.query);
  }
}
