import { isFinal } from "../jobs/phase.ts";
import type { AgentHost } from "./host.ts";
import { moment, nameOf, nextCheckOf, stateOf } from "./phrases.ts";
import { problemText } from "./problem.ts";
import { quote, quotedNote } from "./quote.ts";
import type { RunReading } from "./readings.ts";
import type { Report } from "./report.ts";
import type { ReadJob } from "./target.ts";

/** Which job it is and where it stands. */
export function addHeading(report: Report, read: ReadJob, reading: RunReading | undefined, host: AgentHost): void {
  const { detail } = read.answer;
  const counts = reading && { activities: reading.run.summary.total, failedActivities: reading.failed.length };
  report.add(`${nameOf(read.ref)}: ${stateOf({ ...detail, ...counts })}`);
  report.add(quotedNote);
  if (read.problem) {
    report.add(
      `OUTDATED: this is the last known state, from ${moment(read.at, host.now())}. Asking the service failed:`,
    );
    report.add(problemText(read.problem, host.way));
  }
  const { label, title } = read.job ?? {};
  if (label) report.add(`The person calls it ${quote(label)}.`);
  if (title) report.add(`Title: ${quote(title)}.`);
}

/** Where the answer comes from, what it cost and when the next one comes. */
export function addSource(report: Report, { at, from, answer, job }: ReadJob, host: AgentHost): void {
  const cost = from === "database" ? "from the database, no API call spent" : "just asked from the service";
  report.add(`Known as of ${moment(at, host.now())}; ${cost}.`);
  if (!isFinal(answer.detail.phase)) report.add(nextCheckOf(job, host));
}
