/**
 * Builds what ships, into `dist/`: the host's code as CommonJS in lazily loaded chunks, the panel as one script.
 *
 *   node scripts/build.mjs [--dev] [--watch] [--sizes]
 *
 * `--dev` leaves the code readable and writes source maps; `--watch` implies it and builds again on every change.
 *
 * The host wants CommonJS, and esbuild splits only ES modules. So the host is built in two steps: ES modules with
 * splitting, then each of these files, by itself, into CommonJS, where every `import()` becomes a `require` inside a
 * promise: as lazy as it was. (An ES module bundle would not do: `@alicloud/credentials` calls `require` at run time.)
 * What is loaded together becomes one file then, but for `--dev`: its source maps fit single chunks.
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { toCommonJs } from "./commonJs.mjs";
import { imported, joined, onlyHelps, placesOf, reached, requiredBy } from "./joinChunks.mjs";
import { leanPackages } from "./leanPackages.mjs";

const ROOT = path.resolve(import.meta.dirname, "..");

/** What Node starts, the extension host's or an agent's: `dist/<out>.cjs`. */
const HOST_ENTRIES = [
  { in: "src/extension.ts", out: "extension" },
  { in: "src/jobs/worker.ts", out: "hub-worker" },
  { in: "src/mcp.ts", out: "mcp" },
];

/** What an entry loads by `import()` as soon as it has started, in every process. */
const SECOND_STAGES = ["src/editor/window.ts"];

/** What the panel's page loads: `dist/panel.js` and `dist/panel.css`. */
const PANEL_ENTRIES = [
  { in: "src/panel/main.ts", out: "panel" },
  { in: "src/panel/panel.css", out: "panel" },
];

/** VS Code 1.105, the oldest we run in, has Node 22.19 and Chromium 138; web editors may be a little older. */
const HOST_TARGET = "node22.19";
const PANEL_TARGET = "chrome128";

/** @typedef {import("./joinChunks.mjs").Outputs} Outputs what esbuild tells of the files it wrote */

/** @typedef {ReturnType<typeof placesOf>} Places where each chunk goes that is joined with others */

/** @typedef {{ in: string, out: string }} Entry a source file, and the name of what is made of it (no ending) */

/**
 * @typedef {object} BuildOptions
 * @property {string} [root] the folder that entries are relative to
 * @property {string} [outDir] where the result goes; emptied first
 * @property {boolean} [dev] readable code and source maps
 * @property {boolean} [watch] build again on every change; the promise is then fulfilled after the first build
 * @property {Entry[]} [hostEntries]
 * @property {Entry[]} [panelEntries]
 */

/**
 * Builds the extension.
 * @param {BuildOptions} [options]
 * @returns {Promise<{ sizes: Sizes, modules: string[], stop: () => Promise<void> }>} `modules`: every source file of which
 *   something ships, relative to `root`; `stop` ends a watching build
 */
export async function build({
  root = ROOT,
  outDir = path.join(root, "dist"),
  dev = false,
  watch = false,
  hostEntries = HOST_ENTRIES,
  panelEntries = PANEL_ENTRIES,
} = {}) {
  fs.rmSync(outDir, { recursive: true, force: true });
  fs.mkdirSync(outDir, { recursive: true });
  const entriesIn = (/** @type {Outputs} */ outputs) =>
    Object.keys(outputs).filter((file) => path.dirname(path.resolve(root, file)) === outDir && !file.endsWith(".map"));
  const placesIn = (/** @type {Outputs} */ outputs) =>
    dev
      ? new Map()
      : placesOf(
          outputs,
          entriesIn(outputs).map((entry) => stagesOf(outputs, entry)),
        );
  /** @type {esbuild.BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: watch ? "info" : "warning", // "info" tells when a watching build starts and ends: VS Code's task waits for it
    metafile: true,
    minify: !dev,
    outdir: outDir,
  };
  const contexts = await Promise.all([
    esbuild.context({
      ...common,
      entryPoints: hostEntries,
      chunkNames: dev ? "chunks/[name]-[hash]" : "chunks/[hash]", // so many names cost 2 KB of the package
      define: {
        "import.meta.dirname": "__dirname",
        "import.meta.filename": "__filename",
        ...leanPackages.define,
      },
      external: ["vscode"],
      format: "esm",
      outExtension: { ".js": ".cjs" },
      platform: "node",
      plugins: [leanPackages.plugin, writeCommonJs(root, placesIn)],
      sourcemap: dev ? "linked" : false,
      splitting: true,
      target: HOST_TARGET,
      write: false,
    }),
    esbuild.context({
      ...common,
      entryPoints: panelEntries,
      format: "iife",
      platform: "browser",
      sourcemap: dev ? "linked" : false,
      target: PANEL_TARGET,
    }),
  ]);
  const stop = async () => void (await Promise.all(contexts.map((context) => context.dispose())));
  try {
    const builds = await Promise.all(contexts.map(async (context) => (await context.rebuild()).metafile?.outputs));
    if (watch) await Promise.all(contexts.map((context) => context.watch()));
    const [host, panel] = /** @type {[Outputs, Outputs]} */ (builds);
    const sizes = measure(root, host, entriesIn(host), placesIn(host), panel);
    return { sizes, modules: shippedModules([host, panel]), stop };
  } finally {
    if (!watch) await stop();
  }
}

