import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkedEndpoint, endpointOf, isRegionName, regions } from "../../../src/vod/endpoints.ts";
import { VodError } from "../../../src/vod/errors.ts";

const refused = (error: unknown) => error instanceof VodError && error.kind === "invalid";

describe("endpointOf", () => {
  it("follows the rule for every region of the table, and for new ones", () => {
    for (const { id } of regions) assert.equal(endpointOf(id), `https://vod.${id}.aliyuncs.com`);
    assert.equal(endpointOf("ap-south-9"), "https://vod.ap-south-9.aliyuncs.com");
  });

  it("serves cn-hangzhou from cn-shanghai, as the official SDKs do", () => {
    assert.equal(endpointOf("cn-hangzhou"), "https://vod.cn-shanghai.aliyuncs.com");
    assert.equal(endpointOf("cn-hangzhou", "vpc"), "https://vod-vpc.cn-shanghai.aliyuncs.com");
  });

  it("gives a VPC endpoint only where one is documented", () => {
    assert.equal(endpointOf("eu-central-1", "vpc"), "https://vod-vpc.eu-central-1.aliyuncs.com");
    assert.throws(() => endpointOf("me-central-1", "vpc"), refused);
    assert.throws(() => endpointOf("cn-north-2-gov-1", "vpc"), refused);
  });

  it("lets no region name another host", () => {
    const hostile = ["", "cn", "evil.com/", "cn-shanghai.evil.com", "cn-shanghai#", "cn-shanghai@evil", "CN-SHANGHAI"];
    for (const name of [
      ...hostile,
      "cn_shanghai",
      "cn-",
      "-cn",
      "cn--x",
      "cn-shanghai\n",
      "cn-ｓhanghai",
      "a".repeat(99),
    ]) {
      assert.equal(isRegionName(name), false, name);
      assert.throws(() => endpointOf(name), refused, name);
    }
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("", "cn-", "cn-shanghai"), (text, before) => {
        const name = before + text;
        if (isRegionName(name)) assert.equal(new URL(endpointOf(name)).hostname, `vod.${name}.aliyuncs.com`);
        else assert.throws(() => endpointOf(name), refused);
      }),
    );
  });
});

describe("checkedEndpoint", () => {
  it("accepts https hosts of aliyuncs.com", () => {
    assert.equal(checkedEndpoint("https://vod.cn-shanghai.aliyuncs.com"), "https://vod.cn-shanghai.aliyuncs.com");
    assert.equal(checkedEndpoint("https://VOD.aliyuncs.com/"), "https://vod.aliyuncs.com");
  });

  const refusals = {
    "another host": "https://vod.example.com",
    "a host that only ends alike": "https://evilaliyuncs.com",
    "a host that only begins alike": "https://vod.aliyuncs.com.evil.com",
    "the bare domain": "https://aliyuncs.com",
    "plain http": "http://vod.cn-shanghai.aliyuncs.com",
    "another port": "https://vod.cn-shanghai.aliyuncs.com:8443",
    "a user": "https://vod.cn-shanghai.aliyuncs.com@evil.com",
    "a user of the right host": "https://me:secret@vod.cn-shanghai.aliyuncs.com",
    "a path": "https://vod.cn-shanghai.aliyuncs.com/path",
    "a query": "https://vod.cn-shanghai.aliyuncs.com/?x",
    "a fragment": "https://vod.cn-shanghai.aliyuncs.com/#x",
    "another scheme": "ftp://vod.cn-shanghai.aliyuncs.com",
    "no URL": "vod.cn-shanghai.aliyuncs.com",
    nothing: "",
    loopback: "http://127.0.0.1:8080",
    "loopback by https": "https://localhost",
  };
  for (const [what, endpoint] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => assert.throws(() => checkedEndpoint(endpoint), refused));
  }

  it("accepts loopback for the demo, and only that", () => {
    const loopback = { loopback: true };
    assert.equal(checkedEndpoint("http://127.0.0.1:8080", loopback), "http://127.0.0.1:8080");
    assert.equal(checkedEndpoint("http://localhost:1/", loopback), "http://localhost:1");
    assert.equal(checkedEndpoint("http://[::1]:8080", loopback), "http://[::1]:8080");
    assert.throws(() => checkedEndpoint("http://127.0.0.1.evil.com:80", loopback), refused);
    assert.throws(() => checkedEndpoint("http://10.0.0.1", loopback), refused);
    assert.throws(() => checkedEndpoint("http://me@127.0.0.1", loopback), refused);
  });
});
