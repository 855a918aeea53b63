/**
 * Where VS Code enters the in-host suite: loads every `*.test` file beside it into mocha, runs it, and leaves a result.
 * The same for a desktop VS Code and for the pinned code-server.
 */
import fs from "node:fs";
import path from "node:path";
import Mocha from "mocha";

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 30_000, reporter: "spec" });
  const pattern = process.env.VOD_JOBS_SUITE_PATTERN;
  if (pattern) mocha.fgrep(pattern);
  for (const file of fs.readdirSync(import.meta.dirname).sort()) {
    if (file.endsWith(".test.cjs")) mocha.addFile(path.join(import.meta.dirname, file));
  }
  const failures: { title: string; stack: string }[] = [];
  const { passes, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
    runner.on("fail", (test, error) => failures.push({ title: test.fullTitle(), stack: error.stack ?? String(error) }));
  });
  const result = { passed: passes, failed: failures.length, skipped: pending, failures };
  const resultFile = process.env.VOD_JOBS_SUITE_RESULT;
  if (resultFile) fs.writeFileSync(resultFile, JSON.stringify(result));
  if (failures.length || !passes) throw new Error(`${failures.length} failed, ${passes} passed`);
}
