import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../../..");

test("every threat in SECURITY.md names its tests, and each of them exists", () => {
  const rows = readFileSync(join(root, "SECURITY.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| threat"));
  assert.ok(rows.length >= 20, `${rows.length} threats`);
  for (const row of rows) {
    const [, threat, control, tests = ""] = row.split(" | ".trim()).map((cell) => cell.trim());
    assert.ok(threat && control, row);
    const named = tests.split("<br>").map((one) => /^`(test\/[\w./-]+)` › (.+)$/.exec(one));
    assert.ok(named.length > 0 && !named.includes(null), `${threat}: ${tests}`);
    for (const [, file, name] of named as RegExpExecArray[]) {
      assert.ok(existsSync(join(root, file!)), file);
      assert.ok(readFileSync(join(root, file!), "utf8").includes(name!), `${file} has no test “${name}”`);
    }
  }
});
