import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDuration, formatShare, formatTick, formatUtc, oneLine } from "../../../src/workflow/format.ts";
import { activityPhase, isFinal } from "../../../src/workflow/status.ts";
import { parseTime } from "../../../src/workflow/times.ts";

test("status words of the GetJobDetail page have a phase in any case, others are unknown", () => {
  for (const [word, phase] of [
    ["Init", "running"],
    ["Processing", "running"],
    ["Succeed", "succeeded"],
    ["SUCCEED", "succeeded"],
    ["success", "succeeded"],
    [" Failed\n", "failed"],
    ["Fail", "failed"],
    ["Canceled", "canceled"],
    ["Cancelled", "canceled"],
    ["Skip", "skipped"],
    ["", "unknown"],
    ["Almost", "unknown"],
    ["__proto__", "unknown"],
  ] as const) {
    assert.equal(activityPhase(word), phase, word);
  }
  assert.deepEqual([isFinal("succeeded"), isFinal("running"), isFinal("unknown")], [true, false, false]);
});

test("times are read in every form the service has been seen to write", () => {
  const at = Date.UTC(2025, 2, 27, 8, 15, 46);
  for (const text of [
    "2025-03-27T08:15:46Z",
    "2025-03-27T08:15:46Z\n",
    " 2025-03-27 08:15:46",
    "2025-03-27T16:15:46+08:00",
    "2025-03-27T16:15:46+0800",
    "2025-03-27T03:45:46-04:30",
    "2025-03-27t08:15:46z",
  ]) {
    assert.equal(parseTime(text), at, text);
  }
  assert.equal(parseTime("2025-03-27T07:49:17:025Z"), Date.UTC(2025, 2, 27, 7, 49, 17, 25));
  assert.equal(parseTime("2025-03-27T07:49:17.5Z"), Date.UTC(2025, 2, 27, 7, 49, 17, 500));
  assert.equal(parseTime("2024-02-29T00:00:00Z"), Date.UTC(2024, 1, 29));
  assert.equal(parseTime("0099-01-01T00:00:00Z"), Date.parse("0099-01-01T00:00:00Z"));
});

test("what is no time is no time, though Date.parse may take it for one", () => {
  for (const text of [
    "",
    "now",
    "2025-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-00-10T00:00:00Z",
    "2025-03-27T24:00:00Z",
    "2025-03-27T08:60:00Z",
    "2025-03-27T0x:15:46Z",
    "2025-03-27T08:15:46ZZ",
    1743063346000,
    null,
    undefined,
    {},
  ]) {
    assert.equal(parseTime(text), undefined, String(text));
  }
});

test("every second of four thousand years reads as Date writes it", () => {
  const moments = fc.integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(3999, 11, 31) / 1000 });
  fc.assert(
    fc.property(moments, fc.nat({ max: 999 }), (seconds, ms) => {
      const iso = new Date(seconds * 1000 + ms).toISOString();
      assert.equal(parseTime(iso), seconds * 1000 + ms);
      assert.equal(parseTime(`${iso.slice(0, 19)}Z`), seconds * 1000);
    }),
  );
});

test("durations take their two largest units", () => {
  const second = 1000;
  for (const [ms, words] of [
    [0, "< 1 s"],
    [999, "< 1 s"],
    [second, "1 s"],
    [59_999, "59 s"],
    [60 * second, "1 m 00 s"],
    [273 * second, "4 m 33 s"],
    [3600 * second, "1 h 00 m"],
    [2 * 3600 * second + 5 * 60 * second, "2 h 05 m"],
    [76 * 3600 * second, "3 d 04 h"],
    [-4 * second, "−4 s"],
    [Number.NaN, "—"],
  ] as const) {
    assert.equal(formatDuration(ms), words);
  }
  assert.deepEqual(
    [0, 30_000, 60_000, 90_000, 7_200_000].map((ms) => formatTick(ms)),
    ["0", "30 s", "1 m", "1 m 30 s", "2 h"],
  );
});

test("a share never rounds a part to the whole or to nothing", () => {
  for (const [share, words] of [
    [0, "0%"],
    [0.0001, "< 0.1%"],
    [0.004, "0.4%"],
    [0.0097, "1%"],
    [265 / 274, "97%"],
    [273 / 274, "99.6%"],
    [0.9999, "> 99.9%"],
    [1, "100%"],
    [Number.NaN, "—"],
  ] as const) {
    assert.equal(formatShare(share), words);
  }
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true, maxExcluded: true }), (share) => {
      assert.ok(!["0%", "0.0%", "100%", "100.0%"].includes(formatShare(share)));
    }),
  );
});

test("moments in UTC", () => {
  const at = Date.UTC(2025, 2, 27, 8, 15, 46);
  assert.equal(formatUtc(at), "08:15:46");
  assert.equal(formatUtc(at, true), "2025-03-27 08:15:46");
  assert.equal(formatUtc(Number.NaN), "");
});

test("a hostile text becomes one harmless line", () => {
  assert.equal(oneLine("a\r\nb\tc"), "a b c");
  assert.equal(oneLine("evil\u202egnp.exe\u0000"), "evil\ufffdgnp.exe\ufffd");
  assert.equal(oneLine("x".repeat(300)).length, 200);
  assert.equal(oneLine(`${"x".repeat(3)}😀y`, 5), "xxx…");
  assert.equal(oneLine("<b>"), "<b>");
});
