import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VodError, type VodErrorKind } from "../../../src/vod/errors.ts";
import { kindOf, readAnswer } from "../../../src/vod/failure.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function failureOf(...args: Parameters<typeof answer>): VodError {
  try {
    readAnswer(answer(...args), ["YourAccessKeyId", "YourAccessKeySecret", undefined]);
  } catch (error) {
    assert.ok(error instanceof VodError);
    return error;
  }
  assert.fail("no failure");
}

describe("kindOf", () => {
  const documented: Record<string, [number, VodErrorKind]> = {
    Throttling: [400, "throttled"],
    "Throttling.User": [429, "throttled"],
    "Throttling.Api": [503, "throttled"],
    MissingParameter: [400, "invalid"],
    InvalidParameter: [400, "invalid"],
    OperationDenied: [400, "invalid"],
    "OperationDenied.Suspended": [403, "invalid"],
    Forbidden: [403, "permission"],
    "Forbidden.RAM": [403, "permission"],
    NoPermission: [403, "permission"],
    "InvalidAccessKeyId.NotFound": [404, "credentials"],
    "InvalidAccessKeyId.Inactive": [400, "credentials"],
    SignatureDoesNotMatch: [400, "credentials"],
    SignatureNonceUsed: [400, "service"],
    "InvalidTimeStamp.Expired": [400, "clock-skew"],
    IllegalTimestamp: [400, "clock-skew"],
    "InvalidSecurityToken.Expired": [400, "expired-token"],
    "InvalidSecurityToken.Malformed": [400, "credentials"],
    MissingSecurityToken: [400, "credentials"],
    InternalError: [500, "service"],
    ServiceUnAvailable: [503, "service"],
    ServiceUnavailable: [503, "service"],
    NoSuchResource: [404, "not-found"],
    "InvalidVideo.NotFound": [404, "not-found"],
    "InvalidAction.NotFound": [404, "invalid"],
  };
  for (const [code, [status, kind]] of Object.entries(documented)) {
    it(`decides ${code} by its code, whatever the status`, () => {
      for (const any of [status, 200, 400, 403, 404, 500]) assert.equal(kindOf(code, any), kind);
    });
  }

  it("decides by the status where no code is known", () => {
    const byStatus = { 400: "not-found", 401: "credentials", 403: "permission", 404: "not-found", 408: "service" };
    const more = { 302: "malformed", 429: "throttled", 500: "service", 503: "service" };
    for (const [status, kind] of Object.entries({ ...byStatus, ...more })) {
      assert.equal(kindOf(undefined, Number(status)), kind);
      assert.equal(kindOf("Whatever", Number(status)), kind);
    }
  });
});

