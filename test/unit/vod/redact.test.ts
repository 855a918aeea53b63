import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { redact } from "../../../src/vod/redact.ts";
import { signRequest } from "../../../src/vod/sign.ts";

// Put together here, so that no scanner takes a made-up key for a real one.
const keyId = `LTAI${"5tExample".repeat(2)}`;
const secret = "YourAccessKeySecret0123456789";
const token = `CAIS${"abcdefgh".repeat(6)}+/==`;

describe("redact", () => {
  const leaks: Record<string, string> = {
    "a signed request": JSON.stringify(
      signRequest({
        method: "POST",
        host: "vod.cn-shanghai.aliyuncs.com",
        action: "GetJobDetail",
        version: "2017-03-21",
        date: "2025-03-27T08:15:46Z",
        nonce: "1",
        query: {},
        credential: { accessKeyId: keyId, accessKeySecret: secret, securityToken: token },
      }),
    ),
    "a profile file": `{"access_key_id": "${keyId}", "access_key_secret": "${secret}", "sts_token":"${token}"}`,
    "a profile file in one error": `parse aliyun cli config failed: {"access_key_secret":"${secret}",`,
    "an STS answer": `{"Credentials":{"SecurityToken":"${token}","AccessKeyId":"STS.${"NUgYxxxx"}abcd","AccessKeySecret":"${secret}"}}`,
    "an ini file": `access_key_id = ${keyId}\naccess_key_secret = ${secret}`,
    "a query string": `https://host/?AccessKeyId=${keyId}&SecurityToken=${token}&Signature=${secret}`,
    headers: `x-acs-security-token: ${token}\nx-acs-accesskey-id:${keyId}\nAuthorization: Bearer ${secret}`,
    "a proxy with a password": `connect failed http://me:${secret}@proxy:8080`,
    "a proxy whose password has an @": `connect failed http://me:p@${secret}@proxy:8080`,
    "an echoed string to sign": `server string to sign is:ACS3-HMAC-SHA256\n${secret}`,
    "an echo in brackets": `server StringToSign is [ACS3-HMAC-SHA256\n${secret}] server CanonicalRequest is [POST\n/]`,
    "an echoed canonical request": `server CanonicalRequest is:[POST\n/\n\nx-acs-accesskey-id:${keyId}\n${secret}]`,
    "quoted escapes": `"accessKeySecret":"a\\"${secret}"`,
  };
  for (const [what, text] of Object.entries(leaks)) {
    it(`hides the secrets of ${what}`, () => {
      const clean = redact(text);
      for (const part of [keyId, secret, token, "STS.NUgY"]) assert.ok(!clean.includes(part), clean);
    });
  }

  it("hides given secrets wherever they stand", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.string(), fc.string(), (given, before, after) => {
        fc.pre(
          !"***".includes(given) && !`${before}***${after}`.includes(given) && !`${before}${after}`.includes(given),
        );
        assert.ok(!redact(`${before}${given}${after}`, [given, undefined, ""]).includes(given));
      }),
    );
  });

  it("leaves alone what a person needs to read", () => {
    const plain = [
      "GetJobDetail 5c9dff751ba0f3d1e2c34b59d50a967f cn-shanghai background ok 83 ms (1 attempt, waited 12 ms) request 6708D849-F109-1A6C-AC91-1234",
      "InvalidAccessKeyId.NotFound: Specified access key is not found.",
      "SignatureNonceUsed: Specified signature nonce was used already.",
      "MissingSecurityToken: SecurityToken is mandatory for this action.",
      "ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:443",
      "https://api.aliyun.com/troubleshoot?q=Forbidden.RAM&product=vod&requestId=1",
    ];
    for (const line of plain) assert.equal(redact(line), line);
  });
});
