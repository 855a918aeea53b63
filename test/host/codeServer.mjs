/**
 * The pinned VS Code as a server: profiles, installing an extension, starting and stopping.
 * code-server is VS Code's workbench, served to a browser, with the same Node extension host as the desktop's.
 */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const HERE = import.meta.dirname;
const ENTRY = path.join(HERE, "node_modules/code-server/out/node/entry.js");
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/** @typedef {{ userDataDir: string, extensionsDir: string }} Profile where a VS Code keeps what is its user's */

/** Quiet settings for tests: no telemetry, no updates, no welcome pages, no AI features, no animations. */
export const QUIET_SETTINGS = JSON.parse(fs.readFileSync(path.join(HERE, "settings.json"), "utf8"));

/**
 * Makes a profile, or takes the one that is there. Settings that its user has changed stay.
 * @param {Profile} profile
 * @param {Record<string, unknown>} [settings] the user's, beside the quiet ones
 * @param {Record<string, unknown>} [machineSettings] those of `"scope": "machine"`: a window on a server reads them from
 *   a file of their own
 */
export function makeProfile({ userDataDir, extensionsDir }, settings = {}, machineSettings = {}) {
  fs.mkdirSync(extensionsDir, { recursive: true });
  writeIfMissing(path.join(userDataDir, "User/settings.json"), toJson({ ...QUIET_SETTINGS, ...settings }));
  writeIfMissing(path.join(userDataDir, "Machine/settings.json"), toJson(machineSettings));
  // Without a configuration of its own code-server writes one, with a password, into the person's home.
  writeIfMissing(path.join(userDataDir, "code-server.yaml"), "auth: none\n");
}

/** @param {unknown} value */
const toJson = (value) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * @param {string} file
 * @param {string} text
 */
function writeIfMissing(file, text) {
  if (fs.existsSync(file)) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** @param {Profile} profile */
const profileArguments = ({ userDataDir, extensionsDir }) => [
  ENTRY,
  ...["--config", path.join(userDataDir, "code-server.yaml")],
  ...["--user-data-dir", userDataDir],
  ...["--extensions-dir", extensionsDir],
];

/**
 * Installs a packaged extension into a profile, as a person does.
 * @param {Profile} profile
 * @param {string} vsix
 */
export function installExtension(profile, vsix) {
  const result = spawnSync(process.execPath, [...profileArguments(profile), "--install-extension", vsix, "--force"], {
    encoding: "utf8",
  });
  if (result.status !== 0 || !result.stdout.includes("successfully installed")) {
    throw new Error(`${vsix} could not be installed:\n${result.stdout}\n${result.stderr}`);
  }
}

/**
 * @typedef {object} CodeServer
 * @property {string} url
 * @property {number} port
 * @property {Promise<string>} ended fulfilled when the server is gone, with how it ended
 * @property {() => Promise<void>} stop ends the server and all its children
 */

/**
 * Starts VS Code on loopback and waits until it answers.
 * @param {Profile} profile made by {@link makeProfile}
 * @param {object} options
 * @param {string} options.log file that the server's output is added to
 * @param {number} [options.port] the one to use if it is free; else, or if not given, any free one
 * @param {boolean} [options.testDriver] lets the page's URL name an extension under development and its tests
 * @param {boolean} [options.trust] lets it tell trusted workspaces from others; else all are trusted
 * @param {Record<string, string>} [options.env] for the extension host, beside this process's own
 * @returns {Promise<CodeServer>}
 */
export async function startCodeServer(profile, { log, port, testDriver = false, trust = false, env = {} }) {
  port = await freePort(port);
  const output = fs.openSync(log, "a");
  const sockets = fs.mkdtempSync(path.join(os.tmpdir(), "vscode-"));
  const server = spawn(
    process.execPath,
    [
      ...profileArguments(profile),
      ...["--bind-addr", `127.0.0.1:${port}`],
      "--disable-telemetry",
      "--disable-update-check",
      ...(trust ? [] : ["--disable-workspace-trust"]),
      "--disable-getting-started-override",
      // Else 1.139 ignores extensionDevelopmentPath and extensionTestsPath in the URL.
      ...(testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ],
    {
      detached: true, // a process group of its own: stop() reaches every child
      stdio: ["ignore", output, output],
      env: {
        ...process.env,
        // Else heartbeat files go to the person's home and sockets stay behind in the temporary folder.
        XDG_DATA_HOME: path.join(profile.userDataDir, "xdg-data"),
        XDG_RUNTIME_DIR: sockets,
        ...env,
      },
    },
  );
  fs.closeSync(output);
  const ended = new Promise((resolve) => {
    server.once("error", (error) => resolve(`could not be started: ${error.message}`));
    server.once("exit", (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
  });

  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      if (server.pid) process.kill(-server.pid, name);
    } catch {
      // It is gone already.
    }
  };
  const killNow = () => {
    signal("SIGKILL");
    fs.rmSync(sockets, { recursive: true, force: true });
  };
  process.once("exit", killNow); // a launcher that throws must leave no server behind
  const stop = async () => {
    signal("SIGTERM");
    await Promise.race([ended, after(STOP_LIMIT_MS)]);
    process.off("exit", killNow);
    killNow();
  };

  const url = `http://127.0.0.1:${port}`;
  const answers = async () => {
    for (const limit = Date.now() + START_LIMIT_MS; Date.now() < limit; await after(50)) {
      const response = await fetch(`${url}/healthz`).catch(() => undefined);
      if (response?.ok) return "ready";
    }
    return `did not answer within ${START_LIMIT_MS / 1000} s`;
  };
  const outcome = await Promise.race([ended, answers()]);
  if (outcome === "ready") return { url, port, ended, stop };
  await stop();
  throw new Error(`code-server ${outcome}; its log is ${log}`);
}

/**
 * A port of loopback that nobody listens on.
 * @param {number} [wanted] taken if it is free
 * @returns {Promise<number>}
 */
function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", (error) => (wanted ? resolve(freePort()) : reject(error)));
    probe.listen(wanted, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());
