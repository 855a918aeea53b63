/**
 * Runs the project's tests, after the set-up that they need.
 *
 *   npm test [-- stage …] [--grep text] [--long]
 *
 * Stages, all of them if none is named: `lint`, `unit`, `panel` (the panel's page in a headless Chromium), `host` (inside
 * a real VS Code), `e2e` (a person's clicks in a real workbench, with the packaged extension installed; pictures go to
 * `out/pictures/`). `--grep` runs only tests whose name contains the text (not for lint). `--long`, as `npm run
 * test:long` has it, is for the night: more killed processes, a simulated day with more jobs.
 *
 * The last line is `N passed, N failed, N skipped`. The exit code is not 0 when anything failed or a stage ran nothing.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureChromium } from "../test/host/browser.mjs";
import { runSuite, runsOnDesktop } from "../test/host/runSuite.mjs";
import { setUpHost } from "../test/host/setup.mjs";
import { lint } from "./lint.mjs";
import { makePackage } from "./package.mjs";
import { inWords, runNode, secondsSince } from "./tools.mjs";

/** @typedef {import("./tools.mjs").Counts} Counts */

/** No file of ours takes longer: one that does hangs, and says so instead of holding up everything. */
const TEST_LIMIT_MS = 300_000;
const LONG_TEST_LIMIT_MS = 3_600_000;

/** @type {Record<string, { prepare?: () => unknown, run: (grep?: string) => Promise<Counts> }>} */
const STAGES = {
  lint: { run: lint },
  unit: { run: (grep) => nodeTests("test/unit/**/*.test.ts", grep) },
  panel: { prepare: () => void ensureChromium(say), run: (grep) => nodeTests("test/panel/**/*.test.ts", grep, 1) },
  host: { prepare: () => runsOnDesktop() || prepareVsCode(), run: (grep) => runSuite({ pattern: grep }) },
  e2e: { prepare: prepareVsCode, run: endToEndTests },
};

/** @param {string} line */
function say(line) {
  console.log(`[set-up] ${line}`);
}

function prepareVsCode() {
  ensureChromium(say);
  setUpHost(say);
}

/**
 * Runs test files with Node's test runner.
 * @param {string} pattern
 * @param {string} [grep]
 * @param {number} [concurrency] how many files at once; as many as there are cores if not given
 * @param {Record<string, string>} [env]
 * @returns {Promise<Counts>}
 */
async function nodeTests(pattern, grep, concurrency = os.availableParallelism(), env = {}) {
  const countsFile = path.join(os.tmpdir(), `vod-jobs-counts-${process.pid}.json`);
  const args = [
    "--test",
    `--test-reporter=${path.join(import.meta.dirname, "reporter.mjs")}`,
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${process.env.VOD_JOBS_LONG === "1" ? LONG_TEST_LIMIT_MS : TEST_LIMIT_MS}`,
    ...(grep ? [`--test-name-pattern=${grep}`] : []),
    pattern,
  ];
  const { code, output } = await runNode(args, { env: { ...env, VOD_JOBS_COUNTS: countsFile }, show: true });
  if (!fs.existsSync(countsFile)) throw new Error(`The test runner ended early with code ${code}.\n${output}`);
  const counts = JSON.parse(fs.readFileSync(countsFile, "utf8"));
  fs.rmSync(countsFile);
  if (code !== 0 && !counts.failed) throw new Error(`The test runner ended with code ${code} though no test failed.`);
  return counts;
}

/**
 * @param {string} [grep]
 * @returns {Promise<Counts>}
 */
async function endToEndTests(grep) {
  const vsix = await makePackage({ file: "out/vod-job-tracker.vsix" });
  return nodeTests("test/e2e/**/*.test.ts", grep, 1, { VOD_JOBS_VSIX: vsix });
}

/**
 * Runs one stage with its set-up.
 * @param {string} name
 * @param {string} [grep]
 * @returns {Promise<Counts>} with one failure added where the stage could not run, or ran nothing
 */
async function runStage(name, grep) {
  console.log(`\n── ${name} ──`);
  const started = performance.now();
  /** @type {Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await STAGES[name]?.prepare?.();
    counts = await /** @type {{ run: (grep?: string) => Promise<Counts> }} */ (STAGES[name]).run(grep);
    if (counts.passed + counts.failed === 0 && !grep) throw new Error(`The stage "${name}" ran no test.`);
  } catch (error) {
    console.error(error);
    counts = { ...counts, failed: counts.failed + 1 };
  }
  console.log(`${name}: ${inWords(counts)} (${secondsSince(started)})`);
  return counts;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: "string" }, long: { type: "boolean" } },
});
if (values.long) process.env.VOD_JOBS_LONG = "1";
const unknown = positionals.filter((name) => !(name in STAGES));
if (unknown.length) {
  console.error(`unknown: ${unknown.join(", ")}. Stages: ${Object.keys(STAGES).join(", ")}`);
  process.exit(2);
}
const chosen = positionals.length ? positionals : Object.keys(STAGES).filter((name) => !values.grep || name !== "lint");
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosen) {
  const counts = await runStage(name, values.grep);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
if (total.passed + total.failed === 0) console.error("No test ran.");
console.log(`\n${inWords(total)}`);
if (total.failed || !total.passed) process.exitCode = 1;
