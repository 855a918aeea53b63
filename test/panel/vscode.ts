/**
 * Stands for the editor where host code of the panel runs in plain Node: what the panel asks of it is recorded, and
 * answered as a test says. `harness.ts` puts it in place of the module `vscode`.
 */

type Listener<T> = (event: T) => unknown;

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class Uri {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  static parse(text: string): Uri {
    return new Uri(text);
  }
  static file(path: string): Uri {
    return new Uri(path);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri([base.path, ...parts].join("/"));
  }
  toString(): string {
    return this.path;
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon extends ThemeColor {
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    super(id);
    this.color = color;
  }
}

export class Disposable {
  readonly dispose: () => unknown;
  constructor(dispose: () => unknown) {
    this.dispose = dispose;
  }
  static from(...owned: readonly Disposable[]): Disposable {
    return new Disposable(() => owned.map(({ dispose }) => dispose()));
  }
}

export const ExtensionMode = { Production: 1, Development: 2, Test: 3 };

/** Escapes text as the editor's own does. */
export class MarkdownString {
  value: string;
  isTrusted: boolean | { enabledCommands: readonly string[] } | undefined;
  supportHtml: boolean | undefined;
  readonly supportThemeIcons: boolean;
  constructor(value = "", supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }
  appendText(text: string): this {
    this.value += text
      .replace(/[\\`*_{}[\]()#+\-!~]/g, "\\$&")
      .replace(/([ \t]+)/g, (_, spaces: string) => "&nbsp;".repeat(spaces.length))
      .replace(/>/gm, "\\>")
      .replace(/\n/g, "\n\n");
    return this;
  }
  appendMarkdown(markdown: string): this {
    this.value += markdown;
    return this;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly place: readonly number[];
  constructor(...place: number[]) {
    this.place = place;
  }
}

export class Hover {
  readonly contents: readonly MarkdownString[];
  readonly range: Range;
  constructor(contents: MarkdownString | readonly MarkdownString[], range: Range) {
    this.contents = [contents].flat();
    this.range = range;
  }
}

export class TreeItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };

export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const ViewColumn = { Active: -1, Beside: -2, One: 1 };

/** What was asked of the editor, in order: its name and arguments. */
export const asked: [what: string, ...args: unknown[]][] = [];
/** What the editor answers to a name; nothing by default. */
export const answers = new Map<string, unknown>();

const ask =
  (what: string) =>
  (...args: unknown[]): Promise<unknown> => {
    asked.push([what, ...args]);
    return Promise.resolve(answers.get(what));
  };

export const l10n = {
  /** As the real one without a bundle: places are filled in where something is given. */
  t: (text: string | { readonly message: string }, ...args: unknown[]): string => {
    const message = typeof text === "string" ? text : text.message;
    return args.length === 0 ? message : message.replace(/\{(\d)\}/g, (_, place) => String(args[place]));
  },
};
export const env = {
  language: "en",
  clipboard: { writeText: ask("clipboard.writeText"), readText: ask("clipboard.readText") },
  openExternal: ask("openExternal"),
};
export const commands = {
  executeCommand: ask("executeCommand"),
  registerCommand: (..._: unknown[]): Disposable => new Disposable(() => undefined),
};
export const workspace = {
  workspaceFolders: undefined,
  fs: { writeFile: ask("writeFile"), readFile: ask("readFile"), stat: ask("stat") },
};
export const window = {
  showErrorMessage: ask("showErrorMessage"),
  showWarningMessage: ask("showWarningMessage"),
  showInformationMessage: ask("showInformationMessage"),
  showQuickPick: ask("showQuickPick"),
  showOpenDialog: ask("showOpenDialog"),
  showSaveDialog: ask("showSaveDialog"),
  setStatusBarMessage: ask("setStatusBarMessage"),
  registerWebviewPanelSerializer: () => ({ dispose() {} }),
  createWebviewPanel: (..._: unknown[]): unknown => {
    throw new Error("a test gives the panels");
  },
};
