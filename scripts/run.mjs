/**
 * Where `npm start`, `npm test`, F5 and the other verbs begin: works in a fresh clone, on the system's own Node 20 or
 * newer, with nothing installed. Installs the dependencies where they are missing or out of date, then continues in the
 * verb's script on Node 24, which is one of them.
 *
 *   node scripts/run.mjs <verb> [arguments]
 *
 * Plain JavaScript without dependencies. It speaks on stderr: stdout belongs to the verb.
 */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What is in `scripts/` under the same name. */
const VERBS = ["start", "test", "lint", "build", "package", "release", "endpoint", "bench", "docs", "l10n", "pictures"];

/** @type {Record<string, string>} verb → script */
const SCRIPTS = {
  ...Object.fromEntries(VERBS.map((verb) => [verb, `scripts/${verb}.mjs`])),
  "host-tests": "test/host/runSuite.mjs",
};

/** Node 22.19 is the oldest that runs TypeScript and has `node:sqlite` without a flag, and that undici 8 loads on. */
const OLDEST_MAJOR = 22;
const OLDEST_MINOR = 19;

const [verb = "", ...args] = process.argv.slice(2);
const script = SCRIPTS[verb];
if (!script) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(SCRIPTS).join("|")} [arguments]`);
  process.exit(2);
}
if (dependenciesAreMissing()) installDependencies();
continueWith(path.join(ROOT, script), args);

/** Whether what is installed differs from the lockfile. npm keeps a lockfile of what it installed in node_modules. */
function dependenciesAreMissing() {
  const wanted = packagesOf("package-lock.json");
  const installed = packagesOf("node_modules/.package-lock.json");
  return Object.entries(wanted).some(([name, { version, optional }]) => {
    if (name === "") return false; // the project itself
    const found = installed[name]?.version;
    return found === undefined ? !optional : found !== version; // optional: there is none for this platform
  });
}

/**
 * @param {string} lockfile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lockfile) {
  const file = path.join(ROOT, lockfile);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).packages : {};
}

/**
 * Installs what the lockfile says, and leaves the lockfile alone. Not by `npm ci`: that insists on an entry for every
 * platform's binary, and the lockfile has those of the platforms it was made for. No package's install script runs: none
 * is needed.
 */
function installDependencies() {
  console.error("[set-up] installing the dependencies (npm install)");
  const started = Date.now();
  const { status, error } = spawnSync(
    "npm",
    ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: ROOT, stdio: ["ignore", "ignore", 2], shell: process.platform === "win32" },
  );
  if (status !== 0) {
    const how = error ? error.message : `code ${status}`;
    console.error(`[set-up] npm install failed (${how}). Is the npm registry reachable? Then try again.`);
    process.exit(1);
  }
  console.error(`[set-up] dependencies installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/**
 * Runs the verb's script and ends as it ends.
 * @param {string} script
 * @param {string[]} args
 */
function continueWith(script, args) {
  const node = suitableNode();
  const child = spawn(node, [script, ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH },
  });
  process.on("SIGINT", () => {}); // Ctrl+C reaches the child by itself; it says when it has cleaned up
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  // npm passes no SIGTERM on: when it is gone, what it started must not stay behind.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
  child.on("error", (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 128 + os.constants.signals[signal] : (code ?? 1)));
}

/** @returns {string} Node 24 from the dependencies where there is one for this platform, else this Node if it will do */
function suitableNode() {
  const bundled = path.join(ROOT, "node_modules/.bin/node");
  if (fs.existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR)) return process.execPath;
  console.error(
    `This project runs on Node 24. npm brings it by itself on Linux; on ${process.platform} (${process.arch}) install it ` +
      `from https://nodejs.org. This is Node ${process.versions.node}.`,
  );
  return process.exit(1);
}
