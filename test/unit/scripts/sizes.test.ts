import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { build } from "../../../scripts/build.mjs";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-sizes-"));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/**
 * The most bytes of each part that ships; the package as a whole has its budget in `scripts/package.mjs`. Who needs more
 * finds what can go, or says here why not: `node scripts/build.mjs --sizes` tells the sizes.
 */
const budgets = {
  "loaded before activation ends": 8_000,
  "loaded at activation": 60_000,
  "loaded with the database's worker": 35_000,
  "host in all": 700_000,
  "panel, gzip": 15_000,
};

const built = build({ root: ROOT, outDir: temporary });

test("what ships stays within its budgets", async () => {
  const { sizes } = await built;
  const sizesNow: Record<keyof typeof budgets, number> = {
    "loaded before activation ends": sizes.host["extension.cjs"]!.first,
    "loaded at activation": sizes.host["extension.cjs"]!.eager,
    "loaded with the database's worker": sizes.host["hub-worker.cjs"]!.eager,
    "host in all": sizes.hostTotal,
    "panel, gzip": sizes.panelGzip,
  };
  const names = Object.keys(budgets) as (keyof typeof budgets)[];
  const broken = names.filter((name) => !(sizesNow[name] > 0 && sizesNow[name] <= budgets[name]));
  assert.deepEqual(
    broken.map((name) => `${name}: ${sizesNow[name]} of ${budgets[name]} bytes`),
    [],
  );
});

test("one file is read before activation ends", async () => {
  await built;
  const program = `
    const Module = require("node:module");
    const load = Module._load;
    Module._load = (id, ...rest) => (id === "vscode" ? {} : load(id, ...rest));
    require("./extension.cjs");
    console.log(Object.keys(require.cache).map((file) => path.basename(file)).join());`;
  const said = execFileSync(process.execPath, ["-e", program], { cwd: temporary, encoding: "utf8" });
  assert.equal(said.trim(), "extension.cjs");
});
