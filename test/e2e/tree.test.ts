/** The tree of tracked jobs by mouse, by keys alone, and by ear. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Locator } from "playwright-core";
import { demoFiles } from "../../scripts/demoWorkspace.mjs";
import { VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

const seed = "tree";

describe("the tree", () => {
  let vscode: VsCode;
  let window: Workbench;

  before(async () => {
    vscode = await VsCode.start({
      files: demoFiles(seed),
      machineSettings: { "vodJobs.demo.startAutomatically": true },
      settings: { "vodJobs.notifications": "off" },
      env: { VOD_JOBS_DEMO_SEED: seed },
    });
    window = await vscode.openWindow();
    await window.showContainer("VOD Jobs");
    await window.treeItem(/Interview\.mp4/).waitFor();
  });
  after(() => vscode?.close());
  afterEach((test) => vscode?.keepFailure(test));

  /** Drags a row by the mouse onto another, and drops it there. */
  async function drag(from: Locator, to: Locator): Promise<void> {
    const middle = async (row: Locator) => {
      const { x, y, width, height } = (await row.boundingBox())!;
      return [x + width / 3, y + height / 2] as const;
    };
    const { mouse } = window.page;
    await mouse.move(...(await middle(from)));
    await mouse.down();
    const [x, y] = await middle(to);
    await mouse.move(x, y - 2, { steps: 8 });
    await mouse.move(x, y, { steps: 2 });
    await window.page.waitForTimeout(300); // the tree wants to see that it is meant
    await mouse.up();
  }

  /** Names of the jobs in the pinned group, from the top. */
  async function pinned(): Promise<string[]> {
    const rows = await window.treeRows();
    return rows.filter((row) => row.includes(", pinned")).map((row) => row.split(",")[0]!);
  }

  async function waitForPins(...names: string[]): Promise<void> {
    for (let n = 0; n < 100 && (await pinned()).join() !== names.join(); n++) await window.page.waitForTimeout(100);
    assert.deepEqual(await pinned(), names);
  }

  it("tells a screen reader what each row is, and where", async () => {
    const rows = await window.treeRows();
    const group = /^(In progress|With failures|Succeeded|Canceled or skipped), (1 job|\d+ jobs)$/;
    const job =
      /^.+, (Running|Waiting|Failed|Succeeded|Succeeded, \d+ failed), (workflow task|(transcode|snapshot|AI) job), (\d+ (s|min|h|d)( ago)?)$/;
    for (const row of rows) assert.match(row, group.test(row) ? group : job);
    assert.ok(rows.some((row) => group.test(row)) && rows.some((row) => job.test(row)), rows.join("\n"));
    const inProgress = window.treeItem(/^In progress/);
    assert.equal(await inProgress.getAttribute("aria-expanded"), "true");
    assert.equal(await inProgress.getAttribute("aria-level"), "1");
    const inGroup = window.treeItem(/^Keynote\.mp4/);
    assert.equal(await inGroup.getAttribute("aria-level"), "2");
    assert.match(await window.badge("VOD Jobs"), /1 failed and not looked at/);
  });

  it("pins jobs that are dragged to the pinned ones, in the order they are dropped, and unpins them outside", async () => {
    await window.contextMenu(window.treeItem(/Interview\.mp4/), "Pin");
    await window.treeItem(/^Pinned/).waitFor();
    await drag(window.treeItem(/Trailer 4K\.mp4/), window.treeItem(/^Pinned/));
    await waitForPins("Interview.mp4", "Trailer 4K.mp4");
    await drag(window.treeItem(/Keynote\.mp4/), window.treeItem(/Interview\.mp4/));
    await window.picture("tree-dragged");
    await waitForPins("Keynote.mp4", "Interview.mp4", "Trailer 4K.mp4");
    await drag(window.treeItem(/Trailer 4K\.mp4/), window.treeItem(/Keynote\.mp4/));
    await waitForPins("Trailer 4K.mp4", "Keynote.mp4", "Interview.mp4");
    await drag(window.treeItem(/Interview\.mp4/), window.treeItem(/^In progress/));
    await waitForPins("Trailer 4K.mp4", "Keynote.mp4");
    await window.picture("tree-unpinned");
  });

  it("is used by keys alone: open a job, name it, stop tracking it, undo, fold its group", async () => {
    const { keyboard } = window.page;
    const row = window.treeItem(/^Interview\.mp4/);
    const focused = window.page.locator(".sidebar .monaco-list-row.focused");
    const walkTo = async (name: RegExp) => {
      await window.run("VOD Jobs: Focus on Tracked View");
      await keyboard.press("Home");
      for (let n = 0; n < 40; n++) {
        if (name.test((await focused.getAttribute("aria-label")) ?? "")) return;
        await keyboard.press("ArrowDown");
      }
      throw new Error(`No key led to ${name}.`);
    };
    await walkTo(/^Interview\.mp4/);
    await keyboard.press("Enter");
    await window.webview.getByText(/1 of 4 activities failed/).waitFor();
    await window.picture("tree-keys");

    await keyboard.press("F2");
    await window.type("The failing one");
    await window.accept();
    await window.treeItem(/^The failing one/).waitFor();
    await walkTo(/^The failing one/);
    await keyboard.press("F2");
    await window.type("");
    await window.accept();
    await row.waitFor();

    await walkTo(/^Interview\.mp4/);
    await keyboard.press("Delete");
    await row.waitFor({ state: "detached" });
    await window.toast(/no longer tracked/).waitFor();
    await keyboard.press("ControlOrMeta+Z");
    await row.waitFor();

    await walkTo(/^With failures/);
    await keyboard.press("ArrowLeft");
    await row.waitFor({ state: "detached" });
    await keyboard.press("ArrowRight");
    await row.waitFor();
  });
});
