import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import * as esbuild from "esbuild";
import ts from "typescript";
import { build } from "../../../scripts/build.mjs";
import { toCommonJs } from "../../../scripts/commonJs.mjs";
import { leanPackages } from "../../../scripts/leanPackages.mjs";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-build-"));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** Every way in which modules of ours and of packages refer to each other. */
const project = {
  "main.ts": `
    import path, { basename } from "node:path";
    import * as fs from "node:fs";
    import "./effect.ts";
    import { count as shared, type Unused } from "./shared.ts";
    import old from "./old.cjs";
    export { count } from "./shared.ts";
    export const seen = () => [path.basename("a/b"), basename("a/c"), typeof fs.statSync, shared(), old.word];
    export const lazy = async () => {
      const before = globalThis.loaded;
      const { word, fail } = await import("./lazy.ts");
      const { default: late } = await import("./late.cjs");
      const strict = (function () { return this === undefined; })();
      return { before, after: globalThis.loaded, word, late: late.word, fail, strict };
    };
    export default class Main {}`,
  "other.ts": `import { count } from "./shared.ts"; export const two = () => [count(), count()];`,
  "shared.ts": `let n = 0; export interface Unused {} export function count() { return ++n; }`,
  "effect.ts": `globalThis.loaded = ["effect"];`,
  "lazy.ts": `import { count } from "./shared.ts";
    globalThis.loaded = [...globalThis.loaded, "lazy"];
    export const word = "lazy" + count();

    export function fail() {
      throw new Error("here");
    }`,
  "old.cjs": `exports.word = "old" + require("./late.cjs").word;`,
  "late.cjs": `exports.word = require("node:path").basename("x/late");`,
};

const program = `
  const { seen, lazy, count, default: Main } = require("./main.cjs");
  const { two } = require("./other.cjs");
  lazy().then(({ fail, ...rest }) => {
    let place = "";
    try { fail(); } catch (error) { place = /(\\w+\\.ts:\\d+)/.exec(error.stack)?.[1]; }
    console.log(JSON.stringify({ seen: seen(), ...rest, count: count(), two: two(), name: typeof Main, place }));
  });`;

for (const dev of [true, false]) {
  test(`modules become CommonJS that is loaded when it was imported, ${dev ? "with source maps" : "minified"}`, async () => {
    const root = path.join(temporary, String(dev));
    fs.mkdirSync(root);
    for (const [name, text] of Object.entries(project)) fs.writeFileSync(path.join(root, name), text);
    const hostEntries = ["main", "other"].map((name) => ({ in: `${name}.ts`, out: name }));
    const { sizes } = await build({ root, dev, hostEntries, panelEntries: [] });
    const options = { cwd: path.join(root, "dist"), encoding: "utf8" } as const;
    const said = execFileSync(process.execPath, ["--enable-source-maps", "-e", program], options);
    assert.deepEqual(JSON.parse(said), {
      before: ["effect"],
      after: ["effect", "lazy"],
      word: "lazy1",
      late: "late",
      strict: true,
      seen: ["b", "c", "function", 2, "oldlate"],
      count: 3,
      two: [4, 5],
      name: "function",
      ...(dev && { place: "lazy.ts:6" }),
    });
    assert.ok(sizes.host["main.cjs"]!.lazy > 0 && sizes.host["other.cjs"]!.lazy === 0);
  });
}

test("a shape that would mean something else in CommonJS is refused", () => {
  assert.throws(() => toCommonJs('export * from "./a.cjs";', "b"), /Not translated to CommonJS: export \* .* in b/);
});

test("what modules of the product export never changes later: CommonJS would not see it", async () => {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ["src/extension.ts", "src/jobs/worker.ts", "src/mcp.ts"],
    bundle: true,
    define: leanPackages.define,
    external: ["vscode"],
    format: "esm",
    logLevel: "error",
    outdir: temporary,
    platform: "node",
    plugins: [leanPackages.plugin],
    splitting: true,
    write: false,
  });
  assert.deepEqual(
    outputFiles.flatMap(({ path: file, text }) => changedExports(file, text)),
    [],
  );
});

/** Assignments to exported names; esbuild gives names of a file's top level to nothing else in it. */
function changedExports(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
  const names = new Set(
    source.statements
      .filter(ts.isExportDeclaration)
      .flatMap(({ exportClause }) => (exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : []))
      .map(({ propertyName, name }) => (propertyName ?? name).text),
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const target = ts.isBinaryExpression(node) && assigns(node) ? node.left : isStep(node) ? node.operand : undefined;
    if (target && ts.isIdentifier(target) && names.has(target.text)) found.push(node.getText(source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function assigns({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isStep(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  const steps: readonly ts.SyntaxKind[] = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken];
  return (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && steps.includes(node.operator);
}
