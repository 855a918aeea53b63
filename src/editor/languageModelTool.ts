import * as vscode from "vscode";
import type { ToolName } from "../agent/definitions.ts";
import type { AgentHost } from "../agent/host.ts";
import type { DemoRun } from "../agent/mcpArguments.ts";
import { type Cost, costOf, runTool } from "../agent/tools.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import type { Accounts } from "./accounts.ts";
import { demo } from "./demoAccount.ts";
import type { KeptValues } from "./panel/source.ts";
import { Topologies } from "./panel/topologies.ts";
import { plain } from "./plain.ts";

const t = vscode.l10n.t;

/** About how many characters a token of a model's budget is worth. */
const charactersPerToken = 3;

export interface ToolParts {
  readonly tracker: JobTracker;
  readonly accounts: Pick<Accounts, "current" | "choices" | "regionOf">;
  /** The run of the demo account, once a person asked for the demo. */
  demoRun(): DemoRun | undefined;
  /** Where the topologies are that a person attached to workflows. */
  readonly kept: KeptValues;
}

/** The tools' host in this window. The demo is an account only once a person asked for it: no agent starts it. */
function editorHost({ tracker, accounts, demoRun, kept }: ToolParts): AgentHost {
  const topologies = new Topologies(kept);
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
    topologyOf: async (workflowId) => topologies.of(workflowId),
    now: () => Date.now(),
  };
}

/** A tool of this window. A person confirms what costs a call; what the database has is free. */
export function languageModelTool(name: ToolName, parts: ToolParts) {
  const host = editorHost(parts);
  return {
    async prepareInvocation({ input }: vscode.LanguageModelToolInvocationPrepareOptions<object>) {
      const cost = await costOf(name, input, host);
      const id = cost.target ? plain(cost.target.id, 80) : "";
      const invocationMessage = id ? t("Reading VOD job {0}", id) : t("Reading the tracked VOD jobs");
      return cost.calls === 0 ? { invocationMessage } : { invocationMessage, confirmationMessages: confirmation(cost) };
    },
    async invoke(
      { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<object>,
      token: vscode.CancellationToken,
    ) {
      const controller = new AbortController();
      const onCancel = token.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
      if (token.isCancellationRequested) controller.abort(new vscode.CancellationError());
      try {
        const limit = tokenizationOptions && tokenizationOptions.tokenBudget * charactersPerToken;
        const { text, failed } = await runTool(name, input, host, { signal: controller.signal, limit });
        // What is thrown reaches the model as the reason why the tool failed.
        if (failed) throw new Error(text);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      } finally {
        onCancel.dispose();
      }
    },
  } satisfies vscode.LanguageModelTool<object>;
}

/** What a person is asked before a call is spent. */
function confirmation({ calls, target }: Cost): vscode.LanguageModelToolConfirmationMessages {
  const { id = "", account = "", region = "", type } = target ?? {};
  const message = new vscode.MarkdownString();
  message.appendText(
    calls === 1
      ? t(
          "Asks for job {0} in region {1} with account {2}. This spends one API call.",
          plain(id, 80),
          region,
          account,
        ) + (type === "transcode" ? ` ${t("One more if it failed.")}` : "")
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
