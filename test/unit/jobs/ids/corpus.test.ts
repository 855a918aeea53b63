import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { findJobIds } from "../../../../src/jobs/ids/find.ts";

const corpus = path.resolve(import.meta.dirname, "../../../fixtures/files");

interface Expected {
  readonly id: string;
  readonly because: string;
  readonly type?: string;
}

const expected: Record<string, Expected[]> = JSON.parse(fs.readFileSync(path.join(corpus, "expected.json"), "utf8"));

test("every file of the corpus has expectations", () => {
  const files = fs.readdirSync(corpus).filter((name) => name !== "expected.json");
  assert.deepEqual(files.sort(), Object.keys(expected).sort());
});

for (const [name, hits] of Object.entries(expected)) {
  test(`${name}: the job ids and nothing else`, () => {
    const text = fs.readFileSync(path.join(corpus, name), "utf8");
    const found = findJobIds(text).map(({ id, because, type }) => ({ id, because, ...(type && { type }) }));
    assert.deepEqual(found, hits);
  });
}
