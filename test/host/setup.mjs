/**
 * Installs the pinned VS Code of this folder. Does nothing when it is up to date.
 *
 *   node test/host/setup.mjs
 *
 * code-server's own install script compiles addons that need system libraries (kerberos) and are of no use here. So no
 * install script runs; its inner packages, which that script would install, are installed one by one, and the two small
 * addons that the tests need are compiled: `@vscode/spdlog` writes log files and output channels,
 * `@vscode/native-watchdog` ends the server when its parent is gone.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { has, installPackages, mayInstallPackages } from "./system.mjs";

const HERE = import.meta.dirname;
const VSCODE = path.join(HERE, "node_modules/code-server/lib/vscode");
const STAMP = path.join(HERE, "node_modules/.host-ready");
const COMPILED = ["@vscode/spdlog", "@vscode/native-watchdog"];
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/**
 * Installs the host where it is missing or was made from another lockfile, set-up script or Node.
 * @param {(line: string) => void} say told before each step
 */
export function setUpHost(say = console.log) {
  const wanted = createHash("sha256")
    .update(fs.readFileSync(path.join(HERE, "package-lock.json")))
    .update(fs.readFileSync(import.meta.filename))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest("hex");
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, "utf8") === wanted) return;
  if (!process.versions.node.startsWith("24.")) {
    throw new Error(`The pinned VS Code (code-server) needs Node 24, and this is ${process.version}.`);
  }
  say("installing VS Code for tests (code-server from the npm registry: about a minute, 800 MB)");
  npm(HERE, ["ci", "--ignore-scripts", ...QUIET]);
  const inner = ["ci", "--omit=dev", "--ignore-scripts", "--legacy-peer-deps", ...QUIET];
  say("installing the workbench's own packages");
  npm(VSCODE, inner);
  npm(path.join(VSCODE, "extensions"), inner);
  compile(say);
  fs.writeFileSync(STAMP, wanted);
}

/**
 * Compiles the two addons. Without a compiler the tests still run, but output channels stay empty.
 * @param {(line: string) => void} say
 */
function compile(say) {
  if (!["make", "g++", "python3"].every(has) && mayInstallPackages()) {
    say("installing a compiler (apt-get install make g++ python3)");
    installPackages(["make", "g++", "python3"]);
  }
  say(`compiling ${COMPILED.join(" and ")}`);
  const nodeFolder = path.resolve(fs.realpathSync(process.execPath), "../.."); // has the headers to compile against
  for (const addon of COMPILED) {
    const args = ["rebuild", addon, "--ignore-scripts=false", "--foreground-scripts", `--nodedir=${nodeFolder}`];
    const { status, output } = runNpm(VSCODE, args, "pipe");
    if (status === 0) continue;
    say(
      `${addon} could not be compiled (needs make, g++ and python3): output channels will be empty\n${output.join("")}`,
    );
  }
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
function npm(folder, args) {
  const { status, error } = runNpm(folder, args, "inherit");
  if (status !== 0)
    throw new Error(`npm ${args[0]} in ${path.relative(process.cwd(), folder)} failed (${error ?? status})`);
}

/**
 * @param {string} folder
 * @param {string[]} args
 * @param {"inherit" | "pipe"} output
 */
function runNpm(folder, args, output) {
  const PATH = path.dirname(process.execPath) + path.delimiter + process.env.PATH; // install with the Node that will run it
  return spawnSync("npm", args, {
    cwd: folder,
    env: { ...process.env, PATH },
    stdio: ["ignore", output, output],
    encoding: "utf8",
    shell: process.platform === "win32",
  });
}

if (process.argv[1] === import.meta.filename) {
  const started = Date.now();
  setUpHost();
  console.log(`the test host is ready (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
