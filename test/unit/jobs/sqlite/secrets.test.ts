import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jobKey } from "../../../../src/jobs/key.ts";
import { SqliteHub } from "../../../../src/jobs/sqlite/hub.ts";
import { JobTracker } from "../../../../src/jobs/tracker.ts";
import { VodClient } from "../../../../src/vod/client.ts";
import { endpointOf } from "../../../../src/vod/endpoints.ts";
import type { HttpAnswer, HttpRequest } from "../../../../src/vod/send.ts";
import { FakeClock } from "../../support/clock.ts";
import { body, ref, temporaryFolder } from "../support.ts";

/** Secrets of no special form: only who knows them can keep them out. */
const canary = {
  accessKeyId: "canary-id-3f9a1c",
  accessKeySecret: "canary-secret-77be02",
  securityToken: "canary-token-c0ffee",
};

const refusal = (code: string, status: number) => (request: HttpRequest) => {
  const echo = `${code}: server StringToSign is [${JSON.stringify(request.headers)}] ${request.url}`;
  const Recommend = `https://api.aliyun.com/troubleshoot?key=${canary.accessKeyId}&token=${canary.securityToken}`;
  return { status, headers: {}, body: JSON.stringify({ RequestId: "R", Code: code, Message: echo, Recommend }) };
};

/** Answers that say everything they were asked with, secrets of the credential included. */
const indiscreet: readonly ((request: HttpRequest) => HttpAnswer)[] = [
  refusal("SignatureDoesNotMatch", 400),
  refusal("InvalidAccessKeyId.NotFound", 404),
  refusal("InvalidSecurityToken.Expired", 400),
  refusal("Forbidden.RAM", 403),
  refusal("InternalError", 500),
  refusal("Throttling.User", 429),
  refusal(`Unknown.${canary.accessKeyId}`, 400),
  (request) => ({
    status: 200,
    headers: {},
    body: `<html>${JSON.stringify(request)} ${canary.accessKeySecret}</html>`,
  }),
];

test("no secret of a credential gets into the database, whatever the service or a proxy echoes", async () => {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const hub = new SqliteHub(folder);
  const log: string[] = [];
  let answer: (request: HttpRequest) => HttpAnswer = () => ({ status: 200, headers: {}, body: body(ref("a")) });
  const tracker: JobTracker = new JobTracker({
    hub,
    clock,
    random: () => 0.5,
    log: (_, line) => log.push(line),
    settings: { polling: true, pace: "normal", backgroundRate: 8, focused: true },
    clientFor: async (account) =>
      new VodClient({
        endpoint: endpointOf,
        credentials: { get: async () => canary, invalidate() {} },
        budget: tracker.budget(account),
        send: async (request) => answer(request),
        clock,
        random: () => 0.5,
      }),
  });
  await tracker.start();
  let problems = 0;
  for (const [n, indiscretion] of indiscreet.entries()) {
    answer = indiscretion;
    const job = ref(`job${n}`, "transcode", `account${n}`);
    await tracker.track([job], { label: `job ${n}` });
    await clock.advance(30_000);
    if (tracker.jobs.get(jobKey(job))?.problem) problems++;
  }
  assert.ok(problems >= indiscreet.length - 1, `${problems} problems were kept: all but throttling`);
  const secrets = Object.values(canary);
  const told = `${log.join("\n")}\n${JSON.stringify([...tracker.jobs.values(), ...tracker.accounts.values()])}`;
  for (const secret of secrets) assert.ok(!told.includes(secret), `${secret} in the log or in memory`);
  const files = readdirSync(folder);
  assert.ok(files.length >= 2, "the file and its journal");
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    for (const secret of secrets) assert.equal(bytes.indexOf(secret), -1, `${secret} in ${file}`);
  }
  assert.ok(
    files.some((file) => readFileSync(join(folder, file)).includes("SignatureDoesNotMatch")),
    "what the service said is there, without the secrets",
  );
  const done = tracker.dispose();
  await clock.advance(1);
  await done;
  await hub.close();
});
