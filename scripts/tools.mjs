/** Running other programs from the scripts, and telling a person how it went. */
import { spawn } from "node:child_process";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "..");

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * How a program ended and all it said, stdout and stderr as they came; `stopped` when it took longer than it may.
 * @typedef {{ code: number, output: string, stopped: boolean }} Ended
 */

/** What is asked to end has this long for it, ms. */
const GRACE_MS = 5_000;

/**
 * Runs a JavaScript program on this Node and waits for its end.
 * @param {string[]} args the program, relative to the project's root, and its arguments
 * @param {{ cwd?: string, env?: Record<string, string>, show?: boolean, limit?: number }} [options] `show` passes on at
 *   once what it says; after `limit` ms it is stopped
 * @returns {Promise<Ended>}
 */
export function runNode(args, { cwd = ROOT, env, show = false, limit } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let stopped = false;
    const take = (/** @type {Buffer} */ bytes) => {
      output += bytes.toString();
      if (show) process.stdout.write(bytes);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    if (limit !== undefined) {
      const ask = () => {
        stopped = true;
        child.kill("SIGTERM");
      };
      const insist = () => {
        child.kill("SIGKILL");
        // What it started may live on, and hold these open.
        child.stdout.destroy();
        child.stderr.destroy();
      };
      timers.push(setTimeout(ask, limit), setTimeout(insist, limit + GRACE_MS));
    }
    child.on("error", reject);
    child.on("close", (code) => {
      for (const timer of timers) clearTimeout(timer);
      resolve({ code: code ?? 1, output, stopped });
    });
  });
}

/**
 * A program that an installed package brings, for {@link runNode}.
 * @param {string} file inside node_modules
 */
export const packaged = (file) => path.join(ROOT, "node_modules", file);

/**
 * @param {number} started by `performance.now()`
 * @returns {string} "12.3 s" since then
 */
export const secondsSince = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/** @param {Counts} counts */
export const inWords = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
