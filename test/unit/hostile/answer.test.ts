/** Answers as nobody expects them, through everything that shows them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runTool } from "../../../src/agent/tools.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { toCsv, toJson, toPortable } from "../../../src/jobs/portable.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { readAnswer } from "../../../src/vod/failure.ts";
import { type JsonObject, parseJson } from "../../../src/vod/json.ts";
import { readTranscodeTask } from "../../../src/vod/transcodeTask.ts";
import { type JobRef, type JobType, jobTypes } from "../../../src/vod/types.ts";
import { decodeJson, parseEmbedded } from "../../../src/workflow/embedded.ts";
import { openHost } from "../agent/support.ts";
import { settle } from "../support/clock.ts";
import { FakePage } from "../support/panel.ts";

const { panelSource } = await import("../../../src/editor/panelSource.ts");
const { jobItem } = await import("../../../src/editor/tree/jobItem.ts");
const { jobTooltip } = await import("../../../src/editor/tree/jobTooltip.ts");

const sample = JSON.parse(readFileSync(new URL("../../fixtures/get-job-detail.json", import.meta.url), "utf8"));
const branches: Record<JobType, string> = {
  transcode: "TranscodeJobDetail",
  snapshot: "SnapshotJobDetail",
  ai: "AIJobDetail",
  workflow: "WorkflowTaskDetail",
};

/** In place of any field. `raw` stands for text that `JSON.stringify` would not write. */
const odd: Readonly<Record<string, unknown>> = {
  missing: undefined,
  null: null,
  false: false,
  zero: 0,
  negative: -1,
  "too large a number": 1e308,
  empty: "",
  blank: " \n\t ",
  list: [],
  "nested list": [[[["x"]], null], 1],
  object: {},
  "object of oddities": { "": { "": null }, constructor: { prototype: { polluted: 1 } }, toString: 1, length: -1 },
  "lone surrogates": "\ud800 \udfff",
  "no time": "2025-99-99T99:99:99Z",
  "a time before all": "0000-00-00T00:00:00Z",
  "a time after all": "9999-12-31T23:59:59Z",
  digits: "9".repeat(400),
  markup: "<img src=x onerror=alert(1)>\"'`</script>",
  "directions and controls": "\u202egpj.exe\u2066\u0000\u0007\u001b[31m\u200b",
  "JSON in JSON": JSON.stringify(JSON.stringify({ a: JSON.stringify([JSON.stringify({ b: 1 })]) })),
  "prototype in JSON": '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  "depth bomb": `${'{"a":['.repeat(5_000)}1${"]}".repeat(5_000)}`,
  huge: "x".repeat(300_000),
};

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Every way to a value in `value`, itself included, and whether that holds others. */
function* waysIn(
  value: unknown,
  way: readonly string[] = [],
): Generator<{ way: readonly string[]; container: boolean }> {
  yield { way, container: isContainer(value) };
  if (!isContainer(value)) return;
  for (const [key, inner] of Object.entries(value)) yield* waysIn(inner, [...way, key]);
}

/** The value with what stands at the end of the way replaced. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const fields = copy as Record<string, unknown>;
  fields[key] = replaced(fields[key], rest, by);
  return copy;
}

/**
 * The value with oddities in it: each object and list once replaced by each oddity, and all other values replaced at
 * once, so often that each had every oddity.
 */
function* oddForms(value: unknown): Generator<{ readonly what: string; readonly form: unknown }> {
  const ways = [...waysIn(value)];
  const leaves = ways.filter(({ container }) => !container);
  const kinds = Object.entries(odd);
  for (const [shift, [kind, by]] of kinds.entries()) {
    for (const { way } of ways.filter(({ container }) => container)) {
      yield { what: `${way.join(".") || "all of it"}: ${kind}`, form: replaced(value, way, by) };
    }
    let form = value;
    for (const [index, { way }] of leaves.entries()) {
      form = replaced(form, way, kinds[(index + shift) % kinds.length]![1]);
    }
    yield { what: `every field, ${leaves[0]!.way.join(".")}: ${kind}`, form };
  }
}

/** Bodies of a job with oddities in its own fields, and in the JSON texts of a workflow task. */
function* oddBodies(type: JobType): Generator<{ readonly what: string; readonly body: string }> {
  const name = branches[type];
  const whole = { RequestId: sample.RequestId, JobType: sample.JobType, [name]: sample[name] };
  for (const { what, form } of oddForms(whole)) yield { what, body: JSON.stringify(form ?? null) };
  if (type !== "workflow") return;
  for (const field of ["TaskInput", "ActivityResults"]) {
    for (const { what, form } of oddForms(parseEmbedded(sample[name][field]))) {
      const body = JSON.stringify({ ...whole, [name]: { ...sample[name], [field]: JSON.stringify(form) } });
      yield { what: `${field} ${what}`, body };
    }
  }
}

const limits = { message: 3_000_000, agent: 16_000, tooltip: 20_000, label: 400 };

/** Shows a job on every surface; gives what is wrong with any of them. `progress`: what else is known of a transcode. */
async function show(
  engine: ReturnType<typeof openHost>,
  ref: JobRef,
  body: string,
  progress: unknown = {},
): Promise<string[]> {
  const { answers, tracker, host, during, clock } = engine;
  answers.set(ref.id, body);
  const wrong: string[] = [];
  const expect = (fine: boolean, what: string) => void (fine || wrong.push(what));
  try {
    readAnswer({ status: 200, headers: {}, body });
    await during(tracker.lookUp(ref, { maxAge: 0 }));
  } catch (error) {
    expect(error instanceof VodError, `look-up: ${error}`);
  }
  const list = parseJson(JSON.stringify({ TranscodeJobInfoList: [progress] })) as JsonObject;
  engine.transcodes.answer = readTranscodeTask(list).map((one) => ({ ...one, jobId: ref.id }));
  const page = new FakePage(ref, panelSource(tracker));
  await clock.advance(0);
  await settle();
  for (const name of [null, ...[...page.activities.keys()].slice(0, 3)]) page.say({ type: "select", name });
  page.say({ type: "view", view: "steps" });
  await page.panel.run("copyMarkdown");
  await settle();
  wrong.push(...page.faults);
  for (const said of page.said) expect(JSON.stringify(said).length < limits.message, `a long ${said.type}`);
  page.dispose();
  for (const tool of ["get_vod_job", "explain_vod_workflow_failure"] as const) {
    const input = { id: ref.id, ...(tool === "get_vod_job" && { type: ref.type }), max_age_seconds: 0 };
    const { text } = await during(runTool(tool, input, host));
    expect(text.length <= limits.agent && !/tracker itself failed/.test(text), `${tool}: ${text.slice(0, 300)}`);
  }
  return wrong;
}

it("odd progress of a transcode job is shown, or left out", async () => {
  const engine = openHost();
  const ref = engine.ref("5c9dff751ba0f3d1e2c34b59d50a967f", "transcode");
  const usual = {
    TranscodeJobStatus: "TranscodeFail",
    TranscodeProgress: 40,
    Definition: "HD",
    CreationTime: "2025-03-27T08:15:46Z",
    ErrorCode: "InvalidParameter.File",
    ErrorMessage: "The file is broken",
    OutputFile: {
      OutputFileUrl: "https://a.example/b",
      Format: "mp4",
      Duration: "4.5",
      Filesize: 5,
      Width: "1",
      Height: "2",
    },
  };
  const body = JSON.stringify({ RequestId: "R", TranscodeJobDetail: { JobId: ref.id, Status: "TranscodeFail" } });
  for (const { what, form } of oddForms(usual)) assert.deepEqual(await show(engine, ref, body, form), [], what);
});

describe("an answer with odd fields", () => {
  for (const type of jobTypes) {
    it(`of a ${type} job is shown by every surface, or refused with a sentence`, async () => {
      const engine = openHost();
      const ref = engine.ref("5c9dff751ba0f3d1e2c34b59d50a967f", type);
      await engine.during(engine.tracker.track([ref]));
      let count = 0;
      for (const { what, body } of oddBodies(type)) {
        assert.deepEqual(await show(engine, ref, body), [], what);
        const job = engine.tracker.jobs.get(jobKey(ref))!;
        const now = engine.clock.now();
        const item = jobItem(job, now);
        const label = item.accessibilityInformation!.label;
        assert.ok(`${item.label}${item.description}${label}`.length < limits.label, `${what}: ${label}`);
        const { value } = jobTooltip(job, undefined, now) as unknown as { value: string };
        assert.ok(value.length < limits.tooltip, `${what}: a tooltip of ${value.length} characters`);
        toJson([toPortable(job)]) + toCsv([toPortable(job)]);
        assert.doesNotMatch(label, /[\p{Cc}\u202e\u2066\u200b]/u, what);
        count++;
      }
      assert.ok(count >= 3 * Object.keys(odd).length, `${count} answers`);
      assert.equal(({} as { polluted?: number }).polluted, undefined);
      assert.deepEqual(Object.keys(Object.prototype), []);
    });
  }
});

it("a Result of 16 MB, and an answer of as many activities as fit, leave bounded messages and texts", async () => {
  const engine = openHost();
  const ref = engine.ref("5c9dff751ba0f3d1e2c34b59d50a967f");
  const bodyOf = (results: unknown) =>
    JSON.stringify({
      RequestId: "R",
      WorkflowTaskDetail: { TaskId: ref.id, Status: "Processing", ActivityResults: JSON.stringify(results) },
    });
  const big = { Status: "Failed", Result: JSON.stringify({ Message: "m".repeat(15_900_000) }) };
  const many = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, n) => [`a${n}`, { Status: "Failed", Result: "{}" }]),
  );
  assert.deepEqual(await show(engine, ref, bodyOf({ big })), []);
  const page = await show(engine, ref, bodyOf(many));
  assert.ok(
    page.every((fault) => fault === "a long snapshot"),
    "only the list of activities grows with them",
  );
  assert.equal(decodeJson(big.Result).kind, "object");
});
