/**
 * Every fault on every surface, with real connections. The editor is a stand-in; `test/host/suite/faults.test.ts` has a
 * few of these in a real one.
 */
import assert from "node:assert/strict";
import dns from "node:dns";
import { after, before, describe, it, mock } from "node:test";
import type { AgentHost } from "../../../src/agent/host.ts";
import { runTool } from "../../../src/agent/tools.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import type { VodError, VodErrorKind } from "../../../src/vod/errors.ts";
import "../../panel/editorStub.ts";
import * as vscode from "../../panel/vscode.ts";
import { FakePage } from "../support/panel.ts";
import { account, Engine, refs, watched } from "./engine.ts";
import { type Trouble, troubles, trusted } from "./faults.ts";

const { problemSentence } = await import("../../../src/editor/sentences.ts");
const { panelSource } = await import("../../../src/editor/panelSource.ts");
const { JobHover } = await import("../../../src/editor/jobHover.ts");
const { TrackedIds } = await import("../../../src/editor/doors/trackedIds.ts");

const minute = 60_000;
/** How long jobs are polled while a fault lasts that does not end by itself. */
const ordeal = 5 * minute;
/** The longest that a person or an agent waits for a call: its own limit, and a turn of the account's budget. */
const longestCall = 16_000;
const mostAttempts = 3;
/** How soon after its end a fault is over for every job: the wait between two tries grows with how long it went on. */
const recovery = { soon: 3 * minute, afterOrdeal: 8 * minute };

/** What a person and what a model is told of each kind. */
const told: Record<Exclude<VodErrorKind, "cancelled" | "not-found" | "invalid">, readonly [RegExp, RegExp]> = {
  throttled: [/slowing this account down/, /throttled the account/],
  credentials: [/did not accept the access key/, /no usable credential/],
  "expired-token": [/security token of this account has expired/, /security token of the account has expired/],
  permission: [/needs the RAM action vod:GetJobDetail/, /may not ask for job details/],
  "clock-skew": [/clock of this computer differs/, /clock of this computer differs/],
  service: [/service had an error of its own/, /service had an error of its own/],
  network: [/service cannot be reached/, /service cannot be reached/],
  timeout: [/did not answer in time/, /did not answer in time/],
  malformed: [
    /answer was not one of the service's. It is asked again later; tracked jobs are kept/,
    /did not come from the VOD service, or was damaged/,
  ],
};
const sentenceOf = ({ kind, says }: Trouble) => says ?? told[kind as keyof typeof told][0];
const adviceOf = (kind: string) => told[kind as keyof typeof told][1];

/** Meets a fault; gives what is to be seen when it is over. */
type Surface = (engine: Engine, trouble: Trouble) => Promise<undefined | (() => Promise<void>)>;

/** What the runs printed at the end. */
const seen = { cells: 0, requests: 0, recoveries: [] as number[] };

/** One fault on one surface: opens an engine, lets `meet` meet the fault, ends it, and sees all well again. */
async function cell(
  trouble: Trouble,
  meet: (engine: Engine) => ReturnType<Surface>,
  within = recovery.soon,
): Promise<void> {
  const engine = await Engine.open(trouble.tls ? { certificate: trusted } : {});
  const { clock, tracker } = engine;
  try {
    await engine.track();
    assert.ok(engine.isWell(0), "before the fault");
    await trouble.begin(engine);
    const recovered = await meet(engine);
    assert.deepEqual([...tracker.jobs.keys()].sort(), refs.map(jobKey).sort(), "every tracked job is still there");
    await trouble.end?.(engine);
    const ended = clock.now();
    await engine.pass(within, () => engine.isWell(ended));
    assert.ok(engine.isWell(ended), `not well ${(clock.now() - ended) / minute} minutes after its end`);
    await recovered?.();
    assertNoStorm(engine.sentAt);
    for (const { id } of refs) {
      const detail = (await tracker.answer(jobKey(refs.find((ref) => ref.id === id)!)))!.answer.detail;
      assert.equal(detail.id, id, "each job has its own answer");
    }
    seen.cells++;
    seen.requests += engine.sentAt.length;
    seen.recoveries.push(clock.now() - ended);
  } finally {
    await engine.close();
  }
}

