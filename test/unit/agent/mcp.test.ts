import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { toolDefinitions } from "../../../src/agent/definitions.ts";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import { openHub } from "../../../src/jobs/openHub.ts";

const folder = mkdtempSync(join(tmpdir(), "vod-jobs-mcp-"));
const entry = join(import.meta.dirname, "mcpWithEndpoint.ts");
const product = join(import.meta.dirname, "../../../src/mcp.ts");

/** The environment of a child: nothing of this machine's credentials. */
const env = { PATH: process.env.PATH ?? "", HOME: folder, NODE_NO_WARNINGS: "1" };

after(() => rmSync(folder, { recursive: true, force: true }));

describe("the official client over stdio, against the embedded endpoint", () => {
  let endpoint: DemoEndpoint;
  let client: Client;
  let transport: StdioClientTransport;
  let stderr = "";
  const own = join(folder, "served");

  before(async () => {
    mkdirSync(own);
    endpoint = await startEndpoint({ seed: "mcp", limits: { perSecond: null } });
    transport = new StdioClientTransport({
      command: process.execPath,
      args: [entry, own, endpoint.url, endpoint.accessKeyId, endpoint.accessKeySecret],
      env,
      stderr: "pipe",
    });
    transport.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    client = new Client({ name: "test", version: "1" });
    client.onerror = (error) => assert.fail(`something else than the protocol is on standard output: ${error}`);
    await client.connect(transport);
  });

  after(async () => {
    await client.close();
    await endpoint.close();
  });

  const idOf = (name: string) => endpoint.jobs.find((job) => job.name === name)?.id ?? assert.fail(name);
  const callsFor = (id: string) => endpoint.calls.filter((call) => call.id === id);

  async function call(name: string, input: Record<string, unknown>, options?: { signal: AbortSignal }) {
    const result = await client.callTool({ name, arguments: input }, undefined, options);
    const [part, ...others] = result.content as { type: string; text: string }[];
    assert.equal(others.length, 0);
    assert.equal(part?.type, "text");
    return { text: part?.text ?? "", isError: result.isError };
  }

  test("introduces itself and declares the tools", async () => {
    assert.deepEqual(client.getServerVersion(), {
      name: "vod-job-tracker",
      title: "VOD Job Tracker",
      version: "1.2.3",
    });
    assert.deepEqual(client.getServerCapabilities(), { tools: { listChanged: false } });
    assert.match(client.getInstructions() ?? "", /Nothing here changes a job/);
    await client.ping();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name, title, description, inputSchema }) => ({ name, title, description, inputSchema })),
      structuredClone(toolDefinitions),
    );
    for (const { annotations } of tools) assert.equal(annotations?.readOnlyHint, true);
  });

  test("get_vod_job asks the service once for a finished job", async () => {
    const id = idOf("transcode/TranscodeSuccess");
    const { text, isError } = await call("get_vod_job", { id, type: "transcode" });
    assert.equal(isError, false);
    assert.match(
      text,
      /^transcode job .*\(account "demo", region "cn-shanghai"\): succeeded \(status "TranscodeSuccess"\)/,
    );
    assert.match((await call("get_vod_job", { id })).text, /from the database, no API call spent/);
    assert.equal(callsFor(id).length, 1);
  });

  test("get_vod_job finds the type out", async () => {
    const id = idOf("snapshot/Success");
    assert.match((await call("get_vod_job", { id })).text, /^snapshot job/);
    assert.deepEqual(
      callsFor(id).map(({ type }) => type),
      ["transcode", "workflow", "snapshot"],
    );
  });

  test("explain_vod_workflow_failure explains a failed task, and one that says Succeed", async () => {
    const failed = await call("explain_vod_workflow_failure", { id: idOf("workflow/Failed") });
    assert.match(failed.text, /Verdict: Activity ".*" failed\./);
    const sample = await call("explain_vod_workflow_failure", { id: idOf("sample/workflow") });
    assert.match(sample.text, /Verdict: Activity "Translate_zh_en" failed, although the task itself says "Succeed"/);
  });

  test("hostile and huge workflows come back bounded", async () => {
    for (const name of ["odd/hostile", "odd/huge"]) {
      const { text, isError } = await call("explain_vod_workflow_failure", { id: idOf(name) });
      assert.equal(isError, false);
      assert.ok(text.length <= 16_000, `${text.length} characters`);
      assert.doesNotMatch(text, /\u202e/);
    }
  });

  test("list_vod_jobs tells what the editor tracks, when it tracks it", async () => {
    assert.match((await call("list_vod_jobs", {})).text, /^0 tracked jobs/);
    const editor = await openHub({ folder: own });
    const id = idOf("workflow/Succeed");
    const ref = { account: "demo", region: "cn-shanghai", type: "workflow", id } as const;
    await editor.add([{ ref, label: "from the editor", plan: { reason: "first" } }], Date.now());
    await editor.close();
    let text = "";
    for (let tries = 0; tries < 100 && !text.includes(id); tries++) {
      text = (await call("list_vod_jobs", { text: "FROM THE editor" })).text;
      await new Promise((resolve) => setTimeout(resolve, 50)); // another process looks for changes in its own time
    }
    assert.match(text, /1 of 1 tracked job/);
    assert.match(text, /"from the editor"/);
  });

  test("a cancelled call ends at the service and is not answered; the server goes on", async () => {
    const id = idOf("transcode/Transcoding");
    endpoint.control.fail(1, { connection: "silence" });
    const controller = new AbortController();
    const cancelled = assert.rejects(call("get_vod_job", { id, type: "transcode" }, { signal: controller.signal }));
    while (callsFor(id).length === 0) await new Promise((resolve) => setTimeout(resolve, 10)); // the call is under way
    controller.abort("enough");
    await cancelled;
    assert.match((await call("get_vod_job", { id, type: "transcode" })).text, /^transcode job .*: running/);
    assert.equal(callsFor(id).length, 2, "the cancelled call was not tried again");
  });

  test("bad input and failures of the service are answers that a model can act on", async () => {
    const invalid = await call("get_vod_job", { id: "x", type: "video" });
    assert.equal(invalid.isError, true);
    assert.match(invalid.text, /type must be one of transcode, snapshot, ai, workflow/);
    const unknown = await call("get_vod_job", { id: "00000000000000000000000000000000", type: "ai" });
    assert.equal(unknown.isError, true);
    assert.match(unknown.text, /knows no such job/);
    endpoint.control.deny("GetJobDetail");
    const denied = await call("get_vod_job", { id: idOf("ai/success"), type: "ai" });
    endpoint.control.allow();
    assert.equal(denied.isError, true);
    assert.match(denied.text, /vod:GetJobDetail/);
  });

  test("accounts that this process cannot use are refused, and say why", async () => {
    const other = await call("get_vod_job", { id: idOf("ai/success"), type: "ai", account: "key:prod" });
    assert.equal(other.isError, true);
    assert.match(other.text, /no account "key:prod" here\. There are: "default", "demo"/);
  });

  test("an account whose key is in the editor: its stored jobs can be read, but not asked for", async () => {
    const editor = await openHub({ folder: own });
    const ref = { account: "key:prod", region: "cn-shanghai", type: "ai", id: "kept0000kept0000" } as const;
    await editor.add([{ ref, plan: { reason: "first" } }], Date.now());
    await editor.close();
    let answer = await call("get_vod_job", { id: ref.id, type: "ai" });
    for (let tries = 0; tries < 100 && !answer.text.includes("secret storage"); tries++) {
      answer = await call("get_vod_job", { id: ref.id, type: "ai" });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(answer.isError, true);
    assert.match(answer.text, /in the editor's secret storage, which this server cannot read/);
  });

  test("an unknown tool and an unknown method are errors of the protocol", async () => {
    await assert.rejects(call("delete_vod_job", {}), { code: -32_602, message: /Unknown tool: delete_vod_job/ });
    await assert.rejects(client.listPrompts(), /prompts|-32601/);
  });

  test("a throttling that this process meets slows every window that shares the account", async () => {
    const accounts = async () => {
      const editor = await openHub({ folder: own });
      const page = await editor.load("", 1);
      await editor.close();
      return page.accounts;
    };
    assert.ok(!(await accounts()).some((one) => one.slowdown));
    endpoint.control.fail(1, { code: "Throttling.User" });
    await call("get_vod_job", { id: idOf("ai/processing"), type: "ai" });
    assert.deepEqual(
      (await accounts()).filter((one) => one.slowdown).map((one) => one.account),
      ["demo"],
    );
  });

  test("the log is on standard error and holds no secret", () => {
    assert.match(stderr, /a library that prints later/);
    assert.match(stderr, /debug GetJobDetail/);
    assert.doesNotMatch(stderr, new RegExp(`${endpoint.accessKeySecret}|${endpoint.accessKeyId}`));
  });
});

