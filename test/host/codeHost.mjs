#!/usr/bin/env node
/**
 * Stands in for the VS Code executable: takes the arguments that `@vscode/test-electron` gives it, runs the tests in the
 * pinned code-server's extension host with a headless Chromium as the window, prints the host's console, and exits with
 * the run's code.
 *
 *   codeHost.mjs [folder] --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [--user-data-dir=DIR] [--extensions-dir=DIR]
 *
 * `CODE_HOST_TIMEOUT_MS` bounds the run (default 600,000), `CODE_HOST_VERBOSE=1` prints the workbench's own lines too.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { openBrowser } from "./browser.mjs";
import { makeProfile, startCodeServer } from "./codeServer.mjs";

/** Lines of the workbench itself that say nothing about the tests. */
const NOISE =
  /static\/out\/vs\/code\/browser|^\[remote-connection\]|^Creation of workbench contribution|ChatModelSelection|AgentHost|AccountPolicyGate|Creating a socket|connection token|reconnection-grace-time|Service Worker|builtin extensions cache|authentication provider 'github'|open-vsx\.org/;

const { folder, options } = readArguments(process.argv.slice(2));
const [extension] = options.get("extensionDevelopmentPath") ?? [];
const [tests] = options.get("extensionTestsPath") ?? [];
if (!extension || !tests) {
  console.error("usage: codeHost.mjs [folder] --extensionDevelopmentPath=DIR --extensionTestsPath=FILE");
  process.exit(2);
}

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "code-host-"));
const profile = {
  userDataDir: options.get("user-data-dir")?.[0] ?? path.join(temporary, "user-data"),
  extensionsDir: options.get("extensions-dir")?.[0] ?? path.join(temporary, "extensions"),
};
makeProfile(profile);
const server = await startCodeServer(profile, { log: path.join(temporary, "server.log"), testDriver: true });
const { browser, page } = await openBrowser();
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(name, () => finish(`stopped by ${name}`));

// VS Code's own hooks for its web test runner: the host's console, and the exit code of the test run.
await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _type, /** @type {unknown[]} */ parts) => {
  const line = format(...parts);
  // A failure is told in full: its stack may lead through the workbench.
  if (process.env.CODE_HOST_VERBOSE || /^\s*\d+\) /.test(line) || !NOISE.test(line)) process.stdout.write(`${line}\n`);
});
const result = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));

await page.goto(address().href);
const limit = Number(process.env.CODE_HOST_TIMEOUT_MS ?? 600_000);
const outcome = await Promise.race([
  result,
  server.ended.then((how) => `code-server ${how}`),
  page.waitForEvent("crash", { timeout: 0 }).then(() => "the page crashed"),
  new Promise((resolve) => setTimeout(resolve, limit, `no result within ${limit} ms`)),
]);
await finish(outcome);

/**
 * The page's address: which folder to open, and as a payload what to test.
 * @returns {URL}
 */
function address() {
  const remote = (/** @type {string} */ file) => `vscode-remote://127.0.0.1:${server.port}${encodeURI(file)}`;
  const url = new URL(server.url);
  url.searchParams.set(folder ? "folder" : "ew", folder ?? "true");
  const payload = [
    ...(options.get("extensionDevelopmentPath") ?? []).map((each) => ["extensionDevelopmentPath", remote(each)]),
    ["extensionTestsPath", remote(/** @type {string} */ (tests))],
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
  ];
  url.searchParams.set("payload", JSON.stringify(payload));
  return url;
}

/**
 * Cleans up and exits: 0 only when the tests' own exit code was 0. What shows why they ended early is left in place.
 * @param {unknown} outcome the tests' exit code, or in words why there is none
 * @returns {Promise<never>}
 */
async function finish(outcome) {
  if (typeof outcome === "string") {
    const picture = path.join(temporary, "page.png");
    await page.screenshot({ path: picture }).catch(() => {});
    console.error(`codeHost: ${outcome}. The server's log and a picture of the page are in ${temporary}`);
  }
  await browser.close().catch(() => {});
  await server.stop();
  if (typeof outcome !== "string") fs.rmSync(temporary, { recursive: true, force: true });
  process.exit(outcome === 0 ? 0 : 1);
}

/**
 * @param {string[]} args
 * @returns {{ folder?: string, options: Map<string, string[]> }} paths made absolute; what has no value, or is for
 *   Electron only, is taken and means nothing
 */
function readArguments(args) {
  const options = new Map();
  let folder;
  for (const arg of args) {
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (name && value) {
      options.set(name, [
        ...(options.get(name) ?? []),
        path.resolve(value.startsWith("file:") ? fileURLToPath(value) : value),
      ]);
    } else if (!arg.startsWith("--")) {
      folder ??= path.resolve(arg);
    }
  }
  return { folder, options };
}
