import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanId, findJobIds, findKnownIds, onlyId } from "../../../../src/jobs/ids/find.ts";
import { KnownIds } from "../../../../src/jobs/ids/known.ts";

const a = "5c9dff751ba0f3d1e2c34b59d50a967f";
const b = "2dc1634e0f3d1e2c34b59d503f1d22d1";

/** What trips finders: ids, parts of ids, every bracket and quote, keys, escapes, type names cut short. */
const pieces = [
  ...[a, b, a.toUpperCase(), a.slice(1), `${a}0`, "0".repeat(32)],
  ...[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    '"',
    "'",
    "`",
    "\\",
    "\\n",
    "\\u0022",
    "%22",
    "%",
    "&quot;",
    ";",
    ",",
    ":",
    "=",
    "->",
  ],
  ...[
    "<JobId>",
    "</JobId>",
    "JobId",
    "VideoId",
    "jobType",
    "EventType",
    "ai",
    "AI",
    "transcode",
    "transcod",
    "snapshot",
  ],
  ...[
    "workflow",
    "WorkflowId",
    "task_id",
    "tea.String(",
    "jobs:",
    "- ",
    "\n",
    "\r\n",
    "  ",
    " ",
    "/",
    ".",
    "-",
    "_",
    "|",
  ],
  ...["\u001b[32m", "任务", "转码", "：", "\ud83d", "\u202e", "x", "__proto__"],
];
const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 });

test("whatever stands in a text, ids are found in order, where they say", () => {
  fc.assert(
    fc.property(hostile, (parts) => {
      const text = parts.join("");
      let end = 0;
      for (const one of findJobIds(text)) {
        assert.ok(one.start >= end);
        end = one.end;
        assert.equal(text.slice(one.start, one.end), one.id);
        assert.match(one.id, /^[0-9a-fA-F]{32}$/);
      }
      onlyId(text);
    }),
    { numRuns: 400 },
  );
});

test("a part of a text has the ids that the whole text has there", () => {
  fc.assert(
    fc.property(hostile, fc.nat(), fc.nat(), (parts, one, other) => {
      const text = parts.join("");
      const [start = 0, end = 0] = [one % (text.length + 1), other % (text.length + 1)].sort((x, y) => x - y);
      const inPart = findJobIds(text).filter((found) => found.start < end && found.end > start);
      assert.deepEqual(findJobIds(text, [], { start, end }), inPart);
    }),
    { numRuns: 400 },
  );
});

test("no expression of 32 digits that stands by itself is overlooked, whatever is around it", () => {
  // The finder jumps; this reads every character. Keys may silence an id, so all ids are made known here.
  const known = new KnownIds([a, b]);
  fc.assert(
    fc.property(hostile, (parts) => {
      const text = parts.join("");
      const plain = [...text.matchAll(/(?<![0-9a-zA-Z])[0-9a-fA-F]{32}(?![0-9a-zA-Z])/g)]
        .filter(([id]) => [a, b].includes(id.toLowerCase()))
        .map(({ index }) => index);
      const found = findKnownIds(text, known).map(({ start }) => start);
      for (const start of plain) assert.ok(found.includes(start), `${start} in ${JSON.stringify(text)}`);
    }),
    { numRuns: 400 },
  );
});

test("a tracked id of any form is found wherever it stands by itself", () => {
  const word = fc.stringMatching(/^[0-9a-zA-Z_*.-]{6,40}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), hostile, hostile, (ids, before, after) => {
      const known = new KnownIds(ids);
      const id = ids[0]!;
      const start = before.join("").length + 1;
      const text = `${before.join("")} ${id} ${after.join("")}`;
      assert.ok(findKnownIds(text, known).some((found) => found.id === id && found.start === start));
      assert.ok(findJobIds(text, known).some((found) => found.start === start && found.because === "known"));
    }),
  );
});

/** The least of three: CPU time in ms, which other work on the machine disturbs little. */
function cost(work: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const before = process.cpuUsage();
      work();
      return process.cpuUsage(before).user / 1000;
    }),
  );
}

test("no text costs more than in proportion to its length", () => {
  const units: Record<string, string> = {
    ids: `${a},`,
    "ids apart": `${a}  `,
    keys: `"JobId":"${a}"`,
    openers: `${"{".repeat(33)}${a}`,
    closers: `${"}".repeat(33)}${a} `,
    mixed: `${")".repeat(40)}${"{".repeat(9)}${a}`,
    "almost types": `${"ai".repeat(20)}transcotranscod ${a}`,
    stating: `${"type=".repeat(9)}${a}`,
    letters: `${"z".repeat(300)} ${a} `,
    spaces: `${" ".repeat(300)}id: ${a}`,
    lines: `${"\n ".repeat(200)}id: ${a}`,
    escapes: `${"%22".repeat(30)}${a}`,
    calls: `${"f(".repeat(60)}"${a}"`,
    dots: `${"a.".repeat(99)}f("${a}"`,
    "almost ids": `${a}a`,
    "quotes only": '"',
  };
  for (const [name, unit] of Object.entries(units)) {
    const small = unit.repeat(Math.ceil(8_000 / unit.length));
    findJobIds(small);
    const once = Math.max(
      1,
      cost(() => findJobIds(small)),
    );
    const large = small.repeat(16);
    // In proportion would be 16 times; the square of it 256 times.
    assert.ok(cost(() => findJobIds(large)) < 80 * once, name);
  }
});

test("cleaning what was pasted is not slowed by what it takes off", () => {
  const pasted = `"${" ".repeat(20_000)}x${" ,".repeat(20_000)}x`;
  const once = Math.max(
    1,
    cost(() => cleanId(pasted)),
  );
  assert.ok(cost(() => cleanId(pasted.repeat(16))) < 80 * once);
});
