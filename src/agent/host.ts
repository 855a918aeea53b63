import type { JobTracker } from "../jobs/tracker.ts";
import type { Topology } from "../workflow/topology.ts";

/** What the tools need of a tracker; `JobTracker` is one. */
export type AgentTracker = Pick<
  JobTracker,
  "jobs" | "accounts" | "notices" | "lookUp" | "findType" | "answer" | "history" | "previousRun" | "transcode"
>;

/** An account that may be asked with. */
export interface AgentAccount {
  /** `default`, `profile:<name>`, `key:<name>` or `demo`. */
  readonly id: string;
  /** The region of jobs that name none. */
  readonly region: string;
}

/** Where the tools run: the editor, or a process of its own that an MCP client started. */
export interface AgentHost {
  readonly tracker: AgentTracker;
  /** Every account that may be asked with. An agent can name one of these and no other. */
  accounts(): Promise<readonly AgentAccount[]>;
  /** The account of jobs that name none and are not tracked. */
  readonly account: string;
  /** How calls reach the service from here, where nobody but the client's own configuration can change it. */
  readonly way?: string;
  /** Whether the tracker here checks jobs by itself. */
  readonly polls: boolean;
  /** The graph that a person attached to a workflow. */
  topologyOf?(workflowId: string): Promise<Topology | undefined>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Why a tool gives no answer, written for the model that called it. */
export class ToolProblem extends Error {
  override readonly name = "ToolProblem";
}
