import { activityResults, type PlayedActivity, perform, storageLocation } from "./activities.ts";
import { common, type DemoJob, type JobFacts, optionalTime } from "./job.ts";
import { type Course, standingAt, standstill, timeText, wholeSecond } from "./player.ts";
import type { Steps } from "./workflows.ts";

/** A workflow as it is defined: what several tasks have in common. */
export interface WorkflowDefinition {
  readonly id: string;
  readonly name: string;
  readonly status: "Active" | "Inactive" | "Deleted";
  readonly steps: Steps;
}

export interface WorkflowFacts extends Omit<JobFacts, "course"> {
  readonly seed: string;
  readonly createdAt: number;
  readonly workflow: WorkflowDefinition;
  /** The task's status at its end. The service says Succeed even when activities failed, so it is given, not derived. */
  readonly end: string;
  /** Never ends: stays in this status. */
  readonly standstill?: string;
  /** Escapes the embedded JSON once too often, as the page's example is. */
  readonly escaped?: boolean;
  readonly cancelAfter?: number;
  readonly sigma?: number;
}

/** A workflow task. Its activities are computed when they are first asked for, so that a large one costs nothing before. */
export function workflowJob(facts: WorkflowFacts): DemoJob {
  const { workflow, mediaId, title } = facts;
  const createdAt = wholeSecond(facts.createdAt);
  let lasting: { activities: PlayedActivity[]; course: Course } | undefined;
  const performance = () => {
    if (!lasting) {
      const activities = perform(workflow.steps(), facts);
      lasting = { activities, course: taskCourse({ ...facts, createdAt }, activities) };
    }
    return lasting;
  };
  const embed = (value: unknown) => (facts.escaped ? escapeOnceMore(JSON.stringify(value)) : JSON.stringify(value));
  return {
    ...common("workflow", facts, createdAt),
    answer(now) {
      const { activities, course } = performance();
      const { status, finishedAt } = standingAt(course, now);
      return {
        TaskId: facts.id,
        Status: status,
        TaskInput: embed({ Type: "Media", Media: mediaId, Title: title, StorageLocation: storageLocation }),
        CreateTime: timeText(createdAt),
        FinishTime: facts.endMissing ? undefined : optionalTime(finishedAt),
        ActivityResults: embed(activityResults(activities, now)),
        UserData: JSON.stringify({
          MessageCallback: { CallbackURL: "http://example.aliyundoc.com" },
          Extend: { localId: facts.name },
        }),
        Workflow: {
          WorkflowId: workflow.id,
          Name: workflow.name,
          Status: workflow.status,
          Type: "",
          CreateTime: "2025-03-26T05:50:14Z", // as on the page
          ModifiedTime: "2025-03-26T07:51:55Z",
          AppId: "app-1000000",
        },
      };
    },
  };
}

/** A task is `Init` for a second, then `Processing` until its last activity has ended. */
function taskCourse(facts: WorkflowFacts, activities: readonly PlayedActivity[]): Course {
  const { createdAt, end } = facts;
  if (facts.standstill) return standstill(createdAt, facts.standstill);
  const lastEnd =
    facts.cancelAfter === undefined
      ? activities.reduce((last, activity) => Math.max(last, activity.endedAt), createdAt + 2000)
      : createdAt + facts.cancelAfter * 1000;
  const legs = [
    { status: "Init", seconds: 1 },
    { status: "Processing", seconds: (lastEnd - createdAt) / 1000 - 1 },
  ];
  return { createdAt, legs, end };
}

function escapeOnceMore(json: string): string {
  return JSON.stringify(json).slice(1, -1);
}
