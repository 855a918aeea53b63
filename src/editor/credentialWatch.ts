import { homedir } from "node:os";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { credentialFiles, stampOfFiles } from "../vod/credentialFiles.ts";
import { Owner } from "./lifecycle.ts";

/** How long a file must rest before it is looked at: editors and tools write it in several steps. Milliseconds. */
const settles = 300;
/** The least time between two changes that are told, milliseconds: a command that writes its file must not go in circles. */
const leastBetween = 5_000;

/**
 * Watches the files that hold credentials (`~/.aliyun`, `~/.alibabacloud`), also while their folders do not exist yet,
 * and tells when one is another than before. What the account's own provider wrote is no change.
 */
export class CredentialWatch extends Owner {
  readonly #files = credentialFiles(homedir(), process.env);
  readonly #onChange: () => void;
  #known = stampOfFiles(this.#files);
  #timer: NodeJS.Timeout | undefined;
  #toldAt = 0;

  constructor(onChange: () => void) {
    super();
    this.#onChange = onChange;
    this.own({ dispose: () => clearTimeout(this.#timer) });
    for (const file of this.#files) {
      // The folder, not the file: many tools put a new file in the place of the old one.
      const folder = vscode.Uri.file(dirname(file));
      const watcher = this.own(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "*")));
      const look = ({ fsPath }: vscode.Uri) => {
        // Of a folder that comes into being, only that is told, not what is in it.
        if (basename(fsPath) === basename(file) || fsPath === dirname(file)) this.#lookSoon();
      };
      this.own(watcher.onDidCreate(look));
      this.own(watcher.onDidChange(look));
      this.own(watcher.onDidDelete(look));
    }
  }

  /** The files are as our own provider has just left them. */
  wroteThem(): void {
    this.#known = stampOfFiles(this.#files);
  }

  #lookSoon(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(settles, this.#toldAt + leastBetween - Date.now());
    this.#timer = setTimeout(() => void this.#look(), wait);
  }

  async #look(): Promise<void> {
    const before = await this.#known;
    this.#known = stampOfFiles(this.#files);
    if ((await this.#known) === before) return;
    this.#toldAt = Date.now();
    this.#onChange();
  }
}
