import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { openHub } from "../../../src/jobs/openHub.ts";
import { callHub, serveHub } from "../../../src/jobs/rpc.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { ref, temporaryFolder } from "./support.ts";

const workerFile = new URL("../../../src/jobs/worker.ts", import.meta.url);
const plan = { at: 1, reason: "first" } as const;
const job = { ref: ref("a"), plan };

test("a hub in a worker does what the hub does, and keeps it", async () => {
  const folder = temporaryFolder();
  const told: string[] = [];
  const hub = await openHub({ folder, workerFile, log: (line) => told.push(line) });
  const [added, page] = await Promise.all([hub.add([job], 5), hub.load("", 10)]);
  assert.equal(added.added.length, 1);
  assert.deepEqual(
    page.jobs.map(({ ref }) => ref.id),
    ["a"],
  );
  await hub.close();
  assert.deepEqual(told, []);
  const again = await openHub({ folder });
  assert.equal((await again.load("", 10)).jobs.length, 1);
  await again.close();
});

test("where no worker can start, the work is done in this thread, and said so", async () => {
  for (const content of ["throw new Error('no')", "setInterval(() => {}, 1000); process.exit(3)"]) {
    const folder = temporaryFolder();
    const file = join(folder, "broken.mjs");
    writeFileSync(file, content);
    const told: string[] = [];
    const hub = await openHub({ folder, workerFile: file, log: (line) => told.push(line) });
    assert.equal((await hub.add([job], 5)).added.length, 1);
    assert.equal(told.length, 1);
    await hub.close();
  }
});

test("when the worker dies, open calls reject and the next one starts it anew", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "mortal.mjs");
  // A worker that dies when it is asked for notices.
  writeFileSync(
    file,
    `import { parentPort, workerData } from "node:worker_threads";
     import { serveHub } from ${JSON.stringify(new URL("../../../src/jobs/rpc.ts", import.meta.url).href)};
     import { SqliteHub } from ${JSON.stringify(new URL("../../../src/jobs/sqlite/hub.ts", import.meta.url).href)};
     const hub = new SqliteHub(workerData.folder);
     hub.notices = () => process.exit(1);
     serveHub(parentPort, hub);
     parentPort.postMessage([]);`,
  );
  const hub = await openHub({ folder, workerFile: file });
  await hub.add([job], 5);
  await assert.rejects(hub.notices(), /ended/);
  assert.equal((await hub.load("", 10)).jobs.length, 1);
  await hub.close();
});

test("calls of one moment travel in one message, and failures come back as failures", async () => {
  const { port1, port2 } = new MessageChannel();
  let messages = 0;
  const { hub, fail } = callHub({
    postMessage: (message) => {
      messages++;
      port1.postMessage(message);
    },
    on: (event, listener) => port1.on(event, listener),
  });
  const real = new SqliteHub(undefined);
  serveHub(port2, real);
  const [, , , broken] = await Promise.allSettled([
    hub.add([job], 5),
    hub.load("", 10),
    hub.notices(),
    hub.release({} as string),
  ]);
  assert.equal(messages, 1);
  assert.equal(broken.status, "rejected");
  fail(new Error("gone"));
  await assert.rejects(hub.notices(), { message: "gone" });
  port1.close();
  await real.close();
});
