import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import * as vscode from "vscode";
import { answerDialogs, demoJobs, parts } from "./support.ts";

describe("the MCP configuration for other clients", () => {
  it("starts a server that knows this window's jobs, and holds no proxy and no secret", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    const dialogs = answerDialogs({ showInformationMessage: () => undefined });
    const http = vscode.workspace.getConfiguration("http");
    await http.update("proxy", "http://somebody:hidden@127.0.0.1:9", vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand("vodJobs.copyMcpConfiguration");
    } finally {
      dialogs.restore();
      await http.update("proxy", undefined, vscode.ConfigurationTarget.Global);
    }
    assert.match(String(dialogs.asked[0]?.args[0]), /account demo/);
    const text = await vscode.env.clipboard.readText();
    assert.doesNotMatch(text, /hidden|proxy/);
    const { command, args, env } = JSON.parse(text).mcpServers["vod-job-tracker"];
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StdioClientTransport({ command, args, env }));
    try {
      const answer = await client.callTool({ name: "list_vod_jobs", arguments: {} });
      assert.ok(JSON.stringify(answer).includes(job!.ref.id), "the list names a job that this window tracks");
    } finally {
      await client.close();
    }
  });
});
