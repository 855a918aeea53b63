/** What a panel does not do before it must: decode Results, and ask the service for more than the answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PanelSource } from "../../src/editor/panel/source.ts";
import type { TranscodeFacts } from "../../src/jobs/types.ts";
import type { TranscodeProgress } from "../../src/vod/transcodeTask.ts";
import type { JobAnswer } from "../../src/vod/types.ts";
import { decoded } from "./countedDecoding.ts";
import { answerOf, makeRun, refOf, sample } from "./runs.ts";

const { FakePage } = await import("../unit/support/panel.ts");

function sourceOf(answer: () => JobAnswer, more: Partial<PanelSource> = {}): PanelSource {
  return {
    job: () => undefined,
    answer,
    history: () => [],
    previousRun: () => undefined,
    refresh: async () => {},
    onDidChange: () => ({ dispose() {} }),
    ...more,
  };
}

/** What was said has been done. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
}

test("opening a panel decodes the Result of the failure that it shows, and no other before somebody looks around", async () => {
  const run = makeRun(50);
  const results = new Set(run.activities.map(({ result }) => JSON.stringify(result)));
  const failure = run.activities.find(({ status }) => status === "Failed")!;
  const count = () => decoded.splice(0).filter((text) => results.has(text)).length;
  const page = new FakePage(
    refOf("workflow", "x"),
    sourceOf(() => answerOf(run)),
  );
  await quiet();
  page.say({ type: "view", view: "timeline" });
  page.say({ type: "select", name: null });
  await quiet();
  assert.deepEqual(
    page.said.filter((message) => message.type === "select"),
    [{ type: "select", name: failure.name }],
  );
  assert.equal(count(), 0);
  page.say({ type: "select", name: failure.name });
  await quiet();
  assert.equal(count(), 1);
  page.say({ type: "view", view: "table" });
  await quiet();
  assert.equal(count(), 0);
  page.say({ type: "select", name: run.activities[3]!.name });
  await quiet();
  assert.ok(count() >= 49, "now ids are sought in all of them, once");
  page.say({ type: "select", name: run.activities[4]!.name });
  await quiet();
  assert.equal(count(), 1);
  page.dispose();

  // A restored page says what was selected: that is no looking around either.
  const restored = new FakePage(
    refOf("workflow", "x"),
    sourceOf(() => answerOf(run)),
  );
  restored.say({ type: "ready", version: 1, restored: true });
  restored.say({ type: "select", name: failure.name });
  await quiet();
  assert.equal(count(), 1);
  restored.dispose();
});

const { ref, answer } = sample("transcode");
const progress = (more: Partial<TranscodeProgress> = {}): TranscodeProgress => ({
  jobId: ref.id,
  status: "Transcoding",
  phase: "running",
  progress: 42,
  ...more,
});

function openTranscode(tell: () => Promise<TranscodeFacts>) {
  let calls = 0;
  const signals: AbortSignal[] = [];
  let current: JobAnswer = answer;
  const anew: boolean[] = [];
  const transcode: PanelSource["transcode"] = (_, signal, again) => {
    calls++;
    signals.push(signal);
    anew.push(again);
    return tell();
  };
  const page = new FakePage(
    ref,
    sourceOf(() => current, { transcode }),
  );
  const fields = () => {
    const details = page.said.findLast((message) => message.type === "details")!;
    return details.sections.find(({ title }) => title === "Transcoding")?.fields ?? [];
  };
  /** Another answer came. */
  const next = async (raw: string) => {
    current = { ...answer, raw };
    await page.panel.changed();
    await quiet();
  };
  return { page, fields, next, signals, anew, calls: () => calls };
}

test("trouble with that is asked about again with whatever changes next, until something is told", async () => {
  let facts: TranscodeFacts = { problem: { kind: "network", message: "made up", at: 0 } };
  const { page, fields, calls } = openTranscode(async () => facts);
  await quiet();
  assert.match(fields()[0]?.warning ?? "", /cannot be reached/);
  facts = { told: progress() };
  for (let n = 0; n < 3; n++) {
    await page.panel.changed();
    await quiet();
  }
  assert.deepEqual(fields(), [{ label: "Progress", share: 0.42, text: "42%" }]);
  assert.equal(calls(), 2);
  page.dispose();
});

test("a transcode job's progress, error and output are asked in one call per answer, and shown", async () => {
  let told = progress();
  const { page, fields, next, calls } = openTranscode(async () => ({ told }));
  await quiet();
  assert.equal(calls(), 1);
  assert.deepEqual(fields(), [{ label: "Progress", share: 0.42, text: "42%" }]);
  await page.panel.changed();
  await quiet();
  assert.equal(calls(), 1, "the same answer asks nothing");

  told = progress({
    status: "TranscodeFail",
    phase: "failed",
    progress: 250,
    errorCode: "InvalidParameter.ResourceContentBad",
    errorMessage: "The input file is damaged.",
  });
  await next("second");
  assert.equal(calls(), 2);
  assert.deepEqual(
    fields().map(({ label, text }) => [label, text]),
    [
      ["Progress", "100%"],
      ["Error code", "InvalidParameter.ResourceContentBad"],
      ["Error", "The input file is damaged."],
    ],
  );

  const output = { url: "http://x/1.mp4", format: "mp4", width: 1280, height: 720, fps: 25, duration: 92.4 };
  told = progress({ progress: 100, output: { ...output, size: 26_726_400, bitrate: 2304 } });
  await next("third");
  assert.deepEqual(
    fields()
      .slice(1)
      .map(({ label, text }) => [label, text]),
    [
      ["Output file", "http://x/1.mp4"],
      ["Format", "mp4"],
      ["Picture", "1280 × 720 · 25 pictures per second"],
      ["Length", "1 m 32 s"],
      ["Size", "26.7 MB"],
      ["Bitrate", "2,304 kb/s"],
    ],
  );
  assert.deepEqual(page.faults, []);
  page.dispose();
});

test("where the account may not ask, a sentence says so, the rest stays, and a person's refresh asks anew", async () => {
  const problem = { kind: "permission", message: "Forbidden", code: "Forbidden.RAM", at: 0 } as const;
  let facts: TranscodeFacts = { problem };
  const { page, fields, next, anew } = openTranscode(async () => facts);
  await quiet();
  const [field] = fields();
  assert.match(field!.warning!, /may not ask for them \(Forbidden\.RAM\).*vod:GetTranscodeTask/);
  const sections = page.said.findLast((message) => message.type === "details")!.sections;
  assert.ok(
    sections.some(({ title }) => title === "Job"),
    "the rest is there",
  );
  await next("second");
  facts = { told: progress() };
  await page.panel.refresh();
  await quiet();
  assert.deepEqual(anew, [false, false, true], "a person asked again");
  assert.equal(fields()[0]!.text, "42%");

  facts = { problem: { ...problem, kind: "network", code: "ECONNRESET" } };
  await next("third");
  assert.deepEqual([fields()[0]!.text, /not be reached|cannot be reached/.test(fields()[1]!.warning!)], ["42%", true]);
  page.dispose();
});

test("a job that GetTranscodeTask does not know adds nothing; a closed panel waits for nobody", async () => {
  const unknown = openTranscode(async () => ({}));
  await quiet();
  assert.deepEqual([unknown.calls(), unknown.fields()], [1, []]);
  unknown.page.dispose();

  const waiting = openTranscode(() => new Promise(() => {}));
  await quiet();
  waiting.page.dispose();
  assert.equal(waiting.signals[0]!.aborted, true);
});
