/**
 * A Model Context Protocol server on standard input and output: the agent tools for clients outside the editor, on the
 * extension's database and within its call budget. Wiring only.
 *
 *   node dist/mcp.cjs --folder FOLDER [--account ID] [--region ID] [--endpoint URL] [--demo SEED@MS] [--untrusted]
 *
 * FOLDER is the extension's global storage; VOD_JOBS_FOLDER names it as well. `--demo` plays the demo account as the
 * editor does in which it was opened at MS (milliseconds since 1970) with SEED. `--untrusted` uses no profile that runs a
 * command or writes a file. `--verbose` logs each call.
 */
import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serveMcp } from "./agent/mcpServer.ts";
import { failureText } from "./agent/problem.ts";
import { openStandalone, type StandaloneOptions } from "./agent/standalone.ts";
import { runTool } from "./agent/tools.ts";
import type { DemoEndpoint } from "./demo/endpoint.ts";
import { redact } from "./vod/redact.ts";

const usage =
  "Usage: node mcp.cjs --folder FOLDER [--account ID] [--region ID] [--endpoint URL] [--demo SEED@MS] [--untrusted] [--verbose]";

// Standard output belongs to the protocol: whatever a library prints goes to standard error.
globalThis.console = new Console(process.stderr, process.stderr);

interface Arguments extends Omit<StandaloneOptions, "demo" | "log"> {
  readonly demo?: { readonly seed: string; readonly startedAt: number };
  readonly verbose: boolean;
}

/** What the command line asks for, or the sentence that says what is wrong with it. */
function argumentsOf(args: readonly string[], env: NodeJS.ProcessEnv): Arguments | string {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        folder: text,
        account: text,
        region: text,
        endpoint: text,
        demo: text,
        untrusted: flag,
        verbose: flag,
      },
    });
    const { folder = env.VOD_JOBS_FOLDER, account, region, endpoint, demo, untrusted, verbose } = values;
    if (!folder) return "--folder is needed: the global storage folder of the VOD Job Tracker extension.";
    const run = demo === undefined ? undefined : /^(.{1,200})@(\d{1,15})$/s.exec(demo);
    if (run === null) return `--demo takes SEED@MILLISECONDS, not "${demo}".`;
    const played = run && { seed: run[1] as string, startedAt: Number(run[2]) };
    return { folder, account, region, endpoint, demo: played, trusted: !untrusted, verbose };
  } catch (error) {
    return (error as Error).message;
  }
}

async function main({ demo, verbose, ...options }: Arguments): Promise<void> {
  const log: StandaloneOptions["log"] = (level, message) => {
    if (level !== "debug" || verbose) console.error(`${level} ${redact(message)}`);
  };
  let endpoint: Promise<DemoEndpoint> | undefined;
  const startDemo = () => {
    endpoint ??= import("./demo/endpoint.ts").then(({ startEndpoint }) => startEndpoint(demo));
    return endpoint;
  };
  const opening = openStandalone({ ...options, demo: demo && startDemo, log });
  opening.catch((error) => log("error", `start: ${error}`));
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));

  for (const event of ["SIGINT", "SIGTERM"] as const) process.on(event, () => process.stdin.destroy());
  process.stdout.on("error", () => process.stdin.destroy()); // the client has gone
  await serveMcp({
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
  }).catch((error) => log("info", `the input has ended: ${error}`));
  await opening.then((host) => host.close()).catch((error) => log("warn", `close: ${error}`));
  await endpoint?.then((one) => one.close());
}

const given = argumentsOf(process.argv.slice(2), process.env);
if (typeof given === "string") {
  console.error(`${given}\n${usage}`);
  process.exitCode = 2;
} else {
  // Nobody listens at the end; connections that are kept alive must not hold the process.
  main(given).finally(() => process.exit());
}
