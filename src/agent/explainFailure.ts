import { jobKey } from "../jobs/key.ts";
import type { WorkflowDetail } from "../vod/types.ts";
import { readActivities } from "../workflow/activities.ts";
import { criticalChain } from "../workflow/chain.ts";
import { type ActivityComparison, compareRuns } from "../workflow/compare.ts";
import { type Dependency, findDependencies } from "../workflow/dependencies.ts";
import { formatDuration, formatShare } from "../workflow/format.ts";
import type { Row, Run } from "../workflow/model.ts";
import { dataReferences } from "../workflow/references.ts";
import { spanEnd, spanStart } from "../workflow/span.ts";
import type { Topology } from "../workflow/topology.ts";
import { addHeading, addSource } from "./heading.ts";
import { type AgentHost, ToolProblem } from "./host.ts";
import { lifeOf, utc } from "./phrases.ts";
import { quote } from "./quote.ts";
import { activityLine, countsOf, decoded, lengthOf, type RunReading, readRun, reasonsIn } from "./readings.ts";
import { Report } from "./report.ts";
import { findTarget, type JobInput, readJob } from "./target.ts";

/** How much is shown of each; the report's own limit comes on top. */
const most = { failed: 8, before: 5, chain: 8, changes: 6, others: 12, result: 1_500 };

/** Results are searched for references to other activities up to this many characters in all. */
const mostSearched = 4 * 1024 * 1024;

/** The tool `explain_vod_workflow_failure`: what failed in a workflow task, and all that may say why. */
export async function explainFailure(
  input: JobInput,
  host: AgentHost,
  signal: AbortSignal | undefined,
  limit: number,
): Promise<string> {
  const read = await readJob(await findTarget({ ...input, type: "workflow" }, host), input, host, signal);
  const { detail } = read.answer;
  if (detail.type !== "workflow") throw new ToolProblem("This is no workflow task; get_vod_job tells about it.");
  const now = host.now();
  const reading = readRun(detail, now);
  const { run, failed } = reading;
  const report = new Report(limit);

  addHeading(report, read, reading, host);
  report.add(verdict(detail, reading));
  report.add(`Run: ${lifeOf(detail, now)}. ${countsOf(run)}.`);
  addSource(report, read, host);
  report.add(reading.problem);
  const workflowId = detail.workflow?.workflowId;
  const topology = workflowId ? await host.topologyOf?.(workflowId) : undefined;
  if (failed.length > 0) addFailures(report, detail, reading, topology);
  addTimeline(report, run, now);
  const previous = await host.tracker.previousRun(jobKey(read.ref));
  if (previous?.answer.detail.type === "workflow") addComparison(report, run, previous.answer.detail);
  else report.add("No earlier finished run of this workflow is stored, so there is nothing to compare with.");
  const others = run.rows.filter((row) => row.activity.phase !== "failed");
  if (others.length > 0) {
    report.add("Activities that did not fail, by start:");
    report.list(others, most.others, (row) => `- ${activityLine(row, run)}`, " that did not fail");
  }
  if (failed.length > 0) {
    report.add(
      "What is not known: the service reports no error code for activities, so a reason can stand only in a Result; and no API gives the workflow's own graph, so what ran before is known as said above.",
    );
  }
  return report.toString();
}

/** The answer to “why did it fail”, in a sentence. */
function verdict({ phase, status }: WorkflowDetail, { run, failed }: RunReading): string {
  const { total, live } = run.summary;
  const first = failed[0];
  if (first) {
    const name = quote(first.activity.name, 120);
    const count = failed.length === 1 ? `Activity ${name} failed` : `${failed.length} activities failed, ${name} first`;
    const task = phase === "succeeded" ? `, although the task itself says ${quote(status, 60)}` : "";
    const reasons = reasonsIn(first.activity.result);
    return `Verdict: ${count}${task}. ${reasons ? `Its Result says: ${reasons}.` : "Its Result gives no reason in words."}`;
  }
  if (phase === "failed") {
    return total > 0
      ? "Verdict: the task failed, but none of its reported activities says so. One that never started may be missing from the answer."
      : "Verdict: the task failed, and the service reports no activities, so there is no reason to be found here.";
  }
  if (phase === "canceled") return "Verdict: nothing failed; the task was canceled.";
  if (phase === "skipped") return "Verdict: nothing failed; the task was skipped.";
  return live || phase === "running"
    ? "Verdict: nothing has failed so far; the task is at work."
    : "Verdict: nothing failed.";
}

/** Each failed activity with its Result and what ran before it. */
function addFailures(
  report: Report,
  detail: WorkflowDetail,
  { run, failed }: RunReading,
  topology: Topology | undefined,
): void {
  const edges = dependenciesOf(detail, run, topology);
  report.add("Failed activities, in the order they started:");
  failed.slice(0, most.failed).forEach((row, index) => {
    const { activity } = row;
    report.add(`${index + 1}. ${activityLine(row, run)}`);
    report.add(
      activity.result === undefined
        ? "   The service reports no Result for it."
        : `   Result, decoded: ${decoded(activity.result, most.result)}`,
    );
    if (activity.instanceId) report.add(`   Activity instance id: ${quote(activity.instanceId, 80)}.`);
    const before = edges.filter((edge) => edge.to === activity.name);
    report.list(before, most.before, (edge) => `   Runs after ${evidenceOf(edge, run)}.`, " it runs after");
    const earlier = endedBefore(row, run);
    if (earlier.length > 0) report.add(`   Had ended when it started (by time only, no proof): ${earlier.join(", ")}.`);
  });
  if (failed.length > most.failed) report.add(`… and ${failed.length - most.failed} more failed activities.`);
}

