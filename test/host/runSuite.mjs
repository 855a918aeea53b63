/**
 * Runs the in-host suite of `test/host/suite/` in a real VS Code.
 *
 *   node test/host/runSuite.mjs [pattern | --build]
 *
 * Which VS Code: the pinned code-server; or with `VSCODE_EXECUTABLE=/path/to/code` that one; or with
 * `VSCODE_TEST_VERSION=stable` (or a version, or `oldest`: the one that package.json promises to run on) one that
 * `@vscode/test-electron` downloads. `pattern` runs only the tests whose full title contains it. `--build` only builds extension and suite, for the debugger (F5).
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import * as esbuild from "esbuild";
import { build } from "../../scripts/build.mjs";
import { inWords } from "../../scripts/tools.mjs";

const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, "../..");

/**
 * Builds extension and suite, and runs it.
 * @param {{ extension?: string, suite?: string, pattern?: string }} [options] which extension folder (built already if
 *   it is not this project) and which suite folder
 * @returns {Promise<import("../../scripts/tools.mjs").Counts>}
 * @throws where the suite did not run to its end, whatever exit code the host gave
 */
export async function runSuite({ extension = ROOT, suite = path.join(HERE, "suite"), pattern } = {}) {
  if (extension === ROOT) await build({ dev: true });
  const suiteEntry = await bundleSuite(suite);
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "host-suite-"));
  const workspace = path.join(temporary, "workspace");
  const resultFile = path.join(temporary, "result.json");
  fs.mkdirSync(workspace);
  try {
    // A host that dies early exits with 0, and failed tests with 1: only the result file tells what happened.
    const exit = await runTests({
      ...chosenVsCode(),
      extensionDevelopmentPath: extension,
      extensionTestsPath: suiteEntry,
      launchArgs: [
        workspace,
        `--user-data-dir=${path.join(temporary, "user-data")}`,
        `--extensions-dir=${path.join(temporary, "extensions")}`,
      ],
      extensionTestsEnv: {
        VOD_JOBS_SUITE_RESULT: resultFile,
        VOD_JOBS_SUITE_PATTERN: pattern,
        VOD_JOBS_SUITE_FOLDER: temporary,
      },
    }).catch((error) => error);
    if (fs.existsSync(resultFile)) return JSON.parse(fs.readFileSync(resultFile, "utf8"));
    throw new Error("The suite wrote no result: it did not run to its end.", { cause: exit });
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** Whether the suite runs in a desktop VS Code: then neither code-server nor a browser is needed. */
export const runsOnDesktop = () => Boolean(process.env.VSCODE_TEST_VERSION || process.env.VSCODE_EXECUTABLE);

/** @returns {{ version: string } | { vscodeExecutablePath: string }} */
function chosenVsCode() {
  const { VSCODE_TEST_VERSION: version, VSCODE_EXECUTABLE: executable } = process.env;
  if (version === "oldest") return { version: oldestVsCode() };
  if (version) return { version };
  return { vscodeExecutablePath: executable ?? path.join(HERE, "codeHost.mjs") };
}

/** @returns {string} "1.105.0" of `"vscode": "^1.105.0"` */
function oldestVsCode() {
  const { engines } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
  return engines.vscode.replace(/^\^/, "");
}

/**
 * Bundles each file of the suite by itself into CommonJS, which is what VS Code loads tests as. Packages stay outside.
 * @param {string} suite
 * @returns {Promise<string>} the entry to give to VS Code
 */
async function bundleSuite(suite) {
  const outdir = path.join(ROOT, "out/host-suite");
  fs.rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: [path.join(HERE, "suite/index.ts"), path.join(suite, "**/*.test.ts")],
    bundle: true,
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    entryNames: "[name]",
    format: "cjs",
    logLevel: "warning",
    outdir,
    outExtension: { ".js": ".cjs" },
    packages: "external",
    platform: "node",
    sourcemap: "inline",
    target: "node22.19",
  });
  return path.join(outdir, "index.cjs");
}

if (process.argv[1] === import.meta.filename) {
  const [argument] = process.argv.slice(2);
  if (argument === "--build") {
    await Promise.all([build({ dev: true }), bundleSuite(path.join(HERE, "suite"))]);
  } else {
    const counts = await runSuite({ pattern: argument });
    console.log(inWords(counts));
    if (counts.failed || !counts.passed) process.exitCode = 1;
  }
}
