import "../../panel/editorStub.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

const { indented } = await import("../../../src/editor/rawText.ts");

test("a raw answer stands on many lines, as any JSON printer would set it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t"), (json, space) => {
      const value = JSON.parse(json);
      assert.equal(indented(JSON.stringify(value, null, space)), JSON.stringify(value, null, 2));
    }),
  );
});

test("its words stay the service's own: digits, escapes, and what no parser would keep", () => {
  const sent = '{"UserId":7205759403792793601,"n":1.50e+2,"t":"\\u4e2d\\/ \\"{,:}","t":[ ],"__proto__":{ }}';
  const shown = [
    "{",
    '  "UserId": 7205759403792793601,',
    '  "n": 1.50e+2,',
    '  "t": "\\u4e2d\\/ \\"{,:}",',
    '  "t": [],',
    '  "__proto__": {}',
    "}",
  ];
  assert.equal(indented(sent), shown.join("\n"));
});

test("what is no JSON, or deeper than any answer, is shown as it came", () => {
  for (const sent of ["", "<html>", '{"a":', "[".repeat(30) + "]".repeat(30), "[".repeat(1e4) + "]".repeat(1e4)]) {
    assert.equal(indented(sent), sent);
  }
});
