/**
 * Checks that need no running code: format and lint (Biome), who imports whom (dependency-cruiser), files, exports and
 * dependencies that nothing uses (knip), code that stands twice (jscpd), types in each of the environments that the code
 * runs in (TypeScript).
 *
 *   node scripts/lint.mjs [--fix]
 *
 * `--fix`, as `npm run format` has it, formats and applies Biome's safe fixes, and checks no more.
 */
import { inWords, packaged, runNode, secondsSince } from "./tools.mjs";

const BIOME = packaged("@biomejs/biome/bin/biome");

const CHECKS = {
  "format and lint": [BIOME, "check", "--error-on-warnings"],
  "import rules": [
    packaged("dependency-cruiser/bin/dependency-cruiser.mjs"),
    "--config",
    ".dependency-cruiser.mjs",
    "src",
  ],
  "nothing unused": [packaged("knip/bin/knip.js"), "--no-progress", "--treat-config-hints-as-errors"],
  "nothing twice": [packaged("jscpd/run-jscpd.js"), "--config", ".jscpd.json"],
  "types: everything": types("tsconfig.json"),
  "types: extension host, without a page": types("src/tsconfig.json"),
  "types: panel, without Node": types("src/panel/tsconfig.json"),
  "types: workflow, without either": types("src/workflow/tsconfig.json"),
};

/** @param {string} project */
function types(project) {
  return [packaged("typescript/bin/tsc"), "--noEmit", "--pretty", "--project", project];
}

/**
 * Runs all checks, side by side; shows in full what the failed ones say.
 * @returns {Promise<import("./tools.mjs").Counts>} each check counts as one
 */
export async function lint() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const check = async (/** @type {[string, string[]]} */ [name, args]) => {
    const started = performance.now();
    const { code, output } = await runNode(args, { env: process.stdout.isTTY ? { FORCE_COLOR: "1" } : {} });
    counts[code === 0 ? "passed" : "failed"]++;
    console.log(`${code === 0 ? "✔" : "✖"} ${name} (${secondsSince(started)})`);
    if (code !== 0) console.log(output);
  };
  await Promise.all(Object.entries(CHECKS).map(check));
  return counts;
}

if (process.argv[1] === import.meta.filename && process.argv.includes("--fix")) {
  const { code } = await runNode([BIOME, "check", "--write"], { show: true });
  process.exitCode = code;
} else if (process.argv[1] === import.meta.filename) {
  const counts = await lint();
  console.log(inWords(counts));
  if (counts.failed) process.exitCode = 1;
}
