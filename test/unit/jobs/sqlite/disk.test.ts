import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { temporaryFolder } from "../support.ts";

/** Disks that are full, or can only be read, for real: each is mounted by a process that may do so for itself alone. */

const alone = ["--user", "--map-root-user", "--mount"];

/** Why no disk can be mounted here; undefined where one can. */
function obstacle(): string | undefined {
  if (process.platform !== "linux") return "disks can be mounted without rights on Linux only";
  const mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", temporaryFolder()];
  const { status, stderr, error } = spawnSync("unshare", [...alone, ...mount], { encoding: "utf8" });
  return status === 0 ? undefined : `no process may mount a disk of its own here: ${error?.message ?? stderr.trim()}`;
}

const scenarios = {
  tracking: "on which jobs are tracked until it is full refuses the next, keeps the others, and takes more when it can",
  answers: "that fills while answers are on their way loses none in the end, and costs no calls meanwhile",
  migration: "too small to migrate the file on it leaves the file as it was",
  making: "too small for a new file is used when it has room, with what was tracked until then",
  salvage: "too small for what is left of a damaged file gets it when there is room",
  readOnly: "that can only be read keeps its file untouched, and is used when it can be written",
  covered: "that can only be read and takes the place of the one in use is told of; all goes on, then where it was",
};

describe("a disk", { concurrency: 2 }, () => {
  const skip = obstacle();
  after(() => skip && console.log(`disks: skipped, as ${skip}`));
  for (const [scenario, what] of Object.entries(scenarios)) {
    it(what, { skip }, async () => {
      const script = join(import.meta.dirname, "diskProcess.ts");
      const run = promisify(execFile)("unshare", [...alone, process.execPath, script, scenario, temporaryFolder()]);
      await run.catch(({ stderr }: { stderr: string }) => assert.fail(stderr));
    });
  }
});
