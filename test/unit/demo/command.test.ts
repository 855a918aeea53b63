import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { describe, it } from "node:test";
import { optionsOf } from "../../../src/demo/main.ts";
import { call } from "./client.ts";

const script = path.resolve(import.meta.dirname, "../../../scripts/endpoint.mjs");

/** Runs the script until it ends by itself or `whenReady` ends it. */
async function run(
  args: readonly string[],
  whenReady?: (line: string, end: (by: NodeJS.Signals) => void) => Promise<void>,
) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  let ready: Promise<void> | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    if (output.stdout.endsWith("\n")) ready ??= whenReady?.(output.stdout, (by) => child.kill(by));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const [code] = await once(child, "close");
  await ready;
  return { code, ...output };
}

describe("npm run endpoint", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`prints one line of JSON, serves what it names and ends with 0 on ${signal}`, async () => {
      const { code, stdout, stderr } = await run(["--port", "0", "--seed", "any", "--no-limit"], async (line, end) => {
        try {
          const { url, accessKeyId, accessKeySecret, jobs, ...rest } = JSON.parse(line);
          assert.deepEqual(rest, {});
          for (const job of jobs) assert.deepEqual(Object.keys(job), ["type", "id", "title"]);
          const asked = { JobId: jobs[0].id, JobType: jobs[0].type };
          const { status, body } = await call({ url, accessKeyId, accessKeySecret }, asked);
          assert.deepEqual([status, body.JobType], [200, jobs[0].type]);
        } finally {
          end(signal);
        }
      });
      assert.equal(code, 0, stderr);
      assert.equal(stdout.split("\n").length, 2, "one line");
      assert.equal(stderr, "");
    });
  }

  it("says what is wrong with its arguments and ends with 2", async () => {
    const { code, stdout, stderr } = await run(["--port", "many"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /--port takes a number from 0 to 65535, not "many"\.\nUsage: /);
  });

  it("reads its options", () => {
    assert.deepEqual(optionsOf([]), { port: 0, latency: 0, seed: undefined, limits: {} });
    assert.deepEqual(optionsOf(["--port=8080", "--latency", "50", "--seed", "x", "--no-limit"]), {
      port: 8080,
      latency: 50,
      seed: "x",
      limits: { perSecond: null },
    });
    for (const wrong of [
      ["--port", "65536"],
      ["--port", "-1"],
      ["--latency", "1.5"],
      ["--latency"],
      ["--fast"],
      ["8080"],
    ]) {
      const sentence = optionsOf(wrong);
      assert.ok(typeof sentence === "string" && sentence.length > 20, wrong.join(" "));
    }
  });
});
