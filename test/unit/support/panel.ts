import type { PanelSource } from "../../../src/editor/panel/source.ts";
import { type Parts, protocolVersion, readToPanel, type ToHost, type ToPanel } from "../../../src/panel/protocol.ts";
import type { JobRef } from "../../../src/vod/types.ts";
import "../../panel/editorStub.ts";
import * as vscode from "../../panel/vscode.ts";

const { problemSentence, showProblem } = await import("../../../src/editor/sentences.ts");
const { JobPanel } = await import("../../../src/editor/panel/jobPanel.ts");
const { Topologies } = await import("../../../src/editor/panel/topologies.ts");

/** The host's half of a panel on a page that is not there: what it is sent is kept, and checked as the page checks it. */
export class FakePage {
  readonly said: ToPanel[] = [];
  /** What the page would have refused, and what the host logged as wrong. */
  readonly faults: string[] = [];
  /** What the page would show as of the last message. */
  parts: Partial<Parts> = {};
  activities = new Map<string, unknown>();
  /** How many characters it was sent in all. */
  characters = 0;
  /** The number of the last message about the data: each must follow the one before. */
  rev: number | undefined;
  readonly panel: InstanceType<typeof JobPanel>;
  readonly #fromPage = new vscode.EventEmitter<unknown>();
  readonly #listening: { dispose(): void };

  constructor(ref: JobRef, source: PanelSource) {
    const none = () => ({ dispose() {} });
    const webview = {
      options: {},
      html: "",
      cspSource: "https://page.example",
      asWebviewUri: (uri: unknown) => uri,
      onDidReceiveMessage: this.#fromPage.event,
      postMessage: async (text: string) => this.#hear(text),
    };
    const webviewPanel = {
      webview,
      title: "",
      visible: true,
      active: true,
      reveal() {},
      onDidChangeViewState: none,
      onDidDispose: none,
      dispose() {},
    };
    const kept = { get: () => undefined, update: async () => {} };
    const fault = (line: string) => void this.faults.push(line);
    const options = {
      extensionUri: new vscode.Uri("") as never,
      source,
      actions: { showRaw() {}, problemSentence, showProblem },
      kept,
      log: { debug() {}, info() {}, warn: fault, error: fault },
    };
    this.panel = new JobPanel(webviewPanel as never, ref, options, new Topologies(kept), () => {});
    this.#listening = source.onDidChange(() => void this.panel.changed());
    this.say({ type: "ready", version: protocolVersion, restored: false });
  }

  /** Says something to the host, as the page does. */
  say(message: ToHost): void {
    this.#fromPage.fire(message);
  }

  dispose(): void {
    this.#listening.dispose();
    this.panel.dispose();
  }

  #hear(text: string): boolean {
    this.characters += text.length;
    const message = readToPanel(text);
    if (!message) {
      this.faults.push(`the page refuses ${text.slice(0, 200)}`);
      return true;
    }
    this.said.push(message);
    if (message.type === "snapshot") {
      this.rev = message.rev;
      this.parts = message.parts;
      this.activities = new Map(message.activities.map((activity) => [activity.name, activity]));
    } else if (message.type === "patch") {
      if (message.rev !== this.rev! + 1) this.faults.push(`message ${message.rev} follows ${this.rev}`);
      this.rev = message.rev;
      for (const op of message.ops) {
        if (op.op === "parts") this.parts = { ...this.parts, ...op.parts };
        else if (op.op === "put") this.activities.set(op.activity.name, op.activity);
        else this.activities.delete(op.name);
      }
    }
    return true;
  }
}