describe("readAnswer", () => {
  it("gives the parsed body and the request id of a success", () => {
    assert.deepEqual(readAnswer(answer(200, '{"RequestId":"R","UserId":12345678901234567}')), {
      value: { RequestId: "R", UserId: "12345678901234567" },
      requestId: "R",
    });
    assert.equal(readAnswer(answer(200, {}, { "x-acs-request-id": "H" })).requestId, "H");
  });

  it("tells everything the service said of a failure", () => {
    const failure = failureOf(403, {
      RequestId: "R",
      HostId: "vod.cn-shanghai.aliyuncs.com",
      Code: "Forbidden.RAM",
      Message: "User not authorized to operate on the specified resource.",
      Recommend: "https://api.aliyun.com/troubleshoot?q=Forbidden.RAM&product=vod",
    });
    assert.deepEqual(
      { ...failure },
      {
        name: "VodError",
        kind: "permission",
        code: "Forbidden.RAM",
        status: 403,
        requestId: "R",
        retryAfter: undefined,
        recommend: "https://api.aliyun.com/troubleshoot?q=Forbidden.RAM&product=vod",
        searched: undefined,
        unsent: undefined,
      },
    );
    assert.equal(failure.message, "Forbidden.RAM: User not authorized to operate on the specified resource.");
  });

  it("reads lowercase keys", () => {
    const failure = failureOf(400, { requestId: "r", code: "Throttling.User", message: "slow down", recommend: "x" });
    assert.deepEqual(
      [failure.kind, failure.requestId, failure.message],
      ["throttled", "r", "Throttling.User: slow down"],
    );
  });

  it("takes a code for a failure though the status is 200", () => {
    assert.equal(failureOf(200, { Code: "NoSuchResource" }).kind, "not-found");
  });

  it("takes an error status for a failure though there is no code", () => {
    const failure = failureOf(503, { RequestId: "R" });
    assert.deepEqual([failure.kind, failure.message], ["service", "HTTP 503: no message"]);
  });

  it("offers only links to the service's own pages", () => {
    for (const Recommend of [
      "https://evil.com/",
      "javascript:alert(1)",
      "https://aliyun.com.evil.com/",
      "http://api.aliyun.com/",
      7,
    ]) {
      assert.equal(failureOf(400, { Code: "X", Recommend }).recommend, undefined, String(Recommend));
    }
  });

  it("hides the string to sign and the key that SignatureDoesNotMatch echoes", () => {
    const { message } = failureOf(400, {
      Code: "SignatureDoesNotMatch",
      Message:
        "Specified signature does not match our calculation. server string to sign is:ACS3-HMAC-SHA256\nYourAccessKeyId 22e7b23a",
    });
    assert.match(message, /^SignatureDoesNotMatch: Specified signature does not match our calculation/);
    assert.doesNotMatch(message, /YourAccessKeyId|22e7b23a/);
  });

  it("hides the key wherever a message names it", () => {
    assert.doesNotMatch(
      failureOf(404, { Code: "InvalidAccessKeyId.NotFound", Message: "YourAccessKeyId is unknown" }).message,
      /YourAccess/,
    );
  });

  describe("how long to wait", () => {
    const waits: [string, Record<string, string>, number | undefined][] = [
      ["x-acs-retry-after in milliseconds", { "x-acs-retry-after": "1500" }, 1500],
      ["TimeLeft in milliseconds", { "x-ratelimit-user-api": "Limit:1,Remain:0,TimeLeft:2000,Reset:1234" }, 2000],
      [
        "the longest TimeLeft",
        { "x-ratelimit-user-api": "Limit:1,Remain:0,TimeLeft:20", "x-ratelimit-user": "TimeLeft: 300" },
        300,
      ],
      ["x-acs-retry-after before the older ones", { "x-acs-retry-after": "7", "x-ratelimit-user": "TimeLeft:300" }, 7],
      ["retry-after in seconds", { "retry-after": "2" }, 2000],
      ["no header", {}, undefined],
      ["nonsense", { "x-acs-retry-after": "soon", "x-ratelimit-user": "TimeLeft:", "retry-after": "-1" }, undefined],
      ["no longer than a day", { "x-acs-retry-after": "99999999999999999999" }, 86_400_000],
    ];
    for (const [what, headers, expected] of waits) {
      it(`reads ${what}`, () => assert.equal(failureOf(429, { Code: "Throttling" }, headers).retryAfter, expected));
    }
  });

  describe("what is not the service's answer", () => {
    it("says that a proxy or sign-in page is in the way of HTML, with any status", () => {
      for (const status of [200, 302, 403, 502]) {
        const failure = failureOf(status, "<!DOCTYPE html><html>Please log in</html>", { "content-type": "text/html" });
        assert.equal(failure.kind, "malformed");
        assert.equal(failure.status, status);
        assert.match(failure.message, /HTML page .*proxy or a sign-in page/);
      }
    });

    it("is throttling when the status says so, whatever page a gateway sends with it", () => {
      for (const body of ["", "<html>Slow down</html>", "slow down"]) {
        const { kind, retryAfter } = failureOf(429, body, { "retry-after": "7" });
        assert.deepEqual([kind, retryAfter], ["throttled", 7_000]);
      }
    });

    it("says that JSON is cut off, without showing it", () => {
      const failure = failureOf(200, '{"RequestId":"R","TranscodeJobDetail":{"JobId":"5c9d');
      assert.equal(failure.kind, "malformed");
      assert.match(failure.message, /cut off/);
      assert.doesNotMatch(failure.message, /5c9d/);
    });

    it("names an empty answer, and one that is JSON but no object", () => {
      assert.match(failureOf(200, "").message, /empty/);
      assert.match(failureOf(200, "[]").message, /no JSON object/);
      assert.match(failureOf(200, "<?xml version='1.0'?><Error/>").message, /XML came instead of JSON/);
    });
  });
});
