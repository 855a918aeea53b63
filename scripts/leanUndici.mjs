/**
 * What of undici is left out of the build, because nothing of ours can reach it. Its package holds the HTTP parser four
 * times (as WebAssembly in base64: 290 KB); one is enough.
 *
 * A test runs all tests of the transport against what this leaves (`test/unit/scripts/bundledTransport.test.ts`), and the
 * budget on sizes tells when a new undici keeps these parts in other files.
 */

/** The switches that undici's own files ask. */
export const leanUndiciDefines = {
  // Node bundles undici with this name defined: without its second, experimental parser (Milo), which nobody turns on.
  esbuildDetection: "true",
  // In a Jest test undici takes the plain parser; see below for which one we take.
  "process.env.JEST_WORKER_ID": "undefined",
};

/**
 * The parser comes compiled twice: plain, for every processor, and with vector instructions, which old ones lack. Headers
 * of half a kilobyte gain nothing from them, so the plain one stands in for both.
 */
const VECTOR_PARSER = /[/\\]llhttp[/\\]llhttp_simd-wasm\.js$/;
const PLAIN_PARSER = "./llhttp-wasm.js";

/** By file, what is never run: it throws if it is. */
const NEVER_RUN = [
  { file: /[/\\]undici[/\\]lib[/\\]dispatcher[/\\]client-h2\.js$/, what: "HTTP/2: no connection of ours offers it" },
  { file: /[/\\]undici[/\\]lib[/\\]web[/\\]fetch[/\\]body\.js$/, what: "FormData bodies: ours are text" },
  { file: /[/\\]undici[/\\]lib[/\\]web[/\\]fetch[/\\]formdata\.js$/, what: "FormData bodies: ours are text" },
  { file: /[/\\]undici[/\\]lib[/\\]web[/\\]webidl[/\\]index\.js$/, what: "FormData bodies: ours are text" },
];

/** @type {import("esbuild").Plugin} */
export const leanUndici = {
  name: "lean-undici",
  setup(build) {
    build.onLoad({ filter: VECTOR_PARSER }, () => ({ contents: `module.exports = require("${PLAIN_PARSER}");` }));
    for (const { file, what } of NEVER_RUN) {
      const message = JSON.stringify(`Left out of this build: ${what}`);
      build.onLoad({ filter: file }, () => ({ contents: `module.exports = () => { throw new Error(${message}); };` }));
    }
  },
};
