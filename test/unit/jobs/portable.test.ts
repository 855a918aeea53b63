import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type PortableJob, parseCsv, parseJson, toCsv, toJson, toPortable } from "../../../src/jobs/portable.ts";
import { jobTypes } from "../../../src/vod/types.ts";
import { ref } from "./support.ts";

const defaults = { account: "demo", region: "cn-shanghai" };

/** Text as it may come from the service or a person, of the characters that trouble CSV. */
const label = fc
  .string({ unit: fc.constantFrom("=", "+", "-", "@", "'", '"', ",", ";", "\n", "\r", "\t", " ", "a", "中") })
  .map((text) => text.trim() || undefined);

const anyJob: fc.Arbitrary<PortableJob> = fc.record({
  account: fc.constantFrom("demo", "profile:x"),
  region: fc.constantFrom("cn-shanghai", "eu-central-1"),
  type: fc.constantFrom(...jobTypes),
  id: fc.stringMatching(/^[=+@'"a-z0-9*,-]{1,12}$/),
  label,
  title: label,
  pinned: fc.constantFrom(true, undefined),
  phase: fc.constant("running"),
  added: fc.constant("2025-03-27T08:15:46.000Z"),
});
const jobs = fc.uniqueArray(anyJob, {
  selector: ({ account, region, type, id }) => `${account} ${region} ${type} ${id}`,
});
const imported = (list: readonly PortableJob[]) =>
  list.map(({ account, region, type, id, label, pinned }) => ({ ref: { account, region, type, id }, label, pinned }));

test("JSON and CSV are read back as they were written", () => {
  fc.assert(
    fc.property(jobs, (list) => {
      assert.deepEqual(parseJson(toJson(list), defaults), { jobs: imported(list), problems: [] });
      assert.deepEqual(parseCsv(toCsv(list), defaults), { jobs: imported(list), problems: [] });
    }),
  );
});

test("no field of the CSV is a formula to a spreadsheet", () => {
  fc.assert(
    fc.property(jobs, (list) => {
      // Commas, quotes and line ends taken out of what fields hold, the text's own show where fields begin.
      const bare = list.map((job) => ({
        ...job,
        id: "a",
        label: job.label?.replace(/[",\r\n]/g, ""),
        title: undefined,
      }));
      for (const line of toCsv(bare).split("\r\n")) assert.doesNotMatch(line, /(^|,)"?[=+\-@\t]/);
    }),
  );
  const job = { ...ref("a"), title: '=HYPERLINK("http://x")', phase: "running", added: "" };
  assert.match(toCsv([job]), /,"'=HYPERLINK\(""http:\/\/x""\)",/);
});

test("what people write by hand is read", () => {
  const { jobs, problems } = parseCsv('\uFEFFID , Type\nabc,AI\n\n"d,e",workflow', defaults);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    jobs.map((job) => job.ref),
    [ref("abc", "ai"), ref("d,e", "workflow")],
  );
  assert.deepEqual(parseJson('{"type":"transcode","id":"abc"}', defaults).jobs[0]?.ref, ref("abc"));
  assert.deepEqual(parseJson('[{"type":"transcode","id":"abc","region":"x"}]', defaults).jobs[0]?.ref.region, "x");
});

test("what is no job is named with its place and why", () => {
  const list = [
    { type: "ai", id: "ok" },
    null,
    { type: "video", id: "a" },
    { type: "ai", id: "" },
    { type: "ai", id: "a b" },
    { type: "ai", id: "x".repeat(600) },
    { type: "ai", id: "ok" },
    { type: "ai", id: 5 },
    "ai",
    { type: "ai", id: "a", account: "\ud800" },
  ];
  const { jobs, problems } = parseJson(JSON.stringify({ version: 1, jobs: list }), defaults);
  assert.equal(jobs.length, 1);
  assert.deepEqual(
    problems.map(({ entry, problem }) => `${entry} ${problem}`),
    ["2 not-a-job", "3 type", "4 id", "5 id", "6 id", "7 duplicate", "8 id", "9 not-a-job", "10 id"],
  );
  assert.throws(() => parseJson("{", defaults), SyntaxError);
  assert.deepEqual(parseCsv("", defaults), { jobs: [], problems: [] });
});

test("reading never throws on any text, and never takes what is too long", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ",", "\n", "id", "type", "ai", "a") }), (text) => {
      for (const { ref } of parseCsv(text, defaults).jobs) assert.ok(ref.id.length <= 512);
    }),
  );
});

test("a tracked job is written with the service's words and UTC times", () => {
  const job = toPortable({
    key: "k",
    ref: ref("a"),
    phase: "succeeded",
    status: "TranscodeSuccess",
    createdAt: 0,
    addedAt: 1_000,
    seen: true,
    pin: 3,
  });
  assert.equal(job.created, "1970-01-01T00:00:00.000Z");
  assert.equal(job.finished, undefined);
  assert.equal(job.pinned, true);
  assert.equal(job.status, "TranscodeSuccess");
});
