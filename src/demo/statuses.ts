import type { DemoJob } from "./job.ts";
import { type Drawing, hour, type Simple, shares, simpleJob, type WorkflowOutline, workflowTask } from "./outline.ts";
import { course, standstill } from "./player.ts";
import * as workflows from "./workflows.ts";

/** Each status that the GetJobDetail page documents, held still. The names are `type/Status`. */
export function documentedStatuses(draw: Drawing): DemoJob[] {
  const { startedAt } = draw;
  const still = (status: string) => standstill(startedAt - 10 * 60_000, status);
  const ended = (type: Simple, end: string) => course(startedAt - 3 * hour, 200, end, shares[type]);
  const simple = (type: Simple, title: string, resting: readonly string[], ends: readonly string[]) => [
    ...resting.map((status) => simpleJob(draw, type, { name: `${type}/${status}`, title, course: still(status) })),
    ...ends.map((end) => simpleJob(draw, type, { name: `${type}/${end}`, title, course: ended(type, end) })),
  ];
  const task = (end: string, more: Partial<WorkflowOutline> = {}) =>
    workflowTask(draw, {
      name: `workflow/${end}`,
      title: "Product tour.mp4",
      createdAt: startedAt - 3 * hour,
      workflow: "Publish",
      steps: workflows.publish,
      end,
      ...more,
    });
  return [
    ...simple(
      "transcode",
      "Webinar.mp4",
      ["Submitted", "Transcoding"],
      ["TranscodeSuccess", "TranscodeFail", "TranscodeCancelled"],
    ),
    ...simple("snapshot", "Webinar.mp4", ["Processing"], ["Success", "Fail"]),
    ...simple("ai", "Webinar.mp4", ["reserved", "init", "processing", "analyzing"], ["success", "fail"]),
    task("Init", { standstill: "Init", steps: () => [] }),
    task("Processing", { standstill: "Processing", steps: workflows.stuck }),
    task("Succeed"),
    task("Failed", { steps: workflows.archive, workflow: "Archive", workflowStatus: "Inactive" }),
    task("Canceled", { cancelAfter: 60 }),
    task("Skip", { steps: () => [], workflow: "Retired", workflowStatus: "Deleted" }),
  ];
}
