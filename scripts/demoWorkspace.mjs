/** The folder that the demo opens: files as people have them, with ids of the demo account's jobs in them. */
import { demoJobs } from "../src/demo/catalogue.ts";

/**
 * The task to show first: it says that it succeeded, and one of its activities failed.
 * @param {string} seed the demo's
 */
export function firstTask(seed) {
  const title = "Interview.mp4";
  const task = demoJobs({ seed }).find((job) => job.type === "workflow" && job.title === title);
  if (!task) throw new Error(`The demo account has no workflow task ${title} any more.`);
  return task;
}

/**
 * @param {string} seed the demo's: the ids follow from it
 * @returns {Record<string, string>} file name → text
 */
export function demoFiles(seed) {
  const jobs = demoJobs({ seed }).filter((job) => job.tracked);
  const ids = (/** @type {string} */ type) => jobs.filter((job) => job.type === type).map((job) => job.id);
  const [transcode = "", ...transcodes] = ids("transcode");
  const [workflow = "", ...workflows] = ids("workflow");
  const [snapshot = ""] = ids("snapshot");
  const [ai = ""] = ids("ai");

  const answer = {
    RequestId: "B42299E6-F71F-465F-8FE9-4FC2E3D3C2CA",
    TranscodeJobs: { TranscodeJob: [transcode, ...transcodes].map((id) => ({ JobId: id })) },
    TranscodeTaskId: "fae0a3f9b5d1d7e7c5a1b8d5a1b3c4f2",
  };
  const code = `// Point at an id, or put the cursor on it and run "VOD Jobs: Look Up Job…".

/** What SubmitWorkflowJob returned for the keynote. */
const keynote = { TaskId: "${workflow}" };

/** What SubmitSnapshotJob and SubmitAIJob returned. */
const snapshotJobId = "${snapshot}";
const aiJobId = "${ai}";

export const followUp = [keynote.TaskId, snapshotJobId, aiJobId];
`;
  const log = workflows
    .map((id, index) => {
      const event = { EventType: "WorkflowTaskComplete", TaskId: id, Status: "Succeed" };
      return `2026-11-22T08:1${index % 10}:07Z INFO  callback ${JSON.stringify(event)}`;
    })
    .join("\n");
  return {
    "submit-transcode-jobs.json": `${JSON.stringify(answer, null, 2)}\n`,
    "follow-up.ts": code,
    "callbacks.log": `${log}\n`,
  };
}
