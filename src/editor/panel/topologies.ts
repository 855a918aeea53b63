import * as vscode from "vscode";
import { readTopology, type Topology } from "../../workflow/topology.ts";
import { plain } from "../plain.ts";
import { topologyWord } from "./runWords.ts";
import type { KeptValues } from "./source.ts";

/** A topology is a few kilobytes; what is kept between sessions is written as a whole, so it must stay small. */
const mostCharacters = 256 * 1024;

/** The shapes of workflows that a person supplied, kept by workflow id. */
export class Topologies {
  readonly #kept: KeptValues;
  /** What was read, so that a topology is the same object until it is replaced. */
  readonly #read = new Map<string, { readonly text: string; readonly topology: Topology }>();

  constructor(kept: KeptValues) {
    this.#kept = kept;
  }

  of(workflowId: string | undefined): Topology | undefined {
    const text = workflowId ? this.#kept.get<unknown>(keyOf(workflowId)) : undefined;
    if (!workflowId || typeof text !== "string") return undefined;
    const known = this.#read.get(workflowId);
    if (known?.text === text) return known.topology;
    const read = readTopology(text);
    if ("problem" in read) return undefined;
    this.#read.set(workflowId, { text, topology: read.topology });
    return read.topology;
  }

  async detach(workflowId: string): Promise<void> {
    await this.#kept.update(keyOf(workflowId), undefined);
  }

  /** Lets a person choose a file or the clipboard; refuses with a sentence what is no topology. True when attached. */
  async attach(workflowId: string): Promise<boolean> {
    const text = await chooseText();
    if (text === undefined) return false;
    const refused = text.length > mostCharacters ? vscode.l10n.t("It is larger than 256 KB.") : refusal(text);
    if (refused) {
      await vscode.window.showErrorMessage(vscode.l10n.t("This topology was not attached. {0}", refused));
      return false;
    }
    await this.#kept.update(keyOf(workflowId), text);
    return true;
  }
}

function keyOf(workflowId: string): string {
  return `topology:${workflowId}`;
}

function refusal(text: string): string | undefined {
  const read = readTopology(text);
  if (!("problem" in read)) return undefined;
  const { kind, names } = read.problem;
  return topologyWord(kind, names.map((name) => plain(name, 60)).join(kind === "cycle" ? " → " : ", "));
}

async function chooseText(): Promise<string | undefined> {
  const file = { label: vscode.l10n.t("From a File…"), icon: "file" };
  const clipboard = { label: vscode.l10n.t("From the Clipboard"), icon: "clippy" };
  const items = [file, clipboard].map((item) => ({ ...item, iconPath: new vscode.ThemeIcon(item.icon) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Attach Workflow Topology"),
    placeHolder: vscode.l10n.t('JSON with "Activities" and "Dependencies", or with "nodes" and "edges"'),
  });
  if (!picked) return undefined;
  if (picked.icon === clipboard.icon) return vscode.env.clipboard.readText();
  const [uri] = (await vscode.window.showOpenDialog({ filters: { JSON: ["json", "txt"] } })) ?? [];
  if (!uri) return undefined;
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > 4 * mostCharacters) return " ".repeat(mostCharacters + 1);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
