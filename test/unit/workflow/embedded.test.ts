import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Decoded, decodeJson, memberTexts, parseEmbedded, plainJson } from "../../../src/workflow/embedded.ts";
import { escapeOnce, sample } from "./support.ts";

/** The plain value of a tree, for comparison with what JSON.parse gives. */
function plain(tree: Decoded): unknown {
  switch (tree.kind) {
    case "object":
      return Object.fromEntries(tree.entries.map(([key, value]) => [key, plain(value)]));
    case "array":
      return tree.items.map(plain);
    case "number":
      return Number(tree.text);
    case "null":
      return null;
    default:
      return tree.value;
  }
}

/** Decodes strings in strings in the plainest way: the oracle. */
function decodePlainly(value: unknown): unknown {
  if (typeof value === "string") {
    let inner: unknown;
    try {
      inner = JSON.parse(value);
    } catch {
      return value;
    }
    return typeof inner === "object" && inner !== null ? decodePlainly(inner) : value;
  }
  if (Array.isArray(value)) return value.map(decodePlainly);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decodePlainly(item)]));
}

test("the specification's sample decodes identically from both of its forms, strings in strings included", () => {
  const tree = decodeJson(sample.plainActivityResults);
  assert.equal(tree.kind, "object");
  assert.deepEqual(decodeJson(sample.activityResults), tree);
  assert.deepEqual(plain(tree), decodePlainly(JSON.parse(sample.plainActivityResults)));
  const values = plain(tree) as Record<string, { Result: { MessageBody: { TriggerSource: unknown } } }>;
  assert.deepEqual(values.VodSnapshot_123?.Result.MessageBody.TriggerSource, {
    ActivityInstanceId: "c8cf62d53bef4e04bf703976bae6d0b9",
    BizType: "ice-workflow",
  });
});

test("what stood in a string is marked", () => {
  assert.deepEqual(decodeJson('{"a":"[1]","b":[1]}'), {
    kind: "object",
    entries: [
      ["a", { kind: "array", items: [{ kind: "number", text: "1" }], from: "string" }],
      ["b", { kind: "array", items: [{ kind: "number", text: "1" }] }],
    ],
  });
});

test("any JSON, stringified and escaped at random inside itself, decodes as the plainest decoder has it", () => {
  const text = fc.string({ maxLength: 6, unit: fc.constantFrom(...'a1 "\\{}[],:\n\u0000\ud800é😀') });
  const wrapped = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("array"), tie("object"), tie("string")),
    leaf: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    array: fc.array(tie("value"), { maxLength: 3 }),
    object: fc
      .array(fc.tuple(text, tie("value")), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries as [string, unknown][])),
    string: fc.oneof(tie("array"), tie("object")).map((value) => JSON.stringify(value)),
  })).value;
  fc.assert(
    fc.property(fc.array(wrapped, { maxLength: 3 }), fc.nat({ max: 2 }), (value, layers) => {
      let json = JSON.stringify(value);
      for (let layer = 0; layer < layers; layer++) json = escapeOnce(json);
      assert.deepEqual(plain(decodeJson(json)), decodePlainly(value));
      assert.deepEqual(parseEmbedded(json), value);
      assert.deepEqual(JSON.parse(plainJson(json)!), value);
    }),
  );
});

test("no text at all makes it throw, and what is no JSON stays the original text", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n1a\u0000\ud800') }),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const tree = decodeJson(text);
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      if (tree.kind === "string" && !isJson) assert.equal(tree.value, text);
      parseEmbedded(text);
      JSON.stringify(tree);
    }),
    { numRuns: 300 },
  );
  for (const text of ["", "{", '{"a":1', "undefined", '{\\"a\\":', "[1,]", '"\\', "\\", "{\\}", "[\\\\\\"]) {
    assert.deepEqual(decodeJson(text), { kind: "string", value: text });
    assert.equal(parseEmbedded(text), undefined);
  }
});

