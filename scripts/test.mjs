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
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ensureChromium } from "../test/host/browser.mjs";
import { runSuite, runsOnDesktop } from "../test/host/runSuite.mjs";
import { setUpHost } from "../test/host/setup.mjs";
import { lint } from "./lint.mjs";
import { makePackage } from "./package.mjs";
import { inWords, ROOT, runNode, secondsSince } from "./tools.mjs";

/** @typedef {import("./tools.mjs").Counts} Counts */

/**
 * No test takes longer, ms, no file and no stage: one that does hangs, and says so instead of holding up everything. The
 * test runner's own limit is for tests; a file that a timer or a process keeps alive after its tests, or that never
 * yields, has none.
 */
const limits = () =>
  process.env.VOD_JOBS_LONG === "1"
    ? { test: 3_600_000, file: 7_200_000, stage: 36_000_000 }
    : { test: 300_000, file: 420_000, stage: 1_500_000 };

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
 * Runs test files with Node's test runner, each for itself, and shows what each says when it has ended.
 * @param {string} pattern
 * @param {string} [grep]
 * @param {number} [concurrency] how many files at once; as many as there are cores if not given
 * @param {Record<string, string>} [env]
 * @returns {Promise<Counts>}
 */
async function nodeTests(pattern, grep, concurrency = os.availableParallelism(), env = {}) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const left = fs.globSync(pattern, { cwd: ROOT }).sort().values();
  const oneAfterTheOther = async () => {
    for (const file of left) {
      const { said, ...counts } = await testFile(file, grep, env);
      process.stdout.write(said);
      add(total, counts);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, oneAfterTheOther));
  return total;
}

/**
 * @param {string} file
 * @param {string | undefined} grep
 * @param {Record<string, string>} env
 * @returns {Promise<Counts & { said: string }>}
 */
async function testFile(file, grep, env) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-counts-"));
  const countsFile = path.join(folder, "counts.json");
  const limit = limits();
  const args = [
    "--test",
    `--test-reporter=${path.join(import.meta.dirname, "reporter.mjs")}`,
    `--test-timeout=${limit.test}`,
    ...(grep ? [`--test-name-pattern=${grep}`] : []),
    file,
  ];
  const run = await runNode(args, { env: { ...env, VOD_JOBS_COUNTS: countsFile }, limit: limit.file });
  const told = fs.existsSync(countsFile);
  /** @type {Counts} */
  const counts = told ? JSON.parse(fs.readFileSync(countsFile, "utf8")) : { passed: 0, failed: 0, skipped: 0 };
  fs.rmSync(folder, { recursive: true });
  const wrong = run.stopped
    ? `did not end within ${limit.file / 1000} s and was stopped`
    : !told
      ? `ended early with code ${run.code}`
      : run.code !== 0 && counts.failed === 0 && `ended with code ${run.code} though no test failed`;
  if (!wrong) return { ...counts, said: run.output };
  return { ...counts, failed: counts.failed + 1, said: `${run.output}\n✖ ${file}\n  ${wrong}\n\n` };
}

/**
 * @param {Counts} total grows by the other
 * @param {Counts} counts
 */
function add(total, counts) {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
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
    const { run } = /** @type {{ run: (grep?: string) => Promise<Counts> }} */ (STAGES[name]);
    counts = await Promise.race([run(grep), tooLate(name)]);
    if (counts.passed + counts.failed === 0 && !grep) throw new Error(`The stage "${name}" ran no test.`);
  } catch (error) {
    console.error(error);
    counts = { ...counts, failed: counts.failed + 1 };
  }
  console.log(`${name}: ${inWords(counts)} (${secondsSince(started)})`);
  return counts;
}

/**
 * @param {string} name of a stage
 * @returns {Promise<never>}
 */
async function tooLate(name) {
  const limit = limits().stage;
  await delay(limit, undefined, { ref: false });
  throw new Error(`The stage "${name}" did not end within ${limit / 60_000} min.`);
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
  add(total, await runStage(name, values.grep));
}
if (total.passed + total.failed === 0) console.error("No test ran.");
console.log(`\n${inWords(total)}`);
process.exit(total.failed || !total.passed ? 1 : 0); // whatever a stage that hangs has left running
