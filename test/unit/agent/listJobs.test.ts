import assert from "node:assert/strict";
import { test } from "node:test";
import { runTool } from "../../../src/agent/tools.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { openHost, sample, workflowBody } from "./support.ts";

const ids = {
  partly: "11110000111100001111000011110000",
  failed: "22220000222200002222000022220000",
  running: "33330000333300003333000033330000",
  done: "44440000444400004444000044440000",
  unasked: "55550000555500005555000055550000",
};

async function open() {
  const opened = openHost();
  const { answers, tracker, ref, during, host } = opened;
  answers.set(ids.partly, sample);
  answers.set(ids.done, sample);
  answers.set(ids.running, workflowBody({ status: "Processing", activities: {}, title: "Keynote.mp4" }));
  answers.set(ids.failed, workflowBody({ status: "Failed", finished: 60, activities: {} }));
  const refs = [ref(ids.done, "ai"), ref(ids.running), ref(ids.partly), ref(ids.failed)];
  await during(tracker.track(refs));
  await during(tracker.refresh(refs.map((one) => `default/cn-shanghai/${one.type}/${one.id}`)));
  await during(tracker.track([ref(ids.unasked, "snapshot")], { label: "Poster" }));
  const list = async (input: unknown = {}) => (await during(runTool("list_vod_jobs", input, host))).text;
  return { ...opened, list };
}

const shown = (text: string) => Object.entries(ids).flatMap(([name, id]) => (text.includes(id) ? [name] : []));

test("failed jobs come first, also those whose task says Succeed; then what is not finished", async () => {
  const { list, calls } = await open();
  const before = calls.length;
  const text = await list();
  const order = Object.entries(ids).sort(([, a], [, b]) => text.indexOf(a) - text.indexOf(b));
  assert.deepEqual(new Set(order.slice(0, 2).map(([name]) => name)), new Set(["failed", "partly"]));
  assert.deepEqual(
    order.slice(2).map(([name]) => name),
    ["running", "unasked", "done"],
  );
  assert.match(text, /^5 tracked jobs: 1 failed, 1 running, 1 waiting, 2 succeeded\./);
  assert.match(text, /succeeded \(status "Succeed"\), but 1 of 4 activities failed/);
  assert.match(text, /"Poster": not asked yet/);
  assert.match(text, /Checked by itself next at|next check is due now/);
  assert.equal(calls.length, before, "a list costs no call");
});

test("filters by phase, type and text; failed holds partly failed tasks", async () => {
  const { list } = await open();
  assert.deepEqual(shown(await list({ phase: "failed" })), ["partly", "failed"]);
  assert.deepEqual(shown(await list({ phase: "running" })), ["running"]);
  assert.deepEqual(shown(await list({ type: "snapshot" })), ["unasked"]);
  assert.deepEqual(shown(await list({ text: "kEYNOTE" })), ["running"]);
  assert.deepEqual(shown(await list({ text: "poster" })), ["unasked"]);
  assert.deepEqual(shown(await list({ text: ids.done.slice(3, 20) })), ["done"]);
  const nothing = await list({ phase: "canceled" });
  assert.match(nothing, /^0 of 5 tracked jobs\.\nNo tracked job fits\. Call again with fewer filters\./);
});

test("the limit is kept and what is left off is said", async () => {
  const { list } = await open();
  const text = await list({ limit: 2 });
  assert.equal(shown(text).length, 2);
  assert.match(text, /… and 3 more; narrow the filters or raise the limit/);
});

test("nothing tracked: says how jobs get here", async () => {
  const { host } = openHost();
  assert.match(
    (await runTool("list_vod_jobs", {}, host)).text,
    /^0 tracked jobs\.\n.*get_vod_job reads any job by its id/,
  );
});

test("thousands of jobs stay within the limit of an answer", async () => {
  const { host, tracker, ref, during } = openHost();
  const many = Array.from({ length: 300 }, (_, index) => ref(index.toString(16).padStart(32, "0"), "ai"));
  await during(tracker.track(many, { label: "x".repeat(300) }));
  const { text } = await runTool("list_vod_jobs", { limit: 100 }, host, { limit: 3_000 });
  assert.ok(text.length <= 3_000, `${text.length} characters`);
  assert.match(text, /more lines did not fit into this answer\.$/);
});

test("an account in trouble is told of", async () => {
  const { list, answers, tracker, during } = await open();
  const code = "InvalidAccessKeyId.NotFound";
  answers.set(ids.running, new VodError("credentials", code, { code }));
  await during(tracker.refresh([`default/cn-shanghai/workflow/${ids.running}`])).catch(() => {});
  const text = await list();
  assert.match(text, /Account "default": its credential is refused, so its jobs are not checked until a person acts/);
});

test("a job whose last check failed says why", async () => {
  const { list, answers, tracker, during } = await open();
  answers.set(ids.running, new VodError("malformed", "An HTML page came", { code: "NotJson" }));
  await during(tracker.refresh([`default/cn-shanghai/workflow/${ids.running}`])).catch(() => {});
  assert.match(
    await list(),
    /The last check failed at .* ago: The answer did not come from the VOD service.*\(code "NotJson"\)/,
  );
});
