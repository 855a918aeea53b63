import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { getJobInput, listJobsInput, toolDefinitions } from "../../../src/agent/definitions.ts";
import { checkInput } from "../../../src/agent/schema.ts";

const id = "5c9dff751ba0f3d1e2c34b59d50a967f";

test("an input that fits is given back, and what is left blank is not there", () => {
  assert.deepEqual(checkInput(getJobInput, { id, type: "ai", region: "", account: null, max_age_seconds: 0 }), {
    input: { id, type: "ai", max_age_seconds: 0 },
  });
  assert.deepEqual(checkInput(listJobsInput, undefined), { input: {} });
});

test("what does not fit is said by name, all of it at once", () => {
  const problems = (value: unknown) => {
    const result = checkInput(getJobInput, value);
    assert.ok("problems" in result);
    return result.problems.join(" ");
  };
  assert.match(problems({}), /id is required/);
  assert.match(problems({ id: "" }), /id is required/);
  assert.match(problems([]), /must be an object/);
  assert.match(problems("text"), /must be an object/);
  assert.match(problems({ id: 7 }), /^id must be a string\.$/);
  assert.match(problems({ id: "x".repeat(257) }), /at most 256 characters/);
  assert.match(problems({ id, type: "Workflow" }), /type must be one of transcode, snapshot, ai, workflow/);
  assert.match(problems({ id, max_age_seconds: 1.5 }), /whole number from 0 to 86400/);
  assert.match(problems({ id, max_age_seconds: "5" }), /whole number/);
  assert.match(
    problems({ id, JobId: 1 }),
    /no property "JobId"; there are: id, type, region, account, max_age_seconds/,
  );
  const both = problems({ type: 1, other: 2 });
  assert.match(both, /type must/);
  assert.match(both, /"other"/);
});

test("names that every object has are no properties", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    assert.ok("problems" in checkInput(getJobInput, { id, [name]: "x" }), name);
  }
  const result = checkInput(getJobInput, JSON.parse(`{"id":"${id}","__proto__":{"polluted":true}}`));
  assert.ok("problems" in result);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("nothing makes the check throw", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
      for (const { inputSchema } of toolDefinitions) checkInput(inputSchema, value);
    }),
  );
});

test("every definition is a closed JSON schema whose properties are described", () => {
  for (const { name, description, inputSchema } of toolDefinitions) {
    assert.match(name, /^[a-z]+(_[a-z]+)+$/);
    assert.match(description, /API call/); // what it costs is said
    assert.equal(inputSchema.additionalProperties, false);
    for (const [property, schema] of Object.entries(inputSchema.properties)) {
      assert.ok(schema.description.length > 10, `${name}.${property}`);
    }
    for (const required of inputSchema.required ?? []) assert.ok(required in inputSchema.properties);
  }
});
