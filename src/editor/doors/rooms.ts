import type * as vscode from "vscode";
import type { Parts } from "../commands/parts.ts";
import { JobHover } from "../jobHover.ts";
import { Owner } from "../lifecycle.ts";
import { DeepLinks } from "./deepLinks.ts";
import { documentLinks } from "./documentLinks.ts";
import { InlineStatus } from "./inlineStatus.ts";
import { terminalLinks } from "./terminalLinks.ts";
import { TrackedIds } from "./trackedIds.ts";

/** What is behind the doors, on one index of the tracked ids. */
export class Rooms extends Owner {
  readonly hover: JobHover;
  readonly documents: ReturnType<typeof documentLinks>;
  readonly terminals: ReturnType<typeof terminalLinks>;
  readonly links: DeepLinks;
  readonly #parts: Parts;
  readonly #ids: TrackedIds;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
    this.#ids = this.own(new TrackedIds(parts.tracker));
    this.hover = new JobHover(parts.tracker, this.#ids);
    this.documents = documentLinks(this.#ids);
    this.terminals = terminalLinks(this.#ids);
    this.links = new DeepLinks(parts, this.#ids);
  }

  /** Shows the status behind ids until it is disposed. */
  showStatus(): vscode.Disposable {
    return new InlineStatus(this.#parts.tracker, this.#ids);
  }
}
