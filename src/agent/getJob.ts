import { jobKey } from "../jobs/key.ts";
import type { TranscodeFacts } from "../jobs/types.ts";
import type { JobDetail, WorkflowDetail } from "../vod/types.ts";
import { type ConfigFact, readConfig } from "../workflow/config.ts";
import { addHeading, addSource } from "./heading.ts";
import type { AgentHost } from "./host.ts";
import { lifeOf, utc } from "./phrases.ts";
import { problemText } from "./problem.ts";
import { quote } from "./quote.ts";
import { activityLine, countsOf, decoded, type RunReading, readRun } from "./readings.ts";
import { Report } from "./report.ts";
import { findTarget, type JobInput, type ReadJob, readJob } from "./target.ts";

/** How much is shown of each, most important first; the report's own limit comes on top. */
const most = { failed: 12, others: 25, changes: 8, result: 900, config: 20, value: 120 };

/** The tool `get_vod_job`: one job with everything the service says of it. */
export async function getJob(
  input: JobInput,
  host: AgentHost,
  signal: AbortSignal | undefined,
  limit: number,
): Promise<string> {
  const read = await readJob(await findTarget(input, host), input, host, signal);
  const now = host.now();
  const { detail } = read.answer;
  const report = new Report(limit);
  const reading = detail.type === "workflow" ? readRun(detail, now) : undefined;

  addHeading(report, read, reading, host);
  if (detail.type === "transcode") addTranscode(report, detail, await transcodeOf(read, host, signal), host.way);
  report.add(`Times: ${lifeOf(detail, now)}.`);
  addSource(report, read, host);
  if (reading && detail.type === "workflow") addActivities(report, reading);
  addFacts(report, detail);
  const changes = await host.tracker.history(jobKey(read.ref));
  if (changes.length > 1) {
    const seen = changes.slice(-most.changes).map(({ at, status }) => `${utc(at)} ${quote(status, 60)}`);
    report.add(`Status changes as they were seen: ${seen.join("; ")}.`);
  }
  report.add(`Request id of the answer: ${quote(read.answer.requestId, 80)}.`);
  return report.toString();
}

/** What the answer of a transcode job does not tell. It costs a call only where the job has just been asked for, and failed. */
async function transcodeOf(
  { ref, answer, from, transcode }: ReadJob,
  { tracker }: AgentHost,
  signal: AbortSignal | undefined,
): Promise<TranscodeFacts | undefined> {
  if (transcode || from === "database" || answer.detail.phase !== "failed") return transcode;
  return tracker.transcode(ref, { signal });
}

function addTranscode(
  report: Report,
  { phase }: JobDetail,
  { told, problem }: TranscodeFacts = {},
  way: string | undefined,
): void {
  const { progress, errorCode, errorMessage, output } = told ?? {};
  const why = [errorCode && `code ${quote(errorCode, 120)}`, errorMessage && `message ${quote(errorMessage, 500)}`];
  if (why.some(Boolean)) report.add(`Why it failed, by GetTranscodeTask: ${why.filter(Boolean).join(", ")}.`);
  else if (phase === "failed") {
    report.add("Why it failed is not known.");
  }
  if (progress !== undefined) report.add(`Progress: ${progress} %.`);
  if (output?.url) report.add(`Output file: ${quote(output.url, 300)}.`);
  if (problem?.kind === "permission") {
    report.add("GetTranscodeTask needs the RAM action vod:GetTranscodeTask. Ask the person.");
  } else if (problem) report.add(`GetTranscodeTask could not be asked. ${problemText(problem, way)}`);
}

function addActivities(report: Report, { run, failed, problem }: RunReading): void {
  report.add(problem);
  if (run.rows.length === 0) return;
  report.add(`Activities, failed ones first (${countsOf(run)}):`);
  for (const row of failed.slice(0, most.failed)) {
    report.add(`- FAILED ${activityLine(row, run)}`);
    const { result } = row.activity;
    report.add(result === undefined ? "  No Result." : `  Result, decoded: ${decoded(result, most.result)}`);
  }
  if (failed.length > most.failed) report.add(`… and ${failed.length - most.failed} more failed activities.`);
  const urgency = { running: 0, pending: 1, unknown: 2, canceled: 3, skipped: 3, succeeded: 4, failed: 5 };
  const others = run.rows
    .filter((row) => row.activity.phase !== "failed")
    .sort((a, b) => urgency[a.activity.phase] - urgency[b.activity.phase]);
  report.list(others, most.others, (row) => `- ${activityLine(row, run)}`, " that did not fail");
  if (failed.length > 0) report.add("explain_vod_workflow_failure tells more about the failures.");
}

/** The remaining fields of each type, in words. */
function addFacts(report: Report, detail: JobDetail): void {
  const fact = (name: string, value: string | undefined) => {
    if (value) report.add(`${name}: ${quote(value)}.`);
  };
  const config = (name: string, text: string | undefined) => {
    if (text) report.add(`${name}: ${configWords(text)}.`);
  };
  switch (detail.type) {
    case "transcode":
      fact("Media id", detail.videoId);
      fact("Template id", detail.templateId);
      fact("Definition", detail.definition);
      break;
    case "snapshot":
      fact("Media id", detail.videoId);
      fact("Trigger", detail.trigger);
      config("Snapshot settings", detail.normalConfig);
      config("Sprite settings", detail.spriteConfig);
      break;
    case "ai":
      fact("Media id", detail.mediaId);
      fact("Kind of AI job", detail.aiType);
      fact("Trigger", detail.trigger);
      config("Template settings", detail.templateConfig);
      break;
    case "workflow":
      addWorkflow(report, detail);
  }
}

function addWorkflow(report: Report, { workflow, taskInput, userData }: WorkflowDetail): void {
  if (workflow) {
    const { name = "", workflowId = "", status = "" } = workflow;
    report.add(`Workflow: ${quote(name)}, id ${quote(workflowId)}, itself ${quote(status, 60)}.`);
  }
  if (taskInput) report.add(`Task input, decoded: ${decoded(taskInput, most.result)}`);
  if (userData) report.add(`User data, decoded: ${decoded(userData, most.result)}`);
}

function configWords(text: string): string {
  const facts = readConfig(text);
  if (facts.length === 0) return quote(text, most.result);
  const word = ({ key, label, value, unit, note }: ConfigFact) => {
    const name = label === key ? quote(key, 60) : label;
    return `${name} ${quote(value, most.value)}${unit ? ` ${unit}` : ""}${note ? ` (${note})` : ""}`;
  };
  const more = facts.length > most.config ? `, … ${facts.length - most.config} more` : "";
  return facts.slice(0, most.config).map(word).join(", ") + more;
}
