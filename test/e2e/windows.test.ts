/** Two windows of one person: they show the same jobs, and what is done in one is seen in the other. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { demoFiles } from "../../scripts/demoWorkspace.mjs";
import { VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

const seed = "two windows";

describe("two windows on one profile", () => {
  let vscode: VsCode;
  let first: Workbench;
  let second: Workbench;

  before(async () => {
    vscode = await VsCode.start({
      files: demoFiles(seed),
      machineSettings: { "vodJobs.demo.startAutomatically": true },
      env: { VOD_JOBS_DEMO_SEED: seed },
    });
    first = await vscode.openWindow();
    await first.showContainer("VOD Jobs");
    await first.treeItem(/Interview\.mp4/).waitFor();
    second = await vscode.openWindow();
    await second.showContainer("VOD Jobs");
  });
  after(() => vscode?.close());
  afterEach((test) => vscode?.keepFailure(test));

  it("show the same jobs", async () => {
    await second.treeItem(/Interview\.mp4/).waitFor();
    await second.treeItem(/Trailer 4K\.mp4/).waitFor();
  });

  it("follow each other: a job that one stops tracking leaves both, and comes back to both", async () => {
    await first.contextMenu(first.treeItem(/Interview\.mp4/), "Stop Tracking");
    await first.treeItem(/Interview\.mp4/).waitFor({ state: "hidden" });
    await second.treeItem(/Interview\.mp4/).waitFor({ state: "hidden" });
    await first.run("VOD Jobs: Undo Stop Tracking");
    await first.treeItem(/Interview\.mp4/).waitFor();
    await second.treeItem(/Interview\.mp4/).waitFor();
    await second.picture("two-windows");
  });

  it("log no secret", () => {
    assert.doesNotMatch(vscode.readLogs(), /accessKeySecret|Signature=/i);
    assert.match(vscode.readLogs(), /demo: endpoint started/);
  });
});
