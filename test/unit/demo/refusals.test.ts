import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import { type Answer, type CallOptions, call, send } from "./client.ts";
import { asked, known, noon } from "./endpoint.ts";

const minute = 60_000;

describe("demo endpoint: refusals", () => {
  let endpoint: DemoEndpoint;
  let now = noon;
  const ask = (parameters: Record<string, string>, options: CallOptions = {}) =>
    call(endpoint, parameters, { date: now, ...options });

  before(async () => {
    endpoint = await startEndpoint({ now: () => now, catalogue: [known], limits: { perSecond: null } });
  });
  beforeEach(() => {
    now = noon;
    endpoint.control.restore();
    endpoint.control.allow();
    endpoint.control.recover();
  });
  after(() => endpoint.close());

  /** The documented body: exactly these fields, this code, this status, and the outcome in the log. */
  function assertRefused({ status, headers, body }: Answer, code: string, expected: number, more: string[] = []) {
    assert.deepEqual([body.Code, status], [code, expected]);
    assert.deepEqual(Object.keys(body), ["RequestId", "HostId", "Code", "Message", "Recommend", ...more]);
    assert.match(body.RequestId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    assert.equal(headers["x-acs-request-id"], body.RequestId);
    assert.equal(headers["content-type"], "application/json;charset=utf-8");
    assert.ok(body.Message.length > 10);
    assert.ok(body.Recommend.includes(`q=${encodeURIComponent(code)}`) && body.Recommend.includes(body.RequestId));
    assert.equal(endpoint.calls.at(-1)?.outcome, code);
  }

  it("an unknown, a deleted and a disabled key", async () => {
    const stranger = { ...endpoint, accessKeyId: "LTAIstranger" };
    assertRefused(await call(stranger, asked, { date: noon }), "InvalidAccessKeyId.NotFound", 404);
    endpoint.control.revoke();
    assertRefused(await ask(asked), "InvalidAccessKeyId.Inactive", 400);
    endpoint.control.revoke("deleted");
    assertRefused(await ask(asked), "InvalidAccessKeyId.NotFound", 404);
    endpoint.control.restore();
    assert.equal((await ask(asked)).status, 200);
  });

  it("a wrong secret, with the string to sign in the message", async () => {
    const { accessKeyId, securityToken, accessKeySecret } = endpoint.control.issueKey(60);
    const wrong = { url: endpoint.url, accessKeyId, securityToken, accessKeySecret: `${accessKeySecret}x` };
    const answer = await call(wrong, asked, { date: noon, headers: { "x-acs-accesskey-id": accessKeyId } });
    assertRefused(answer, "SignatureDoesNotMatch", 400);
    assert.ok(answer.body.Message.includes("server StringToSign is [ACS3-HMAC-SHA256\n"));
    assert.ok(answer.body.Message.includes(accessKeyId), "the key id is echoed");
    assert.ok(answer.body.Message.includes(securityToken), "the token is echoed");
    assert.ok(!answer.text.includes(accessKeySecret), "the secret never is");
  });

  it("no or a malformed Authorization", async () => {
    for (const value of ["", "Basic abc", "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=00"]) {
      const answer = await ask(asked, {
        tamper: ({ headers }) => {
          headers.authorization = value;
        },
      });
      assertRefused(answer, "IncompleteSignature", 400);
    }
  });

  it("a nonce that was used, or none", async () => {
    assert.equal((await ask(asked, { nonce: "once" })).status, 200);
    assertRefused(await ask(asked, { nonce: "once" }), "SignatureNonceUsed", 400);
    now += 31 * minute;
    assert.equal((await ask(asked, { nonce: "once" })).status, 200, "forgotten when no valid request can carry it");
    assertRefused(await ask(asked, { headers: { "x-acs-signature-nonce": undefined } }), "MissingSignatureNonce", 400);
  });

  it("a nonce of a refused signature stays free", async () => {
    const wrong = { ...endpoint, accessKeySecret: "wrong" };
    assertRefused(await call(wrong, asked, { date: noon, nonce: "mine" }), "SignatureDoesNotMatch", 400);
    assert.equal((await ask(asked, { nonce: "mine" })).status, 200);
  });

  it("a clock that is off by more than 15 minutes, either way", async () => {
    for (const skew of [15 * minute, -15 * minute]) assert.equal((await ask(asked, { date: noon + skew })).status, 200);
    for (const skew of [15 * minute + 1000, -60 * minute]) {
      assertRefused(await ask(asked, { date: noon + skew }), "InvalidTimeStamp.Expired", 400);
    }
    for (const date of [undefined, "2025-03-27 12:00:00", "2025-13-99T99:99:99Z"]) {
      const { body } = await ask(asked, { headers: { "x-acs-date": date } });
      assert.match(body.Code, /^InvalidTimeStamp\./);
    }
  });

  it("a temporary key: expired, without its token, with another's", async () => {
    const temporary = { url: endpoint.url, ...endpoint.control.issueKey(60) };
    const other = endpoint.control.issueKey(60);
    const as = (caller: Parameters<typeof call>[0]) => call(caller, asked, { date: now });
    assert.equal((await as(temporary)).status, 200);
    assertRefused(await as({ ...temporary, securityToken: undefined }), "MissingSecurityToken", 400);
    const mixed = { ...temporary, securityToken: other.securityToken };
    assertRefused(await as(mixed), "InvalidSecurityToken.Malformed", 400);
    const strange = { ...endpoint, securityToken: temporary.securityToken };
    assertRefused(await as(strange), "InvalidSecurityToken.MismatchWithAccessKey", 400);
    now += minute;
    assertRefused(await as(temporary), "InvalidSecurityToken.Expired", 400);
  });

  it("a missing, a wrong and an unknown parameter", async () => {
    const missing = await ask({ JobType: "ai" });
    assertRefused(missing, "MissingParameter", 400);
    assert.ok(missing.body.Message.includes('"JobId"'));
    assertRefused(await ask({ JobId: "", JobType: "ai" }), "MissingParameter", 400);
    assertRefused(await ask({ JobId: "known" }), "MissingParameter", 400);
    for (const JobType of ["AI", "audit", "__proto__"]) {
      assertRefused(await ask({ JobId: "known", JobType }), "InvalidParameter", 400);
    }
    const unknown = await ask({ ...asked, jobId: "known" });
    assertRefused(unknown, "UnsupportedParameter", 400);
    assert.ok(unknown.body.Message.includes('"jobId"'));
  });

  it("a job that is not there, and one of another type", async () => {
    assertRefused(await ask({ JobId: "f".repeat(32), JobType: "ai" }), "NoSuchResource", 404);
    const { status, body } = await ask({ JobId: "known", JobType: "workflow" });
    assert.deepEqual([status, Object.keys(body)], [200, ["RequestId", "JobType"]]);
  });

  it("an action or a version that does not exist", async () => {
    for (const action of ["DeleteVideo", "toString", "__proto__", ""]) {
      assertRefused(await ask(asked, { action }), "InvalidAction.NotFound", 404);
    }
    assertRefused(await ask(asked, { version: "2016-01-01" }), "InvalidVersion", 400);
  });

  it("a permission that was taken away", async () => {
    endpoint.control.deny("GetJobDetail");
    const answer = await ask(asked);
    assertRefused(answer, "Forbidden.RAM", 403, ["AccessDeniedDetail"]);
    assert.equal(answer.body.AccessDeniedDetail.AuthAction, "vod:GetJobDetail");
    assert.equal((await ask({ MediaId: "m", JobType: "ai" }, { action: "ListJobInfo" })).status, 200);
    endpoint.control.deny();
    assertRefused(await ask({ MediaId: "m", JobType: "ai" }, { action: "ListJobInfo" }), "Forbidden.RAM", 403, [
      "AccessDeniedDetail",
    ]);
    endpoint.control.allow();
    assert.equal((await ask(asked)).status, 200);
  });

  it("a host that is not loopback, whoever signs it: no page can rebind its name to the endpoint", async () => {
    for (const host of [
      "vod.cn-shanghai.aliyuncs.com",
      "evil.example:80",
      "127.0.0.1.evil.example",
      "localhost.evil",
    ]) {
      assertRefused(await ask(asked, { host }), "Forbidden.Host", 403);
    }
    for (const host of ["127.0.0.1", "localhost:8080", "[::1]:1"])
      assert.equal((await ask(asked, { host })).status, 200);
  });

  it("methods that are no calls, and it never allows another origin", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS"]) {
      const headers = { origin: "http://evil.example", "access-control-request-method": "POST" };
      const answer = await send(new URL(endpoint.url), method, "/", headers);
      assertRefused(answer, "UnsupportedHTTPMethod", 403);
      assert.deepEqual(
        Object.keys(answer.headers).filter((name) => name.startsWith("access-control")),
        [],
      );
    }
  });

  it("a body that is too large to be a call, without reading it all", async () => {
    const huge = send(new URL(endpoint.url), "POST", "/", {}, "x".repeat(1_000_000));
    await assert.rejects(huge, { code: /^(ECONNRESET|EPIPE)$/ });
    assert.equal((await ask(asked)).status, 200);
  });
});
