import * as vscode from "vscode";
import type { Parts } from "../commands/parts.ts";
import { Owner } from "../lifecycle.ts";
import { settings } from "../settings.ts";
import type { Rooms } from "./rooms.ts";
import type { JobLink } from "./terminalLinks.ts";

/**
 * Everything that leads from a place where a job's id appears to the job: hover, links in documents and terminals, the
 * status behind ids, links from elsewhere. Here is only what must be registered at the start; the rest is loaded when
 * the editor first asks for any of it.
 */
export class Doors extends Owner {
  readonly #load: () => Promise<Rooms>;
  #status: vscode.Disposable | undefined;

  constructor(parts: Parts) {
    super();
    let rooms: Promise<Rooms> | undefined;
    this.#load = () => {
      rooms ??= import("./rooms.ts").then(({ Rooms }) => this.own(new Rooms(parts)));
      return rooms;
    };
    const everywhere = { scheme: "*" };
    const terminals: vscode.TerminalLinkProvider<JobLink> = {
      provideTerminalLinks: async (context) => (await this.#load()).terminals.provideTerminalLinks(context),
      handleTerminalLink: async (link) => (await this.#load()).terminals.handleTerminalLink(link),
    };
    this.own(
      vscode.languages.registerHoverProvider(everywhere, {
        provideHover: async (document, position, token) =>
          settings.hover() ? (await this.#load()).hover.provideHover(document, position, token) : undefined,
      }),
    );
    this.own(
      vscode.languages.registerDocumentLinkProvider(everywhere, {
        provideDocumentLinks: async (document, token) =>
          (await this.#load()).documents.provideDocumentLinks(document, token),
      }),
    );
    this.own(vscode.window.registerTerminalLinkProvider(terminals));
    this.own(vscode.window.registerUriHandler({ handleUri: async (uri) => (await this.#load()).links.handleUri(uri) }));
    this.own({ dispose: () => this.#status?.dispose() });
    this.own(
      settings.onDidChange((affects) => {
        if (affects("inlineStatus")) void this.#followStatus();
      }),
    );
    void this.#followStatus();
  }

  async #followStatus(): Promise<void> {
    const rooms = wantsStatus() ? await this.#load() : undefined;
    // Loading took a moment, in which the person may have changed their mind, or the window its extensions.
    if (rooms && wantsStatus() && !this.disposed) this.#status ??= rooms.showStatus();
    else {
      this.#status?.dispose();
      this.#status = undefined;
    }
  }
}

function wantsStatus(): boolean {
  return vscode.workspace.getConfiguration("vodJobs").get<boolean>("inlineStatus") === true;
}
