import { jobTypes, type Phase } from "../vod/types.ts";
import type { InputSchema } from "./schema.ts";

export type ToolName = "get_vod_job" | "list_vod_jobs" | "explain_vod_workflow_failure";

/** A tool as it is declared to a model. */
export interface ToolDefinition {
  readonly name: ToolName;
  /** For people. */
  readonly title: string;
  /** For models: what it gives, what it costs, when to use which. */
  readonly description: string;
  readonly inputSchema: InputSchema;
}

const phases = [
  "waiting",
  "running",
  "succeeded",
  "failed",
  "canceled",
  "skipped",
  "unknown",
] as const satisfies readonly Phase[];

/** How old an answer from the database may be when the caller does not say, seconds. */
export const usualMaxAge = 30;
export const usualListLimit = 20;

const id = {
  type: "string",
  description:
    "The job id, usually 32 hexadecimal digits. For a workflow its TaskId, not the id of the workflow itself (vw_…).",
  minLength: 1,
  maxLength: 256,
} as const;

const whereProperties = {
  region: {
    type: "string",
    description: "Region id such as cn-shanghai. Leave it out to use the job's own or the account's usual region.",
    maxLength: 40,
  },
  account: {
    type: "string",
    description:
      "Account of this product (default, profile:NAME, key:NAME or demo), not an Alibaba Cloud account id. Leave it out to use the job's own or the current account.",
    maxLength: 200,
  },
  max_age_seconds: {
    type: "integer",
    description: `How old a stored answer may be before the service is asked, default ${usualMaxAge}. 0 always asks about an unfinished job. Finished jobs never change and are never asked about again.`,
    minimum: 0,
    maximum: 86_400,
  },
} as const;

export const getJobInput = {
  type: "object",
  properties: {
    id,
    type: {
      type: "string",
      description:
        "The job's type, if known. Left out, a tracked or stored job's type is known; otherwise up to four API calls find it out.",
      enum: jobTypes,
    },
    ...whereProperties,
  },
  required: ["id"],
  additionalProperties: false,
} as const satisfies InputSchema;

export const listJobsInput = {
  type: "object",
  properties: {
    phase: {
      type: "string",
      description: "Only jobs in this phase. failed also lists finished workflow tasks in which activities failed.",
      enum: phases,
    },
    type: { type: "string", description: "Only jobs of this type.", enum: jobTypes },
    text: {
      type: "string",
      description: "Only jobs whose id, label, title, media id or status contains this text, in any case.",
      maxLength: 200,
    },
    limit: {
      type: "integer",
      description: `How many jobs at most, default ${usualListLimit}.`,
      minimum: 1,
      maximum: 100,
    },
  },
  additionalProperties: false,
} as const satisfies InputSchema;

export const explainInput = {
  type: "object",
  properties: { id, ...whereProperties },
  required: ["id"],
  additionalProperties: false,
} as const satisfies InputSchema;

/** The tools, as the editor and MCP clients offer them. `package.json` repeats this data; a test compares them. */
export const toolDefinitions: readonly ToolDefinition[] = [
  {
    name: "get_vod_job",
    title: "Get VOD Job",
    description:
      "Status, times and decoded details of one ApsaraVideo VOD job (Alibaba Cloud): transcode, snapshot, AI job or workflow task, failing activities first. Answers from the local database when the job is finished or was checked recently; otherwise it costs one API call (up to four when the type is not known) of the account's limit of 15 calls a second. Do not call it in a loop to wait for a job: the answer says when the job is checked next.",
    inputSchema: getJobInput,
  },
  {
    name: "list_vod_jobs",
    title: "List VOD Jobs",
    description:
      "The VOD jobs that the person tracks, failed ones first, with phase, times, failing activities and the next check. Filters by phase, type and text. Reads the local database only and costs no API call.",
    inputSchema: listJobsInput,
  },
  {
    name: "explain_vod_workflow_failure",
    title: "Explain VOD Workflow Failure",
    description:
      "Why a VOD workflow task failed, or which of its activities failed although the task says Succeed: decoded results of the failed activities, what ran before each and by what evidence, where the time went, and what changed since the previous run of the same workflow. Costs at most one API call, none when the task is finished and stored.",
    inputSchema: explainInput,
  },
];
