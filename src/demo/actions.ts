import { type JobType, jobTypes } from "../vod/types.ts";
import type { DemoJob, JsonObject } from "./job.ts";
import { invalidParameter, missingParameter, Refusal } from "./refusal.ts";

/** What an action can look up. */
export interface Account {
  /** A job that the service knows now. */
  find(type: JobType, id: string): DemoJob | undefined;
  /** All jobs that the service knows now. */
  jobs(): Iterable<DemoJob>;
  readonly now: number;
}

export type Parameters = ReadonlyMap<string, string>;

/** An action of API version 2017-03-21. */
interface Action {
  readonly parameters: readonly string[];
  /** The answer without its RequestId, or the whole body as text. */
  readonly answer: (parameters: Parameters, account: Account) => JsonObject | string;
}

const apiVersion = "2017-03-21";

/** Every action of the demo, by name. */
const actions: Readonly<Record<string, Action>> = {
  /** One job by id and type (GetJobDetail page). */
  GetJobDetail: {
    parameters: ["JobId", "JobType"],
    answer(parameters, account) {
      const id = mandatory(parameters, "JobId");
      const type = jobTypeOf(parameters, jobTypes);
      const job = account.find(type, id);
      if (job) {
        const answer = job.answer(account.now);
        return typeof answer === "string" ? answer : { JobType: type, [detailNames[type]]: answer };
      }
      // What the service says of a missing job is documented nowhere (vod-facts §4): the demo does both that are likely.
      if (jobTypes.some((other) => account.find(other, id))) return { JobType: type };
      throw new Refusal("NoSuchResource", { message: `The specified resource ${id} does not exist.` });
    },
  },
  /** The jobs of a media asset, the newest first (ListJobInfo page: transcode, snapshot and ai of the last six months). */
  ListJobInfo: {
    parameters: ["MediaId", "JobType"],
    answer(parameters, account) {
      const mediaId = mandatory(parameters, "MediaId");
      const type = jobTypeOf(parameters, ["transcode", "snapshot", "ai"]);
      const jobs = [...account.jobs()].filter((job) => job.type === type && job.mediaId === mediaId);
      jobs.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
      return { MediaId: mediaId, JobType: type, JobInfoList: jobs.map((job) => jobInfo(job, account.now)) };
    },
  },
  /** Progress, errors and files of transcode jobs (GetTranscodeTask page): up to ten JobIds, or a TranscodeTaskId. */
  GetTranscodeTask: {
    parameters: ["JobIds", "TranscodeTaskId"],
    answer(parameters, account) {
      const taskId = parameters.get("TranscodeTaskId");
      if (taskId) return { TranscodeTask: transcodeTask(taskId, account) };
      const ids = mandatory(parameters, "JobIds").split(",");
      if (ids.length > 10 || ids.includes("")) throw invalidParameter("JobIds");
      const found = ids.map((id) => account.find("transcode", id)?.transcode);
      return {
        TranscodeJobInfoList: found.flatMap((job) => (job ? [job.info(account.now)] : [])),
        NonExistJobIds: ids.filter((_, index) => !found[index]),
      };
    },
  },
};

/** Parameters that every action accepts. */
const commonParameters = new Set(["Action", "Version", "Format", "RegionId", "SignatureType"]);

/** Answers one call that has been let through: the body without its RequestId, or the whole body as text. */
export function perform(name: string, version: string, parameters: Parameters, account: Account): JsonObject | string {
  if (version !== apiVersion) throw new Refusal("InvalidVersion");
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new Refusal("InvalidAction.NotFound");
  for (const parameter of parameters.keys()) {
    if (action.parameters.includes(parameter) || commonParameters.has(parameter)) continue;
    throw new Refusal("UnsupportedParameter", { message: `The parameter "${parameter}" is not supported.` });
  }
  return action.answer(parameters, account);
}

const detailNames: Readonly<Record<JobType, string>> = {
  transcode: "TranscodeJobDetail",
  snapshot: "SnapshotJobDetail",
  ai: "AIJobDetail",
  workflow: "WorkflowTaskDetail",
};

function mandatory(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (!value) throw missingParameter(name);
  return value;
}

function jobTypeOf(parameters: Parameters, allowed: readonly JobType[]): JobType {
  const named = mandatory(parameters, "JobType");
  const type = allowed.find((one) => one === named);
  if (!type) throw invalidParameter("JobType");
  return type;
}

function jobInfo(job: DemoJob, now: number): JsonObject {
  const answer = job.answer(now);
  if (typeof answer === "string") return { JobId: job.id };
  const { JobId, UserId, Status, CreateTime, CompleteTime } = answer;
  return { JobId, UserId, Status, CreateTime, CompleteTime };
}

/** A task is the jobs that were submitted together: here, all of one medium. */
function transcodeTask(taskId: string, account: Account): JsonObject {
  const jobs = [...account.jobs()].filter((job) => job.transcode?.taskId === taskId);
  const list = jobs.flatMap((job) => (job.transcode ? [job.transcode.info(account.now)] : []));
  if (list.length === 0) throw new Refusal("NoSuchResource");
  const times = (name: string) => list.flatMap((info) => (typeof info[name] === "string" ? [info[name]] : [])).sort();
  const taskStatus = taskStatusOf(list.map((info) => String(info.TranscodeJobStatus)));
  return {
    TranscodeTaskId: taskId,
    VideoId: jobs[0]?.mediaId,
    Trigger: "Manual",
    TaskStatus: taskStatus,
    CreationTime: times("CreationTime")[0],
    CompleteTime: taskStatus.startsWith("Complete") ? times("CompleteTime").at(-1) : undefined,
    TranscodeJobInfoList: list,
  };
}

/** TaskStatus from the statuses of the jobs (GetTranscodeTask page). */
function taskStatusOf(statuses: readonly string[]): string {
  const succeeded = statuses.filter((status) => status === "TranscodeSuccess").length;
  const ended = statuses.filter((status) => status !== "Transcoding").length;
  if (ended === 0) return "Processing";
  if (ended < statuses.length) return "Partial";
  if (succeeded === statuses.length) return "CompleteAllSucc";
  return succeeded === 0 ? "CompleteAllFail" : "CompletePartialSucc";
}
