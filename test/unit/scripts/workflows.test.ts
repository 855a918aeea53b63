import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const folder = path.join(ROOT, ".github/workflows");
const workflows = fs
  .readdirSync(folder)
  .map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), "utf8") }));
const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
const found = (pattern: RegExp) =>
  workflows.flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1]!));

test("actions are pinned to a commit: a moved tag cannot change what our releases run", () => {
  const actions = found(/uses: (\S+)/g);
  assert.ok(actions.length > 5);
  for (const action of actions) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
});

test("no workflow has a stored secret, and each begins with no right but to read", () => {
  for (const { name, text } of workflows) {
    assert.doesNotMatch(text, /secrets\.|_PAT\b|_TOKEN: (?!\$\{\{ github\.token \}\})/, name);
    assert.match(text, /^permissions:\n {2}contents: read$/m, name);
  }
});

test("every npm script that a workflow runs is there", () => {
  const names = [...found(/npm run ([\w:-]+)/g), ...found(/npm (test)\b/g)];
  assert.ok(names.length > 2);
  for (const name of names) assert.ok(scripts[name], `npm run ${name}`);
});
