import { randomUUID } from "node:crypto";
import { jobAnswerOf } from "./answer.ts";
import { Call, type CallAnswer, type CallParts } from "./call.ts";
import { type CallLog, callLine } from "./callLog.ts";
import { VodError } from "./errors.ts";
import { type ListedJob, type ListedType, readJobList } from "./jobList.ts";
import { RetryTokens } from "./retry.ts";
import type { Send } from "./send.ts";
import { ServiceClock } from "./serviceClock.ts";
import { mostTranscodeJobs, readTranscodeTask, type TranscodeProgress } from "./transcodeTask.ts";
import type { Clock, CredentialSource, JobAnswer, JobRef, Lane, RateBudget } from "./types.ts";

export interface VodClientParts {
  /** The origin that serves a region, e.g. `https://vod.cn-shanghai.aliyuncs.com`. May throw a `VodError`. */
  readonly endpoint: (region: string) => string | Promise<string>;
  readonly credentials: CredentialSource;
  readonly budget: RateBudget;
  readonly send: Send;
  readonly clock: Clock;
  /** Evenly in [0, 1), as `Math.random`. */
  readonly random: () => number;
  /** A text that was never given before; default: `countedNonces`. */
  readonly nonce?: () => string;
  readonly log?: CallLog;
}

const wholeId = /^[0-9a-f]{32}$/i;

/** Whether both are whole ids and differ. The service may mask an id or leave it out; that says nothing. */
function isAnother(asked: string, answered: string): boolean {
  return wholeId.test(asked) && wholeId.test(answered) && asked.toLowerCase() !== answered.toLowerCase();
}

/** Texts that no other client gives: random once, then counted, because random text for each is slow to hash. */
export function countedNonces(): () => string {
  const client = randomUUID();
  let count = 0;
  return () => `${client}-${count++}`;
}

export interface LaneOptions {
  readonly lane: Lane;
  readonly signal?: AbortSignal;
}

export interface CallOptions extends LaneOptions {
  readonly region: string;
}

/**
 * Asks the VOD service, for one account. Every attempt takes a slot of the account's budget and is signed afresh; what
 * can succeed is tried again, at most three times in all. Every method rejects with a `VodError`, also when its signal
 * is aborted. One line per call goes to the log, with nothing secret in it.
 */
export class VodClient {
  readonly #parts: CallParts;
  readonly #log: CallLog | undefined;

  constructor({ endpoint, credentials, budget, send, clock, random, nonce = countedNonces(), log }: VodClientParts) {
    const shared = { serviceClock: new ServiceClock(clock), retries: new RetryTokens() };
    this.#parts = { endpoint, credentials, budget, send, clock, random, nonce, ...shared };
    this.#log = log;
  }

  /** The state of a job. Fails with kind `not-found` when the account has no job of this type and id in the region. */
  async getJobDetail({ region, type, id }: JobRef, options: LaneOptions): Promise<JobAnswer> {
    if (id.trim() === "") throw new VodError("invalid", "The job id is empty", { code: "MissingParameter" });
    const { value, body } = await this.call("GetJobDetail", { JobId: id, JobType: type }, { ...options, region });
    const answer = jobAnswerOf(value, body, type);
    if (isAnother(id, answer.detail.id)) {
      throw new VodError("malformed", "The answer is about another job: a cache or a proxy may have mixed up answers", {
        code: "AnswerOfAnotherJob",
        status: 200,
        requestId: answer.requestId,
      });
    }
    return answer;
  }

  /** Progress, errors and outputs of up to ten transcode jobs: those the service still knows, in its order. */
  async getTranscodeTask(jobIds: readonly string[], options: CallOptions): Promise<TranscodeProgress[]> {
    if (jobIds.length === 0) return [];
    if (jobIds.length > mostTranscodeJobs) {
      throw new VodError("invalid", `At most ${mostTranscodeJobs} transcode jobs in one call`, { code: "TooManyJobs" });
    }
    return readTranscodeTask((await this.call("GetTranscodeTask", { JobIds: jobIds.join(",") }, options)).value);
  }

  /** The jobs of a medium of the last six months. */
  async listJobInfo(mediaId: string, type: ListedType, options: CallOptions): Promise<ListedJob[]> {
    const { value } = await this.call("ListJobInfo", { MediaId: mediaId, JobType: type }, options);
    return readJobList(value, type);
  }

  /** Calls an action that only reads: an attempt whose answer was lost is made again. `params` go into the query. */
  async call(
    action: string,
    params: Readonly<Record<string, string>>,
    { region, lane, signal }: CallOptions,
  ): Promise<CallAnswer> {
    const call = new Call(this.#parts, { action, params, region, lane, signal });
    const id = params.JobId ?? params.JobIds ?? params.MediaId ?? "";
    const record = () => ({
      action,
      region,
      id,
      lane,
      attempts: call.attempts,
      ms: call.elapsed,
      quotaWait: call.quotaWait,
    });
    try {
      const answer = await call.run();
      this.#log?.debug(callLine({ ...record(), outcome: "ok", requestId: answer.requestId }));
      return answer;
    } catch (error) {
      const { kind, code, requestId } = error as Partial<VodError>;
      this.#log?.info(callLine({ ...record(), outcome: kind ?? "broken", code, requestId }));
      throw error;
    }
  }
}
