/** The panel's page under its real policy: what it shows, what keys and changes do to it, what it refuses. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Harness, type OpenPanel } from "./harness.ts";
import { answerOf, makeRun, sample, situationOf } from "./runs.ts";

/** React Flow draws 85,319 elements for 10,000 activities; ours may have 1 % of them (the workflow view's table). */
const mostElements = 853;
const largestBundle = 15 * 1024;

describe("the panel", () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.open();
  });
  after(() => harness?.close());

  async function shown(
    situation: Parameters<Harness["show"]>[0],
    options: Parameters<Harness["show"]>[1],
    look: (panel: OpenPanel) => Promise<void>,
  ): Promise<void> {
    const panel = await harness.show(situation, options);
    try {
      await look(panel);
      assert.deepEqual(panel.faults, [], "no error, no warning, no violation of the policy");
    } finally {
      await panel.close();
    }
  }

  it("is at most 15 KB of script and style, compressed", () => {
    assert.ok(harness.gzip <= largestBundle, `${harness.gzip} bytes`);
  });

  it("opens the specification's sample at its failure, and says that the task hides it", () =>
    shown(sample("workflow"), {}, async ({ page, picture }) => {
      assert.match(await page.locator("#banner").innerText(), /“Succeed”.*1 of 4 activities failed/);
      const selected = page.locator("#rows [aria-selected=true]");
      assert.match((await selected.getAttribute("aria-label")) ?? "", /^Translate_zh_en, Failed, started 1 s/);
      assert.match(await page.locator("#details").innerText(), /VideoTranslationAll/);
      await picture("seed-dark");
    }));

  for (const type of ["transcode", "snapshot", "ai"] as const)
    it(`shows every field of the sample's ${type} job`, () =>
      shown(sample(type), { theme: "light" }, async ({ page, picture }) => {
        const text = await page.locator("main").innerText();
        const facts = { transcode: ["HD", "dbfaaec9e"], snapshot: ["352", "640"], ai: ["AIVideoCensor", "terrorism"] };
        for (const fact of facts[type]) assert.ok(text.includes(fact), `${fact} in:\n${text}`);
        assert.match(text, /2024-10-14 07:39:25/);
        await picture(`${type}-light`);
      }));

  it("is walked by keys alone: rows, next failure, views", () =>
    shown(situationOf(makeRun(30)), {}, async ({ page }) => {
      const label = () => page.locator("#rows [aria-selected=true]").first().getAttribute("aria-label");
      await page.locator("#rows").focus();
      await page.keyboard.press("Home");
      assert.match((await label()) ?? "", /^Act_Start/);
      await page.keyboard.press("ArrowDown");
      const second = await label();
      assert.doesNotMatch(second ?? "", /^Act_Start/);
      await page.keyboard.press("f");
      assert.match((await label()) ?? "", /Failed/);
      await page.keyboard.press("Home");
      assert.match((await label()) ?? "", /^Act_Start/);
      const active = await page.locator("#rows").getAttribute("aria-activedescendant");
      assert.ok(active && (await page.locator(`#${active}`).count()) === 1, "a screen reader is told which row");
    }));

  it("takes in a change as a patch and keeps the selection", () => {
    const run = makeRun(12, { failEvery: 99 });
    run.activities.at(-1)!.status = "Processing";
    delete run.activities.at(-1)!.end;
    const situation = situationOf(run, { status: "Processing", finished: false });
    return shown(situation, {}, async ({ page, said, changed }) => {
      const name = run.activities.at(-1)!.name;
      const row = page.locator("#rows [role=row]", { hasText: name });
      assert.match((await row.getAttribute("aria-label")) ?? "", /Running/);
      const before = said.length;
      run.activities.at(-1)!.status = "Failed";
      run.activities.at(-1)!.end = run.activities.at(-1)!.start! + 5;
      situation.answer = answerOf(run, { status: "Failed" });
      await changed();
      assert.match((await row.getAttribute("aria-label")) ?? "", /Failed/);
      const types = said.slice(before).map((message) => message.type);
      assert.ok(types.includes("patch") && !types.includes("snapshot"), types.join());
    });
  });

  it("draws 10,000 activities with few elements, in every view", () =>
    shown(situationOf(makeRun(10_000)), {}, async ({ page, picture }) => {
      for (const view of ["timeline", "steps", "table"]) {
        await page.locator(`#${view}`).click();
        const elements = await page.locator("*").count();
        assert.ok(elements <= mostElements, `${view}: ${elements} elements`);
        await picture(`${view}-10000-dark`);
      }
    }));

  it("clips nothing away at 420 pixels", () =>
    shown(situationOf(makeRun(30)), { width: 420, height: 800, theme: "light" }, async ({ page, picture }) => {
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      assert.ok(await page.locator("#details").isVisible());
      await picture("narrow-light");
    }));

  it("shows hostile texts as text", () => {
    const run = makeRun(6);
    const hostile = [
      '<img src=x onerror="document.title=1">',
      "\u202egnp.exe",
      "a\nb\u0000c",
      "x".repeat(10_000),
      "__proto__",
    ];
    for (const [index, text] of hostile.entries()) {
      Object.assign(run.activities[index + 1]!, { name: text, kind: text, result: { [text]: text } });
    }
    run.edges.length = 0;
    return shown(situationOf(run, { name: hostile[0]! }), {}, async ({ page, picture }) => {
      assert.equal(await page.locator("img").count(), 0);
      for (const view of ["steps", "table", "timeline"]) await page.locator(`#${view}`).click();
      assert.notEqual(await page.title(), "1");
      await picture("hostile-dark");
    });
  });

  it("refuses messages that are not its host's", () =>
    shown(sample("workflow"), {}, async ({ page, post }) => {
      for (const message of [null, 7, "x", {}, { type: "patch" }, { type: "snapshot", rev: "1" }, { type: "nonsense" }])
        await post(message);
      assert.match(await page.locator("#banner").innerText(), /1 of 4/);
    }));

  it("is never blank: no answer yet, a failed call, an activity list that cannot be read", async () => {
    const { ref } = sample("workflow");
    await shown({ ref }, {}, async ({ page }) => assert.match(await page.locator("main").innerText(), /\w/));
    const answer = sample("workflow").answer;
    const broken = { ...answer, detail: { ...answer.detail, activityResults: "{broken" } } as typeof answer;
    await shown({ ref, answer: broken }, {}, async ({ page, picture }) => {
      assert.match(await page.locator("body").innerText(), /broken|cannot be read/i);
      await picture("broken-dark");
    });
  });
});
