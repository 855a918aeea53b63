/**
 * What of the packages is left out of the build, because nothing of ours can reach it or because it must not run. Most of
 * it is undici's: its package holds the HTTP parser four times, as WebAssembly in base64 (290 KB); one is enough.
 *
 * The tests of what uses these packages run against what is left, too (`test/unit/scripts/bundled.test.ts`), and the
 * budget on sizes tells when a new version keeps these parts in other files.
 */
import { createRequire } from "node:module";
import { brotliCompressSync, constants } from "node:zlib";

/** The switches that undici's own files ask. */
const defines = {
  // Node bundles undici with this name defined: without its second, experimental parser (Milo), which nobody turns on.
  esbuildDetection: "true",
  // In a Jest test undici takes the plain parser; see below for which one we take.
  "process.env.JEST_WORKER_ID": "undefined",
};

/** What stands in place of a file, by the end of its path: given that path, its new text. */
const REPLACED = [
  {
    // The parser comes compiled for every processor, and with vector instructions, which old ones lack. An answer's few
    // headers gain nothing from them, so the plain one stands in for both.
    file: /[/\\]undici[/\\]lib[/\\]llhttp[/\\]llhttp_simd-wasm\.js$/,
    by: () => `module.exports = require("./llhttp-wasm.js");`,
  },
  {
    file: /[/\\]undici[/\\]lib[/\\]llhttp[/\\]llhttp-wasm\.js$/,
    by: compressed,
  },
  leftOut(/[/\\]undici[/\\]lib[/\\]dispatcher[/\\]client-h2\.js$/, "HTTP/2: no connection of ours offers it"),
  leftOut(/[/\\]undici[/\\]lib[/\\]web[/\\]fetch[/\\](body|formdata)\.js$/, "FormData bodies: ours are text"),
  leftOut(/[/\\]undici[/\\]lib[/\\]web[/\\]webidl[/\\]index\.js$/, "FormData bodies: ours are text"),
  {
    // The HTTP client of `@alicloud/credentials` would print what it sends and gets, temporary keys included, for who has
    // DEBUG=* in the environment.
    file: /[/\\]node_modules[/\\]debug[/\\]src[/\\]index\.js$/,
    by: () => "module.exports = () => Object.assign(() => {}, { enabled: false });",
  },
];

/**
 * @param {RegExp} file
 * @param {string} what
 */
function leftOut(file, what) {
  const message = JSON.stringify(`Left out of this build: ${what}`);
  return { file, by: () => `module.exports = () => { throw new Error(${message}); };` };
}

/**
 * A module whose export is bytes, with the bytes in a quarter of the characters that base64 alone would take.
 * @param {string} file
 */
function compressed(file) {
  const bytes = createRequire(import.meta.url)(file);
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  return `module.exports = require("node:zlib").brotliDecompressSync(Buffer.from("${packed.toString("base64")}", "base64"));`;
}

/** Options that leave these parts out of a build of the host's code. */
export const leanPackages = {
  define: defines,
  /** @type {import("esbuild").Plugin} */
  plugin: {
    name: "lean-packages",
    setup(build) {
      for (const { file, by } of REPLACED) build.onLoad({ filter: file }, ({ path }) => ({ contents: by(path) }));
    },
  },
};
