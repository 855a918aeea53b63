/**
 * Measures what the project claims to be fast at, beside its peers, and prints a table.
 *
 *   npm run bench [-- NAME …] [--json FILE]
 *
 * NAME is a file of `test/bench` that has a `run()`: client, decoding, draining, ids, layout, polling, scale. The peers are
 * installed into `test/bench/node_modules` from that folder's own lockfile. `--json` writes the rows.
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
  console.log(`\n── ${name} ──`);
  /** @type {{ run(): Promise<Row[]> }} */
  const bench = await import(path.join(FOLDER, `${name}.ts`));
  for (const row of await bench.run()) {
    rows.push(row);
    console.log(line(row));
  }
}
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);

function installPeers() {
  if (fs.existsSync(path.join(FOLDER, "node_modules/elkjs"))) return;
  console.log("[set-up] installing the peers");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: FOLDER,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {Row} row */
function line({ name, ours, peer, unit, ratio, goal, holds }) {
  const verdict = holds === undefined ? "" : holds ? "holds" : "MISSED";
  return `${name}\n    ours ${short(ours)} ${unit}, peer ${short(peer)} ${unit}, ratio ${short(ratio)}${goal ? `, goal ${goal}: ${verdict}` : ""}`;
}

/** @param {number} value */
function short(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
