import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import openApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import fc from "fast-check";
import { HmacKey } from "../../../src/vod/hmac.ts";
import {
  canonicalQuery,
  canonicalRequest,
  emptyPayloadHash,
  percentEncode,
  sha256Hex,
  signature,
  signatureDate,
  signRequest,
  type UnsignedRequest,
} from "../../../src/vod/sign.ts";

const key = { accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" };
const getJobDetail: UnsignedRequest = {
  method: "POST",
  host: "vod.cn-shanghai.aliyuncs.com",
  action: "GetJobDetail",
  version: "2017-03-21",
  date: "2025-03-27T08:15:46Z",
  nonce: "3156853299f313e23d1673dc12e1703d",
  query: { JobId: "5c9dff751ba0f3d1e2c34b59d50a967f", JobType: "workflow" },
  credential: key,
};

/** The package is CommonJS: to Node its default export is one level deeper than its types say. */
const OfficialClient = (openApi as unknown as { default: typeof openApi }).default;

function signatureOf(request: UnsignedRequest): string | undefined {
  return /Signature=([0-9a-f]{64})$/.exec(signRequest(request).headers.authorization ?? "")?.[1];
}

/** The canonical request of headers as they are sent, by the general function that a server uses. */
function canonicalOf(request: UnsignedRequest): string {
  const { headers, search } = signRequest(request);
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  return canonicalRequest({
    method: request.method,
    path: "/",
    query: search,
    headers: Object.fromEntries(names.map((name) => [name, headers[name] as string])),
    payloadHash: headers["x-acs-content-sha256"] as string,
  });
}

describe("official vectors", () => {
  const runInstances: UnsignedRequest = {
    ...getJobDetail,
    host: "ecs.cn-shanghai.aliyuncs.com",
    action: "RunInstances",
    version: "2014-05-26",
    date: "2023-10-26T10:22:32Z",
    query: { ImageId: "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", RegionId: "cn-shanghai" },
  };

  it("hashes the canonical request of the documentation", () => {
    assert.equal(
      sha256Hex(canonicalOf(runInstances)),
      "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259",
    );
  });

  it("signs the request of the documentation", () => {
    assert.equal(signatureOf(runInstances), "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
  });

  it("signs GetJobDetail", () => {
    assert.equal(signatureOf(getJobDetail), "22e7b23a1f93a421884a8f20706d2f27ed0c27926bc5290d971d107f46f8741c");
  });

  it("signs with a security token", () => {
    const credential = { ...key, securityToken: "YourSecurityToken" };
    assert.equal(
      signatureOf({ ...getJobDetail, credential }),
      "a5cf9424739a8431ccbb8e2e04e247ba87169c8774e97741974d85ef3b5d975e",
    );
  });

  it("signs ids with every kind of character", () => {
    const query = { JobId: "a b*!'()~/+中", JobType: "ai" };
    assert.equal(
      signatureOf({ ...getJobDetail, query }),
      "47e40c080708792182f51367d0533629886640d8417260dd2da8a4df6957dfaa",
    );
  });
});

describe("the official client", () => {
  const accessKeyId = fc.stringMatching(/^LTAI[A-Za-z0-9]{12,20}$/);
  const word = fc.string({ unit: "grapheme", maxLength: 12 });
  const request = fc.record({
    method: fc.constantFrom("GET" as const, "POST" as const),
    host: fc.stringMatching(/^[a-z]{3,8}\.[a-z]{2}-[a-z]{4,9}\.aliyuncs\.com$/),
    action: fc.stringMatching(/^[A-Z][A-Za-z]{3,15}$/),
    version: fc.constant("2017-03-21"),
    date: fc
      .date({ min: new Date(0), max: new Date("2099-01-01"), noInvalidDate: true })
      .map((at) => signatureDate(+at)),
    nonce: fc.stringMatching(/^[0-9a-f]{32}$/),
    query: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,9}$/), word, { maxKeys: 6 }),
    credential: fc.record({
      accessKeyId,
      accessKeySecret: fc.string({ minLength: 1, maxLength: 80 }),
      securityToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/), { nil: undefined }),
    }),
    body: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    contentType: fc.option(fc.constantFrom("application/json; charset=utf-8", "application/x-www-form-urlencoded"), {
      nil: undefined,
    }),
  });

  it("signs random requests to the same bytes", () => {
    fc.assert(
      fc.property(request, (unsigned) => {
        const { headers, search } = signRequest(unsigned);
        const { authorization, ...sent } = headers;
        const official = OpenApiUtil.getAuthorization(
          { ...unsigned, pathname: "/", headers: sent } as unknown as Parameters<
            typeof OpenApiUtil.getAuthorization
          >[0],
          "ACS3-HMAC-SHA256",
          OpenApiUtil.hash(Buffer.from(unsigned.body ?? ""), "ACS3-HMAC-SHA256").toString("hex"),
          unsigned.credential.accessKeyId,
          unsigned.credential.accessKeySecret,
        );
        assert.equal(authorization, official);
        assert.equal(search, canonicalQuery(unsigned.query));
      }),
    );
  });

  it("is what its signer gets: the general canonical request and HMAC of the same headers", () => {
    fc.assert(
      fc.property(request, (unsigned) => {
        assert.equal(signatureOf(unsigned), signature(canonicalOf(unsigned), unsigned.credential.accessKeySecret));
      }),
    );
  });

  describe("over a socket", () => {
    const seen: { url: string; method: string; headers: Record<string, string> }[] = [];
    const server = createServer((incoming, outgoing) => {
      seen.push({
        url: incoming.url ?? "",
        method: incoming.method ?? "",
        headers: incoming.headers as Record<string, string>,
      });
      outgoing.setHeader("content-type", "application/json").end('{"RequestId":"1"}');
    });
    before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
    after(() => server.close());

    for (const securityToken of [undefined, "YourSecurityToken"]) {
      it(`sends the signature we get for its nonce and date${securityToken ? ", with a security token" : ""}`, async () => {
        const config = new $OpenApiUtil.Config({
          ...key,
          securityToken,
          type: securityToken ? "sts" : "access_key",
          endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
          protocol: "HTTP",
        });
        const query = { JobId: "a b*!'()~/+中", JobType: "ai" };
        await new OfficialClient(config).callApi(
          new $OpenApiUtil.Params({
            action: "GetJobDetail",
            version: "2017-03-21",
            protocol: "HTTP",
            pathname: "/",
            method: "POST",
            authType: "AK",
            style: "RPC",
            reqBodyType: "formData",
            bodyType: "json",
          }),
          new $OpenApiUtil.OpenApiRequest({ query }),
          {} as Parameters<InstanceType<typeof OfficialClient>["callApi"]>[2],
        );
        const theirs = seen.at(-1);
        assert.ok(theirs);
        const { headers } = theirs;
        const ours = signRequest({
          ...getJobDetail,
          host: headers.host as string,
          date: headers["x-acs-date"] as string,
          nonce: headers["x-acs-signature-nonce"] as string,
          query,
          credential: { ...key, securityToken },
        });
        // Its header of which provider gave the credential is signed too; ours has none, so it is put back for comparing.
        const provider = headers["x-acs-credentials-provider"];
        const signed = canonicalRequest({
          method: "POST",
          path: "/",
          query: ours.search,
          headers: Object.fromEntries(
            Object.entries({ ...ours.headers, ...(provider && { "x-acs-credentials-provider": provider }) }).filter(
              ([name]) => name === "host" || name.startsWith("x-acs-"),
            ),
          ),
          payloadHash: emptyPayloadHash,
        });
        assert.match(
          headers.authorization as string,
          new RegExp(`Signature=${signature(signed, key.accessKeySecret)}$`),
        );
        const sent = new URL(theirs.url, "http://host").searchParams;
        assert.deepEqual(Object.fromEntries(sent), Object.fromEntries(new URLSearchParams(ours.search)));
      });
    }
  });
});

