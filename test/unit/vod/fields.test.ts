import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jsonText, number, objects, text, time } from "../../../src/vod/fields.ts";

describe("text", () => {
  it("gives texts and numbers as text; nothing else", () => {
    assert.equal(text("HD"), "HD");
    assert.equal(text(0), "0");
    assert.equal(text("9007199254740993"), "9007199254740993");
    for (const value of ["", null, undefined, {}, []]) assert.equal(text(value), undefined);
  });
});

describe("jsonText", () => {
  it("keeps text as it came, and writes objects the service sent unwrapped", () => {
    assert.equal(jsonText('{\\"a\\":1}'), '{\\"a\\":1}');
    assert.equal(jsonText({ a: [1] }), '{"a":[1]}');
    assert.equal(jsonText(null), undefined);
  });
});

describe("number", () => {
  it("reads numbers, also written as text", () => {
    assert.equal(number(42), 42);
    assert.equal(number("12.5"), 12.5);
    for (const value of ["", " ", "12s", "Infinity", null, undefined, {}, true]) assert.equal(number(value), undefined);
  });
});

describe("objects", () => {
  it("reads a list, plain or wrapped, and skips what is no object", () => {
    assert.deepEqual(objects([{ a: 1 }, null, "x", { b: 2 }]), [{ a: 1 }, { b: 2 }]);
    assert.deepEqual(objects({ Job: [{ a: 1 }] }), [{ a: 1 }]);
    for (const value of [undefined, null, "x", {}, 7]) assert.deepEqual(objects(value), []);
  });
});

describe("time", () => {
  const at = Date.UTC(2025, 2, 27, 7, 49, 17);

  it("reads the documented form, and what the service also writes", () => {
    const forms = {
      "2025-03-27T07:49:17Z": at,
      "2025-03-27T07:49:17Z\n": at,
      "  2025-03-27T07:49:17Z ": at,
      "2025-03-27T07:49:17:025Z": at + 25,
      "2025-03-27T07:49:17.025Z": at + 25,
      "2025-03-27T07:49:17.9999999Z": at + 999,
      "2025-03-27T07:49:17": at,
      "2025-03-27 07:49:17": at,
      "2025-03-27T15:49:17+08:00": at,
      "2025-03-27T15:49:17+0800": at,
      "2025-03-27T15:49:17+08": at,
      "2025-03-27T02:19:17-05:30": at,
    };
    for (const [form, expected] of Object.entries(forms)) assert.equal(time(form), expected, JSON.stringify(form));
  });

  it("takes what is no time for absent", () => {
    const none = [
      "",
      "now",
      "2025-03-27",
      "2025-02-30T00:00:00Z",
      "2025-13-01T00:00:00Z",
      "2025-03-27T24:00:00Z",
      "2025-03-27T07:60:00Z",
    ];
    for (const value of [...none, 1743061757000, null, undefined, {}, true])
      assert.equal(time(value), undefined, String(value));
  });

  it("takes the zero times of other programs for absent", () => {
    assert.equal(time("0001-01-01T00:00:00Z"), undefined);
    assert.equal(time("1970-01-01T00:00:00Z"), undefined);
  });
});
