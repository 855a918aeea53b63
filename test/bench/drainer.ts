import { createInterface } from "node:readline";
import { openHub } from "../../src/jobs/openHub.ts";
import { JobTracker } from "../../src/jobs/tracker.ts";
import { readJobAnswer } from "../../src/vod/answer.ts";
import { systemClock } from "../../src/vod/clock.ts";
import { VodError } from "../../src/vod/errors.ts";

/**
 * One window of the draining benchmark: `drainer.ts <folder> <url>`. Says `ready`; after `go` on stdin it polls what is
 * due in the folder's database against the endpoint at `url`, each call up to 50 ms of network late, until it is killed.
 * Every other line on stdin asks for an interactive look-up of the job it names; its wait, ms, goes to stdout.
 */
const [folder, url] = process.argv.slice(2) as [string, string];
const networkJitter = 50;

const hub = await openHub({
  folder,
  workerFile: new URL("../../src/jobs/worker.ts", import.meta.url),
  log: console.error,
});
const tracker: JobTracker = new JobTracker({
  hub,
  clock: systemClock,
  random: Math.random,
  log: (level, message) => level === "error" && console.error(message),
  settings: { polling: true, pace: "normal", backgroundRate: 13, focused: true },
  clientFor: async (account) => {
    const budget = tracker.budget(account);
    return {
      async getJobDetail(ref, { lane, signal }) {
        const asked = performance.now();
        await budget.take(lane, signal);
        if (lane === "interactive") process.stdout.write(`${performance.now() - asked}\n`);
        await systemClock.sleep(Math.random() * networkJitter);
        const headers = { "x-arrival": String(performance.timeOrigin + performance.now()) };
        const answer = await fetch(`${url}/${ref.id}`, { headers, signal });
        if (answer.status === 429) {
          budget.throttled();
          throw new VodError("throttled", "throttled");
        }
        budget.succeeded();
        return readJobAnswer(await answer.text(), ref.type);
      },
    };
  },
});
await fetch(url, { method: "HEAD" });
process.stdout.write("ready\n");

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "go") await tracker.start();
  else await tracker.lookUp({ account: "bench", region: "cn-shanghai", type: "transcode", id: line }, { maxAge: 0 });
}

// Nobody is there any more.
process.exit();
