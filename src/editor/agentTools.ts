import { join } from "node:path";
import * as vscode from "vscode";
import type { McpArguments } from "../agent/mcpArguments.ts";
import { type ToolName, toolNames } from "../agent/toolNames.ts";
import type { ProxySettings } from "../vod/proxy.ts";
import type { Accounts } from "./accounts.ts";
import type { ToolParts } from "./languageModelTool.ts";
import type { Log } from "./log.ts";
import { settings } from "./settings.ts";

/** As `package.json` declares it. */
const providerId = "vodJobs.mcp";

interface AgentParts extends ToolParts {
  readonly accounts: Pick<Accounts, "current" | "choices" | "regionOf" | "onDidChange">;
  /** The proxy that the editor uses. */
  proxySettings(): Promise<ProxySettings>;
  /** The folder of the database. */
  readonly folder: string;
  /** Where the built files are. */
  readonly dist: string;
  /** The product's version. */
  readonly version: string;
  readonly log: Log;
}

/**
 * Offers the tools to agents: as language-model tools of this editor, and as a server that it starts for itself. An
 * editor that has no such interface is left alone.
 */
export function registerAgentTools(parts: AgentParts): vscode.Disposable {
  const registered: vscode.Disposable[] = [];
  const attempt = (what: string, register: () => vscode.Disposable) => {
    try {
      registered.push(register());
    } catch (error) {
      parts.log.warn(`agents: ${what} could not be offered: ${error}`); // an editor that has the interface in name only
    }
  };
  if (typeof vscode.lm?.registerTool === "function") {
    for (const name of toolNames) {
      attempt(name, () => vscode.lm.registerTool(name, lazyTool(name, parts)));
    }
  }
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider === "function") {
    const provider = new McpProvider(parts);
    registered.push(provider);
    attempt("server", () => vscode.lm.registerMcpServerDefinitionProvider(providerId, provider));
  }
  return vscode.Disposable.from(...registered);
}

/** A tool as the editor's agents use it; loaded when one first does: in most windows none ever does. */
function lazyTool(name: ToolName, parts: AgentParts): vscode.LanguageModelTool<object> {
  const load = async () => (await import("./languageModelTool.ts")).languageModelTool(name, parts);
  return {
    prepareInvocation: async (options) => (await load()).prepareInvocation(options),
    invoke: async (options, token) => (await load()).invoke(options, token),
  };
}

/** Tells the editor how to start the server of `mcp.ts`, anew whenever what it is started with changes. */
class McpProvider implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>, vscode.Disposable {
  readonly #parts: AgentParts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #followed: vscode.Disposable;
  readonly onDidChangeMcpServerDefinitions = this.#changed.event;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    const fire = () => this.#changed.fire();
    this.#followed = vscode.Disposable.from(
      settings.onDidChange((affects) => {
        if (affects("account") || affects("region") || affects("endpoint")) fire();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(fire),
      parts.accounts.onDidChange(fire),
    );
  }

  async provideMcpServerDefinitions(): Promise<vscode.McpStdioServerDefinition[]> {
    const { accounts, demoRun, proxySettings, folder, dist, version } = this.#parts;
    const account = accounts.current;
    const given: McpArguments = {
      folder,
      account,
      region: settings.region(),
      endpoint: settings.endpoint(),
      demo: demoRun(),
      trusted: vscode.workspace.isTrusted,
      verbose: false,
    };
    const [{ writeArguments }, { proxy, noProxy }] = await Promise.all([
      import("../agent/mcpArguments.ts"),
      proxySettings(),
    ]);
    const env = {
      // The editor's executable is its Node as well, when it is told so; a server's is Node already.
      ...(process.versions.electron ? { ELECTRON_RUN_AS_NODE: "1" } : {}),
      // Not arguments, as a proxy may want a password. Of both cases of these variables this one wins.
      ...(proxy ? { https_proxy: proxy } : {}),
      ...(noProxy ? { no_proxy: noProxy } : {}),
    };
    const args = [join(dist, "mcp.cjs"), ...writeArguments(given)];
    return [new vscode.McpStdioServerDefinition("VOD Job Tracker", process.execPath, args, env, version)];
  }

  dispose(): void {
    this.#followed.dispose();
    this.#changed.dispose();
  }
}
