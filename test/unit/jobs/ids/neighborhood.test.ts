import assert from "node:assert/strict";
import { test } from "node:test";
import { findJobIds, findMediaIds } from "../../../../src/jobs/ids/find.ts";

const a = "5c9dff751ba0f3d1e2c34b59d50a967f";
const b = "2dc1634e0f3d1e2c34b59d503f1d22d1";
const c = "30e5d7bb2c1a4f8e9bd900764de7c010";

/** What is found, as words: `named transcode`, `form`; several separated by commas. */
function found(text: string): string {
  return findJobIds(text)
    .map(({ because, type }) => (type ? `${because} ${type}` : because))
    .join(", ");
}

function table(name: string, rows: Record<string, string>): void {
  test(name, () => {
    for (const [text, expected] of Object.entries(rows)) assert.equal(found(text), expected, text);
  });
}

table("a key names a job in every naming style", {
  [`jobId = "${a}"`]: "named",
  [`job_id: "${a}"`]: "named",
  [`job-id: ${a}`]: "named",
  [`JobID := "${a}"`]: "named",
  [`JOB_ID=${a}`]: "named",
  [`jobid=${a}`]: "named",
  [`"JobId": "${a}"`]: "named",
  [`'JobId' => '${a}'`]: "named",
  [`\\"JobId\\": \\"${a}\\"`]: "named",
  [`&quot;JobId&quot;:&quot;${a}&quot;`]: "named",
  [`transcodeJobId: ${a}`]: "named transcode",
  [`TRANSCODE_JOB_ID=${a}`]: "named transcode",
  [`snapshot-job-id: ${a}`]: "named snapshot",
  [`aiJobId = "${a}"`]: "named ai",
  [`ai_job_id = "${a}"`]: "named ai",
  [`mediaAuditJobId = "${a}"`]: "named ai",
  [`taskId = "${a}"`]: "named workflow",
  [`workflow_task_id: ${a}`]: "named workflow",
  [`WorkflowTaskID: "${a}"`]: "named workflow",
  [`<JobId>${a}</JobId>`]: "named",
  [`<JobId>\n  ${a}\n</JobId>`]: "named",
  [`--job-id ${a}`]: "named",
  [`vod.job.id=${a}`]: "named",
  [`| JobId | ${a} |`]: "named",
  [`任务ID：${a}`]: "named",
  [`转码任务ID: ${a}`]: "named transcode",
});

table("a key is found behind what a language puts between it and its value", {
  [`const jobId: string = "${a}";`]: "named",
  [`job_id: str = "${a}"`]: "named",
  [`var jobID string = "${a}"`]: "named",
  [`String jobId = "${a}";`]: "named",
  [`request.setJobId("${a}")`]: "named",
  [`JobId: tea.String("${a}"),`]: "named",
  [`jobIds = Arrays.asList("${a}", "${b}")`]: "named, named",
  [`os.environ.get("JOB_ID", "${a}")`]: "named",
  [`?JobId=${a}&x=1`]: "named",
  [`%7B%22JobId%22%3A%22${a}%22%7D`]: "named",
  [`"\\u0022${a}\\u0022"`]: "form",
  [`VideoId: tea.String("${a}"),`]: "",
  [`var videoID string = "${a}"`]: "",
  [`const etag: string = "${a}"`]: "",
});

table("all ids of a list have the list's name", {
  [`"JobIds": ["${a}", "${b}", "${c}"]`]: "named, named, named",
  [`"JobIds": [\n  "${a}",\n  "${b}"\n]`]: "named, named",
  [`transcode_job_ids:\n  - ${a}\n  - ${b}\n`]: "named transcode, named transcode",
  [`JobIds=${a},${b}`]: "named, named",
  [`JobIds=${a}%2C${b}`]: "named, named",
  [`Submitted jobs:\n${a}\n${b}\n`]: "named, named",
  [`"MediaIds": ["${a}", "${b}"]`]: "",
  [`${a}\n${b}`]: "form, form",
  [`JobId: ${a}\n\n${b}`]: "named, form",
});

table("the words of a line tell what an id without a key is", {
  [`Transcode job created: ${a}`]: "named transcode",
  [`job ${a} of video ${b}`]: "named",
  [`video ${a} has job ${b}`]: "named",
  [`job for VideoId=${a} is ${b}`]: "named",
  [`SubmitWorkflowJob -> ${a}`]: "named workflow",
  [`job failed: ${a} (${b})`]: "named, named",
  [`AI job ${a}`]: "named ai",
  [`the AI said ${a}`]: "form",
  [`template ${a}`]: "",
  [`commit ${a}`]: "",
  [`截图任务 ${a}`]: "named snapshot",
  [`视频 ${a}`]: "",
});

