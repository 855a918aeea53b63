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
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DemoRun, readArguments, usage } from "./agent/mcpArguments.ts";
import { runMcpProcess } from "./agent/mcpProcess.ts";

/** Starts the demo account's endpoint with the first call for one of its jobs. It ends with the process. */
async function startDemo(run: DemoRun) {
  const { startEndpoint } = await import("./demo/endpoint.ts");
  return startEndpoint(run);
}

const given = readArguments(process.argv.slice(2), process.env);
if (typeof given === "string") {
  console.error(`${given}\n${usage}`);
  process.exitCode = 2;
} else {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));
  const { demo: run } = given;
  // Nobody listens at the end: connections that are kept alive must not hold the process.
  runMcpProcess({ ...given, demo: run && (() => startDemo(run)), version }).finally(() => process.exit());
}
