import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import openApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import { VodClient } from "../../../src/vod/client.ts";
import { systemClock } from "../../../src/vod/clock.ts";
import { openTransport, type Transport } from "../../../src/vod/transport.ts";
import type { Credential, JobType } from "../../../src/vod/types.ts";

// The module is CommonJS with its class under `default`.
const OfficialClient = ((openApi as { default?: unknown }).default ?? openApi) as typeof openApi;

interface OfficialAnswer {
  readonly statusCode: number;
  readonly body: string;
}

/** The official generic client, pointed at the endpoint. Its answer is kept as text, so that bytes can be compared. */
function officialClient({ url }: DemoEndpoint, credential: Credential) {
  const { accessKeyId, accessKeySecret, securityToken } = credential;
  const config = { accessKeyId, accessKeySecret, securityToken, endpoint: new URL(url).host, protocol: "HTTP" };
  const client = new OfficialClient(new $OpenApiUtil.Config(config));
  return async (action: string, parameters: Record<string, string>, method = "POST", form = false) => {
    const api = { action, version: "2017-03-21", protocol: "HTTP", method, pathname: "/", style: "RPC" };
    const types = { authType: "AK", bodyType: "string", reqBodyType: form ? "formData" : "json" };
    const request = new $OpenApiUtil.OpenApiRequest(form ? { body: parameters } : { query: parameters });
    const runtime = {} as Parameters<typeof client.callApi>[2];
    const answer = await client.callApi(new $OpenApiUtil.Params({ ...api, ...types }), request, runtime);
    return answer as unknown as OfficialAnswer;
  };
}

/** Our own client, as the extension builds it but for the shared budget. */
function ourClient({ url }: DemoEndpoint, credential: Credential, { send }: Transport): VodClient {
  return new VodClient({
    endpoint: () => url,
    credentials: { get: async () => credential, invalidate: () => {} },
    budget: { take: async () => {}, throttled: () => {}, succeeded: () => {} },
    send,
    clock: systemClock,
    random: Math.random,
  });
}

/** The same moment is the same answer, but for the id of the request. */
const withoutRequestId = (body: string) => body.replace(/^\{"RequestId":"[0-9A-F-]{36}",/, "{");

describe("the official client and ours at the demo endpoint", () => {
  const moment = Date.now();
  let endpoint: DemoEndpoint;
  let transport: Transport;
  before(async () => {
    endpoint = await startEndpoint({ now: () => moment, limits: { perSecond: null } });
    transport = openTransport();
  });
  after(async () => {
    await transport.close();
    await endpoint.close();
  });

  it("get the same job of every type, by GET, by POST and from a form", async () => {
    const official = officialClient(endpoint, endpoint);
    const ours = ourClient(endpoint, endpoint, transport);
    const names = ["live/transcode-90s", "live/snapshot", "live/ai-censor", "live/localize", "odd/hostile"];
    for (const name of [...names, "sample/transcode", "sample/snapshot", "sample/ai", "sample/workflow"]) {
      const job = endpoint.jobs.find((one) => one.name === name);
      assert.ok(job, name);
      const { raw, detail } = await ours.getJobDetail(
        { account: "demo", region: "cn-shanghai", type: job.type, id: job.id },
        { lane: "interactive" },
      );
      assert.equal(detail.type, job.type);
      const asked = { JobId: job.id, JobType: job.type };
      for (const [method, form] of [["GET"], ["POST"], ["POST", true]] as [string, boolean?][]) {
        const { statusCode, body } = await official("GetJobDetail", asked, method, form);
        assert.equal(statusCode, 200);
        assert.equal(withoutRequestId(body), withoutRequestId(raw), `${name} by ${method}`);
      }
    }
  });

  it("are both let in with a temporary key", async () => {
    const credential = endpoint.control.issueKey(60);
    const job = endpoint.jobs.find(({ type }) => type === "workflow");
    assert.ok(job);
    const { body } = await officialClient(endpoint, credential)("GetJobDetail", { JobId: job.id, JobType: job.type });
    const ref = { account: "demo", region: "cn-shanghai", type: job.type as JobType, id: job.id };
    const { raw } = await ourClient(endpoint, credential, transport).getJobDetail(ref, { lane: "interactive" });
    assert.equal(withoutRequestId(body), withoutRequestId(raw));
  });

  it("list the same jobs of a medium and the same progress", async () => {
    const official = officialClient(endpoint, endpoint);
    const ours = ourClient(endpoint, endpoint, transport);
    const job = endpoint.jobs.find(({ name }) => name === "live/transcode-6min");
    assert.ok(job?.mediaId);
    const options = { region: "cn-shanghai", lane: "interactive" } as const;
    const listed = await ours.listJobInfo(job.mediaId, "transcode", options);
    const list = JSON.parse((await official("ListJobInfo", { MediaId: job.mediaId, JobType: "transcode" })).body);
    assert.deepEqual(
      listed.map(({ id, status }) => [id, status]),
      list.JobInfoList.map((info: Record<string, string>) => [info.JobId, info.Status]),
    );
    const [progress] = await ours.getTranscodeTask([job.id], options);
    const task = JSON.parse((await official("GetTranscodeTask", { JobIds: job.id }, "GET")).body);
    assert.equal(progress?.progress, task.TranscodeJobInfoList[0].TranscodeProgress);
    assert.equal(progress?.progress, 19);
  });

  it("are both refused with a wrong secret, and ours repeats no part of the credential that the service echoes", async () => {
    const credential = { ...endpoint.control.issueKey(60), accessKeySecret: "wrong-secret" };
    const asked = { JobId: "any", JobType: "ai" };
    await assert.rejects(officialClient(endpoint, credential)("GetJobDetail", asked), (error: Error) => {
      assert.ok(error.message.includes(credential.securityToken), "the service does echo the token");
      return true;
    });
    const ref = { account: "demo", region: "cn-shanghai", type: "ai", id: "any" } as const;
    await assert.rejects(
      ourClient(endpoint, credential, transport).getJobDetail(ref, { lane: "interactive" }),
      (error: Error & { kind: string; code: string }) => {
        assert.deepEqual([error.kind, error.code], ["credentials", "SignatureDoesNotMatch"]);
        for (const part of Object.values(credential)) assert.ok(!error.message.includes(part));
        return true;
      },
    );
  });
});
