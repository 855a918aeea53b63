import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import type { McpProcessOptions } from "./mcpProcess.ts";

export const usage =
  "Usage: node mcp.cjs --folder FOLDER [--account ID] [--region ID] [--endpoint URL] [--demo SEED@MS] [--untrusted] [--verbose]";

/** A run of the demo account: the same seed and start give the same jobs at the same moments in every process. */
export interface DemoRun {
  readonly seed: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What a command line asks for. */
export type McpArguments = Omit<McpProcessOptions, "version" | "demo" | "home" | "env"> & { readonly demo?: DemoRun };

/** The server's arguments, read; or the sentence that says what is wrong with them. */
export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): McpArguments | string {
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
    // A folder made here would be an empty database beside the one that is meant.
    if (!existsSync(folder)) return `There is no folder "${folder}".`;
    const run = /^(.{1,200})@(\d{1,15})$/s.exec(demo ?? "");
    if (demo !== undefined && !run) return `--demo takes SEED@MILLISECONDS, not "${demo}".`;
    const played = run ? { seed: run[1] as string, startedAt: Number(run[2]) } : undefined;
    return { folder, account, region, endpoint, demo: played, trusted: !untrusted, verbose };
  } catch (error) {
    return (error as Error).message;
  }
}

/** The command line that `readArguments` reads as these arguments. */
export function writeArguments({ demo, trusted, verbose, ...named }: McpArguments): string[] {
  const values = Object.entries(named).filter(([, value]) => value);
  // In one word each, so that no value can pass for an option.
  return [
    ...values.map(([name, value]) => `--${name}=${value}`),
    ...(demo ? [`--demo=${demo.seed}@${demo.startedAt}`] : []),
    ...(trusted ? [] : ["--untrusted"]),
    ...(verbose ? ["--verbose"] : []),
  ];
}
