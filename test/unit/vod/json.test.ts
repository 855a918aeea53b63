import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asObject, parseJson } from "../../../src/vod/json.ts";

describe("parseJson", () => {
  it("keeps the digits of integers that a number cannot hold", () => {
    assert.deepEqual(parseJson('{"UserId":9007199254740993}'), { UserId: "9007199254740993" });
    assert.deepEqual(parseJson("[-9223372036854775808, 18446744073709551615]"), [
      "-9223372036854775808",
      "18446744073709551615",
    ]);
    assert.equal(parseJson("123456789012345678901234567890"), "123456789012345678901234567890");
  });

  it("leaves safe integers, fractions and texts of digits alone", () => {
    assert.deepEqual(
      parseJson(
        '[9007199254740991,-9007199254740991,1797131669910763,0.1234567890123456789,1e30,"12345678901234567890"]',
      ),
      [9007199254740991, -9007199254740991, 1797131669910763, 0.12345678901234568, 1e30, "12345678901234567890"],
    );
  });

  it("reads everything else as JSON.parse does, whatever way it takes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.stringify(value);
        // A double whose digits are all written out is an integer to a reader of the text.
        const expected = JSON.parse(plain, (key, read) => {
          if (key === "__proto__") return undefined;
          return typeof read === "number" && !Number.isSafeInteger(read) && /^-?\d+$/.test(`${read}`)
            ? `${read}`
            : read;
        });
        assert.deepEqual(parseJson(plain), expected);
        assert.deepEqual(parseJson(`{"exact":12345678901234567,"value":${plain}}`), {
          exact: "12345678901234567",
          value: expected,
        });
      }),
    );
  });

  it("keeps every 64-bit integer in every place", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), fc.constantFrom("", " ", "\n\t"), (id, space) => {
        const text = `{"a":${space}${id},"b":[${id}${space},${space}${id}]}`;
        const read = parseJson(text) as unknown as { a: unknown; b: unknown[] };
        for (const value of [read.a, ...read.b]) assert.equal(String(value), String(id));
      }),
    );
  });

  it("drops __proto__, spelled out or escaped, so that no copy of the value changes a prototype", () => {
    for (const name of ["__proto__", "\\u005f\\u005fproto__", "_\\u005Fproto_\\u005F"]) {
      const read = parseJson(`{"a":{"${name}":{"polluted":true},"kept":1}}`) as { a: object };
      assert.deepEqual(Reflect.ownKeys(read.a), ["kept"]);
      assert.equal((Object.assign({}, read.a) as { polluted?: boolean }).polluted, undefined);
    }
  });

  it("gives nothing for what is no JSON, or is nested too deep to walk", () => {
    for (const text of ["", "{", "{'a':1}", "<html>", "[1,]", '{"a":12345678901234567']) {
      assert.equal(parseJson(text), undefined, text);
    }
    assert.equal(parseJson(`[12345678901234567,${"[".repeat(100_000)}${"]".repeat(100_000)}]`), undefined);
  });
});

describe("asObject", () => {
  it("tells objects from everything else", () => {
    assert.deepEqual(asObject({ a: 1 }), { a: 1 });
    for (const value of [null, undefined, [], "{}", 1, true]) assert.equal(asObject(value), undefined);
  });
});