table("what encloses an id tells its type, before or behind it", {
  [`{"JobId":"${a}","EventType":"TranscodeComplete"}`]: "named transcode",
  [`{"StreamInfos":[{"JobId":"${a}"}],"EventType":"TranscodeComplete"}`]: "named transcode",
  [`{"StreamInfos":[{"JobId":"${a}"},{"JobId":"${b}"}],"EventType":"TranscodeComplete"}`]:
    "named transcode, named transcode",
  [`[{"JobId":"${a}","EventType":"TranscodeComplete"},{"JobId":"${b}","EventType":"SnapshotComplete"}]`]:
    "named transcode, named snapshot",
  [`"MessageBody":"{\\"JobId\\":\\"${a}\\",\\"EventType\\":\\"SnapshotComplete\\"}"`]: "named snapshot",
  [`SubmitSnapshotJob got {"JobId":"${a}","EventType":"TranscodeComplete"}`]: "named transcode",
  [`{"SnapshotJob": {\n "Id": "${a}"\n}}`]: "named snapshot",
  [`{"Video": {\n "Id": "${a}"\n}}`]: "",
  [`{"AIJobList":{"AIJob":[{"JobId":"${a}"},{"JobId":"${b}"}]}}`]: "named ai, named ai",
  [`getJobDetail({ JobId: "${a}", JobType: "ai" })`]: "named ai",
  [`get_job_detail(job_id="${a}", job_type="workflow")`]: "named workflow",
  [`r.setJobId("${a}")\n  .setJobType("snapshot")`]: "named",
  [`{ r.setJobId("${a}")\n  .setJobType("snapshot") }`]: "named snapshot",
  [`--JobId ${a} --JobType workflow`]: "named workflow",
  [`JobId=${a} JobType=ai JobId=${b} JobType=workflow`]: "named ai, named workflow",
  [`jobs:\n  - id: ${a}\n    type: transcode\n  - id: ${b}\n    type: snapshot\n`]: "named transcode, named snapshot",
  [`jobs:\n  - type: ai\n    id: ${a}\n  - type: workflow\n    id: ${b}\n`]: "named ai, named workflow",
  [`videos:\n  - id: ${a}\n`]: "",
});

table("the nearest name wins, and other records say nothing", {
  [`SubmitTranscodeJobs JobId=${a}\nSubmitSnapshotJob JobId=${b}`]: "named transcode, named snapshot",
  [`{"TranscodeJob":{"JobId":"${a}"}}, {"JobId":"${b}"}`]: "named transcode, named",
  [`submitTranscodeJobs({ a: 1 });\njobId = "${a}"`]: "named transcode",
  [`call("SubmitTranscodeJobs", x) -> JobId=${a}`]: "named transcode",
  [`2025-01-01 SubmitTranscodeJobs ok\n2025-01-01 JobId=${a}`]: "named",
  [`{"WorkflowId":"vw_1","JobId":"${a}"}`]: "named",
});

table("a TranscodeTaskId is no job, and a task among transcodes may be one", {
  [`"TranscodeTaskId": "${a}"`]: "",
  [`SubmitTranscodeJobs taskId=${a}`]: "named",
});

table("ids of other things, hashes and parts of names are left alone", {
  [`"ActivityInstanceId\\\\\\":\\\\\\"${a}\\\\\\"`]: "",
  [`"TemplateGroupId": "${a}"`]: "",
  [`"WorkflowId": "${a}"`]: "",
  [`"contentMd5": "${a}"`]: "",
  [`etag="${a}"`]: "",
  [`X-Nonce: ${a}`]: "",
  [`traceparent: 00-${a}-b7ad6b7169203331-01`]: "",
  [`${a}  file.tar.gz`]: "",
  [`${a} *file.tar.gz`]: "",
  [`app.${a}.js`]: "",
  [`images/${a}.png`]: "",
  [`https://cdn.example.com/${a}/index.m3u8`]: "",
  [`https://jobs.example.com/x/${a}`]: "",
  [`https://example.com/jobs/${a}`]: "named",
  [`https://example.com/api/transcode-jobs/${a}?x=1`]: "named transcode",
  [`${a}${b}`]: "",
  [`0x${a}`]: "",
  ["0".repeat(32)]: "",
  [`"JobId": "${"0".repeat(32)}"`]: "named",
  [`"color": "${a}"`]: "form",
});

table("an id may stand behind an escape or a terminal's color", {
  [`\u001b[32m${a}\u001b[0m`]: "form",
  [`"\\u001b[1;32m${a}"`]: "form",
  [`"first line\\n${a}\\n"`]: "form",
  [`'${a.toUpperCase()}'`]: "form",
});

test("the ids of media assets are found by their keys", () => {
  const text = `"VideoId":"${a}","JobId":"${b}" MediaId=${c}`;
  assert.deepEqual(
    findMediaIds(text).map(({ id }) => id),
    [a, c],
  );
  assert.deepEqual(findMediaIds(`video ${a}`), [{ id: a, start: 6, end: 38 }]);
  assert.deepEqual(findMediaIds(`templateId ${a}`), []);
});
