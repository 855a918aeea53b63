/** A desktop VS Code for `npm start`, where this machine has one, can show one, or can download one. */
import { spawnSync } from "node:child_process";
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from "@vscode/test-electron";

/** `engines.vscode`: an older one refuses the extension. */
const OLDEST = [1, 105];
const RELEASES = "https://update.code.visualstudio.com/api/releases/stable";
const REACH_LIMIT_MS = 4_000;

/** @typedef {{ command: string, args: string[], name: string }} Desktop how to run VS Code's command line */

/**
 * Finds one: `VSCODE_EXECUTABLE`, else `code` on the PATH, else a download if the server that has it can be reached.
 * @param {(line: string) => void} say
 * @returns {Promise<Desktop | undefined>} undefined where there is none, or no screen to show it on
 */
export async function findDesktop(say) {
  const executable = process.env.VSCODE_EXECUTABLE;
  if (executable) return fromExecutable(executable);
  if (!hasScreen()) return undefined;
  const onPath = { command: "code", args: [], name: "the installed VS Code" };
  const version = versionOf(onPath);
  if (version && !isOlder(version)) return onPath;
  if (version) say(`the installed VS Code is ${version}, older than ${OLDEST.join(".")}`);
  const reachable = await fetch(RELEASES, { signal: AbortSignal.timeout(REACH_LIMIT_MS) }).then(
    (response) => response.ok,
    () => false,
  );
  if (!reachable) return undefined;
  say("downloading VS Code");
  return downloadAndUnzipVSCode("stable").then(fromExecutable, (error) => {
    say(`VS Code could not be downloaded: ${error instanceof Error ? error.message : error}`);
    return undefined;
  });
}

/**
 * @param {string} executable
 * @returns {Desktop}
 */
function fromExecutable(executable) {
  const [command = executable, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
  const ownProfile = /^--(user-data-dir|extensions-dir)=/; // not test-electron's: the caller names one
  return { command, args: args.filter((arg) => !ownProfile.test(arg)), name: executable };
}

function hasScreen() {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * @param {Desktop} desktop
 * @returns {string | undefined} "1.139.1"
 */
function versionOf({ command, args }) {
  const { status, stdout } = spawnSync(command, [...args, "--version"], { encoding: "utf8", shell: isWindows });
  return status === 0 ? stdout.split("\n")[0]?.trim() : undefined;
}

/** @param {string} version */
function isOlder(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** On Windows the command line is a .cmd file, which only a shell runs. */
export const isWindows = process.platform === "win32";
