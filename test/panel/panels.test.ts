/** Which panels there are: one per job, filled by what is loaded when the first opens. */
import assert from "node:assert/strict";
import path from "node:path";
import { beforeEach, test } from "node:test";
import * as esbuild from "esbuild";
import { jobKey } from "../../src/jobs/key.ts";
import "./editorStub.ts";
import { refOf, sample } from "./runs.ts";
import * as vscode from "./vscode.ts";

const { JobPanels } = await import("../../src/editor/panel/jobPanels.ts");

const { ref, answer } = sample("workflow");
let frames: Frame[] = [];
let changed: (keys?: Iterable<string>) => void = () => {};
let watched = 0;

class Frame {
  readonly #disposed = new vscode.EventEmitter<void>();
  readonly messages = new vscode.EventEmitter<unknown>();
  readonly posted: string[] = [];
  readonly webview = {
    options: {},
    html: "",
    cspSource: "https://panel",
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: this.messages.event,
    postMessage: async (text: string) => this.posted.push(text),
  };
  readonly onDidDispose = this.#disposed.event;
  readonly onDidChangeViewState = new vscode.EventEmitter<unknown>().event;
  title = "";
  visible = true;
  active = true;
  revealed = 0;
  gone = false;
  reveal() {
    this.revealed++;
  }
  dispose() {
    if (this.gone) return;
    this.gone = true;
    this.#disposed.fire();
  }
}

function makePanels() {
  return new JobPanels({
    extensionUri: new vscode.Uri("") as never,
    source: {
      job: () => undefined,
      answer: () => answer,
      history: () => [],
      previousRun: () => undefined,
      refresh: async () => {},
      onDidChange: (listener) => {
        changed = listener;
        return { dispose() {} };
      },
      watch: () => {
        watched++;
        return { dispose: () => watched-- };
      },
    },
    actions: async () => ({ showRaw() {}, showProblem() {}, problemSentence: () => ({ text: "", next: [] }) }),
    kept: { get: () => undefined, update: async () => {} },
    log: { debug() {}, info() {}, warn() {}, error: assert.fail },
  });
}

/** What was loaded has been used, and what it asked has been answered. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
}

beforeEach(() => {
  frames = [];
  vscode.window.createWebviewPanel = () => {
    const frame = new Frame();
    frames.push(frame);
    return frame;
  };
});

test("a job has one panel, that is shown again; another job another; each is watched while it is there", async () => {
  const panels = makePanels();
  panels.open(ref);
  panels.open(ref, { activity: "Act_Start" });
  panels.open(refOf("workflow", "other"));
  await quiet();
  assert.equal(frames.length, 2);
  assert.equal(frames[0]!.revealed, 1);
  assert.match(frames[0]!.webview.html, /^<!DOCTYPE html>/);
  assert.equal(watched, 2);
  assert.deepEqual(panels.active, ref);

  frames[0]!.messages.fire({ type: "ready", version: 1, restored: false });
  await quiet();
  const said = frames[0]!.posted.map((text) => JSON.parse(text));
  assert.deepEqual(
    said.filter(({ type }) => type === "select").map(({ name }) => name),
    ["Act_Start"],
    "what was asked for before the page was there",
  );
  changed([jobKey(ref)]);
  await quiet();
  panels.dispose();
  assert.ok(frames.every(({ gone }) => gone));
  assert.equal(watched, 0);
});

test("a panel that is closed before it was filled stays empty, and can be opened anew", async () => {
  const panels = makePanels();
  panels.open(ref);
  frames[0]!.dispose();
  panels.open(ref);
  await quiet();
  assert.deepEqual(
    frames.map(({ webview }) => webview.html !== ""),
    [false, true],
  );
});

test("a panel is restored from its page's state; one that names no job, or a job that has one, is closed", async () => {
  const panels = makePanels();
  const restore = async (state: unknown) => {
    const frame = new Frame();
    await panels.deserializeWebviewPanel(frame as never, state);
    return !frame.gone;
  };
  assert.equal(await restore({ ref: jobKey(ref), view: "table" }), true);
  for (const state of [{ ref: jobKey(ref) }, { ref: "a/b" }, { ref: 5 }, {}, undefined, null]) {
    assert.equal(await restore(state), false, JSON.stringify(state));
  }
});

test("starting loads nothing of what a panel is filled with", async () => {
  const { metafile } = await esbuild.build({
    absWorkingDir: path.resolve(import.meta.dirname, "../.."),
    entryPoints: ["src/editor/panel/jobPanels.ts"],
    bundle: true,
    external: ["vscode"],
    format: "esm",
    metafile: true,
    outdir: "out",
    platform: "node",
    splitting: true,
    write: false,
  });
  const eager = new Set<string>();
  const reach = (file: string): void => {
    if (eager.has(file)) return;
    eager.add(file);
    for (const next of metafile.outputs[file]!.imports)
      if (next.kind === "import-statement" && !next.external) reach(next.path);
  };
  reach("out/jobPanels.js");
  const inputs = [...eager].flatMap((file) => Object.keys(metafile.outputs[file]!.inputs));
  assert.deepEqual(
    inputs.filter((file) => /^src\/(workflow|panel|editor\/panel)\//.test(file)),
    ["src/editor/panel/jobPanels.ts"],
  );
});
