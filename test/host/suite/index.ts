/**
 * Where VS Code enters the in-host suite: loads every `*.test` file beside it into mocha, runs it, and leaves a result.
 * The same for a desktop VS Code and for the pinned code-server.
 */
import fs from "node:fs";
import path from "node:path";
import Mocha from "mocha";

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 30_000, reporter: "dot" }); // shows failures in full
  const pattern = process.env.VOD_JOBS_SUITE_PATTERN;
  if (pattern) mocha.fgrep(pattern);
  for (const file of fs.readdirSync(import.meta.dirname).sort()) {
    if (file.endsWith(".test.cjs")) mocha.addFile(path.join(import.meta.dirname, file));
  }
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
  });
  const result = { passed: passes, failed: failures, skipped: pending };
  const resultFile = process.env.VOD_JOBS_SUITE_RESULT;
  if (resultFile) fs.writeFileSync(resultFile, JSON.stringify(result));
  if (failures || !passes) throw new Error(`${failures} failed, ${passes} passed`);
}
