/** The server behind a company's proxy: a process of its own, the proxy from its environment, TLS to the service's names. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import { selfSignedCertificate } from "../support/certificate.ts";
import { type ConnectProxy, connectProxy } from "../support/connectProxy.ts";

const folder = mkdtempSync(join(tmpdir(), "vod-jobs-mcp-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const host = "vod.cn-shanghai.aliyuncs.com";
/** A region that no name server knows: without the proxy nothing leads there. */
const nowhere = "xx-nowhere-1";
const certificate = selfSignedCertificate(host, `vod.${nowhere}.aliyuncs.com`);
const password = "canary-proxy-password";

describe("the server's proxy", () => {
  let endpoint: DemoEndpoint;
  let proxy: ConnectProxy;

  before(async () => {
    writeFileSync(join(folder, "roots.pem"), certificate.cert);
    endpoint = await startEndpoint({ seed: "mcp-proxy", tls: certificate });
    proxy = await connectProxy(Number(new URL(endpoint.url).port));
  });
  after(async () => {
    proxy.close();
    await endpoint.close();
  });
  beforeEach(() => {
    proxy.asked.length = 0;
    proxy.user = undefined;
  });

  /** What the product's own server, started with these variables, says of a job that the service does not have. */
  async function ask(
    variables: Record<string, string>,
    region = "cn-shanghai",
  ): Promise<{ text: string; log: string }> {
    const client = new Client({ name: "test", version: "1" });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(import.meta.dirname, "../../../src/mcp.ts"), `--folder=${folder}`, `--region=${region}`, "--verbose"],
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        NODE_NO_WARNINGS: "1",
        NODE_EXTRA_CA_CERTS: join(folder, "roots.pem"),
        ALIBABA_CLOUD_ACCESS_KEY_ID: endpoint.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: endpoint.accessKeySecret,
        ...variables,
      },
      stderr: "pipe",
    });
    let log = "";
    transport.stderr?.on("data", (chunk) => {
      log += chunk;
    });
    try {
      await client.connect(transport);
      const input = { id: "f".repeat(32), type: "ai" };
      const { content } = await client.callTool({ name: "get_vod_job", arguments: input });
      const [{ text = "" } = {}] = content as { text?: string }[];
      return { text, log };
    } finally {
      await client.close();
    }
  }

  test("is the one of HTTPS_PROXY, with user and password, which nobody else gets to see", async () => {
    proxy.user = `me:${password}`;
    const { text, log } = await ask({ HTTPS_PROXY: `http://me:${password}@127.0.0.1:${proxy.port}` });
    assert.match(text, /knows no such job/);
    assert.deepEqual(proxy.asked, [`${host}:443`]);
    assert.equal(endpoint.calls.at(-1)?.accessKeyId, endpoint.accessKeyId);
    assert.doesNotMatch(text + log, new RegExp(password));
  });

  test("is left aside for hosts of NO_PROXY; what then cannot be reached says what can be done, and by whom", async () => {
    const address = `127.0.0.1:${proxy.port}`;
    const direct = await ask({ https_proxy: address, NO_PROXY: ".aliyuncs.com" }, nowhere);
    assert.deepEqual(proxy.asked, []);
    assert.match(direct.text, /service cannot be reached.*\n/);
    assert.match(direct.text, /HTTPS_PROXY and NO_PROXY in its environment; PAC files and Kerberos it cannot use/);
    assert.match(
      direct.text,
      /set HTTPS_PROXY for this server in the MCP client's configuration.*or to use the editor's own VOD tools/,
    );
    proxy.user = `me:${password}`;
    const refused = await ask({ HTTPS_PROXY: `http://me:wrong@${address}` });
    assert.match(refused.text, /PROXY_407.*HTTPS_PROXY/s);
  });
});
