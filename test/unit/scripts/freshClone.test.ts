/** What the pages for newcomers name, and what F5 begins with, sets up by itself what it needs: `scripts/run.mjs` does. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
const { scripts } = JSON.parse(read("package.json"));
const { tasks } = JSON.parse(read(".vscode/tasks.json"));
const { configurations } = JSON.parse(read(".vscode/launch.json"));

/** The npm scripts that a page names: `npm start`, `npm test`, `npm run -s endpoint`. */
const named = (page: string) =>
  [...read(page).matchAll(/npm (?:run (?:-s )?([\w:]+)|(start|test)\b)/g)].map(([, script, verb]) => ({
    where: page,
    name: script ?? verb!,
  }));

const begunByF5 = configurations
  .map(({ preLaunchTask }: { preLaunchTask?: string }) => preLaunchTask)
  .filter(Boolean)
  .map((label: string) => ({
    where: "F5",
    name: tasks.find((task: { label: string }) => task.label === label)?.script,
  }));

test("every command of README and CONTRIBUTING, and F5, works with nothing installed", () => {
  const all = [...["README.md", "README.zh-CN.md", "CONTRIBUTING.md"].flatMap(named), ...begunByF5];
  assert.ok(all.length > 30);
  const usage = spawnSync(process.execPath, ["scripts/run.mjs", "?"], { cwd: ROOT, encoding: "utf8" }).stderr;
  const verbs = new Set(/run\.mjs ([\w|-]+) /.exec(usage)![1]!.split("|"));
  for (const { where, name } of all) {
    const [, verb = ""] = /^node scripts\/run\.mjs ([\w-]+)/.exec(scripts[name] ?? "") ?? [];
    assert.ok(verbs.has(verb), `${where}: npm run ${name}: ${scripts[name]}`);
  }
  for (const verb of verbs) {
    const script = verb === "host-tests" ? "test/host/runSuite.mjs" : `scripts/${verb}.mjs`;
    assert.ok(fs.existsSync(path.join(ROOT, script)), script);
  }
});
