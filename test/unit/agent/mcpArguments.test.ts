import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type McpArguments, readArguments, writeArguments } from "../../../src/agent/mcpArguments.ts";

const folder = tmpdir();
const none = { account: undefined, region: undefined, endpoint: undefined, demo: undefined };

test("a folder alone is enough, by argument or by environment; the argument wins", () => {
  const expected = { ...none, folder, trusted: true, verbose: false };
  assert.deepEqual(readArguments(["--folder", folder], {}), expected);
  assert.deepEqual(readArguments([], { VOD_JOBS_FOLDER: folder }), expected);
  assert.deepEqual(readArguments(["--folder", folder], { VOD_JOBS_FOLDER: "/nowhere" }), expected);
});

test("what cannot be used is said in a sentence", () => {
  const problem = (...args: string[]) => {
    const result = readArguments(args, {});
    return typeof result === "string" ? result : assert.fail("it was accepted");
  };
  assert.match(problem(), /--folder is needed/);
  assert.match(problem("--folder", join(folder, "no", "such")), /There is no folder/);
  assert.match(problem("--folder", folder, "--demo", "seed"), /SEED@MILLISECONDS/);
  assert.match(problem("--folder", folder, "--secret", "x"), /--secret/);
  assert.match(problem("--folder"), /folder/);
});

test("what is written is read back", () => {
  const word = fc.string({ minLength: 1, maxLength: 20 });
  const optional = fc.option(word, { nil: undefined });
  const plain = { noNullPrototype: true };
  const given = fc.record(
    {
      folder: fc.constant(folder),
      account: optional,
      region: optional,
      endpoint: optional,
      demo: fc.option(fc.record({ seed: word, startedAt: fc.nat() }, plain), { nil: undefined }),
      trusted: fc.boolean(),
      verbose: fc.boolean(),
    },
    plain,
  );
  fc.assert(
    fc.property(given, (args: McpArguments) => assert.deepEqual(readArguments(writeArguments(args), {}), args)),
  );
});
