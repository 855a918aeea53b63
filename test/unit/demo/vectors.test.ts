import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NonceMemory, verify } from "../../../src/demo/verify.ts";

const key = { id: "YourAccessKeyId", secret: "YourAccessKeySecret" };
const token = "YourSecurityToken";

interface Vector {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  readonly date: string;
  readonly query: string;
  readonly token?: string;
  readonly signature: string;
}

const vod = {
  host: "vod.cn-shanghai.aliyuncs.com",
  action: "GetJobDetail",
  version: "2017-03-21",
  date: "2025-03-27T08:15:46Z",
};

/** The official vector and those made with the official client (vod-facts §3). */
const vectors: Record<string, Vector> = {
  official: {
    host: "ecs.cn-shanghai.aliyuncs.com",
    action: "RunInstances",
    version: "2014-05-26",
    date: "2023-10-26T10:22:32Z",
    query: "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
    signature: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
  },
  "job detail": {
    ...vod,
    query: "JobId=5c9dff751ba0f3d1e2c34b59d50a967f&JobType=workflow",
    signature: "22e7b23a1f93a421884a8f20706d2f27ed0c27926bc5290d971d107f46f8741c",
  },
  "with a token": {
    ...vod,
    query: "JobId=5c9dff751ba0f3d1e2c34b59d50a967f&JobType=workflow",
    token,
    signature: "a5cf9424739a8431ccbb8e2e04e247ba87169c8774e97741974d85ef3b5d975e",
  },
  "with characters that need an escape": {
    ...vod,
    query: `JobId=${encodeURIComponent("a b*!'()~/+中")}&JobType=ai`,
    signature: "47e40c080708792182f51367d0533629886640d8417260dd2da8a4df6957dfaa",
  },
};

describe("demo endpoint: official signature vectors", () => {
  for (const [name, vector] of Object.entries(vectors)) {
    it(name, () => {
      const check = (signature: string) => {
        const headers: Record<string, string> = {
          host: vector.host,
          "x-acs-action": vector.action,
          "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "x-acs-date": vector.date,
          "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
          "x-acs-version": vector.version,
          ...(vector.token ? { "x-acs-accesskey-id": key.id, "x-acs-security-token": vector.token } : {}),
        };
        const names = Object.keys(headers).sort().join(";");
        const authorization = `ACS3-HMAC-SHA256 Credential=${key.id},SignedHeaders=${names},Signature=${signature}`;
        const rawHeaders = Object.entries({ ...headers, Authorization: authorization }).flat();
        const request = { method: "POST", url: `/?${vector.query}`, rawHeaders, body: Buffer.alloc(0) };
        const expiresAt = Number.POSITIVE_INFINITY;
        const ring = {
          find: () => ({ ...key, token: vector.token ? { text: vector.token, expiresAt } : undefined }),
          isInactive: () => false,
        };
        verify(request, ring, new NonceMemory(), Date.parse(vector.date));
      };
      check(vector.signature);
      assert.throws(() => check(vector.signature.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"))), {
        code: "SignatureDoesNotMatch",
      });
    });
  }
});
