import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import ts from "typescript";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-rules-"));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** Writes a project that breaks every import rule once, beside imports that are allowed. */
function writeProject(files: Record<string, string>): void {
  fs.writeFileSync(path.join(temporary, "package.json"), JSON.stringify({ devDependencies: { typescript: "*" } }));
  fs.writeFileSync(
    path.join(temporary, "tsconfig.json"),
    JSON.stringify({ extends: path.join(ROOT, "tsconfig.json") }),
  );
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(temporary, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(temporary, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(temporary, name), text);
  }
}

/** Runs the import rules as `npm run lint` does: "rule: from → to", sorted. */
function brokenRules(): Promise<string[]> {
  const cruiser = path.join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const config = path.join(ROOT, ".dependency-cruiser.mjs");
  return new Promise((resolve, reject) => {
    const args = [cruiser, "--config", config, "--output-type", "json", "src"];
    execFile(process.execPath, args, { cwd: temporary, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => {
      if (!stdout) return reject(new Error(stderr));
      const { violations } = JSON.parse(stdout).summary as {
        violations: { rule: { name: string }; from: string; to: string }[];
      };
      resolve(
        violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to.replace(/.*node_modules\//, "")}`).sort(),
      );
    });
  });
}

test("every import rule catches an import that breaks it, and no other", async () => {
  writeProject({
    "src/vod/types.ts": "export interface T { readonly t: 1 }",
    "src/vod/sign.ts": 'import { createHmac } from "node:crypto"; export const sign = createHmac;',
    "src/vod/client.ts": 'import { tracker } from "../jobs/tracker.ts"; export const client = tracker;',
    "src/workflow/types.ts": 'import fs from "node:fs"; export const x = fs;',
    "src/workflow/layout.ts": 'import type { T } from "../vod/types.ts"; export type U = T;',
    "src/jobs/tracker.ts": 'import { sign } from "../vod/sign.ts"; export const tracker = sign;',
    "src/jobs/a.ts": 'import { b } from "./b.ts"; export const a = () => b;',
    "src/jobs/b.ts": 'import { a } from "./a.ts"; export const b = () => a;',
    "src/jobs/page.ts": 'import { view } from "../panel/view.ts"; export const page = view;',
    "src/agent/tools.ts": 'import * as vscode from "vscode"; export const tools = vscode;',
    "src/panel/view.ts": 'import { gone } from "./gone.ts"; export const view = gone;',
    "src/panel/protocol.ts": 'import { tracker } from "../jobs/tracker.ts"; export const protocol = tracker;',
    "src/demo/endpoint.ts":
      'import { sign } from "../vod/sign.ts"; import { client } from "../vod/client.ts"; export const e = [sign, client];',
    "src/editor/tree.ts":
      'import * as vscode from "vscode"; import { protocol } from "../panel/protocol.ts"; import { view } from "../panel/view.ts"; export const tree = [vscode, protocol, view];',
    "src/extension.ts":
      'import * as vscode from "vscode"; import { tree } from "./editor/tree.ts"; import ts from "typescript"; export const e = [vscode, tree, ts];',
    "src/mcp.ts": 'import { help } from "../test/help.ts"; export const mcp = help;',
    "test/help.ts": "export const help = 1;",
  });
  assert.deepEqual(await brokenRules(), [
    "everything-is-found: src/panel/view.ts → ./gone.ts",
    "layer-demo: src/demo/endpoint.ts → src/vod/client.ts",
    "layer-editor: src/editor/tree.ts → src/panel/view.ts",
    "layer-jobs: src/jobs/page.ts → src/panel/view.ts",
    "layer-panel: src/panel/protocol.ts → src/jobs/tracker.ts",
    "layer-vod: src/vod/client.ts → src/jobs/tracker.ts",
    "layer-workflow: src/workflow/layout.ts → src/vod/types.ts",
    "no-cycles: src/jobs/a.ts → src/jobs/b.ts",
    "no-node-in-pure-code: src/workflow/types.ts → fs",
    "no-tests-in-the-product: src/mcp.ts → test/help.ts",
    "only-the-editor-knows-vscode: src/agent/tools.ts → @types/vscode/index.d.ts",
    "ships-only-dependencies: src/extension.ts → typescript/lib/typescript.js",
  ]);
});

describe("types know what each environment has", () => {
  /** What TypeScript says of a line of code, under the settings of a folder. */
  function complaints(project: string, code: string): string[] {
    const config = path.join(ROOT, project, "tsconfig.json");
    const parsed = ts.parseJsonConfigFileContent(
      ts.readConfigFile(config, ts.sys.readFile).config,
      ts.sys,
      path.dirname(config),
    );
    const file = path.join(temporary, "probe.ts");
    fs.writeFileSync(file, `${code}\nexport {};\n`);
    const program = ts.createProgram([file], parsed.options);
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  }

  const page = "document.title = location.href;";
  const node = "process.exit(Buffer.byteLength('x'));";

  test("workflow: neither a page nor Node", () => {
    assert.equal(complaints("src/workflow", page).length, 2);
    assert.equal(complaints("src/workflow", node).length, 2);
    assert.equal(complaints("src/workflow", "console.log(1);").length, 1, "not even a console");
  });

  test("panel: a page, no Node", () => {
    assert.deepEqual(complaints("src/panel", page), []);
    assert.equal(complaints("src/panel", node).length, 2);
  });

  test("extension host: Node, no page", () => {
    assert.equal(complaints("src", page).length, 2);
    assert.deepEqual(complaints("src", node), []);
  });
});
