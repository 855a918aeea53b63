import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { VodError } from "../../../src/vod/errors.ts";
import { proxyAddress, proxyFor, proxyFromEnvironment } from "../../../src/vod/proxy.ts";

const proxy = "http://proxy.example:3128";
const url = "https://vod.cn-shanghai.aliyuncs.com/?a=1";

describe("proxyFor", () => {
  it("gives the proxy for https, and none for plain http or when none is set", () => {
    assert.equal(proxyFor(url, { proxy }), proxy);
    assert.equal(proxyFor("http://127.0.0.1:80/", { proxy }), undefined);
    assert.equal(proxyFor(url, {}), undefined);
    assert.equal(proxyFor(url, { proxy: "" }), undefined);
  });

  const direct = [
    "*",
    "aliyuncs.com",
    ".aliyuncs.com",
    "*.aliyuncs.com",
    "vod.cn-shanghai.aliyuncs.com",
    "ALIYUNCS.COM",
  ];
  for (const noProxy of [...direct, "example.com, aliyuncs.com", "example.com aliyuncs.com:443"]) {
    it(`goes directly by "${noProxy}"`, () => assert.equal(proxyFor(url, { proxy, noProxy }), undefined));
  }

  for (const noProxy of ["", " , ", "example.com", "yuncs.com", "com.evil", "aliyuncs.com:80", "cn-shanghai"]) {
    it(`uses the proxy by "${noProxy}"`, () => assert.equal(proxyFor(url, { proxy, noProxy }), proxy));
  }
});

describe("proxyFromEnvironment", () => {
  it("reads both cases of the variables, the one for https first", () => {
    assert.deepEqual(proxyFromEnvironment({ HTTPS_PROXY: "http://a", ALL_PROXY: "b", NO_PROXY: "c" }), {
      proxy: "http://a",
      noProxy: "c",
    });
    assert.deepEqual(proxyFromEnvironment({ https_proxy: "socks5://x", HTTPS_PROXY: "a", no_proxy: "y" }), {
      proxy: "socks5://x",
      noProxy: "y",
    });
    const schemeless = proxyFromEnvironment({ all_proxy: "b:8080", HTTP_PROXY: "never" });
    assert.deepEqual(schemeless, { proxy: "http://b:8080", noProxy: undefined });
    assert.deepEqual(proxyFromEnvironment({}), { proxy: undefined, noProxy: undefined });
  });
});

describe("proxyAddress", () => {
  /** What the proxy is told, as connections read it from the address. */
  const told = (address: string) => {
    const { username, password, host } = proxyAddress(address);
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}@${host}`;
  };

  it("takes user and password as they are, escaped or not", () => {
    for (const [written, meant] of [
      ["u:p", "u:p"],
      ["u:50%25", "u:50%"],
      ["u:50%", "u:50%"],
      ["u%:%", "u%:%"],
      ["u:%zz%4", "u:%zz%4"],
      ["u:a%40b%", "u:a@b%"],
      ["u:%ff", "u:%ff"], // bytes of no text
      ["u:p@ss", "u:p@ss"],
      ["我:密%", "我:密%"],
    ]) {
      assert.equal(told(`http://${written}@proxy.example:3128`), `${meant}@proxy.example:3128`, written);
      assert.equal(told(`socks5://${written}@proxy.example:3128`), `${meant}@proxy.example:3128`, written);
    }
    assert.equal(proxyAddress("https://proxy.example").href, "https://proxy.example/");
  });

  it("refuses what is no address, or would lead to another host, and does not quote it", () => {
    for (const address of [
      "http://u:canary#4@proxy.example:3128",
      "http://u:12#canary@proxy.example:3128",
      "http://u:12/canary@proxy.example:3128",
      "http://u:12?canary@proxy.example:3128",
      "proxy.example:3128",
      "ftp://proxy.example",
      "http://",
      "canary",
    ]) {
      assert.throws(
        () => proxyAddress(address),
        ({ kind, code, unsent, message }: VodError) =>
          kind === "network" && code === "PROXY_ADDRESS" && unsent === true && !message.includes("canary"),
        address,
      );
    }
  });
});
