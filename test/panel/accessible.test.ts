/** axe over every theme, view and size; the pictures are for people to look at. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import axe from "axe-core";
import { Harness, themes } from "./harness.ts";
import { makeRun, sample, situationOf } from "./runs.ts";

interface Found {
  readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary?: string }[] }[];
}

describe("the panel is accessible", () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.open();
  });
  after(() => harness?.close());

  const sizes = { 4: sample("workflow"), 50: situationOf(makeRun(50)), 10000: situationOf(makeRun(10_000)) };
  for (const theme of themes)
    for (const [size, situation] of Object.entries(sizes))
      it(`${size} activities, ${theme}`, async () => {
        const { page, picture, faults, close } = await harness.show({ ...situation }, { theme });
        try {
          for (const view of ["timeline", "steps", "table"]) {
            await page.locator(`#${view}`).click();
            // Evaluated by the debugger, which the page's policy does not bind.
            await page.evaluate(axe.source);
            const { violations } = (await page.evaluate("axe.run()")) as Found;
            const told = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
            assert.deepEqual(told, [], view);
            await picture(`${view}-${size}-${theme}`);
          }
          assert.deepEqual(faults, []);
        } finally {
          await close();
        }
      });
});
