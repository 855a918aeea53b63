import assert from "node:assert/strict";
import { test } from "node:test";
import { runTool } from "../../../src/agent/tools.ts";
import type { Topology } from "../../../src/workflow/topology.ts";
import { openHost, type PlayedActivity, sample, workflowBody } from "./support.ts";

const id = "46ecc024aaaabbbbccccddddeeeeffff";
const start: PlayedActivity = { kind: "start", status: "Succeed", from: 0, to: 1 };

async function explain(body: string, options?: { limit?: number; topology?: Topology }) {
  const { host, answers, during } = openHost();
  answers.set(id, body);
  const topologyOf = async () => options?.topology;
  const { text, failed } = await during(
    runTool("explain_vod_workflow_failure", { id }, { ...host, topologyOf }, options),
  );
  assert.equal(failed, false, text);
  return text;
}

test("the specification's example: the verdict, the decoded Result, what ran before, where the time went", async () => {
  const text = await explain(sample);
  assert.match(
    text,
    /Verdict: Activity "Translate_zh_en" failed, although the task itself says "Succeed"\. Its Result gives no reason in words\./,
  );
  assert.match(
    text,
    /1\. "Translate_zh_en" \(kind "VodTranslation"\): failed \(status "Failed"\), 08:15:46 UTC to 08:20:19 UTC/,
  );
  assert.match(text, /Result, decoded: \{"Type":"VideoTranslationAll","Success":false\}/);
  assert.match(text, /Activity instance id: "c043a872bb044763a3d293a5c2458b50"/);
  assert.match(text, /Runs after "Act_Start" \(succeeded; by definition: it is the start\)/);
  assert.match(text, /"Translate_zh_en" was the only activity at work for 4 m 25 s, 97% of the run/);
  assert.match(text, /No earlier finished run of this workflow is stored/);
  assert.match(text, /What is not known: the service reports no error code for activities/);
});

test("evidence of what ran before: data both Results hold, and times as no proof", async () => {
  const text = await explain(
    workflowBody({
      finished: 100,
      activities: {
        Act_Start: start,
        Transcode: { status: "Succeed", from: 1, to: 40, result: { OutputJob: "ab12cd34ab12cd34ab12" } },
        Other: { status: "Succeed", from: 1, to: 20, result: { x: 1 } },
        Publish: { status: "Failed", from: 41, to: 50, result: { Input: "ab12cd34ab12cd34ab12", Message: "bad" } },
      },
    }),
  );
  assert.match(text, /Verdict: Activity "Publish" failed\. Its Result says: "Message" "bad"\./);
  assert.match(
    text,
    /Runs after "Transcode" \(succeeded; both Results hold "ab12cd34ab12cd34ab12", which the other had first\)/,
  );
  assert.match(
    text,
    /Had ended when it started \(by time only, no proof\): "Transcode" \(succeeded\), "Other" \(succeeded\)/,
  );
  assert.match(text, /What the end waited for, by time: .*"Transcode" 39 s, then "Publish" 9 s/);
});

test("the previous run of the same workflow: what fails newly, what is slower", async () => {
  const { host, answers, during } = openHost();
  const earlier = "1111c024aaaabbbbccccddddeeeeffff";
  const steps = (status: string, end: number) => ({
    Act_Start: start,
    Slow: { status: "Succeed", from: 1, to: end - 5 },
    Publish: { status, from: end - 4, to: end },
  });
  answers.set(
    earlier,
    workflowBody({ id: earlier, status: "Succeed", finished: 30, activities: steps("Succeed", 30) }),
  );
  answers.set(id, workflowBody({ created: 1_000, finished: 1_100, activities: steps("Failed", 100) }));
  await during(runTool("get_vod_job", { id: earlier, type: "workflow" }, host));
  const { text } = await during(runTool("explain_vod_workflow_failure", { id }, host));
  assert.match(
    text,
    /Compared with the previous run "1111c024.*" of 2025-03-27 08:00:30 UTC \("Succeed", 0 of 3 activities failed\):/,
  );
  assert.match(text, /- newly failing: "Publish"/);
  assert.match(text, /- slower: "Slow" 24 s → 1 m 34 s/);
});