function dependenciesOf(detail: WorkflowDetail, run: Run, topology: Topology | undefined): readonly Dependency[] {
  const activities = run.rows.map((row) => row.activity);
  const { id, activityResults = "", taskInput, workflow } = detail;
  const shared = [id, workflow?.workflowId ?? ""];
  const small = activityResults.length <= mostSearched;
  const references = small ? dataReferences(activities, taskInput, shared) : [];
  return findDependencies(activities, topology, references).edges;
}

/** What an activity runs after, how it ended, and how that is known. */
function evidenceOf({ from, evidence, source, token, contradicted }: Dependency, run: Run): string {
  const activity = run.rows.find((row) => row.activity.name === from)?.activity;
  const known =
    evidence === "by definition"
      ? "by definition: it is the start"
      : source === "topology"
        ? "stated by the graph that a person attached to this workflow"
        : source === "result"
          ? `its Result names the other's instance ${quote(token ?? "", 80)}`
          : `both Results hold ${quote(token ?? "", 80)}, which the other had first`;
  const doubt = contradicted ? "; the times contradict that" : "";
  return `${quote(from, 120)} (${activity ? `${activity.phase}; ` : ""}${known}${doubt})`;
}

/** The activities that ended last of those that had ended when this one started. */
function endedBefore({ span, activity }: Row, run: Run): string[] {
  const start = spanStart(span);
  if (start === undefined) return [];
  return run.rows
    .flatMap((row) => {
      const end = row.span.kind === "bar" ? spanEnd(row.span, run.to) : undefined;
      return end !== undefined && end <= start && row.activity.name !== activity.name ? [{ row, end }] : [];
    })
    .sort((a, b) => b.end - a.end)
    .slice(0, most.before)
    .map(({ row }) => `${quote(row.activity.name, 120)} (${row.activity.phase})`);
}

/** Where the time went. */
function addTimeline(report: Report, run: Run, now: number): void {
  const { alone, longest, duration } = run.summary;
  if (duration === undefined) return;
  if (alone && alone.share >= 0.05) {
    report.add(
      `Time: ${quote(alone.name, 120)} was the only activity at work for ${formatDuration(alone.duration)}, ${formatShare(alone.share)} of the run: by so much the run would be shorter without it.`,
    );
  } else if (longest) {
    report.add(`Time: the longest activity is ${quote(longest.name, 120)}, ${formatDuration(longest.duration)}.`);
  }
  const activities = run.rows.map((row) => row.activity);
  const chain = criticalChain(activities, now);
  if (chain.length > 1) {
    const rows = new Map(run.rows.map((row) => [row.activity.name, row]));
    const shown = chain.slice(-most.chain).map((name) => `${quote(name, 120)} ${lengthOf(rows.get(name)!)}`);
    const cut = chain.length > most.chain ? "… then " : "";
    const waiting = run.summary.live ? "latest activity" : "end";
    report.add(`What the ${waiting} waited for, by time: ${cut}${shown.join(", then ")}.`);
  }
}

/** What changed since the run before. */
function addComparison(report: Report, run: Run, previous: WorkflowDetail): void {
  const before = readActivities(previous.activityResults).activities;
  const changes = compareRuns(
    run.rows.map((row) => row.activity),
    before,
  );
  const when = previous.finishedAt ?? previous.createdAt;
  const beforeFailed = before.filter((activity) => activity.phase === "failed").length;
  report.add(
    `Compared with the previous run ${quote(previous.id, 80)}${when === undefined ? "" : ` of ${utc(when)}`} (${quote(previous.status, 60)}, ${beforeFailed} of ${before.length} activities failed):`,
  );
  const lines = [
    ...group(
      "newly failing",
      changes.filter((one) => one.newlyFailing),
    ),
    ...group(
      "failing no more",
      changes.filter((one) => one.recovered),
    ),
    ...group("failing again", failingAgain(run, changes)),
    ...group("slower", byDelta(changes, "slower"), lengths),
    ...group("faster", byDelta(changes, "faster"), lengths),
    ...group(
      "not there before",
      changes.filter((one) => one.change === "new"),
    ),
    ...group(
      "not there now",
      changes.filter((one) => one.change === "gone"),
    ),
  ];
  for (const line of lines.length > 0 ? lines : ["- no notable difference"]) report.add(line);
}

function failingAgain(run: Run, changes: readonly ActivityComparison[]): ActivityComparison[] {
  const failed = new Set(run.rows.filter((row) => row.activity.phase === "failed").map((row) => row.activity.name));
  return changes.filter((one) => failed.has(one.name) && !one.newlyFailing);
}

function byDelta(changes: readonly ActivityComparison[], change: "slower" | "faster"): ActivityComparison[] {
  const size = (one: ActivityComparison) => Math.abs(one.delta ?? 0);
  return changes.filter((one) => one.change === change).sort((a, b) => size(b) - size(a));
}

function lengths({ before, after }: ActivityComparison): string {
  return before === undefined || after === undefined ? "" : ` ${formatDuration(before)} → ${formatDuration(after)}`;
}

function group(
  name: string,
  changes: readonly ActivityComparison[],
  detail: (change: ActivityComparison) => string = () => "",
): string[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, most.changes).map((one) => `${quote(one.name, 120)}${detail(one)}`);
  const more = changes.length > most.changes ? `, … ${changes.length - most.changes} more` : "";
  return [`- ${name}: ${shown.join(", ")}${more}`];
}
