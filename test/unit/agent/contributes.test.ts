import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { toolDefinitions } from "../../../src/agent/definitions.ts";

interface ContributedTool {
  readonly name: string;
  readonly modelDescription: string;
  readonly inputSchema: unknown;
}

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"));
const contributed: readonly ContributedTool[] | undefined = manifest.contributes.languageModelTools;

test("package.json declares the tools exactly as they are", { skip: !contributed && "not declared yet" }, () => {
  assert.deepEqual(
    contributed?.map(({ name, modelDescription, inputSchema }) => ({ name, modelDescription, inputSchema })),
    toolDefinitions.map(({ name, description, inputSchema }) => ({
      name,
      modelDescription: description,
      inputSchema: JSON.parse(JSON.stringify(inputSchema)),
    })),
  );
});
