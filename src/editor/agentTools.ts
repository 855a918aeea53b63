import { join } from "node:path";
import * as vscode from "vscode";
import type { AgentHost } from "../agent/host.ts";
import type { DemoRun, McpArguments } from "../agent/mcpArguments.ts";
import { type ToolName, toolNames } from "../agent/toolNames.ts";
import type { Cost } from "../agent/tools.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { ProxySettings } from "../vod/proxy.ts";
import type { Accounts } from "./accounts.ts";
import { demo } from "./demoAccount.ts";
import type { Log } from "./log.ts";
import { plain } from "./plain.ts";
import { settings } from "./settings.ts";

const t = vscode.l10n.t;

/** As `package.json` declares it. */
const providerId = "vodJobs.mcp";

/** About how many characters a token of a model's budget is worth. */
const charactersPerToken = 3;

export interface AgentParts {
  readonly tracker: JobTracker;
  readonly accounts: Pick<Accounts, "current" | "choices" | "regionOf" | "onDidChange">;
  /** The run of the demo account, once a person asked for the demo. */
  demoRun(): DemoRun | undefined;
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
  const host = editorHost(parts);
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
      attempt(name, () => vscode.lm.registerTool(name, languageModelTool(name, host)));
    }
  }
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider === "function") {
    const provider = new McpProvider(parts);
    registered.push(provider);
    attempt("server", () => vscode.lm.registerMcpServerDefinitionProvider(providerId, provider));
  }
  return vscode.Disposable.from(...registered);
}

/** The tools' host in this window. The demo is an account only once a person asked for it: no agent starts it. */
function editorHost({ tracker, accounts, demoRun }: AgentParts): AgentHost {
  return {
    tracker,
    polls: true,
    get account() {
      return accounts.current;
    },
    async accounts() {
      const choices = (await accounts.choices()).filter(({ id }) => id !== demo.account || demoRun() !== undefined);
      return Promise.all(choices.map(async ({ id }) => ({ id, region: await accounts.regionOf(id) })));
    },
    now: () => Date.now(),
  };
}

/** Loaded when an agent first uses a tool: most windows never do. */
const tools = () => import("../agent/tools.ts");

/** A tool as the editor's agents use it. A person confirms what costs a call; what the database has is free. */
function languageModelTool(name: ToolName, host: AgentHost): vscode.LanguageModelTool<object> {
  return {
    async prepareInvocation({ input }) {
      const { costOf } = await tools();
      const cost = await costOf(name, input, host);
      const id = cost.target ? plain(cost.target.id, 80) : "";
      const invocationMessage = id ? t("Reading VOD job {0}", id) : t("Reading the tracked VOD jobs");
      return cost.calls === 0 ? { invocationMessage } : { invocationMessage, confirmationMessages: confirmation(cost) };
    },
    async invoke({ input, tokenizationOptions }, token) {
      const controller = new AbortController();
      const onCancel = token.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
      if (token.isCancellationRequested) controller.abort(new vscode.CancellationError());
      try {
        const limit = tokenizationOptions && tokenizationOptions.tokenBudget * charactersPerToken;
        const { runTool } = await tools();
        const { text, failed } = await runTool(name, input, host, { signal: controller.signal, limit });
        // What is thrown reaches the model as the reason why the tool failed.
        if (failed) throw new Error(text);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      } finally {
        onCancel.dispose();
      }
    },
  };
}

/** What a person is asked before a call is spent. */
function confirmation({ calls, target }: Cost): vscode.LanguageModelToolConfirmationMessages {
  const { id = "", account = "", region = "" } = target ?? {};
  const message = new vscode.MarkdownString();
  message.appendText(
    calls === 1
      ? t("Asks for job {0} in region {1} with account {2}. This spends one API call.", plain(id, 80), region, account)
      : t(
          "Asks for job {0} in region {1} with account {2}. Its type is not known, so this spends up to {3} API calls.",
          plain(id, 80),
          region,
          account,
          calls,
        ),
  );
  return { title: t("Ask ApsaraVideo VOD?"), message };
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
