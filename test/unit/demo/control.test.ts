import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import type { DemoJob } from "../../../src/demo/job.ts";
import { call } from "./client.ts";
import { asked, endpointFor, known, noon } from "./endpoint.ts";

const ask = (endpoint: DemoEndpoint, parameters: Record<string, string> = asked, action?: string) =>
  call(endpoint, parameters, { date: noon, action });

describe("demo endpoint: what tests can turn", () => {
  it("the next calls fail as told, then all is well again", async (t) => {
    const endpoint = await endpointFor(t);
    endpoint.control.fail(2, { code: "Throttling.Api", retryAfter: 700 });
    endpoint.control.fail(1);
    const answers = [await ask(endpoint), await ask(endpoint), await ask(endpoint), await ask(endpoint)];
    assert.deepEqual(
      answers.map(({ status, body, headers }) => [status, body.Code, headers["x-acs-retry-after"]]),
      [
        [503, "Throttling.Api", "700"],
        [503, "Throttling.Api", "700"],
        [500, "InternalError", undefined],
        [200, undefined, undefined],
      ],
    );
  });

  it("only calls of one action fail", async (t) => {
    const endpoint = await endpointFor(t);
    endpoint.control.fail(1, { code: "ServiceUnAvailable", action: "ListJobInfo" });
    assert.equal((await ask(endpoint)).status, 200);
    assert.equal((await ask(endpoint, { MediaId: "m", JobType: "ai" }, "ListJobInfo")).status, 503);
  });

  it("answers that are no answers: HTML, half of one, another status", async (t) => {
    const endpoint = await endpointFor(t);
    endpoint.control.fail(1, { body: "<html>Please log in</html>", contentType: "text/html" });
    const portal = await ask(endpoint);
    assert.deepEqual([portal.status, portal.headers["content-type"]], [200, "text/html"]);
    assert.equal(portal.text, "<html>Please log in</html>");
    endpoint.control.fail(1, { body: '{"RequestId":', status: 418, headers: { "x-more": "1" } });
    const half = await ask(endpoint);
    assert.deepEqual([half.status, half.text, half.headers["x-more"]], [418, '{"RequestId":', "1"]);
    assert.deepEqual(
      endpoint.calls.map(({ outcome }) => outcome),
      ["fault", "fault"],
    );
  });

  it("connections that break or stay silent; recover drops what was planned", async (t) => {
    const endpoint = await endpointFor(t);
    endpoint.control.fail(1, { connection: "reset" });
    await assert.rejects(ask(endpoint), { code: "ECONNRESET" });
    endpoint.control.fail(5, { connection: "silence" });
    const waiting = assert.rejects(ask(endpoint), { code: "ECONNRESET" });
    while (endpoint.calls.length < 2) await new Promise((resolve) => setImmediate(resolve));
    endpoint.control.recover();
    assert.equal((await ask(endpoint)).status, 200);
    await endpoint.close();
    await waiting;
  });

  it("jobs come, change and go", async (t) => {
    const endpoint = await endpointFor(t);
    endpoint.control.addJob({ ...known, answer: () => ({ Status: "success" }) });
    assert.equal((await ask(endpoint)).body.AIJobDetail.Status, "success");
    endpoint.control.addJob({ ...known, answer: () => "not even JSON" });
    assert.equal((await ask(endpoint)).text, "not even JSON");
    endpoint.control.removeJob(known);
    assert.equal((await ask(endpoint)).body.Code, "NoSuchResource");
  });

  it("logs every call, and keeps the newest", async (t) => {
    const endpoint = await endpointFor(t);
    await ask(endpoint);
    await call(endpoint, { MediaId: "m", JobType: "snapshot" }, { date: noon, action: "ListJobInfo", method: "GET" });
    const always = { region: "cn-shanghai", accessKeyId: endpoint.accessKeyId, at: noon, outcome: "ok" };
    assert.deepEqual(endpoint.calls, [
      { action: "GetJobDetail", id: "known", type: "ai", method: "POST", ...always },
      { action: "ListJobInfo", id: "m", type: "snapshot", method: "GET", ...always },
    ]);
  });

  it("tells regions apart: each has an address of its own and knows its own jobs only", async (t) => {
    const abroad: DemoJob = { ...known, id: "abroad", region: "ap-southeast-1" };
    const endpoint = await endpointFor(t, { catalogue: [known, abroad] });
    const regions = ["cn-shanghai", "ap-southeast-1", "eu-central-1", "us-west-1"];
    assert.notEqual(await endpoint.urlOf("eu-central-1"), await endpoint.urlOf("ap-southeast-1"));
    assert.equal(await endpoint.urlOf("eu-central-1"), await endpoint.urlOf("us-west-1"));
    const answers = await Promise.all(
      regions.flatMap((region) =>
        [known, abroad].map(async ({ id }) => {
          const answer = await ask({ ...endpoint, url: await endpoint.urlOf(region) }, { JobId: id, JobType: "ai" });
          return `${region} ${id} ${answer.body.Code ?? "ok"}`;
        }),
      ),
    );
    assert.deepEqual(
      answers.filter((one) => one.endsWith("ok")),
      ["cn-shanghai known ok", "ap-southeast-1 abroad ok"],
    );
    assert.deepEqual(
      ["cn-shanghai", "ap-southeast-1", "eu-central-1"].map((region) => endpoint.jobsOf(region).map(({ id }) => id)),
      [["known"], ["abroad"], []],
    );
    assert.equal(endpoint.url, await endpoint.urlOf("cn-shanghai"));
  });

  it("a temporary key ends when told", async (t) => {
    const endpoint = await endpointFor(t);
    const temporary = { ...endpoint.control.issueKey(60), url: endpoint.url };
    const code = async () => (await call(temporary, asked, { date: noon })).body.Code;
    assert.equal(await code(), undefined);
    endpoint.control.expireKey(temporary.accessKeyId);
    assert.equal(await code(), "InvalidSecurityToken.Expired");
  });

  it("holds answers back, and lets go of them when it closes", async (t) => {
    const endpoint = await endpointFor(t, { latency: 3_600_000 });
    const waiting = assert.rejects(ask(endpoint), { code: "ECONNRESET" });
    while (endpoint.calls.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await endpoint.close();
    await waiting;
  });

  it("says when a port is taken, and gives it back when it closes", async () => {
    const one = await startEndpoint();
    const port = Number(new URL(one.url).port);
    await assert.rejects(startEndpoint({ port }), { code: "EADDRINUSE" });
    await one.close();
    const other = await startEndpoint({ port });
    assert.equal(other.url, one.url);
    await other.close();
  });
});