/** Runs the product's own server on these lines and gives what came back when its input ended. */
function talk(
  args: readonly string[],
  input: string,
): Promise<{ code: number | null; lines: string[]; stderr: string }> {
  const child = spawn(process.execPath, [product, ...args], { env });
  let [out, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, lines: out.split("\n").filter(Boolean), stderr }));
  });
}

describe("src/mcp.ts as a process", () => {
  const line = (message: object) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;

  test("ends with code 0 when its input ends, having answered what came before", async () => {
    const hello = { id: 1, method: "initialize", params: { protocolVersion: "2024-11-05" } };
    const { code, lines } = await talk(["--folder", folder], line(hello) + line({ id: "two", method: "ping" }));
    assert.equal(code, 0);
    const [first, second] = lines.map((text) => JSON.parse(text));
    assert.equal(first.result.protocolVersion, "2024-11-05");
    assert.match(first.result.serverInfo.version, /^\d+\.\d+\.\d+/);
    assert.deepEqual(second, { jsonrpc: "2.0", id: "two", result: {} });
  });

  test("without a folder it says so and ends with code 2", async () => {
    const { code, lines, stderr } = await talk([], "");
    assert.equal(code, 2);
    assert.match(stderr, /--folder is needed.*\nUsage: /);
    assert.deepEqual(lines, []);
  });
});
