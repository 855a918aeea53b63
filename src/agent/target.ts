import { cleanId, idProblem, typesToTry } from "../jobs/ids/find.ts";
import { jobKey } from "../jobs/key.ts";
import { isFinal } from "../jobs/phase.ts";
import type { StoredJobAnswer } from "../jobs/tracker.ts";
import type { TrackedJob } from "../jobs/types.ts";
import { isRegionName } from "../vod/endpoints.ts";
import { VodError } from "../vod/errors.ts";
import { type JobRef, type JobType, jobTypes } from "../vod/types.ts";
import { usualMaxAge } from "./definitions.ts";
import { type AgentHost, ToolProblem } from "./host.ts";
import { nameOf } from "./phrases.ts";
import { quote } from "./quote.ts";

/** What a model says of the job it means. */
export interface JobInput {
  readonly id?: string;
  readonly type?: JobType;
  readonly region?: string;
  readonly account?: string;
  readonly max_age_seconds?: number;
}

/** The job that is meant; its type may still have to be found out. */
export type Target = Omit<JobRef, "type"> & { readonly type?: JobType };

const mostNamed = 8;

/**
 * The job that an input means: the tracked one if there is one, else a job of the named or current account, in the named
 * or the account's usual region, of a type the database knows. Spends no call.
 * @throws ToolProblem when the id cannot be one, the account is not known, or several tracked jobs fit.
 */
export async function findTarget(input: JobInput, host: AgentHost): Promise<Target> {
  const id = cleanId(input.id ?? "");
  if (idProblem(id)) {
    throw new ToolProblem(
      `${quote(input.id ?? "")} cannot be a job id: an id is one word of at most 256 characters, usually 32 hexadecimal digits. Ask the person for the id.`,
    );
  }
  if (input.region !== undefined && !isRegionName(input.region)) {
    throw new ToolProblem(`${quote(input.region)} is no region id; region ids look like cn-shanghai.`);
  }
  const { account: named, region: namedRegion, type: namedType } = input;
  const accounts = await host.accounts();
  const tracked = [...host.tracker.jobs.values()];
  checkAccount(named, [...accounts.map((one) => one.id), ...tracked.map((job) => job.ref.account)]);

  const fits = (ref: JobRef) =>
    ref.id === id &&
    (namedType ?? ref.type) === ref.type &&
    (named ?? ref.account) === ref.account &&
    (namedRegion ?? ref.region) === ref.region;
  const matches = tracked.map((job) => job.ref).filter(fits);
  const ofCurrent = matches.filter((ref) => ref.account === host.account);
  const only = matches.length === 1 ? matches[0] : ofCurrent.length === 1 ? ofCurrent[0] : undefined;
  if (only) return only;
  if (matches.length > 1) {
    const list = matches.slice(0, mostNamed).map((ref) => `- ${nameOf(ref)}`);
    throw new ToolProblem(
      `${matches.length} tracked jobs have this id. Call again with the type, account and region of one of them:\n${list.join("\n")}`,
    );
  }

  const account = named ?? host.account;
  const region = namedRegion ?? accounts.find((one) => one.id === account)?.region ?? "cn-shanghai";
  const target = { account, region, id };
  return { ...target, type: namedType ?? (await storedType(target, host)) };
}

function checkAccount(named: string | undefined, known: readonly string[]): void {
  if (named === undefined || known.includes(named)) return;
  const list = [...new Set(known)].slice(0, 20).map((id) => quote(id, 80));
  throw new ToolProblem(
    `There is no account ${quote(named, 80)} here. There are: ${list.join(", ") || "none"}. Leave account out to use the current one.`,
  );
}

/** The type under which the database has an answer of the job; undefined when it has none, or several. */
async function storedType(target: Omit<JobRef, "type">, { tracker }: AgentHost): Promise<JobType | undefined> {
  const stored = await Promise.all(jobTypes.map((type) => tracker.answer(jobKey({ ...target, type }))));
  const types = jobTypes.filter((_, index) => stored[index]);
  return types.length === 1 ? types[0] : undefined;
}

/** How many calls reading a job may cost, at most: 0 when the database has what is wanted. */
export async function callsFor(target: Target, input: JobInput, host: AgentHost): Promise<number> {
  const { type } = target;
  if (!type) return jobTypes.length;
  return isGoodEnough(await host.tracker.answer(jobKey({ ...target, type })), input, host) ? 0 : 1;
}

/** Whether a stored answer is final or young enough. */
function isGoodEnough(
  stored: StoredJobAnswer | undefined,
  { max_age_seconds: maxAge = usualMaxAge }: JobInput,
  { now }: AgentHost,
): boolean {
  return stored !== undefined && (isFinal(stored.answer.detail.phase) || now() - stored.at < maxAge * 1000);
}

/** A job as it was read. */
export interface ReadJob extends StoredJobAnswer {
  readonly ref: JobRef;
  readonly job?: TrackedJob;
  readonly from: "database" | "service";
  /** Why the service could not be asked: then the answer is an old one. */
  readonly problem?: VodError;
}

/**
 * Reads a job: from the database when it is final or young enough, else by a call. When the call fails and there is an
 * older answer, gives that one with the problem.
 * @throws VodError when there is no answer at all, or the service knows no such job; the signal's reason when aborted.
 */
export async function readJob(
  target: Target,
  input: JobInput,
  host: AgentHost,
  signal: AbortSignal | undefined,
): Promise<ReadJob> {
  const { tracker, now } = host;
  const { type, account, region, id } = target;
  if (!type) {
    const found = await tracker.findType(id, { account, region, order: typesToTry(), signal });
    if (!found) throw notFound(target);
    const key = jobKey(found.ref);
    const stored = await tracker.answer(key);
    return { ...found, at: stored?.at ?? now(), job: tracker.jobs.get(key), from: "service" };
  }
  const ref = { account, region, type, id };
  const key = jobKey(ref);
  const stored = await tracker.answer(key);
  if (stored && isGoodEnough(stored, input, host))
    return { ref, ...stored, job: tracker.jobs.get(key), from: "database" };
  try {
    const { answer, at, job } = await tracker.lookUp(ref, { signal, maxAge: 0 });
    return { ref, answer, at, job, from: "service" };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const outdated = error instanceof VodError && error.kind !== "not-found" && error.kind !== "invalid";
    if (!stored || !outdated) throw error;
    return { ref, ...stored, job: tracker.jobs.get(key), from: "database", problem: error };
  }
}

function notFound({ account, region, id }: Target): VodError {
  const hint = id.startsWith("vw_") ? " An id that begins with vw_ names a workflow, not one of its tasks." : "";
  return new VodError(
    "not-found",
    `No transcode, workflow, snapshot or AI job ${id} in region ${region} of account ${account}.${hint}`,
  );
}
