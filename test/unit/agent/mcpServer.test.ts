import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { serveMcp } from "../../../src/agent/mcpServer.ts";
import type { ToolAnswer } from "../../../src/agent/tools.ts";
import { settle } from "../support/clock.ts";

interface Talk {
  readonly run?: (name: string, input: unknown, signal: AbortSignal) => Promise<ToolAnswer>;
}

/** What the server answers to these chunks of input, each after what the one before it set off has settled. */
async function talk(chunks: readonly (string | Uint8Array)[], { run = async () => said("") }: Talk = {}) {
  const written: string[] = [];
  const log: string[] = [];
  async function* input() {
    for (const chunk of chunks) {
      yield chunk;
      await settle();
    }
  }
  await serveMcp({
    input: input(),
    write: (line) => void written.push(line),
    version: "1",
    run,
    log: (level, message) => void log.push(`${level} ${message}`),
  });
  await settle();
  for (const line of written) assert.match(line, /^[^\n]+\n$/, "one message on a line");
  return { answers: written.map((line) => JSON.parse(line)), log };
}

const said = (text: string): ToolAnswer => ({ text, failed: false });
const line = (message: unknown) => `${JSON.stringify(message)}\n`;
const request = (id: unknown, method: string, params?: unknown) => line({ jsonrpc: "2.0", id, method, params });
const codes = (answers: readonly { id: unknown; error?: { code: number } }[]) =>
  answers.map(({ id, error }) => [id, error?.code]);

test("versions: one that both speak, else the newest", async () => {
  for (const [asked, given] of [
    ["2025-11-25", "2025-11-25"],
    ["2025-06-18", "2025-06-18"],
    ["2025-03-26", "2025-03-26"],
    ["2024-11-05", "2024-11-05"],
    ["1999-01-01", "2025-11-25"],
    [7, "2025-11-25"],
  ]) {
    const { answers } = await talk([request(1, "initialize", { protocolVersion: asked })]);
    assert.equal(answers[0].result.protocolVersion, given);
  }
});

test("what is no request is refused by its own code, and the next line is served", async () => {
  const { answers } = await talk([
    "garbage\n",
    line([]),
    line(7),
    line({ id: 1, method: "ping" }),
    line({ jsonrpc: "2.0", id: null, method: "ping" }),
    line({ jsonrpc: "2.0", id: 2 }), // an answer to a request that was never made
    request(3, "resources/list"),
    request(4, "ping", "text"),
    request(5, "tools/list", { cursor: "x" }),
    request(6, "tools/call", { name: "constructor" }),
    request(7, "ping"),
  ]);
  assert.deepEqual(codes(answers), [
    [null, -32_700],
    [null, -32_600],
    [null, -32_600],
    [1, -32_600],
    [null, -32_600],
    [3, -32_601],
    [4, -32_602],
    [5, -32_602],
    [6, -32_602],
    [7, undefined],
  ]);
});

test("notifications are never answered, known or not", async () => {
  const { answers } = await talk([
    line({ jsonrpc: "2.0", method: "notifications/initialized" }),
    line({ jsonrpc: "2.0", method: "notifications/unheard_of", params: { a: 1 } }),
    line({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "nothing" } }),
    line({ jsonrpc: "2.0", method: "notifications/cancelled" }),
    line({ jsonrpc: "2.0", method: "tools/call", params: { name: "list_vod_jobs" } }),
  ]);
  assert.deepEqual(answers, []);
});

test("a batch is answered by one batch, without what is not to be answered", async () => {
  const { answers } = await talk([
    line([
      { jsonrpc: "2.0", id: 1, method: "ping" },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "nope" },
    ]),
    line([{ jsonrpc: "2.0", method: "notifications/initialized" }]),
  ]);
  assert.equal(answers.length, 1);
  assert.deepEqual(codes(answers[0]), [
    [1, undefined],
    [2, -32_601],
  ]);
});

