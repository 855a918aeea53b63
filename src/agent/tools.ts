import { explainInput, getJobInput, listJobsInput, type ToolName } from "./definitions.ts";
import { explainFailure } from "./explainFailure.ts";
import { getJob } from "./getJob.ts";
import { type AgentHost, ToolProblem } from "./host.ts";
import { listJobs } from "./listJobs.ts";
import { failureText } from "./problem.ts";
import { usualLimit } from "./report.ts";
import { checkInput, type InputOf, type InputSchema } from "./schema.ts";
import { callsFor, findTarget, type JobInput, type Target } from "./target.ts";

/** What a tool answers. */
export interface ToolAnswer {
  readonly text: string;
  /** True when the text says why there is no answer. */
  readonly failed: boolean;
}

export interface ToolOptions {
  readonly signal?: AbortSignal;
  /** Characters of the answer at most; default 16,000. */
  readonly limit?: number;
}

/** The least characters an answer may have: below that it says nothing. */
const leastLimit = 1_000;

/**
 * Runs a tool. Every failure is text for the model that called it: what happened, whether to try again, what to ask the
 * person. Rejects only with the signal's reason, when it is aborted.
 * @param input unchecked, as it came.
 */
export async function runTool(
  name: ToolName,
  input: unknown,
  host: AgentHost,
  { signal, limit: wanted = usualLimit }: ToolOptions = {},
): Promise<ToolAnswer> {
  const limit = Math.min(usualLimit, Math.max(leastLimit, wanted));
  try {
    signal?.throwIfAborted();
    return { text: await answer(name, input, host, signal, limit), failed: false };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const text = error instanceof ToolProblem ? error.message : failureText(error, host.way);
    return { text: text.slice(0, limit), failed: true };
  }
}

function answer(
  name: ToolName,
  input: unknown,
  host: AgentHost,
  signal: AbortSignal | undefined,
  limit: number,
): Promise<string> | string {
  switch (name) {
    case "get_vod_job":
      return getJob(checked(getJobInput, input), host, signal, limit);
    case "list_vod_jobs":
      return listJobs(checked(listJobsInput, input), host, limit);
    case "explain_vod_workflow_failure":
      return explainFailure(checked(explainInput, input), host, signal, limit);
  }
}

function checked<S extends InputSchema>(schema: S, value: unknown): InputOf<S> {
  const result = checkInput(schema, value);
  if ("input" in result) return result.input;
  throw new ToolProblem(`The input is not valid. ${result.problems.join(" ")} Correct it and call again.`);
}

/** What running a tool will cost. */
export interface Cost {
  /** API calls at most; 0 when the database has the answer. */
  readonly calls: number;
  /** The job that would be asked for. */
  readonly target?: Target;
}

/** What running a tool with this input costs, before it is run. An input that will be refused costs nothing. */
export async function costOf(name: ToolName, input: unknown, host: AgentHost): Promise<Cost> {
  if (name === "list_vod_jobs") return { calls: 0 };
  try {
    const job: JobInput =
      name === "get_vod_job" ? checked(getJobInput, input) : { ...checked(explainInput, input), type: "workflow" };
    const target = await findTarget(job, host);
    return { calls: await callsFor(target, job, host), target };
  } catch (error) {
    if (error instanceof ToolProblem) return { calls: 0 };
    throw error;
  }
}