/** The account's limit holds in every second, retries included. */
function assertNoStorm(sentAt: readonly number[]): void {
  for (const at of sentAt) {
    const inSecond = sentAt.filter((other) => other >= at && other < at + 1_000).length;
    assert.ok(inSecond <= 15, `${inSecond} requests in a second`);
  }
}

const plain = (markdown: string) => markdown.replaceAll("&nbsp;", " ").replace(/\\(.)/g, "$1");

/** A person asks for a job: how it ends, and that it ends in time and after few attempts. */
async function lookUp(engine: Engine, trouble: Trouble): Promise<undefined> {
  const { kind, code } = trouble;
  const { clock, tracker, sentAt } = engine;
  const [before, startedAt] = [sentAt.length, clock.now()];
  const asked = tracker.lookUp(watched, { maxAge: 0 });
  const outcome = await engine.during(
    asked.then(
      () => undefined,
      (error: VodError) => error,
    ),
  );
  assert.ok(clock.now() - startedAt <= longestCall, `it took ${clock.now() - startedAt} ms`);
  // While a person waits, other jobs may be asked for as well.
  assert.ok(sentAt.length - before <= mostAttempts * refs.length, `${sentAt.length - before} requests`);
  assert.equal(outcome?.kind ?? "ok", kind, outcome?.message);
  if (!outcome) return;
  if (code) assert.match(outcome.code ?? "", code);
  const { text, next } = problemSentence(outcome, {}, clock.now());
  assert.match(text, sentenceOf(trouble));
  assert.ok(next.length > 0, "there is something to do next");
}

/** The most requests of all jobs during the ordeal: each backs off from 5 s, with three attempts each time. */
const mostRequests = 7 * mostAttempts * refs.length;
/** The same of a throttled account, whose calls become ever rarer, down to one in two seconds. */
const mostThrottled = ordeal / 2_000 + 20;

/** Jobs are polled for a while in which the fault lasts. */
async function tracking(engine: Engine, trouble: Trouble): Promise<undefined> {
  const { kind, lasts = ordeal } = trouble;
  const { tracker, clock, sentAt } = engine;
  const before = sentAt.length;
  await engine.pass(lasts);
  const requests = sentAt.length - before;
  const jobs = [...tracker.jobs.values()];
  if (kind === "ok") {
    assert.ok(jobs.every((job) => job.problem === undefined && job.phase === "running"));
    return;
  }
  const most = kind === "throttled" ? mostThrottled : mostRequests;
  assert.ok(requests <= most, `${requests} requests in ${ordeal / minute} minutes`);
  const state = tracker.accounts.get(account)!;
  if (kind === "throttled") {
    assert.ok(state.throttledUntil! > clock.now() && state.ratePerSecond < 13);
    return;
  }
  const problems = jobs.flatMap(({ problem }) => problem ?? []);
  assert.ok(problems.length > 0, "somebody hears of it");
  for (const problem of problems) {
    assert.equal(problem.kind, kind);
    const { text, next } = problemSentence(problem, {}, clock.now());
    assert.match(text, sentenceOf(trouble));
    assert.ok(next.length > 0);
  }
  for (const { nextCheckAt, nextCheckReason } of jobs) {
    assert.ok(nextCheckAt! > clock.now() - 2_000, "the next check is planned");
    assert.match(nextCheckReason!, /^(?:problem|offline)$/);
  }
}

