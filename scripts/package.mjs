/**
 * Writes the extension as people install it: `vod-job-tracker-<version>.vsix`.
 *
 *   npm run package [-- --out FILE]
 *
 * Fails on any warning of `vsce` (which also scans for secrets), and when what ships is not what should: something that
 * is for development only, a file missing that package.json names, or more than its budget of bytes.
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { listFiles, PackageManager } from "@vscode/vsce";
import { build } from "./build.mjs";
import { packaged, ROOT, runNode } from "./tools.mjs";

/** All that may ship. The same as `.vscodeignore` says, in other words: a slip in one is caught by the other. */
const MAY_SHIP = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/[\w-]+\.cjs$/,
  /^dist\/chunks\/[\w.-]+\.cjs$/,
  /^dist\/panel\.(js|css)$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^media\/[\w/.-]+\.(png|svg|md)$/,
];

/** The most bytes of the package: what people wait for when they install or update. */
const BUDGET = 300_000;

/**
 * Builds and packages the extension.
 * @param {{ file?: string, built?: boolean, log?: (line: string) => void }} [options] where to write it, relative to the
 *   project's root; `built`: what is in `dist/` was built just now
 * @returns {Promise<string>} the package's path
 */
export async function makePackage({ file, built = false, log = () => {} } = {}) {
  const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const vsix = path.resolve(ROOT, file ?? `${manifest.name}-${manifest.version}.vsix`);
  if (!built) await build();
  const files = (await listFiles({ cwd: ROOT, packageManager: PackageManager.None })).sort();
  checkFiles(files, manifest);
  fs.mkdirSync(path.dirname(vsix), { recursive: true });
  fs.rmSync(vsix, { force: true });
  const { code, output } = await runNode([
    packaged("@vscode/vsce/vsce"),
    "package",
    "--no-dependencies",
    "--out",
    vsix,
  ]);
  if (code !== 0 || /warn/i.test(output) || !fs.existsSync(vsix)) throw new Error(`vsce is not content:\n${output}`);
  const line = (/** @type {number} */ bytes, /** @type {string} */ what) =>
    log(`${(bytes / 1000).toFixed(1).padStart(9)} KB  ${what}`);
  const sizeOf = (/** @type {string} */ name) => fs.statSync(path.join(ROOT, name)).size;
  const chunks = files.filter((name) => name.startsWith("dist/chunks/"));
  for (const name of files) if (!chunks.includes(name)) line(sizeOf(name), name);
  line(
    chunks.reduce((sum, name) => sum + sizeOf(name), 0),
    `dist/chunks/, ${chunks.length} files`,
  );
  const { size } = fs.statSync(vsix);
  line(size, `in all, packed: ${path.relative(process.cwd(), vsix)}`);
  if (size > BUDGET) throw new Error(`The package has ${size} bytes, ${size - BUDGET} more than its budget`);
  return vsix;
}

/**
 * @param {string[]} files
 * @param {Record<string, unknown>} manifest
 * @throws where something ships that should not, or does not that should
 */
function checkFiles(files, manifest) {
  const surplus = files.filter((file) => !MAY_SHIP.some((pattern) => pattern.test(file)));
  if (surplus.length) throw new Error(`These files must not ship: ${surplus.join(", ")}`);
  const missing = ["README.md", "CHANGELOG.md", "LICENSE", ...filesNamedIn(manifest)].filter(
    (file) => !files.includes(file),
  );
  if (missing.length)
    throw new Error(`These files are named in package.json, or always needed, and do not ship: ${missing.join(", ")}`);
}

/**
 * @param {unknown} value any part of the manifest
 * @returns {string[]} every file that it names: `./dist/extension.cjs`, `media/icon.png`
 */
function filesNamedIn(value) {
  if (typeof value === "string")
    return /^(\.\/)?(dist|media)\/[\w/.-]+$/.test(value) ? [path.posix.normalize(value)] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(filesNamedIn);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  await makePackage({ file: values.out, log: console.log });
}
