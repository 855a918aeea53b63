/**
 * Shows the extension at work: builds and packages it, installs it into a profile of its own under `.demo/`, with the
 * demo account switched on, and opens a real VS Code with it.
 *
 *   npm start [-- --web] [--port N] [--reset]     a desktop VS Code if there is one, else (or with --web) one in the browser
 *   npm start -- --check                          no window: does what a newcomer would, looks, saves a picture, exits
 *
 * `--reset` begins with an empty profile.
 */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { VsCode } from "../test/e2e/vscode.ts";
import { ensureChromium } from "../test/host/browser.mjs";
import { installExtension, makeProfile, startCodeServer } from "../test/host/codeServer.mjs";
import { setUpHost } from "../test/host/setup.mjs";
import { checkDemo } from "./checkDemo.mjs";
import { demoFiles, firstTask } from "./demoWorkspace.mjs";
import { findDesktop, isWindows } from "./desktop.mjs";
import { makePackage } from "./package.mjs";
import { ROOT, secondsSince } from "./tools.mjs";

const HOME = path.join(ROOT, ".demo");
const WORKSPACE = path.join(HOME, "workspace");
const DEMO_ON = { "vodJobs.demo.startAutomatically": true };

/** The demo's seed: with it the workspace's files name jobs that the demo account has. */
const SEED = String(Date.now());
const DEMO_ENV = { VOD_JOBS_DEMO_SEED: SEED };

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    web: { type: "boolean", default: false },
    reset: { type: "boolean", default: false },
    port: { type: "string", default: "8484" }, // always the same if possible: the browser keeps window state by address
  },
});

/** @param {string} line */
const say = (line) => console.log(`[start] ${line}`);

if (values.check) await check();
else await show();

/** Without a window: 0 when a newcomer would have seen what they should. */
async function check() {
  ensureChromium(say);
  setUpHost(say);
  const started = performance.now();
  const vscode = await VsCode.start({
    vsix: await packageIt(path.join(ROOT, "out/demo.vsix")),
    files: demoFiles(SEED),
    machineSettings: DEMO_ON,
    env: DEMO_ENV,
  });
  try {
    await checkDemo(vscode, firstTask(SEED), (line) => console.log(line));
    say(`all as it should be (${secondsSince(started)})`);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await vscode.close();
  }
}

/** Opens VS Code and stays until it, or this, is ended. */
async function show() {
  const desktop = values.web ? undefined : await findDesktop(say);
  if (!desktop) setUpHost(say);
  if (values.reset) fs.rmSync(HOME, { recursive: true, force: true });
  const profile = { userDataDir: path.join(HOME, "user-data"), extensionsDir: path.join(HOME, "extensions") };
  makeProfile(profile, DEMO_ON, DEMO_ON);
  fs.mkdirSync(WORKSPACE, { recursive: true });
  for (const [name, text] of Object.entries(demoFiles(SEED))) fs.writeFileSync(path.join(WORKSPACE, name), text);
  const vsix = await packageIt(path.join(HOME, "vod-job-tracker.vsix"));
  if (desktop) await showDesktop(desktop, profile, vsix);
  else await showInBrowser(profile, vsix);
}

/** @param {string} file */
function packageIt(file) {
  say("building and packaging the extension");
  return makePackage({ file });
}

/**
 * @param {import("./desktop.mjs").Desktop} desktop
 * @param {import("../test/host/codeServer.mjs").Profile} profile
 * @param {string} vsix
 */
async function showDesktop({ command, args, name }, { userDataDir, extensionsDir }, vsix) {
  const own = [...args, "--user-data-dir", userDataDir, "--extensions-dir", extensionsDir];
  if (process.getuid?.() === 0) own.push("--no-sandbox"); // VS Code refuses root without it
  const installed = spawnSync(command, [...own, "--install-extension", vsix, "--force"], {
    stdio: "inherit",
    shell: isWindows,
  });
  if (installed.status !== 0) throw new Error(`${name} could not install ${vsix}.`);
  say(`opening ${name}; this ends when its window is closed`);
  const window = spawn(command, [...own, "--new-window", "--wait", WORKSPACE], {
    stdio: "inherit",
    shell: isWindows,
    env: { ...process.env, ...DEMO_ENV },
  });
  await new Promise((resolve, reject) => window.once("exit", resolve).once("error", reject));
}

/**
 * @param {import("../test/host/codeServer.mjs").Profile} profile
 * @param {string} vsix
 */
async function showInBrowser(profile, vsix) {
  installExtension(profile, vsix);
  const port = Number(values.port);
  const server = await startCodeServer(profile, { port, log: path.join(HOME, "server.log"), env: DEMO_ENV });
  console.log(`\n  VS Code with the demo account:  ${server.url}/?folder=${encodeURIComponent(WORKSPACE)}`);
  console.log("  Ctrl+C ends it.\n");
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => server.stop());
  await server.ended;
  say("ended");
}