test("lines may come in any pieces, cut inside a character", async () => {
  const heard: unknown[] = [];
  const run = async (_name: string, input: unknown) => {
    heard.push(input);
    return said("第3集");
  };
  const bytes = Buffer.from(
    `${request("集", "tools/call", { name: "list_vod_jobs", arguments: { text: "第3集 预告" } })}\r\n\n${request(2, "ping")}`,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts, bytes.length].sort((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
      const { answers } = await talk(chunks, { run });
      assert.deepEqual(
        answers.map(({ id }) => id),
        ["集", 2],
      );
      assert.equal(answers[0].result.content[0].text, "第3集");
      assert.deepEqual(heard.pop(), { text: "第3集 预告" });
    }),
    { numRuns: 40 },
  );
});

test("a line beyond the limit is refused without being kept, and the next one is served", async () => {
  const piece = "x".repeat(300_000);
  const { answers } = await talk([piece, piece, piece, piece, piece, `end\n${request(1, "ping")}`]);
  assert.deepEqual(codes(answers), [
    [null, -32_700],
    [1, undefined],
  ]);
});

test("cancelling aborts the call and leaves it unanswered; others go on", async () => {
  const signals: AbortSignal[] = [];
  const run = (_name: string, _input: unknown, signal: AbortSignal) => {
    signals.push(signal);
    if (signals.length > 1) return Promise.resolve(said("done"));
    return new Promise<ToolAnswer>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const call = (id: number) => request(id, "tools/call", { name: "list_vod_jobs" });
  const cancel = line({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1, reason: "late" } });
  const { answers } = await talk([call(1), call(2), call(1), cancel, call(1)], { run });
  assert.equal(signals[0]?.aborted, true);
  assert.equal(signals[1]?.aborted, false);
  assert.deepEqual(codes(answers), [
    [2, undefined],
    [1, -32_600], // the id was in use
    [1, undefined], // and is free again
  ]);
});

test("a call that was answered although it is cancelled is not sent", async () => {
  let finish = (_answer: ToolAnswer) => {};
  const run = () => new Promise<ToolAnswer>((resolve) => (finish = resolve));
  const cancel = line({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  const talking = talk([request(1, "tools/call", { name: "list_vod_jobs" }), cancel, request(2, "ping")], { run });
  await settle();
  await settle();
  finish(said("too late"));
  assert.deepEqual(codes((await talking).answers), [[2, undefined]]);
});

test("the end of the input cancels what still runs", async () => {
  let signal: AbortSignal | undefined;
  const run = (_name: string, _input: unknown, given: AbortSignal) => {
    signal = given;
    return new Promise<ToolAnswer>(() => {});
  };
  await talk([request(1, "tools/call", { name: "list_vod_jobs" })], { run });
  assert.equal(signal?.aborted, true);
});

test("a failure of the server itself tells the client nothing but that, and the log the rest", async () => {
  const run = () => Promise.reject(new Error("disk I/O error at /home/somebody"));
  const { answers, log } = await talk([request(1, "tools/call", { name: "list_vod_jobs" })], { run });
  assert.deepEqual(codes(answers), [[1, -32_603]]);
  assert.doesNotMatch(JSON.stringify(answers), /somebody/);
  assert.match(log.join("\n"), /error tools\/call: Error: disk I\/O error/);
});

test("no message makes the server throw or write anything but JSON-RPC", async () => {
  const message = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record(
        {
          jsonrpc: fc.constantFrom("2.0", "1.0", 2),
          id: fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.object()),
          method: fc.constantFrom("initialize", "ping", "tools/list", "tools/call", "notifications/cancelled", "x", 1),
          params: fc.oneof(fc.object(), fc.constant(undefined), fc.array(fc.anything())),
        },
        { requiredKeys: [] },
      )
      .map((record) => JSON.stringify(record)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 6 }), async (messages) => {
      const { answers, log } = await talk([messages.map((text) => `${text}\n`).join("")]);
      for (const answer of answers.flat()) {
        assert.equal(answer.jsonrpc, "2.0");
        assert.ok("result" in answer !== "error" in answer);
      }
      assert.ok(!log.some((entry) => entry.startsWith("error")), log.join());
    }),
  );
});
