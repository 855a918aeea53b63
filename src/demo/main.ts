import { parseArgs } from "node:util";
import { type EndpointOptions, startEndpoint } from "./endpoint.ts";

const usage = "Usage: npm run endpoint -- [--port 0] [--seed TEXT] [--no-limit] [--latency MS]";

/** What the command line asks for, or the sentence that says what is wrong with it. */
export function optionsOf(args: readonly string[]): EndpointOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "0" },
        seed: { type: "string" },
        "no-limit": { type: "boolean", default: false },
        latency: { type: "string", default: "0" },
      },
    });
    const port = wholeNumber(values.port, 65_535);
    if (port === undefined) return `--port takes a number from 0 to 65535, not "${values.port}".`;
    const latency = wholeNumber(values.latency, 600_000);
    if (latency === undefined) return `--latency takes milliseconds from 0 to 600000, not "${values.latency}".`;
    return { port, latency, seed: values.seed, limits: values["no-limit"] ? { perSecond: null } : {} };
  } catch (error) {
    return (error as Error).message;
  }
}

function wholeNumber(text: string, largest: number): number | undefined {
  return /^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined;
}

/**
 * Serves the demo account until SIGINT or SIGTERM. The one line on standard output is
 * `{"url","accessKeyId","accessKeySecret","jobs":[{"type","id","title"}]}`; the key is made for this run and dies with it.
 */
export async function main(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (typeof options === "string") {
    console.error(`${options}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  try {
    const endpoint = await startEndpoint(options);
    const { url, accessKeyId, accessKeySecret } = endpoint;
    const jobs = endpoint.jobs.map(({ type, id, title }) => ({ type, id, title }));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void endpoint.close());
    console.log(JSON.stringify({ url, accessKeyId, accessKeySecret, jobs }));
  } catch (error) {
    console.error(`The endpoint could not start: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
