import { objects, text, time } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { phaseOf } from "./phase.ts";
import type { JobType, Phase } from "./types.ts";

/** One job of a medium, as `ListJobInfo` tells of it. */
export interface ListedJob {
  readonly id: string;
  readonly type: JobType;
  readonly status: string;
  readonly phase: Phase;
  readonly userId?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
}

/** The types that `ListJobInfo` knows: it has no workflow tasks (vod-facts §1). */
export type ListedType = Exclude<JobType, "workflow">;

/** Reads the body of a `ListJobInfo` answer: the jobs of a medium of the last six months. */
export function readJobList(body: JsonObject, type: ListedType): ListedJob[] {
  return objects(body.JobInfoList).map((job) => {
    const status = text(job.Status) ?? "";
    return {
      id: text(job.JobId) ?? "",
      type,
      status,
      phase: phaseOf(type, status),
      userId: text(job.UserId),
      createdAt: time(job.CreateTime),
      finishedAt: time(job.CompleteTime),
    };
  });
}