test("a long run of anything is looked through once, not once for every character", () => {
  for (const piece of ["\\", " ", '"', '\\"', "{", "[", "{\\", ' \\"', "[ "]) {
    const text = piece.repeat(500_000);
    assert.equal(decodeJson(text).kind, "string");
    assert.equal(decodeJson(JSON.stringify([text])).kind, "array");
  }
});

test("whole numbers keep all digits, others are left as JSON.parse reads them", () => {
  assert.deepEqual(decodeJson("[1797131669910763123,-0,1e400]"), {
    kind: "array",
    items: [
      { kind: "number", text: "1797131669910763123" },
      { kind: "number", text: "-0" },
      { kind: "number", text: "1e400" },
    ],
  });
  assert.deepEqual(
    parseEmbedded('{"id":9007199254740993,"safe":1797131669910763,"size":1e300,"deep":[[-9007199254740993]]}'),
    {
      id: "9007199254740993",
      safe: 1797131669910763,
      size: 1e300,
      deep: [["-9007199254740993"]],
    },
  );
});

test("repeated keys are all there, and __proto__ is a key like any other", () => {
  const tree = decodeJson('{"a":1,"a":2,"__proto__":{"polluted":true},"constructor":3}');
  assert.equal(tree.kind, "object");
  assert.deepEqual(tree.kind === "object" && tree.entries.map(([key]) => key), ["a", "a", "__proto__", "constructor"]);
  parseEmbedded('{"__proto__":{"polluted":true}}');
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("text in strings that only looks like JSON, and scalars in strings, stay text", () => {
  for (const text of ["{not json}", "[1,", "12", "true", '"quoted"', "null", "{\\"]) {
    assert.deepEqual(decodeJson(JSON.stringify([text])), { kind: "array", items: [{ kind: "string", value: text }] });
  }
});

test("depth is bounded: what is deeper stays text, marked", () => {
  const text = "[".repeat(200_000) + "]".repeat(200_000);
  const depthOf = (tree: Decoded): number => (tree.kind === "array" && tree.items[0] ? 1 + depthOf(tree.items[0]) : 1);
  const tree = decodeJson(text);
  assert.equal(depthOf(tree), 65);
  let inner: Decoded = tree;
  while (inner.kind === "array") inner = inner.items[0]!;
  assert.equal(inner.kind === "string" && inner.undecoded, true);

  let nested = "[]";
  for (let depth = 0; depth < 12; depth++) nested = JSON.stringify([nested]);
  const shallow = decodeJson(nested, { depth: 6 });
  assert.match(JSON.stringify(shallow), /"undecoded":true/);
  assert.doesNotMatch(JSON.stringify(decodeJson(nested)), /undecoded/);
});

test("the number of values, the length of a string and the size of the text are bounded, and what is cut is counted", () => {
  const tree = decodeJson(JSON.stringify({ list: Array.from({ length: 100 }, (_, i) => i), after: 1 }), { values: 10 });
  assert.equal(tree.kind, "object");
  assert.deepEqual(tree.kind === "object" && tree.truncated, 1);
  const list = tree.kind === "object" && tree.entries[0]![1];
  assert.deepEqual(list && list.kind === "array" && [list.items.length, list.truncated], [8, 92]);

  assert.deepEqual(decodeJson(JSON.stringify("abc😀def"), { characters: 4 }), {
    kind: "string",
    value: "abc",
    truncated: 5,
  });
  assert.deepEqual(decodeJson("[1,2,3]", { size: 3 }), { kind: "string", value: "[1,2,3]" });
});

test("member texts are cut out exactly as they came", () => {
  const json = ' {"a" : {"x":[1,"]}"]} , "b\\"":-1.50e3,"a":"s\\\\" ,"c":[] } ';
  assert.deepEqual(memberTexts(json), [
    ["a", '{"x":[1,"]}"]}'],
    ['b"', "-1.50e3"],
    ["a", '"s\\\\"'],
    ["c", "[]"],
  ]);
  assert.deepEqual(memberTexts("[1, true ,[2]]"), [
    ["", "1"],
    ["", "true"],
    ["", "[2]"],
  ]);
  assert.deepEqual(memberTexts("12"), []);
});
