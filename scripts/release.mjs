/**
 * Makes a release out of what is committed: checks, tests, the changelog's dated entry, package, checksums, bill of
 * materials, commit, tag. It publishes nothing: pushing the tag does, by `.github/workflows/release.yml`, which runs this
 * again with `--tagged`.
 *
 *   npm run release [-- --check | --tagged]
 *
 * `--check` only looks whether all is ready. `--tagged` is for the commit that carries the version's tag already: the
 * same work, but no new commit and tag. All that a release consists of is written to `out/release/`.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { dateUnreleased, readChangelog, releaseProblems } from "./changelog.mjs";
import { makePackage } from "./package.mjs";
import { writeBillOfMaterials } from "./sbom.mjs";
import { ROOT, runNode } from "./tools.mjs";

const BRANCH = "main";
const FOLDER = path.join(ROOT, "out/release");

/**
 * @param {string[]} args
 * @returns {string} what git says
 */
function git(...args) {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}

/**
 * @param {string} version
 * @param {boolean} tagged whether the version's tag must be there already, on this commit
 * @returns {string[]} what to do before this can be released
 */
function repositoryProblems(version, tagged) {
  const problems = [];
  if (git("status", "--porcelain")) problems.push("There are changes that are not committed: commit or discard them.");
  const here = git("tag", "--points-at", "HEAD").split("\n").includes(`v${version}`);
  if (tagged && !here) problems.push(`This commit does not carry the tag v${version}, which package.json asks for.`);
  if (!tagged && git("branch", "--show-current") !== BRANCH) problems.push(`Releases are made from ${BRANCH}.`);
  return problems;
}

/** @param {string} file */
const sha256 = (file) => createHash("sha256").update(fs.readFileSync(file)).digest("hex");

const { values } = parseArgs({ options: { check: { type: "boolean" }, tagged: { type: "boolean" } } });
const { name, version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
const changelogFile = path.join(ROOT, "CHANGELOG.md");
const written = fs.readFileSync(changelogFile, "utf8");
const today = new Date().toISOString().slice(0, 10);
const changelog = values.tagged ? written : dateUnreleased(written, version, today);
const tag = `v${version}`;
const released = git("tag", "--list", "v*.*.*")
  .split("\n")
  .filter((each) => each && !(values.tagged && each === tag))
  .map((each) => each.slice(1));

const problems = [
  ...repositoryProblems(version, Boolean(values.tagged)),
  ...releaseProblems(changelog, version, released),
];
if (problems.length) {
  console.error(`${name} ${version} cannot be released yet:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
  process.exit(1);
}
console.log(`${name} ${version} is ready to be released.`);
if (changelog !== written) console.log(`What is under Unreleased in CHANGELOG.md becomes ${version}, of ${today}.`);
if (values.check) process.exit(0);

const { code } = await runNode(["scripts/test.mjs"], { show: true });
if (code !== 0) {
  console.error("Not released: a test failed.");
  process.exit(1);
}

fs.rmSync(FOLDER, { recursive: true, force: true });
fs.mkdirSync(FOLDER, { recursive: true });
fs.writeFileSync(changelogFile, changelog); // it ships in the package
try {
  const { modules } = await build();
  const vsix = await makePackage({ file: path.join(FOLDER, `${name}-${version}.vsix`), built: true });
  const bill = writeBillOfMaterials(path.join(FOLDER, `${name}-${version}.cdx.json`), modules);
  const sums = [vsix, bill].map((file) => `${sha256(file)}  ${path.basename(file)}\n`);
  fs.writeFileSync(path.join(FOLDER, "SHA256SUMS"), sums.join(""));
  fs.writeFileSync(
    path.join(FOLDER, "notes.md"),
    `${readChangelog(changelog).find((entry) => entry.version === version)?.notes}\n`,
  );
  if (changelog !== written) git("commit", "--quiet", "--message", `Release ${version}`, "--", "CHANGELOG.md");
} catch (error) {
  fs.writeFileSync(changelogFile, written);
  throw error;
}
console.log(`${path.relative(ROOT, FOLDER)}/ has the package, its checksums, bill of materials and notes.`);
if (!values.tagged) {
  git("tag", "--annotate", tag, "--message", `${name} ${version}`);
  console.log(`Tagged ${tag}. Publish it: git push origin ${BRANCH} ${tag}`);
}
