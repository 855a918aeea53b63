/**
 * The page of a live run of 10,000 activities while update after update comes, each painted in a frame of its own:
 * nothing piles up. `VOD_JOBS_LONG=1`: as many as ten hours of a watched run bring, at the quickest pace of polls.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ToPanel } from "../../src/panel/protocol.ts";
import { Harness, settled } from "./harness.ts";
import { makeRun, situationOf, standing } from "./runs.ts";

type Snapshot = Extract<ToPanel, { type: "snapshot" }>;

const many = 10_000;
/** Updates in each of the three views, after some that the browser gets used to them by. */
const updates = process.env.VOD_JOBS_LONG === "1" ? 4_000 : 60;
const warmUp = 30;

let harness: Harness;
before(async () => {
  harness = await Harness.open();
});
after(() => harness.close());

test(`${3 * updates} updates of ${many} activities, painted one by one: no memory, no elements and no work pile up`, async (t) => {
  const run = makeRun(many);
  const ends = Math.max(...run.activities.map(({ end = 0 }) => end));
  const situation = situationOf(standing(run, ends - 5), { status: "Processing", finished: false });
  const panel = await harness.show(situation);
  const { page, said } = panel;
  const views = ["timeline", "steps", "table"];
  for (const view of [...views].reverse()) {
    await page.click(`#${view}`);
    await settled(page);
  }
  // From here on the test speaks to the page in the host's place.
  panel.panel.dispose();
  const snapshot = said.find((one) => one.type === "snapshot");
  const { rev } = said.findLast((one) => one.type === "snapshot" || one.type === "patch")!;
  await page.evaluate((known) => Object.assign(window, { known }), { ...snapshot, rev });
  const browser = await page.context().newCDPSession(page);
  // In time that the thread itself has worked: what else the machine does is left out.
  await browser.send("Performance.enable", { timeDomain: "threadTicks" });

  /** What the page holds once all garbage is gone, and how long it has worked. */
  async function held() {
    await settled(page);
    await browser.send("HeapProfiler.collectGarbage");
    const { metrics } = await browser.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((one) => one.name === name)!.value;
    return {
      heap: of("JSHeapUsedSize"),
      nodes: of("Nodes"),
      listeners: of("JSEventListeners"),
      worked: of("TaskDuration"),
      elements: await page.locator("*").count(),
    };
  }

  /** Activities that end or fail, and at times the heading, as a poll brings them; one message a frame. */
  const update = (count: number) =>
    page.evaluate(async (count) => {
      const { known } = window as unknown as { known: { -readonly [K in keyof Snapshot]: Snapshot[K] } };
      const { activities, parts } = known;
      for (let n = 0; n < count; n++) {
        const rev = ++known.rev;
        const puts = [0, 1, 2].map((shift) => {
          const place = (rev * 7 + shift * 3_331) % activities.length;
          const failed = (rev + shift) % 3 === 0;
          const words = failed ? { phase: "failed", word: `Failed ${rev}` } : { phase: "succeeded", word: "Succeeded" };
          return { op: "put", activity: { ...activities[place], ...words }, place };
        });
        const header = { ...parts.header, standing: `Running for ${rev} s` };
        const news = `${puts[0]!.activity.name}: ${puts[0]!.activity.word}`;
        const ops = n % 4 === 0 ? [...puts, { op: "parts", parts: { header, news } }] : puts;
        window.postMessage(JSON.stringify({ type: "patch", rev, ops }), "*");
        await new Promise(requestAnimationFrame);
      }
    }, count);

  const counted: Record<string, unknown>[] = [];
  for (const view of views) {
    await page.click(`#${view}`);
    await update(warmUp);
    const start = await held();
    await update(updates / 2);
    const middle = await held();
    await update(updates / 2);
    const end = await held();
    counted.push({ view, start, middle, end });
    const told = JSON.stringify(counted.at(-1));
    t.diagnostic(told);
    assert.ok(end.nodes - start.nodes < 200 && end.listeners - start.listeners < 50, told);
    assert.ok(end.elements < 1_500, told);
    assert.ok(end.heap - start.heap < 500_000, told);
    const [first, second] = [middle.worked - start.worked, end.worked - middle.worked];
    assert.ok(second < 2 * first, told);
  }
  assert.ok(!said.some(({ type }) => type === "resync"), "every message followed the one before");
  assert.match(await page.locator("#line").innerText(), /Running for \d+ s/);
  assert.deepEqual(panel.faults, []);
  await panel.close();
});