/** A panel shows the job; a person asks it to refresh. It says so when the trouble is over, though nobody asks again. */
async function panel(engine: Engine, trouble: Trouble): Promise<() => Promise<void>> {
  const { kind } = trouble;
  const { tracker } = engine;
  const page = new FakePage(watched, panelSource(tracker));
  engine.owns(page);
  await engine.pass(100);
  const startedAt = engine.clock.now();
  await engine.during(page.panel.refresh());
  assert.ok(engine.clock.now() - startedAt <= longestCall, `it took ${engine.clock.now() - startedAt} ms`);
  const { trouble: shown, asking } = page.parts;
  assert.equal(asking, false);
  assert.equal(page.activities.size, 2, "what was known is still drawn");
  if (kind === "ok") assert.equal(shown, null);
  else {
    assert.match(shown!.text, sentenceOf(trouble));
    assert.ok(shown!.steps.length > 0);
  }
  return async () => {
    await engine.during(page.panel.changed());
    assert.equal(page.parts.trouble, null);
    assert.deepEqual(page.faults, []);
  };
}

/** A person points at the id of a job whose last check met the fault. */
async function hover(engine: Engine, trouble: Trouble): Promise<undefined> {
  const { kind } = trouble;
  const { tracker, sentAt } = engine;
  await engine.during(tracker.lookUp(watched, { maxAge: 0 }).catch(() => {}));
  const before = sentAt.length;
  const provider = new JobHover(tracker, new TrackedIds(tracker));
  const document = { lineCount: 1, lineAt: () => ({ text: `TaskId: ${watched.id}` }) };
  const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };
  const shown = await provider.provideHover(document as never, new vscode.Position(0, 12) as never, token as never);
  const text = shown!.contents.map((part) => plain((part as vscode.MarkdownString).value)).join("\n");
  assert.equal(sentAt.length, before, "a hover spends no call");
  assert.match(text, /Failed activities: First/, "what is known is shown");
  assert.match(text, /command:vodJobs\.refresh/, "and what can be done");
  const throttled = kind === "throttled";
  if (kind === "ok") assert.doesNotMatch(text, /\$\(warning\)/);
  else assert.match(text, throttled ? /Slowed by the service until|slowing this account/ : sentenceOf(trouble));
}

/** An agent asks for a job. */
async function agent(engine: Engine, { kind }: Trouble): Promise<undefined> {
  const { clock, tracker } = engine;
  const host: AgentHost = {
    tracker,
    account,
    polls: true,
    accounts: async () => [{ id: account, region: "cn-shanghai" }],
    now: () => clock.now(),
  };
  const startedAt = clock.now();
  const input = { id: watched.id, type: "workflow", max_age_seconds: 0 };
  const { text } = await engine.during(runTool("get_vod_job", input, host));
  assert.ok(clock.now() - startedAt <= longestCall, `it took ${clock.now() - startedAt} ms`);
  assert.match(text, /FAILED "First"|FAILED/, "what is known is told");
  if (kind === "ok") assert.doesNotMatch(text, /Retry/);
  else assert.match(text, adviceOf(kind));
}

const surfaces: Readonly<Record<string, Surface>> = { "look-up": lookUp, tracking, panel, hover, "agent tool": agent };

/** Names that no name server knows, and one that no name server answers for. */
function fakeNames(): void {
  const real = dns.lookup as (...args: unknown[]) => unknown;
  mock.method(dns, "lookup", (name: string, ...rest: unknown[]) => {
    const code = name.endsWith("no-such-host.invalid") ? "ENOTFOUND" : name.endsWith(".invalid") ? "EAI_AGAIN" : "";
    if (!code) return real(name, ...rest);
    const done = rest.at(-1) as (error: Error) => void;
    setImmediate(done, Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }));
  });
}

describe("the fault matrix", { concurrency: 8 }, () => {
  before(fakeNames);
  after(() => {
    const { cells, requests, recoveries } = seen;
    const longest = Math.round(Math.max(...recoveries) / 1_000);
    console.log(
      `faults: ${troubles.length} faults, ${cells} cells, ${requests} requests, all well ${longest} s after the end at most`,
    );
  });
  for (const trouble of troubles) {
    for (const [surface, meet] of Object.entries(surfaces)) {
      it(`${trouble.name} × ${surface}: ${trouble.kind}`, () =>
        cell(
          trouble,
          (engine) => meet(engine, trouble),
          surface === "tracking" ? recovery.afterOrdeal : recovery.soon,
        ));
    }
  }
});
