/**
 * Measures what the project claims to be fast at, beside its peers, and prints a table.
 *
 *   npm run bench [-- NAME …] [--json FILE]
 *
 * NAME is a file of `test/bench` that has a `run()`: client, decoding, draining, editor, ids, layout, painting, polling,
 * scale, sizes. The peers are installed into `test/bench/node_modules` from that folder's own lockfile. `--json` writes the
 * rows. The table is Markdown: medians, with the least and the most of all rounds where there were several.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./tools.mjs";

/** @typedef {import("../test/bench/row.ts").Row} Row */

const FOLDER = path.join(ROOT, "test/bench");
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });

const benches = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ts"))
  .filter((file) => fs.readFileSync(path.join(FOLDER, file), "utf8").includes("export async function run("))
  .map((file) => path.basename(file, ".ts"));
const unknown = positionals.filter((name) => !benches.includes(name));
if (unknown.length) {
  console.error(`unknown: ${unknown.join(", ")}. Benches: ${benches.join(", ")}`);
  process.exit(2);
}
installPeers();

/** @type {Row[]} */
const rows = [];
for (const name of positionals.length ? positionals : benches) {
  console.log(`\n## ${name}\n\n| what | ours | peer | unit | ratio | goal | |\n|---|--:|--:|---|--:|---|---|`);
  /** @type {{ run(): Promise<Row[]> }} */
  const bench = await import(path.join(FOLDER, `${name}.ts`));
  for (const row of await bench.run()) {
    rows.push(row);
    console.log(line(row));
  }
}
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);

function installPeers() {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(FOLDER, "package.json"), "utf8"));
  if (Object.keys(dependencies).every((name) => fs.existsSync(path.join(FOLDER, "node_modules", name)))) return;
  console.log("[set-up] installing the peers");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: FOLDER,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {Row} row */
function line({ name, ours, peer, unit, ratio, range, goal = "", holds }) {
  const verdict = holds === undefined ? "" : holds ? "holds" : "**missed**";
  const cells = [name, withRange(ours, range?.ours), withRange(peer, range?.peer), unit, short(ratio), goal, verdict];
  return `| ${cells.join(" | ")} |`;
}

/**
 * @param {number} value
 * @param {readonly [number, number]} [range]
 */
function withRange(value, range) {
  return range && range[0] !== range[1] ? `${short(value)} (${short(range[0])}–${short(range[1])})` : short(value);
}

/** @param {number} value */
function short(value) {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
