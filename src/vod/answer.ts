import { VodError } from "./errors.ts";
import { jsonText, text, time } from "./fields.ts";
import { asObject, type Json, type JsonObject, parseJson } from "./json.ts";
import { phaseOf } from "./phase.ts";
import type {
  AIDetail,
  JobAnswer,
  JobDetail,
  JobType,
  SnapshotDetail,
  TranscodeDetail,
  WorkflowDetail,
  WorkflowInfo,
} from "./types.ts";

/** Where the answer keeps the detail of each type. */
const branches: Record<JobType, string> = {
  transcode: "TranscodeJobDetail",
  snapshot: "SnapshotJobDetail",
  ai: "AIJobDetail",
  workflow: "WorkflowTaskDetail",
};

/**
 * Reads the body of a `GetJobDetail` answer. The requested type says which branch counts, whatever else the answer holds
 * or calls itself: the page's own sample fills all four (vod-facts §8).
 * @throws VodError `malformed` for what is no JSON object; `not-found` when there is no job of this type in it.
 */
export function readJobAnswer(raw: string, type: JobType): JobAnswer {
  const value = parseJson(raw);
  if (value === undefined) throw new VodError("malformed", "The answer is no JSON", { code: "NotJson" });
  return jobAnswerOf(value, raw, type);
}

/** As `readJobAnswer`, of a body that is parsed already. */
export function jobAnswerOf(value: Json, raw: string, type: JobType): JobAnswer {
  const body = asObject(value);
  if (!body) throw new VodError("malformed", "The answer is no JSON object", { code: "NotAnObject" });
  const requestId = text(body.RequestId) ?? "";
  const branch = asObject(body[branches[type]]);
  if (!branch || Object.keys(branch).length === 0) {
    throw new VodError("not-found", `The answer holds no ${type} job: no such job of this type`, {
      code: "NoSuchJobOfType",
      status: 200,
      requestId,
    });
  }
  return { detail: readers[type](branch), requestId, raw };
}

const readers: Record<JobType, (branch: JsonObject) => JobDetail> = {
  transcode: (branch): TranscodeDetail => ({
    type: "transcode",
    ...common("transcode", branch, branch.JobId, branch.CompleteTime),
    userId: text(branch.UserId),
    videoId: text(branch.VideoId),
    templateId: text(branch.TemplateId),
    definition: text(branch.Definition),
  }),
  snapshot: (branch): SnapshotDetail => ({
    type: "snapshot",
    ...common("snapshot", branch, branch.JobId, branch.CompleteTime),
    userId: text(branch.UserId),
    videoId: text(branch.VideoId),
    trigger: text(branch.Trigger),
    normalConfig: jsonText(branch.NormalConfig),
    spriteConfig: jsonText(branch.SpriteConfig),
  }),
  ai: (branch): AIDetail => ({
    type: "ai",
    ...common("ai", branch, branch.JobId, branch.CompleteTime),
    userId: text(branch.UserId),
    mediaId: text(branch.MediaId),
    aiType: text(branch.JobType),
    trigger: text(branch.Trigger),
    templateConfig: jsonText(branch.TemplateConfig),
  }),
  workflow: (branch): WorkflowDetail => ({
    type: "workflow",
    ...common("workflow", branch, branch.TaskId, branch.FinishTime),
    taskInput: jsonText(branch.TaskInput),
    activityResults: jsonText(branch.ActivityResults),
    userData: jsonText(branch.UserData),
    workflow: workflowInfo(asObject(branch.Workflow)),
  }),
};

function common(type: JobType, branch: JsonObject, id: Json | undefined, finished: Json | undefined) {
  const status = text(branch.Status) ?? "";
  return {
    id: text(id) ?? "",
    status,
    phase: phaseOf(type, status),
    createdAt: time(branch.CreateTime),
    finishedAt: time(finished),
  };
}

function workflowInfo(workflow: JsonObject | undefined): WorkflowInfo | undefined {
  if (!workflow) return undefined;
  return {
    workflowId: text(workflow.WorkflowId),
    name: text(workflow.Name),
    status: text(workflow.Status),
    type: text(workflow.Type),
    createdAt: time(workflow.CreateTime),
    modifiedAt: time(workflow.ModifiedTime),
    appId: text(workflow.AppId),
  };
}