/**
 * The second step of the host's build: turns every ES module of the first into CommonJS, joins what is loaded together,
 * and writes it.
 * @param {string} root
 * @param {(outputs: Outputs) => Places} placesIn
 * @returns {esbuild.Plugin}
 */
function writeCommonJs(root, placesIn) {
  const write = (/** @type {string} */ file, /** @type {string} */ text) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  return {
    name: "write-commonjs",
    setup(build) {
      build.onEnd(({ outputFiles = [], errors, metafile }) => {
        if (errors.length || !metafile) return;
        const places = placesIn(metafile.outputs);
        const texts = new Map(outputFiles.map((file) => [relativeTo(root, file.path), file.text]));
        const commonJs = (/** @type {string} */ chunk) =>
          toCommonJs(texts.get(chunk) ?? "", path.basename(chunk), {
            required: requiredBy(places, chunk),
            isIdle: (specifier) => onlyHelps(metafile.outputs[imported(chunk, specifier)]),
          });
        for (const [file, text] of texts) {
          if (!places.has(file)) write(path.resolve(root, file), file.endsWith(".map") ? text : commonJs(file));
        }
        for (const file of new Set([...places.values()].map((place) => place.file))) {
          const chunks = [...places].filter(([, place]) => place.file === file);
          const parts = chunks.map(([chunk, { name }]) => ({ text: commonJs(chunk), name }));
          write(path.resolve(root, file), joined(parts));
        }
      });
    },
  };
}

/**
 * An entry, and what it loads as soon as it has started.
 * @param {Outputs} outputs
 * @param {string} entry
 */
const stagesOf = (outputs, entry) => [
  entry,
  ...[...reached(outputs, entry, true)].filter((file) => SECOND_STAGES.includes(outputs[file]?.entryPoint ?? "")),
];

/**
 * A path as esbuild writes it.
 * @param {string} root
 * @param {string} file
 */
const relativeTo = (root, file) => path.relative(root, file).replaceAll("\\", "/");

/**
 * @param {Outputs[]} builds
 * @returns {string[]}
 */
function shippedModules(builds) {
  const inputs = builds.flatMap((outputs) => Object.values(outputs).flatMap((output) => Object.entries(output.inputs)));
  return [...new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file))];
}

/**
 * @typedef {object} Sizes all in bytes
 * @property {Record<string, { first: number, eager: number, lazy: number }>} host by entry: what is loaded at once, what
 *   with its second stage, and what may be loaded later
 * @property {number} hostTotal
 * @property {number} panel script and style
 * @property {number} panelGzip
 */

/**
 * @param {string} root
 * @param {Outputs} host
 * @param {string[]} entries
 * @param {Places} places
 * @param {Outputs} panel
 * @returns {Sizes}
 */
function measure(root, host, entries, places, panel) {
  const bytes = (/** @type {string} */ output) => fs.statSync(path.join(root, output)).size;
  const sum = (/** @type {Iterable<string>} */ chunks) =>
    [...new Set([...chunks].map((chunk) => places.get(chunk)?.file ?? chunk))].reduce(
      (all, file) => all + bytes(file),
      0,
    );
  const panelFiles = Object.keys(panel).filter((output) => !output.endsWith(".map"));
  return {
    host: Object.fromEntries(
      entries.map((entry) => {
        const all = sum(reached(host, entry, true));
        const eager = sum(stagesOf(host, entry).flatMap((stage) => [...reached(host, stage, false)]));
        return [path.basename(entry), { first: sum(reached(host, entry, false)), eager, lazy: all - eager }];
      }),
    ),
    hostTotal: sum(Object.keys(host)),
    panel: sum(panelFiles),
    panelGzip: panelFiles.reduce((total, file) => total + gzipSync(fs.readFileSync(path.join(root, file))).length, 0),
  };
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/** @param {Sizes} sizes */
function printSizes({ host, hostTotal, panel, panelGzip }) {
  for (const [name, { eager, lazy }] of Object.entries(host)) {
    console.log(`${name.padEnd(16)} ${kilobytes(eager).padStart(10)} at once ${kilobytes(lazy).padStart(10)} later`);
  }
  console.log(`${"host in all".padEnd(16)} ${kilobytes(hostTotal).padStart(10)}`);
  console.log(`${"panel".padEnd(16)} ${kilobytes(panel).padStart(10)} (${kilobytes(panelGzip)} gzip)`);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { dev: { type: "boolean" }, watch: { type: "boolean" }, sizes: { type: "boolean" } },
  });
  try {
    const { sizes } = await build({ dev: values.dev || values.watch, watch: values.watch });
    if (values.sizes) printSizes(sizes);
  } catch (error) {
    if (!(error instanceof Error && "errors" in error)) throw error; // esbuild has printed its own
    process.exitCode = 1;
  }
}
