import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../scripts/build.mjs";
import { makePackage } from "../../scripts/package.mjs";
import type { Row } from "./row.ts";

/** What ships, beside its budget, in bytes. `npm test` holds these. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-sizes-"));
  try {
    const { sizes } = await build({ outDir: join(folder, "dist") });
    const vsix = await makePackage({ file: join(folder, "vod-job-tracker.vsix") });
    return [
      size("loaded at activation", sizes.host["extension.cjs"]!.eager, 60_000),
      size("the host's code in all", sizes.hostTotal, 700_000),
      size("the panel's script and style, gzip", sizes.panelGzip, 15_000),
      size("the package", statSync(vsix).size, 300_000),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function size(name: string, ours: number, most: number): Row {
  const goal = `≤ ${most.toLocaleString("en")}`;
  return { name: `size: ${name}`, ours, peer: most, unit: "bytes", ratio: ours / most, goal, holds: ours <= most };
}
