import { join } from "node:path";
import * as vscode from "vscode";
import { type McpArguments, writeArguments } from "../agent/mcpArguments.ts";
import type { Accounts } from "./accounts.ts";
import { proxySettings } from "./proxySettings.ts";
import { settings } from "./settings.ts";

const t = vscode.l10n.t;

/** What the server of `mcp.ts` is started with. */
export interface McpParts {
  readonly accounts: Pick<Accounts, "current">;
  demoRun(): McpArguments["demo"];
  /** The folder of the database. */
  readonly folder: string;
  /** Where the built files are. */
  readonly dist: string;
}

export interface McpStart {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** The command line of the server for the account that is chosen now. There is nothing secret in it. */
export async function mcpStart({ accounts, demoRun, folder, dist }: McpParts): Promise<McpStart> {
  const given: McpArguments = {
    folder,
    account: accounts.current,
    region: settings.region(),
    endpoint: settings.endpoint(),
    demo: demoRun(),
    trusted: vscode.workspace.isTrusted,
    verbose: false,
  };
  return {
    command: process.execPath,
    args: [join(dist, "mcp.cjs"), ...writeArguments(given)],
    // The editor's executable is its Node as well, when it is told so; a server's is Node already.
    env: process.versions.electron ? { ELECTRON_RUN_AS_NODE: "1" } : {},
  };
}

/** The editor's proxy, for a server that this editor starts. Not for files or the clipboard: it may hold a password. */
export function proxyEnvironment(): Record<string, string> {
  const { proxy, noProxy } = proxySettings();
  // Of both cases of these variables this one wins.
  return { ...(proxy ? { https_proxy: proxy } : {}), ...(noProxy ? { no_proxy: noProxy } : {}) };
}

/** What other MCP clients want in their configuration, on the clipboard: most read this form. */
export async function copyMcpConfiguration(parts: McpParts): Promise<void> {
  const configuration = { mcpServers: { "vod-job-tracker": await mcpStart(parts) } };
  await vscode.env.clipboard.writeText(`${JSON.stringify(configuration, undefined, 2)}\n`);
  const account = parts.accounts.current;
  const hint = account.startsWith("key:")
    ? t("Stored keys stay in this editor: choose a profile or the default chain first if the client is to make calls.")
    : t("Paste it into the client's configuration. Copy it again after an update: the path has the version in it.");
  void vscode.window.showInformationMessage(`${t("Copied the MCP configuration for account {0}.", account)} ${hint}`);
}
