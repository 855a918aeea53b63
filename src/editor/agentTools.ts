import * as vscode from "vscode";
import { type ToolName, toolNames } from "../agent/toolNames.ts";
import type { Accounts } from "./accounts.ts";
import { command } from "./commands/register.ts";
import type { ToolParts } from "./languageModelTool.ts";
import type { Log } from "./log.ts";
import type { McpParts } from "./mcpStart.ts";
import { settings } from "./settings.ts";

/** As `package.json` declares it. */
const providerId = "vodJobs.mcp";

interface AgentParts extends ToolParts, McpParts {
  readonly accounts: McpParts["accounts"] & Pick<Accounts, "choices" | "regionOf" | "onDidChange">;
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
  registered.push(
    command(parts, "copyMcpConfiguration", async () => (await import("./mcpStart.ts")).copyMcpConfiguration(parts)),
  );
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
    const { mcpStart, proxyEnvironment } = await import("./mcpStart.ts");
    const { command, args, env } = await mcpStart(this.#parts);
    const proxy = proxyEnvironment();
    const { version } = this.#parts;
    return [new vscode.McpStdioServerDefinition("VOD Job Tracker", command, args, { ...env, ...proxy }, version)];
  }

  dispose(): void {
    this.#followed.dispose();
    this.#changed.dispose();
  }
}