describe("forms of a request", () => {
  it("has every header to send, but signs only host, content-type and x-acs-*", () => {
    const { headers } = signRequest({ ...getJobDetail, body: "{}", contentType: "application/json" });
    assert.deepEqual(Object.keys(headers).sort(), [
      "accept",
      "authorization",
      "content-type",
      "host",
      "x-acs-action",
      "x-acs-content-sha256",
      "x-acs-date",
      "x-acs-signature-nonce",
      "x-acs-version",
    ]);
    assert.equal(headers.accept, "application/json");
    assert.match(
      headers.authorization as string,
      /SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,/,
    );
    assert.equal(headers["x-acs-content-sha256"], createHash("sha256").update("{}").digest("hex"));
  });

  it("sends a bearer token instead of a signature", () => {
    const { headers, search } = signRequest({
      ...getJobDetail,
      credential: { accessKeyId: "", accessKeySecret: "", bearerToken: "token" },
    });
    assert.equal(headers["x-acs-bearer-token"], "token");
    assert.equal(headers.authorization, undefined);
    assert.equal(search, "JobId=5c9dff751ba0f3d1e2c34b59d50a967f&JobType=workflow&SignatureType=BEARERTOKEN");
  });

  it("never puts the secret into what is sent", () => {
    assert.doesNotMatch(JSON.stringify(signRequest(getJobDetail)), /YourAccessKeySecret/);
  });
});

describe("parts of a signature", () => {
  it("percent-encodes all but the unreserved characters, so that decoding gives the text back", () => {
    const characters = fc.array(fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0x10ffff })));
    fc.assert(
      fc.property(characters, (codes) => {
        const text = String.fromCodePoint(...codes);
        const encoded = percentEncode(text);
        assert.match(encoded, /^([A-Za-z0-9\-_.~]|%[0-9A-F]{2})*$/);
        assert.equal(decodeURIComponent(encoded), text.replace(/\p{Surrogate}/gu, "\ufffd"));
      }),
    );
  });

  it("encodes what cannot be UTF-8 instead of throwing", () => {
    assert.equal(percentEncode("a\ud800b"), "a%EF%BF%BDb");
  });

  it("sorts a query by name in code unit order", () => {
    assert.equal(canonicalQuery({ b: "1", B: "2", a10: "3", a2: "4" }), "B=2&a10=3&a2=4&b=1");
    assert.equal(canonicalQuery({}), "");
  });

  it("computes the standard HMAC for keys of any length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, size: "max" }), fc.stringMatching(/^[ -~]{81}$/), (secret, text) => {
        const hmac = new HmacKey(secret, 81);
        const expected = createHmac("sha256", secret).update(text).digest("hex");
        assert.equal(hmac.sign(text), expected);
        assert.equal(hmac.sign(text), expected, "a second time with the same key");
      }),
    );
  });

  it("does not sign with the key of the call before", () => {
    const canonical = canonicalOf(getJobDetail);
    const first = signature(canonical, "one");
    assert.notEqual(signature(canonical, "two"), first);
    assert.equal(signature(canonical, "one"), first);
  });

  it("writes dates with whole seconds, rounded down", () => {
    assert.equal(signatureDate(Date.UTC(2025, 2, 27, 8, 15, 46, 999)), "2025-03-27T08:15:46Z");
    assert.equal(signatureDate(Date.UTC(2025, 2, 27, 8, 15, 47)), "2025-03-27T08:15:47Z");
    assert.equal(signatureDate(0), "1970-01-01T00:00:00Z");
  });
});
