import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRuns } from "../../../src/workflow/compare.ts";
import { readConfig } from "../../../src/workflow/config.ts";
import { activity, escapeOnce } from "./support.ts";

test("the sample's configurations in words, units explained", () => {
  const facts = (text: string) =>
    readConfig(text).map(({ label, value, unit, note }) =>
      [label, value, unit, note].filter((part) => part !== undefined).join("|"),
    );
  assert.deepEqual(facts('{"inl":0,"num":32,"tm":5,"wd":"352","ft":"normal","hg":"640"}'), [
    "Interval|0|s|Evenly spaced over the whole video",
    "Number of snapshots|32",
    "Start|5|ms",
    "Width|352|px",
    "Frame type|normal|Any frame",
    "Height|640|px",
  ]);
  assert.deepEqual(facts('{"pad":"0","lines":"10","mgin":"0","cols":"10","ikcp":"false","hg":"68"}'), [
    "Space between pictures|0|px",
    "Rows|10",
    "Margin|0|px",
    "Columns|10",
    "Single pictures kept|false|No",
    "Height|68|px",
  ]);
  assert.deepEqual(
    facts(
      '{"AuditRange":["video","image-cover"],"AuditItem":["porn"],"AuditAutoBlock":"no","New":{"x":1,"y":[{"z":[2,null]}]}}',
    ),
    [
      "What is reviewed|video, image-cover",
      "Reviewed for|porn",
      "Blocked automatically|no|No",
      "New.x|1",
      "New.y|z: 2, null",
    ],
  );
});

test("a configuration that is none has no facts; escaped once too often it has the same", () => {
  for (const text of [undefined, "", "text", "12", "[", "null"]) assert.deepEqual(readConfig(text), []);
  const config = '{"inl":10,"wd":"auto","ft":"toString","id":1797131669910763123}';
  assert.deepEqual(readConfig(escapeOnce(config)), readConfig(config));
  assert.deepEqual(readConfig(config), [
    { key: "inl", label: "Interval", value: "10", unit: "s" },
    { key: "wd", label: "Width", value: "auto" },
    { key: "ft", label: "Frame type", value: "toString" },
    { key: "id", label: "id", value: "1797131669910763123" },
  ]);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]));
  assert.equal(readConfig(JSON.stringify(many)).length, 200);
  assert.equal(readConfig(`{"deep":${"[".repeat(1e5)}${"]".repeat(1e5)}}`).length, 1);
});

test("two runs compared: faster, slower, newly failing, recovered, new, gone", () => {
  const before = [
    activity("same", 0, 100),
    activity("slower", 0, 10),
    activity("faster", 0, 10),
    activity("fails", 0, 10),
    activity("recovers", 0, 10, { status: "Failed" }),
    activity("gone", 0, 10),
    activity("open", 0),
    activity("instant", 0, 0),
  ];
  const now = [
    activity("same", 50, 155),
    activity("slower", 0, 25),
    activity("faster", 0, 5),
    activity("fails", 0, 10, { status: "Failed" }),
    activity("recovers", 0, 10),
    activity("new", 0, 7, { status: "Failed" }),
    activity("open", 0, 3),
    activity("instant", 0, 3),
  ];
  assert.deepEqual(compareRuns(now, before), [
    { name: "same", change: "same", before: 100_000, after: 105_000, delta: 5000, ratio: 1.05 },
    { name: "slower", change: "slower", before: 10_000, after: 25_000, delta: 15_000, ratio: 2.5 },
    { name: "faster", change: "faster", before: 10_000, after: 5000, delta: -5000, ratio: 0.5 },
    { name: "fails", change: "same", before: 10_000, after: 10_000, delta: 0, ratio: 1, newlyFailing: true },
    { name: "recovers", change: "same", before: 10_000, after: 10_000, delta: 0, ratio: 1, recovered: true },
    { name: "new", change: "new", after: 7000, newlyFailing: true },
    { name: "open", change: "unknown", after: 3000 },
    { name: "instant", change: "slower", before: 0, after: 3000, delta: 3000 },
    { name: "gone", change: "gone" },
  ]);
});