test("the graph that a person attached says what ran before, and is named as the source", async () => {
  const activities = {
    Act_Start: start,
    Transcode: { status: "Succeed", from: 1, to: 40 },
    Publish: { status: "Failed", from: 41, to: 50 },
  };
  const nodes = Object.keys(activities).map((name) => ({ name, kind: "" }));
  const topology: Topology = { nodes, edges: [["Transcode", "Publish"]] };
  const text = await explain(workflowBody({ finished: 100, activities }), { topology });
  assert.match(
    text,
    /Runs after "Transcode" \(succeeded; stated by the graph that a person attached to this workflow\)/,
  );
});

test("the reason a Result gives is found however deep it stands in strings", async () => {
  const inner = JSON.stringify({
    Status: "fail",
    Code: "InvalidParameter",
    ErrorMessage: "The input file is damaged.",
  });
  const result = { EventType: "StreamTranscodeComplete", MessageBody: { Extra: JSON.stringify({ inner }) } };
  const text = await explain(
    workflowBody({ finished: 9, activities: { A: { status: "Failed", from: 1, to: 2, result } } }),
  );
  assert.match(text, /Its Result says: "Code" "InvalidParameter", "ErrorMessage" "The input file is damaged\."/);
});

test("several failures are told in the order they started", async () => {
  const text = await explain(
    workflowBody({
      finished: 90,
      activities: {
        Late: { status: "Failed", from: 50, to: 60 },
        Early: { status: "Fail", from: 5, to: 10 },
        Act_Start: start,
      },
    }),
  );
  assert.match(text, /Verdict: 2 activities failed, "Early" first\. /);
  assert.ok(text.indexOf('1. "Early"') < text.indexOf('2. "Late"'));
  assert.match(text, /The service reports no Result for it/);
});

test("nothing failed, nothing reported, still at work, canceled: each its own verdict", async () => {
  const fine = { A: { status: "Succeed", from: 0, to: 5 } };
  const verdict = async (status: string, activities: Record<string, PlayedActivity>) =>
    /Verdict: (.*)/.exec(await explain(workflowBody({ status, activities, finished: 9 })))?.[1];
  assert.match((await verdict("Succeed", fine)) ?? "", /^nothing failed\.$/);
  assert.match((await verdict("Failed", fine)) ?? "", /the task failed, but none of its reported activities says so/);
  assert.match((await verdict("Failed", {})) ?? "", /reports no activities/);
  assert.match((await verdict("Canceled", fine)) ?? "", /the task was canceled/);
  assert.match((await verdict("Skip", {})) ?? "", /the task was skipped/);
  const open = workflowBody({ status: "Processing", activities: { A: { status: "Processing", from: 0 } } });
  assert.match(await explain(open), /nothing has failed so far; the task is at work/);
});

test("three thousand activities, half of them failed with long Results: bounded and still useful", async () => {
  const activities = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, index): [string, PlayedActivity] => [
      `Chapter_${index}`,
      { status: index % 2 ? "Failed" : "Succeed", from: index, to: index + 3, result: { Message: "m".repeat(100) } },
    ]),
  );
  const text = await explain(workflowBody({ activities, finished: 3_003 }));
  assert.ok(text.length <= 16_000, `${text.length} characters`);
  assert.match(text, /3000 activities: 1500 failed, 1500 succeeded/);
  assert.match(text, /1\. "Chapter_1"/);
  assert.match(text, /… and 1492 more failed activities/);
  const short = await explain(workflowBody({ activities, finished: 3_003 }), { limit: 2_000 });
  assert.ok(short.length <= 2_000, `${short.length} characters`);
  assert.match(short, /1\. "Chapter_1"/);
});

test("activity results that are no JSON are no crash", async () => {
  const body = JSON.parse(workflowBody({ activities: {}, finished: 9 }));
  body.WorkflowTaskDetail.ActivityResults = "<html>";
  assert.match(await explain(JSON.stringify(body)), /The activity results are not JSON/);
});

test("a job that is no workflow task is no such workflow task", async () => {
  const { host, during } = openHost();
  const { text, failed } = await during(runTool("explain_vod_workflow_failure", { id }, host));
  assert.equal(failed, true);
  assert.match(text, /knows no such job of this type/);
});
