/** The workflow view in a real workbench: opened, walked by keyboard and heard, live, in four themes, narrow, with 10,000 activities. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import axe from "axe-core";
import type { Frame } from "playwright-core";
import { demoJobs } from "../../src/demo/catalogue.ts";
import { VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

const seed = "workflow view";

/** VS Code's own themes: what their pictures are called, and the names that its picker lists. */
const themes = [
  { name: "light-2026", label: "Light 2026" },
  { name: "light", label: "Light Modern" },
  { name: "high-contrast-dark", label: "Dark High Contrast" },
  { name: "high-contrast-light", label: "Light High Contrast" },
  { name: "dark-2026", label: "Dark 2026" },
  { name: "dark", label: "Dark Modern" },
] as const;

const interview = /Interview\.mp4/;
const tape = /Tape 0417/;
/** What is looked up and not tracked is called by its workflow. */
const huge = /Chapters/;

interface Found {
  readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary?: string }[] }[];
}

describe("the workflow view", () => {
  let vscode: VsCode;
  let window: Workbench;

  before(async () => {
    vscode = await VsCode.start({
      settings: { "vodJobs.notifications": "off" },
      machineSettings: { "vodJobs.demo.startAutomatically": true },
      env: { VOD_JOBS_DEMO_SEED: seed },
      browser: { viewport: { width: 1440, height: 900 } },
    });
    window = await vscode.openWindow();
    // Frames that are made from now on tell what their policy forbade.
    await window.page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        console.error(`Content Security Policy: ${violatedDirective} ${blockedURI}`),
      );
    });
    await window.showContainer("VOD Jobs");
  });
  after(() => vscode?.close());
  afterEach((test) => vscode?.keepFailure(test as never));

  /** The frame of the page that shows a job, by the job's title. */
  async function page(title: string | RegExp): Promise<Frame> {
    await window.webview.locator("#title", { hasText: title }).waitFor();
    const element = await window.page.locator("iframe.webview.ready").filter({ visible: true }).first().elementHandle();
    const inner = await (await element!.contentFrame())!.waitForSelector("#active-frame");
    return (await inner.contentFrame())!;
  }

  const selected = (frame: Frame) => frame.locator(".row.selected .name b").innerText();
  const focused = (frame: Frame) => frame.evaluate(() => document.activeElement?.id);
  const press = (key: string) => window.page.keyboard.press(key);

  /** What a screen reader says of the focus in a frame: its name, and that of the row or card it stands on. */
  const heard = (frame: Frame) =>
    frame.evaluate(() => {
      const active = document.activeElement?.getAttribute("aria-activedescendant");
      const said = [document.activeElement, active ? document.getElementById(active) : null];
      return said.flatMap((element) => element?.getAttribute("aria-label") ?? []).join(": ");
    });

  /** Waits until that is said, and nothing else. */
  async function hear(frame: Frame, wanted: RegExp): Promise<void> {
    for (let n = 0; n < 100 && !wanted.test(await heard(frame)); n++) await frame.waitForTimeout(50);
    assert.match(await heard(frame), wanted);
  }

  /** Counts what a mouse or a finger does to a frame from now on. */
  async function watchPointer(frame: Frame): Promise<() => Promise<number>> {
    const count = await frame.evaluateHandle(() => {
      const seen = { events: 0 };
      for (const type of ["pointerdown", "mousedown", "wheel", "contextmenu", "dragstart"]) {
        addEventListener(type, () => seen.events++, true);
      }
      return seen;
    });
    return () => count.evaluate(({ events }) => events);
  }

  /** Runs a command from the palette by keys alone. */
  async function runByKeys(label: string): Promise<void> {
    await press("F1");
    await window.quickInput.locator("input.input").waitFor();
    await window.page.keyboard.type(label);
    await window.quickInput.locator(".monaco-list-row.focused", { hasText: label }).waitFor();
    await press("Enter");
  }

  /** Looks a job of the demo up and opens it, by keyboard alone. */
  async function lookUp(name: string, title: string | RegExp): Promise<Frame> {
    const { id, type } = demoJobs({ seed }).find((job) => job.name === name)!;
    const kind = `${type} ${type === "workflow" ? "task" : "job"}`;
    await runByKeys("VOD Jobs: Look Up Job…");
    await window.quickInput.getByText("The id of the job").waitFor();
    await window.type(id);
    await press("Enter");
    await window.quickInput.locator(".monaco-list-row", { hasText: kind }).waitFor();
    await window.type(kind);
    await press("Enter");
    return page(title);
  }

  it("opens from the tree with the failure selected, and says what contradicts the status", async () => {
    await window.treeItem(/Interview\.mp4/).click();
    const frame = await page(interview);
    await frame.getByText(/The task reports .*Succeed.* but 1 of 4 activities failed/).waitFor();
    await frame.locator(".row.selected").waitFor();
    assert.match(await frame.locator(".row.selected").innerText(), /Failed/);
    await frame.getByText("VideoTranslationAll").waitFor();
    await window.picture("workflow-from-tree");
  });

  it("does from the palette what the menu of its panel offers", async () => {
    await window.run("VOD Jobs: Copy as Markdown");
    const text = await window.waitForClipboard(/Interview\.mp4/);
    assert.match(text, /Translate_zh_en/);
    await window.writeClipboard("none"); // a look-up would offer the id in it
  });

  it("is reached and walked by keys alone, and heard: palette, tree, panel, failing activity, details, and back", async () => {
    const { id } = demoJobs({ seed }).find((job) => job.name === "sample/workflow")!;
    await window.treeItem(interview).waitFor();
    const top = window.page.mainFrame();
    const pointed = [await watchPointer(top)];

    await runByKeys("VOD Jobs: Track Job…");
    await hear(top, / - Track Job \(demo · cn-shanghai\)$/);
    await window.page.keyboard.type(id);
    await press("Enter");
    await hear(top, /^What kind of job is it\? - Track Job .*: Find out, Asks for each type until one answers/);
    await press("Enter");
    const frame = await page("2.mp4");
    pointed.push(await watchPointer(frame));
    const failing = /^Timeline: Translate_zh_en, Failed, started 1 s into the run, 4 m 33 s/;
    await hear(frame, failing); // whoever opens a panel stands on the failure

    await runByKeys("VOD Jobs: Focus on Tracked View");
    await hear(top, /^Tracked/);
    await press("Home");
    const row = /^Tracked: 2\.mp4, Succeeded, 1 failed, workflow task, \d+ d ago$/;
    for (let n = 0; n < 40 && !row.test(await heard(top)); n++) await press("ArrowDown");
    await hear(top, row);
    await press("Enter");
    await hear(top, row); // a job that is opened from the list leaves one in the list
    await press("Control+1");
    await hear(frame, failing);
    await press("Home");
    await hear(frame, /^Timeline: Act_Start, Succeeded, started < 1 s into the run, end not reported$/);
    await press("f");
    await hear(frame, failing);
    await press("Enter");
    await hear(frame, /^Translate_zh_en$/);
    assert.equal(await focused(frame), "details");
    assert.match(await frame.locator("#details").innerText(), /Failed.*VideoTranslationAll/s);
    await window.picture("workflow-keyboard");

    await press("Tab");
    await hear(frame, /^Close$/);
    await press("Tab");
    await hear(frame, /^Copy$/);
    await press("Enter");
    await frame.locator("#live", { hasText: "Copied" }).waitFor({ state: "attached" });
    await press("Tab");
    assert.equal(await frame.evaluate(() => document.activeElement?.textContent), "Act_Start"); // what it ran after
    await press("Enter");
    await hear(frame, /^Timeline: Act_Start/); // the link is gone with the details that it stood in
    await press("]");
    await hear(frame, failing);
    await press("[");
    await hear(frame, /^Timeline: Act_Start/);
    assert.deepEqual(await Promise.all(pointed.map((count) => count())), [0, 0], "no mouse was touched");
  });

  it("follows a run that goes on, and keeps selection, scroll and focus meanwhile", async () => {
    const frame = await lookUp("live/large", /Documentary/);
    await frame.locator("#chips .running").waitFor();
    await frame.locator("#rows").focus();
    for (const key of ["Home", "ArrowDown", "ArrowDown", "ArrowDown"]) await press(key);
    await frame.locator("#rows").evaluate((rows) => rows.scrollTo(0, 60));
    const chosen = await selected(frame);
    const state = () =>
      frame.evaluate(() => ({
        focus: document.activeElement?.id,
        scroll: document.getElementById("rows")!.scrollTop,
        done: document.querySelector("#chips .succeeded b")!.textContent,
      }));
    const before = await state();
    await window.picture("workflow-live-before");
    await frame.waitForFunction(
      (done) => document.querySelector("#chips .succeeded b")!.textContent !== done,
      before.done,
      { timeout: 60_000 },
    );
    assert.deepEqual({ ...(await state()), done: undefined }, { ...before, done: undefined });
    assert.equal(await selected(frame), chosen);
    assert.match(await frame.locator("#live").innerText(), /: Succeeded/);
    await window.picture("workflow-live-after");
  });

  it("takes every theme while it is open, without an axe violation", async () => {
    await window.treeItem(/Interview\.mp4/).click();
    const frame = await page(interview);
    await frame.locator(".row.selected").waitFor();
    for (const { name, label } of themes) {
      await window.run("Preferences: Color Theme");
      await window.type(label);
      await window.pick(label);
      await frame.waitForFunction((wanted) => document.body.dataset.vscodeThemeName === wanted, label);
      await window.quickInput.waitFor({ state: "hidden" });
      await frame.evaluate(axe.source);
      await window.picture(`workflow-${name}`);
      const { violations } = await frame.evaluate<Found>("axe.run()");
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
      assert.deepEqual(told, [], name);
    }
  });

  it("holds 10,000 activities: at the failure at once, few elements, its end a key away", async () => {
    const frame = await lookUp("odd/huge", huge);
    await frame.locator(".row.selected").waitFor();
    assert.match(await frame.locator(".row.selected").innerText(), /Failed/);
    assert.equal(await frame.locator("#rows").getAttribute("aria-rowcount"), "10000");
    for (const view of ["steps", "table", "timeline"]) {
      await frame.locator(`#${view}`).click();
      await frame
        .locator(view === "steps" ? ".card.selected" : ".selected:visible")
        .first()
        .waitFor();
      const elements = await frame.locator("*").count();
      assert.ok(elements < 1000, `${view}: ${elements} elements`);
      await window.picture(`workflow-10000-${view}`);
    }
    await frame.locator("#rows").focus();
    await press("End");
    await frame.locator('.row.selected[aria-rowindex="10000"]').waitFor();
  });

  it("tells of a transcode how far it is, by GetTranscodeTask", async () => {
    const frame = await lookUp("live/transcode-6min", /Episode 3/);
    const bar = frame.getByRole("progressbar", { name: "Progress" });
    await bar.waitFor();
    assert.ok((await bar.evaluate((element: HTMLProgressElement) => element.value)) > 0);
    await window.picture("workflow-transcode");
  });

  it("stands in a group of 420 pixels: nothing is clipped away", async () => {
    await window.treeItem(/Interview\.mp4/).click();
    await window.run("View: Toggle Primary Side Bar Visibility");
    await window.page.setViewportSize({ width: 468, height: 900 });
    const frame = await page(interview);
    await frame.waitForFunction(() => innerWidth <= 430);
    for (const view of ["timeline", "steps", "table"]) {
      await frame.locator(`#${view}`).click();
      await frame.locator(".selected:visible").first().waitFor();
      const beyond = await frame.evaluate(() =>
        [...document.querySelectorAll("header.top button, header.top input, #details, #stage")]
          .filter((element) => {
            const { left, right, width } = element.getBoundingClientRect();
            return width > 0 && (left < 0 || right > innerWidth);
          })
          .map((element) => element.id || element.textContent),
      );
      assert.deepEqual(beyond, [], view);
      await window.picture(`workflow-narrow-${view}`);
    }
    await window.page.setViewportSize({ width: 1440, height: 900 });
    await window.run("View: Toggle Primary Side Bar Visibility");
  });

  /** Attaches a topology to the workflow of the panel in front. */
  async function attach(from: string): Promise<void> {
    await window.run("VOD Jobs: Attach Workflow Topology…");
    await window.pick(from);
  }
  /** Chooses a file of the workspace in the editor's own dialog, which puts in a folder while a name is typed. */
  async function choose(name: string): Promise<void> {
    await window.type(`${vscode.workspace}/`);
    await window.quickInput.locator(".monaco-list-row", { hasText: name }).click();
    await window.quickInput.waitFor({ state: "hidden" });
  }

  it("takes the workflow's own shape from the clipboard or a file, marks what the times contradict, refuses nonsense", async () => {
    const shape = (edges: readonly (readonly [string, string])[]) => ({ nodes: [...new Set(edges.flat())], edges });
    vscode.writeFiles({
      "archive.json": JSON.stringify(
        shape([
          ["Act_Start", "VodTranscode_Master"],
          ["VodTranscode_Master", "VodSnapshot_Sheet"],
        ]),
      ),
      "broken.json": '{"nodes": ["a", "b"',
    });
    // Not by the tree: its panel is open already, so nothing tells when the extension has shown it and given it the focus.
    await window.tab(interview).click();
    const frame = await page(interview);
    await frame.locator("#steps").click();
    await frame.locator(".card").first().waitFor();
    const against = () => frame.locator("#stage .against");
    assert.equal(await against().count(), 0);
    await window.writeClipboard(
      JSON.stringify({
        Activities: { Act_Start: {}, VodSnapshot_123: {}, VodDynamicImage_123: {}, Translate_zh_en: {} },
        Dependencies: { Act_Start: ["VodDynamicImage_123", "Translate_zh_en"], Translate_zh_en: ["VodSnapshot_123"] },
      }),
    );
    await attach("From the Clipboard");
    await against().first().waitFor({ state: "attached" });
    await window.picture("workflow-topology-clipboard");

    for (const [from, text, says] of [
      ["From the Clipboard", '{"nodes":["a","b"],"edges":[["a","b"],["b","a"]]}', /goes in a circle: a → b → a/],
      ["From a File…", "", /The topology is not JSON/],
    ] as const) {
      if (text) await window.writeClipboard(text);
      await attach(from);
      if (!text) await choose("broken.json");
      await window.toast(says).waitFor();
      await window.clearToasts();
      assert.equal(await against().count(), 1, "the one before is still there");
    }
    await window.writeClipboard("none");

    await window.treeItem(/Tape 0417/).click();
    const other = await page(tape);
    await other.locator("#steps").click();
    await other.locator(".card").first().waitFor();
    await attach("From a File…");
    await choose("archive.json");
    await other.locator("#stage .against").first().waitFor({ state: "attached" });
    await window.picture("workflow-topology-file");
    await window.tab(interview).click();
  });

  it("is there again after a reload, each panel with what was chosen in it", async () => {
    const frame = await page(interview);
    await frame.locator("#table").click();
    await frame.locator("#filter").fill("vod");
    await frame.locator("#grid").focus();
    await press("End");
    const name = await frame.locator("tr.selected td").first().innerText();
    // The choice is kept a moment later; the editor writes down what its panels keep when it is told to reload.
    await window.page.waitForTimeout(500);
    await Promise.all([window.page.waitForEvent("load"), window.run("Developer: Reload Window")]);
    await window.tab(/Interview\.mp4/).click();
    const again = await page(interview);
    await again.locator("tr.selected").waitFor();
    assert.equal(await again.locator("tr.selected td").first().innerText(), name);
    assert.equal(await again.locator("#filter").inputValue(), "vod");
    await window.picture("workflow-restored");
    await again.locator("#steps").click();
    await again.locator("#stage .against").waitFor({ state: "attached" }); // a topology is kept with the workflow
    await window.tab(tape).click();
    await (await page(tape)).locator("#stage .against").waitFor({ state: "attached" });
    await window.tab(huge).click();
    const other = await page(huge);
    await other.locator('.row.selected[aria-rowindex="10000"]').waitFor();
  });

  it("has broken no rule of its security policy, and would have been caught", async () => {
    assert.deepEqual(window.policyViolations, []);
    const frame = await page(/./);
    await frame.evaluate(() => document.body.setAttribute("style", "color: red"));
    await frame.waitForTimeout(100);
    assert.notDeepEqual(window.policyViolations, []);
  });
});
