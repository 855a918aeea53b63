import * as vscode from "vscode";
import type { ToolName } from "../agent/definitions.ts";
import type { AgentParts, OpenWindow } from "./commands/parts.ts";
import { command } from "./commands/register.ts";
import { Owner } from "./lifecycle.ts";
import { settings } from "./settings.ts";

/** What of `package.json` is used here. */
interface Manifest {
  readonly contributes: { readonly languageModelTools: readonly { readonly name: ToolName }[] };
}

/** As `package.json` declares it. */
const providerId = "vodJobs.mcp";

/**
 * Offers the tools that `package.json` declares to agents: as language-model tools of this editor, and as a server that it
 * starts for itself. An editor that has no such interface is left alone.
 */
export function registerAgentTools(window: Promise<OpenWindow>, packageJSON: Manifest): vscode.Disposable {
  const registered: vscode.Disposable[] = [];
  const attempt = (what: string, register: () => vscode.Disposable) => {
    try {
      registered.push(register());
    } catch (error) {
      // An editor that has the interface in name only.
      void window.then(({ log }) => log.warn(`agents: ${what} could not be offered: ${error}`));
    }
  };
  if (typeof vscode.lm?.registerTool === "function") {
    for (const { name } of packageJSON.contributes.languageModelTools) {
      attempt(name, () => vscode.lm.registerTool(name, lazyTool(name, window)));
    }
  }
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider === "function") {
    const provider = new McpProvider(window);
    registered.push(provider);
    attempt("server", () => vscode.lm.registerMcpServerDefinitionProvider(providerId, provider));
  }
  registered.push(
    command(window, "copyMcpConfiguration", async () =>
      (await import("./mcpStart.ts")).copyMcpConfiguration((await window).agents),
    ),
  );
  return vscode.Disposable.from(...registered);
}

/** A tool as the editor's agents use it; loaded when one first does: in most windows none ever does. */
function lazyTool(name: ToolName, window: Promise<OpenWindow>): vscode.LanguageModelTool<object> {
  const load = async () => (await import("./languageModelTool.ts")).languageModelTool(name, (await window).agents);
  return {
    prepareInvocation: async (options) => (await load()).prepareInvocation(options),
    invoke: async (options, token) => (await load()).invoke(options, token),
  };
}

/** Tells the editor how to start the server of `mcp.ts`, anew whenever what it is started with changes. */
class McpProvider
  extends Owner
  implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>, vscode.Disposable
{
  readonly #window: Promise<OpenWindow>;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly onDidChangeMcpServerDefinitions = this.#changed.event;

  constructor(window: Promise<OpenWindow>) {
    super();
    this.#window = window;
    void window.then(({ agents }) => this.#follow(agents));
  }

  async provideMcpServerDefinitions(): Promise<vscode.McpStdioServerDefinition[]> {
    const { agents } = await this.#window;
    const { mcpStart, proxyEnvironment } = await import("./mcpStart.ts");
    const { command, args, env } = await mcpStart(agents);
    const proxy = proxyEnvironment();
    const { version } = agents;
    return [new vscode.McpStdioServerDefinition("VOD Job Tracker", command, args, { ...env, ...proxy }, version)];
  }

  #follow({ accounts }: AgentParts): void {
    const fire = () => this.#changed.fire();
    this.own(
      settings.onDidChange((affects) => {
        if (affects("account") || affects("region") || affects("endpoint")) fire();
      }),
    );
    this.own(vscode.workspace.onDidGrantWorkspaceTrust(fire));
    this.own(accounts.onDidChange(fire));
  }
}
