import { VodError } from "../vod/errors.ts";
import type { JobAnswer, JobRef } from "../vod/types.ts";
import type { AccountBlock, HubJob, Plan } from "./hub.ts";
import { jobKey } from "./key.ts";
import { Learning } from "./learning.ts";
import { isFinal } from "./phase.ts";
import { type PlanFacts, planPoll } from "./pollPlan.ts";
import { blockKind, errorOf, jobProblemOf, probeWait } from "./problems.ts";
import { summarize } from "./summarize.ts";
import { Transcodes, type TranscodesParts } from "./transcodes.ts";
import type { JobProblem, Pace } from "./types.ts";

/** How many calls in a row the service may fail before the account is taken for out of service. */
const serviceFailures = 4;
/** Of how many transcodes the reason of their failure is asked when an account works again, and how long ago they failed, ms. */
const asksWhy = { most: 20, within: 24 * 3_600_000 };
/** How long a throttled poll waits when the service does not say, ms. */
const throttledWait = 2_000;

export interface OutcomesParts extends TranscodesParts {
  random(): number;
  pace(): Pace;
}

/**
 * Keeps what came of calls: answers with the next poll's time, failures with a later one. What is the account's trouble
 * and not the job's blocks the account for every window, until a probe or anybody's call succeeds.
 */
export class Outcomes {
  readonly #parts: OutcomesParts;
  readonly #learning: Learning;
  readonly transcodes: Transcodes;
  /** Calls in a row that the service failed, by account. */
  readonly #failed = new Map<string, number>();
  /** Jobs in a row whose answers were not the service's (a sign-in page of the network, say), by account. */
  readonly #garbled = new Map<string, Set<string>>();

  constructor(parts: OutcomesParts) {
    this.#parts = parts;
    this.#learning = new Learning(parts.hub);
    this.transcodes = new Transcodes(parts);
  }

  /** Resolves, with the time it came, when the answer is kept and in the mirror. */
  async answered(ref: JobRef, startedAt: number, answer: JobAnswer): Promise<number> {
    const { hub, mirror, clock, owner, log } = this.#parts;
    const at = clock.now();
    const summary = summarize(answer.detail);
    const before = mirror.rows.get(jobKey(ref));
    const plan = await this.plan(ref, summary.kind, {
      ...summary,
      addedAt: before?.addedAt ?? at,
      checkedAt: at,
      failures: 0,
    });
    await hub.save([{ ref, owner, startedAt, at, answer: { summary, raw: answer.raw }, plan }]);
    if (isFinal(summary.phase) && !(before && isFinal(before.phase)))
      this.#learning.finished(ref.type, summary.kind, at);
    this.#failed.delete(ref.account);
    this.#garbled.delete(ref.account);
    if (mirror.hubAccounts.get(ref.account)?.block) {
      log("info", `account ${ref.account} works again`);
      await hub.block(ref.account, undefined);
      this.#askWhy(ref.account, at);
    }
    await mirror.sync();
    // Why it failed, its answer does not tell. Nobody waits: whoever wants to know asks and joins.
    if (ref.type === "transcode" && summary.phase === "failed") this.transcodes.askInTurn(ref);
    return at;
  }

  /** Resolves, with the failure as a `VodError`, when it is kept and in the mirror. */
  async failed(ref: JobRef, startedAt: number, error: unknown): Promise<VodError> {
    const { mirror, clock } = this.#parts;
    const problem = jobProblemOf(error, clock.now());
    await this.#keep(ref, startedAt, problem, error instanceof VodError ? error.retryAfter : undefined);
    await mirror.sync();
    return error instanceof VodError ? error : errorOf(problem);
  }

  /** When to poll a job next, by what is known of its kind. */
  async plan(ref: JobRef, kind: string | undefined, facts: PlanFacts): Promise<Plan> {
    const { pace, random, clock } = this.#parts;
    const times = await this.#learning.times(ref.type, kind, pace(), clock.now());
    return planPoll(facts, times, pace(), random());
  }

  async #keep(ref: JobRef, startedAt: number, problem: JobProblem, retryAfter: number | undefined): Promise<void> {
    const { hub, mirror, owner, log } = this.#parts;
    const key = jobKey(ref);
    const row = mirror.rows.get(key);
    const result = { ref, owner, startedAt, at: problem.at };
    if (problem.kind === "throttled") {
      const plan = row && laterPlan(row, problem.at + (retryAfter ?? throttledWait));
      await hub.save([{ ...result, plan }]);
      return;
    }
    const block = blockKind(problem.kind) ?? (this.#isServiceOut(ref, problem) ? "service" : undefined);
    if (block) await this.#block(ref.account, block, problem, startedAt);
    else log("info", `${key}: ${problem.kind} ${problem.code ?? ""} ${problem.message}`);
    // The job backs off too: were it alone the cause (a region that cannot be reached), the next probe asks for another.
    const facts = row ?? { phase: "waiting" as const, addedAt: problem.at, failures: 0 };
    const plan = await this.plan(ref, row?.kind, { ...facts, failures: facts.failures + 1, problem });
    await hub.save([{ ...result, problem, plan }]);
  }

  /** Failed transcodes whose reason could not be asked, as the account was in trouble then, are asked now. */
  #askWhy(account: string, now: number): void {
    const unknown = [...this.#parts.mirror.rows.values()].filter(
      ({ ref, phase, error, checkedAt = 0 }) =>
        ref.account === account &&
        ref.type === "transcode" &&
        phase === "failed" &&
        !error &&
        now - checkedAt < asksWhy.within,
    );
    unknown.sort((a, b) => b.checkedAt! - a.checkedAt!);
    for (const { ref } of unknown.slice(0, asksWhy.most)) this.transcodes.askInTurn(ref);
  }

  #isServiceOut(ref: JobRef, { kind }: JobProblem): boolean {
    const { account } = ref;
    if (kind === "malformed") {
      // Of different jobs: one whose own answer cannot be read says nothing of the others.
      const jobs = (this.#garbled.get(account) ?? new Set()).add(jobKey(ref));
      this.#garbled.set(account, jobs);
      return jobs.size >= serviceFailures;
    }
    if (kind !== "service") return false;
    const failures = (this.#failed.get(account) ?? 0) + 1;
    this.#failed.set(account, failures);
    return failures >= serviceFailures;
  }

  async #block(account: string, kind: AccountBlock["kind"], problem: JobProblem, startedAt: number) {
    const { hub, mirror, random, log } = this.#parts;
    const before = mirror.hubAccounts.get(account)?.block;
    const failures = before?.kind === kind ? before.failures + 1 : 1;
    const probeAt = problem.at + probeWait(kind, failures, random());
    if (!before) log("warn", `account ${account}: ${kind}, ${problem.kind} ${problem.code ?? ""} ${problem.message}`);
    await hub.block(account, { kind, problem, startedAt, probeAt });
  }
}

/** The same plan, not before `at`. */
function laterPlan({ plan }: HubJob, at: number): Plan {
  const later = (time: number | undefined) => (time === undefined ? undefined : Math.max(time, at));
  return { ...plan, at: later(plan.at), unfocusedAt: later(plan.unfocusedAt) };
}
