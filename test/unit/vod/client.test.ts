import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { VodClient, type VodClientParts } from "../../../src/vod/client.ts";
import { endpointOf } from "../../../src/vod/endpoints.ts";
import { VodError, type VodErrorKind } from "../../../src/vod/errors.ts";
import { RetryTokens } from "../../../src/vod/retry.ts";
import type { HttpAnswer, HttpRequest } from "../../../src/vod/send.ts";
import { signRequest } from "../../../src/vod/sign.ts";
import type { Credential, JobRef, Lane } from "../../../src/vod/types.ts";
import { FakeClock, settle } from "../support/clock.ts";

const sample = readFileSync(new URL("../../fixtures/get-job-detail.json", import.meta.url), "utf8");
const key: Credential = { accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" };
const ref: JobRef = { account: "default", region: "cn-shanghai", type: "workflow", id: "46ecc024" };
const ok: HttpAnswer = { status: 200, headers: {}, body: sample };

function refusal(code: string, status = 400, headers: Record<string, string> = {}): HttpAnswer {
  const body = { RequestId: "R", Code: code, Message: "YourAccessKeyId said no" };
  return { status, headers, body: JSON.stringify(body) };
}

type Step = HttpAnswer | VodError | ((request: HttpRequest) => Promise<HttpAnswer>);

/** A client on a fake clock whose service gives these answers in turn, the last one forever. */
function setUp(steps: readonly Step[], parts: Partial<VodClientParts> = {}) {
  const clock = new FakeClock(Date.UTC(2025, 2, 27, 8, 15, 46));
  const sent: HttpRequest[] = [];
  const sentAt: number[] = [];
  const lanes: Lane[] = [];
  const throttles: (number | undefined)[] = [];
  const lines: string[] = [];
  let successes = 0;
  let nonces = 0;
  const client = new VodClient({
    endpoint: endpointOf,
    credentials: { get: async () => key, invalidate() {} },
    budget: {
      take: async (lane) => void lanes.push(lane),
      throttled: (retryAfter) => void throttles.push(retryAfter),
      succeeded: () => void successes++,
    },
    async send(request) {
      const step = steps[Math.min(sent.length, steps.length - 1)] as Step;
      sent.push(request);
      sentAt.push(clock.now());
      if (step instanceof VodError) throw step;
      return typeof step === "function" ? step(request) : step;
    },
    clock,
    random: () => 0.5,
    nonce: () => `nonce-${nonces++}`,
    log: { debug: (line) => void lines.push(`debug ${line}`), info: (line) => void lines.push(`info ${line}`) },
    ...parts,
  });
  return { client, clock, sent, sentAt, lanes, throttles, lines, successes: () => successes };
}

/** Lets a call run to its end on the fake clock; gives its failure. */
async function failure(call: Promise<unknown>, clock: FakeClock, ms = 60_000): Promise<VodError> {
  const caught = call.then(
    () => assert.fail("no failure"),
    (error) => error,
  );
  await clock.advance(ms);
  const error = await caught;
  assert.ok(error instanceof VodError, String(error));
  return error;
}

async function finish<T>(call: Promise<T>, clock: FakeClock, ms = 60_000): Promise<T> {
  call.catch(() => {});
  await clock.advance(ms);
  return call;
}

const options = { lane: "background" as const };

describe("a call", () => {
  it("posts the signed action to the region's endpoint and gives the answer", async () => {
    const { client, clock, sent, lanes, successes } = setUp([ok]);
    const answer = await client.getJobDetail(ref, { lane: "interactive" });
    assert.equal(answer.detail.type, "workflow");
    assert.equal(answer.raw, sample);
    const expected = signRequest({
      method: "POST",
      host: "vod.cn-shanghai.aliyuncs.com",
      action: "GetJobDetail",
      version: "2017-03-21",
      date: "2025-03-27T08:15:46Z",
      nonce: "nonce-0",
      query: { JobId: "46ecc024", JobType: "workflow" },
      credential: key,
    });
    assert.deepEqual(sent, [
      {
        method: "POST",
        url: "https://vod.cn-shanghai.aliyuncs.com/?JobId=46ecc024&JobType=workflow",
        headers: expected.headers,
        signal: undefined,
        timeout: 15_000,
      },
    ]);
    assert.deepEqual(lanes, ["interactive"]);
    assert.equal(successes(), 1);
    assert.equal(clock.sleeping, 0);
  });

  it("makes nonces of its own that never repeat", async () => {
    const { client, sent } = setUp([ok], { nonce: undefined });
    for (let call = 0; call < 50; call++) await client.getJobDetail(ref, options);
    const nonces = new Set(sent.map(({ headers }) => headers["x-acs-signature-nonce"]));
    assert.equal(nonces.size, 50);
    assert.ok(!nonces.has(undefined));
  });

  it("does not ask for an empty id", async () => {
    const { client, clock, sent } = setUp([ok]);
    assert.equal((await failure(client.getJobDetail({ ...ref, id: " " }, options), clock)).kind, "invalid");
    assert.equal(sent.length, 0);
  });

  it("does not send anything for a region that is none", async () => {
    const { client, clock, sent, lanes } = setUp([ok]);
    const refused = await failure(client.getJobDetail({ ...ref, region: "evil.com/" }, options), clock);
    assert.equal(refused.kind, "invalid");
    assert.deepEqual([sent.length, lanes.length], [0, 0]);
  });

  it("says not-found when the answer has no job of the type", async () => {
    const { client, clock, sent } = setUp([{ ...ok, body: '{"RequestId":"R"}' }]);
    assert.equal((await failure(client.getJobDetail(ref, options), clock)).kind, "not-found");
    assert.equal(sent.length, 1);
  });

  it("refuses the answer of another job, and takes one whose id is masked, left out or in other case", async () => {
    const id = "46ecc024aaaabbbbccccddddeeeeffff";
    const about = (TaskId?: string) => ({
      ...ok,
      body: JSON.stringify({ RequestId: "R", WorkflowTaskDetail: { TaskId, Status: "Processing" } }),
    });
    for (const told of [id, id.toUpperCase(), "46ecc024************eeeeffff", undefined]) {
      const { client, clock } = setUp([about(told)]);
      assert.equal((await finish(client.getJobDetail({ ...ref, id }, options), clock)).detail.phase, "running");
    }
    const { client, clock, sent } = setUp([about("f".repeat(32))]);
    const refused = await failure(client.getJobDetail({ ...ref, id }, options), clock);
    assert.deepEqual([refused.kind, refused.code], ["malformed", "AnswerOfAnotherJob"]);
    assert.equal(sent.length, 1);
  });
});

describe("retrying", () => {
  const broken = new VodError("network", "ECONNRESET: reset", { code: "ECONNRESET" });

  const transient: Record<string, Step> = {
    "a broken connection": broken,
    "a connection that does not come about": new VodError("timeout", "UND_ERR_CONNECT_TIMEOUT"),
    "an error of the service": refusal("InternalError", 500),
    "a busy service": refusal("ServiceUnAvailable", 503),
    "a gateway's HTML": { status: 502, headers: {}, body: "<html>" },
    throttling: refusal("Throttling.User", 429),
    "a nonce that was used": refusal("SignatureNonceUsed"),
  };
  for (const [what, step] of Object.entries(transient)) {
    it(`overcomes ${what}, with a slot, a nonce and a signature of its own for each attempt`, async () => {
      const { client, clock, sent, lanes } = setUp([step, step, ok]);
      const answer = await finish(client.getJobDetail(ref, options), clock);
      assert.equal(answer.detail.phase, "succeeded");
      assert.equal(lanes.length, 3);
      for (const name of ["x-acs-signature-nonce", "authorization"]) {
        assert.equal(new Set(sent.map(({ headers }) => headers[name])).size, 3, name);
      }
    });
  }

  const lasting: Record<string, [Step, VodErrorKind]> = {
    "a refused parameter": [refusal("InvalidParameter"), "invalid"],
    "a missing permission": [refusal("Forbidden.RAM", 403), "permission"],
    "a missing job": [refusal("NoSuchResource", 404), "not-found"],
    "an unknown key": [refusal("InvalidAccessKeyId.NotFound", 404), "credentials"],
    "an expired token": [refusal("InvalidSecurityToken.Expired"), "expired-token"],
    "a skewed clock that no Date header explains": [refusal("InvalidTimeStamp.Expired"), "clock-skew"],
    "a sign-in page": [{ status: 200, headers: {}, body: "<html>" }, "malformed"],
    "cut-off JSON": [{ status: 200, headers: {}, body: '{"a":' }, "malformed"],
    "an answer too large": [new VodError("malformed", "larger", { code: "AnswerTooLarge" }), "malformed"],
  };
  for (const [what, [step, kind]] of Object.entries(lasting)) {
    it(`does not ask again after ${what}`, async () => {
      const { client, clock, sent } = setUp([step]);
      const failed = await failure(client.getJobDetail(ref, options), clock);
      assert.equal(failed.kind, kind);
      assert.equal(sent.length, 1);
      assert.doesNotMatch(failed.message, /YourAccessKey/);
    });
  }

  it("stops after three attempts", async () => {
    const { client, clock, sent } = setUp([broken]);
    assert.equal((await failure(client.getJobDetail(ref, options), clock)).code, "ECONNRESET");
    assert.equal(sent.length, 3);
  });

  it("waits with full jitter: a random part of a bound that doubles", async () => {
    for (const share of [0, 0.25, 0.995]) {
      const { client, clock, sentAt } = setUp([broken, broken, ok], { random: () => share });
      await finish(client.getJobDetail(ref, options), clock);
      const [first, second, third] = sentAt as [number, number, number];
      assert.deepEqual([second - first, third - second], [200 * share, 400 * share]);
    }
  });

  it("waits as long as a throttling service asks, and tells the budget", async () => {
    const { client, clock, sentAt, throttles, successes } = setUp([
      refusal("Throttling.User", 429, { "x-acs-retry-after": "3000" }),
      ok,
    ]);
    await finish(client.getJobDetail(ref, options), clock);
    const [first, second] = sentAt as [number, number];
    assert.equal(second - first, 3000 + 500);
    assert.deepEqual(throttles, [3000]);
    assert.equal(successes(), 1);
  });

  it("does not wait for a throttling service that asks for more than is left", async () => {
    const { client, clock, sent } = setUp([refusal("Throttling", 429, { "x-acs-retry-after": "20000" })]);
    const failed = await failure(client.getJobDetail(ref, options), clock, 0);
    assert.deepEqual([failed.kind, failed.retryAfter], ["throttled", 20_000]);
    assert.equal(sent.length, 1);
  });

  it("tells the budget of a recovery when an error is no throttling, but not of what the service did not say", async () => {
    const refused = setUp([refusal("NoSuchResource", 404)]);
    await failure(refused.client.getJobDetail(ref, options), refused.clock);
    assert.equal(refused.successes(), 1);
    const page = setUp([{ status: 200, headers: {}, body: "<html>" }]);
    await failure(page.client.getJobDetail(ref, options), page.clock);
    assert.equal(page.successes(), 0);
  });

  it("does not triple the calls of a storm", async () => {
    const { client, clock, sent } = setUp([broken]);
    for (let call = 0; call < 100; call++) await failure(client.getJobDetail(ref, options), clock);
    assert.equal(sent.length, 100 + 20, "one attempt each, and twenty retries in all");
  });

  it("may retry again after the storm, when calls succeeded", () => {
    const tokens = new RetryTokens();
    while (tokens.take(broken));
    for (let call = 0; call < 4; call++) tokens.refill();
    assert.equal(tokens.take(broken), false);
    tokens.refill();
    assert.equal(tokens.take(broken), true);
    assert.equal(tokens.take(broken), false);
  });

  it("pays more for a timeout, which costs the service more", () => {
    const late = new VodError("timeout", "late");
    const tokens = new RetryTokens();
    let retries = 0;
    while (tokens.take(late)) retries++;
    assert.equal(retries, 10);
  });
});

describe("the time of a call", () => {
  it("is 15 seconds in all: later attempts get what is left", async () => {
    const slow = async (clock: FakeClock, ms: number): Promise<HttpAnswer> => {
      await clock.sleep(ms);
      return refusal("InternalError", 500);
    };
    const world = setUp([() => slow(world.clock, 6_000), () => slow(world.clock, 6_000), ok]);
    await finish(world.client.getJobDetail(ref, options), world.clock);
    assert.deepEqual(
      world.sent.map(({ timeout }) => timeout),
      [15_000, 15_000 - 6_000 - 100, 15_000 - 12_000 - 100 - 200],
    );
  });

  it("does not begin an attempt for which nothing is left", async () => {
    const world = setUp([
      async () => {
        await world.clock.sleep(14_950);
        throw new VodError("timeout", "late");
      },
    ]);
    assert.equal((await failure(world.client.getJobDetail(ref, options), world.clock)).kind, "timeout");
    assert.equal(world.sent.length, 1);
  });

  it("does not count the wait for the budget", async () => {
    const world = setUp([ok], {
      budget: { take: () => world.clock.sleep(40_000), throttled() {}, succeeded() {} },
    });
    await finish(world.client.getJobDetail(ref, options), world.clock);
    assert.equal(world.sent[0]?.timeout, 15_000);
    assert.match(world.lines[0] ?? "", /40000 ms \(1 attempt, waited 40000 ms\)/);
  });
});

describe("credentials", () => {
  it("are asked for anew, once, when the service refuses them, and the call goes on with others", async () => {
    for (const code of ["InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"]) {
      const given = [key, { ...key, accessKeyId: "Renewed" }];
      let invalidated = 0;
      const credentials = {
        get: async () => given[invalidated] as Credential,
        invalidate: () => void invalidated++,
      };
      const { client, clock, sent } = setUp([refusal(code), ok], { credentials });
      await finish(client.getJobDetail(ref, options), clock, 0);
      assert.equal(invalidated, 1);
      assert.match(sent[1]?.headers.authorization ?? "", /Credential=Renewed,/);
    }
  });

  it("are asked for anew only once", async () => {
    let invalidated = 0;
    const credentials = {
      get: async () => ({ ...key, accessKeyId: `Key${invalidated}` }),
      invalidate: () => void invalidated++,
    };
    const { client, clock, sent } = setUp([refusal("InvalidSecurityToken.Expired")], { credentials });
    assert.equal((await failure(client.getJobDetail(ref, options), clock)).kind, "expired-token");
    assert.deepEqual([sent.length, invalidated], [2, 1]);
  });

  it("that cannot be renewed leave the refusal as the failure", async () => {
    let asked = 0;
    const credentials = {
      async get() {
        if (asked++ > 0) throw new VodError("credentials", "nothing found");
        return key;
      },
      invalidate() {},
    };
    const { client, clock } = setUp([refusal("InvalidSecurityToken.Expired")], { credentials });
    assert.equal((await failure(client.getJobDetail(ref, options), clock)).code, "InvalidSecurityToken.Expired");
  });

  it("that are missing cost no slot of the budget", async () => {
    const missing = new VodError("credentials", "nothing found");
    const { client, clock, lanes } = setUp([ok], {
      credentials: { get: () => Promise.reject(missing), invalidate() {} },
    });
    assert.equal(await failure(client.getJobDetail(ref, options), clock), missing);
    assert.equal(lanes.length, 0);
  });
});

describe("a clock that is wrong", () => {
  const hour = 3_600_000;
  const date = (ms: number) => ({ date: new Date(ms).toUTCString() });

  it("is corrected by the service's Date, for this call and those after", async () => {
    const world = setUp([async () => refusal("InvalidTimeStamp.Expired", 400, date(world.clock.now() + hour)), ok]);
    await finish(world.client.getJobDetail(ref, options), world.clock, 0);
    await finish(world.client.getJobDetail(ref, options), world.clock, 0);
    assert.deepEqual(
      world.sent.map(({ headers }) => headers["x-acs-date"]),
      ["2025-03-27T08:15:46Z", "2025-03-27T09:15:46Z", "2025-03-27T09:15:46Z"],
    );
  });

  it("stays the failure when correcting did not help", async () => {
    const world = setUp([async () => refusal("IllegalTimestamp", 400, date(world.clock.now() + hour))]);
    assert.equal((await failure(world.client.getJobDetail(ref, options), world.clock)).kind, "clock-skew");
    assert.equal(world.sent.length, 2);
  });

  it("is not the cause when the service's Date agrees with it", async () => {
    const world = setUp([async () => refusal("IllegalTimestamp", 400, date(world.clock.now()))]);
    assert.equal((await failure(world.client.getJobDetail(ref, options), world.clock)).kind, "clock-skew");
    assert.equal(world.sent.length, 1);
  });
});

describe("cancelling", () => {
  const untilAborted = (signal?: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

  const stages: Record<string, () => Partial<VodClientParts>> = {
    "the credential": () => ({ credentials: { get: untilAborted, invalidate() {} } }),
    "the budget": () => ({
      budget: { take: (_lane, signal) => untilAborted(signal), throttled() {}, succeeded() {} },
    }),
    "the answer": () => ({ send: ({ signal }) => untilAborted(signal) }),
    "the next attempt": () => ({ send: () => Promise.reject(new VodError("network", "broken")) }),
    "renewed credentials": () => {
      let asked = 0;
      return {
        credentials: { get: (signal) => (asked++ ? untilAborted(signal) : Promise.resolve(key)), invalidate() {} },
        send: async () => refusal("InvalidSecurityToken.Expired"),
      };
    },
  };
  for (const [what, parts] of Object.entries(stages)) {
    it(`ends at once a call that waits for ${what}`, async () => {
      const controller = new AbortController();
      const world = setUp([ok], parts());
      const call = world.client.getJobDetail(ref, { ...options, signal: controller.signal });
      const caught = call.catch((error) => error);
      await settle();
      controller.abort(new Error("a reason"));
      const first = await Promise.race([caught, settle().then(() => "still waiting")]);
      assert.equal((first as VodError).kind, "cancelled", String(first));
      assert.equal(world.clock.sleeping, 0);
      assert.match(world.lines.at(-1) ?? "", / cancelled /);
    });
  }
});

describe("the log", () => {
  it("has one line per call: what, where, how long, how it ended", async () => {
    const world = setUp([new VodError("network", "broken"), ok]);
    await finish(world.client.getJobDetail(ref, options), world.clock);
    assert.deepEqual(world.lines, [
      "debug GetJobDetail 46ecc024 cn-shanghai background ok 100 ms (2 attempts, waited 0 ms) request 6708D849-F109-1A6C-AC91-************",
    ]);
  });

  it("names the code of a failure, and nothing secret", async () => {
    const { client, clock, lines } = setUp([refusal("Forbidden.RAM", 403)]);
    await failure(client.getJobDetail(ref, options), clock);
    assert.deepEqual(lines, [
      "info GetJobDetail 46ecc024 cn-shanghai background permission Forbidden.RAM 0 ms (1 attempt, waited 0 ms) request R",
    ]);
  });

  it("lets no id forge a line", async () => {
    const { client, lines } = setUp([ok]);
    await client.getJobDetail({ ...ref, id: `x\n2025 [error] forged\u2028${"a".repeat(500)}` }, options);
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines[0] ?? "", /[\n\u2028]/);
    assert.ok((lines[0]?.length ?? 0) < 300);
  });
});

describe("other actions", () => {
  const region = { ...options, region: "cn-shanghai" };

  it("asks for the progress of up to ten transcode jobs", async () => {
    const body = JSON.stringify({
      RequestId: "R",
      TranscodeJobInfoList: [
        {
          TranscodeJobId: "a",
          TranscodeJobStatus: "TranscodeFail",
          TranscodeProgress: 42,
          ErrorCode: "InvalidParameter.OutputFormat",
          ErrorMessage: "no such format",
          TranscodeTemplateId: "t",
          Definition: "HD",
          Priority: "6",
          CreationTime: "2025-03-27T08:15:46Z",
          CompleteTime: "2025-03-27T08:15:47Z",
          OutputFile: { OutputFileUrl: "http://x/y.mp4", Duration: "12.5", Filesize: 1234567, Width: "640" },
        },
        {},
      ],
    });
    const { client, sent } = setUp([{ ...ok, body }]);
    const [first, second, ...rest] = await client.getTranscodeTask(["a", "b"], region);
    assert.match(sent[0]?.url ?? "", /\?JobIds=a%2Cb$/);
    assert.equal(sent[0]?.headers["x-acs-action"], "GetTranscodeTask");
    assert.deepEqual(first, {
      jobId: "a",
      status: "TranscodeFail",
      phase: "failed",
      progress: 42,
      errorCode: "InvalidParameter.OutputFormat",
      errorMessage: "no such format",
      templateId: "t",
      definition: "HD",
      priority: "6",
      createdAt: Date.UTC(2025, 2, 27, 8, 15, 46),
      finishedAt: Date.UTC(2025, 2, 27, 8, 15, 47),
      output: {
        url: "http://x/y.mp4",
        format: undefined,
        duration: 12.5,
        bitrate: undefined,
        fps: undefined,
        width: 640,
        height: undefined,
        size: 1234567,
        encryption: undefined,
      },
    });
    assert.equal(second?.phase, "unknown");
    assert.deepEqual(rest, []);
  });

  it("reads transcode jobs inside their task, wrapped or not", async () => {
    const job = { TranscodeJobId: "a", TranscodeJobStatus: "Transcoding" };
    for (const TranscodeJobInfoList of [[job], { TranscodeJobInfo: [job] }]) {
      const { client } = setUp([{ ...ok, body: JSON.stringify({ TranscodeTask: { TranscodeJobInfoList } }) }]);
      assert.equal((await client.getTranscodeTask(["a"], region))[0]?.phase, "running");
    }
  });

  it("asks for no transcode jobs without a call, and refuses more than ten", async () => {
    const { client, clock, sent } = setUp([ok]);
    assert.deepEqual(await client.getTranscodeTask([], region), []);
    const eleven = Array.from({ length: 11 }, String);
    assert.equal((await failure(client.getTranscodeTask(eleven, region), clock)).kind, "invalid");
    assert.equal(sent.length, 0);
  });

  it("lists the jobs of a medium", async () => {
    const JobInfoList = [
      { JobId: "a", Status: "TranscodeSuccess", CreateTime: "2025-03-27T08:15:46Z", CompleteTime: "", UserId: 5 },
    ];
    const { client, sent } = setUp([{ ...ok, body: JSON.stringify({ JobInfoList }) }]);
    assert.deepEqual(await client.listJobInfo("m", "transcode", region), [
      {
        id: "a",
        type: "transcode",
        status: "TranscodeSuccess",
        phase: "succeeded",
        userId: "5",
        createdAt: Date.UTC(2025, 2, 27, 8, 15, 46),
        finishedAt: undefined,
      },
    ]);
    assert.match(sent[0]?.url ?? "", /\?JobType=transcode&MediaId=m$|\?MediaId=m&JobType=transcode$/);
  });
});
