import { Console } from "node:console";
import { redact } from "../vod/redact.ts";
import { serveMcp } from "./mcpServer.ts";
import { failureText } from "./problem.ts";
import { openStandalone, type StandaloneOptions } from "./standalone.ts";
import { runTool } from "./tools.ts";

export interface McpProcessOptions extends Omit<StandaloneOptions, "log"> {
  /** The product's version. */
  readonly version: string;
  /** Whether each call is logged. */
  readonly verbose: boolean;
}

/**
 * Makes this process a server of the tools: standard input and output speak the protocol, standard error is the log.
 * Resolves when the client has gone or the process is told to end; the database is closed then.
 */
export async function runMcpProcess({ version, verbose, ...options }: McpProcessOptions): Promise<void> {
  // Standard output belongs to the protocol: whatever a library prints goes to standard error.
  globalThis.console = new Console(process.stderr, process.stderr);
  const log: StandaloneOptions["log"] = (level, message) => {
    if (level !== "debug" || verbose) console.error(`${level} ${redact(message)}`);
  };
  for (const event of ["SIGINT", "SIGTERM"] as const) process.on(event, () => process.stdin.destroy());
  process.stdout.on("error", () => process.stdin.destroy());

  // The client is answered while the database opens.
  const opening = openStandalone({ ...options, log });
  opening.catch((error) => log("error", `start: ${error}`));
  const serving = serveMcp({
    input: process.stdin,
    write: (line) => process.stdout.write(line),
    version,
    async run(name, input, signal) {
      try {
        return await runTool(name, input, await opening, { signal });
      } catch (error) {
        if (signal.aborted) throw error;
        return { text: failureText(error), failed: true };
      }
    },
    log,
  });
  await serving.catch((error) => log("info", `the input has ended: ${error}`));
  await opening.then((host) => host.close()).catch((error) => log("warn", `close: ${error}`));
}
