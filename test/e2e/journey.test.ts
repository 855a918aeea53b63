/** A newcomer's way through the packaged extension, by clicks and keys in a real workbench. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

const strangerId = "5c9dff751ba0f3d1e2c34b59d50a967f";

describe("a newcomer", () => {
  let vscode: VsCode;
  let window: Workbench;

  before(async () => {
    vscode = await VsCode.start({
      files: { "submit.log": `SubmitTranscodeJobs JobId ${strangerId}\n` },
    });
    window = await vscode.openWindow();
  });
  after(() => vscode?.close());
  afterEach((test) => vscode?.keepFailure(test as never));

  it("is welcomed, and sees the demo's jobs after one click", async () => {
    await window.showContainer("VOD Jobs");
    await window.page.getByRole("button", { name: "Look Up a Job…" }).waitFor();
    await window.picture("welcome-dark");
    await window.page.getByRole("button", { name: "Use Demo Account" }).first().click();
    await window.treeItem(/Keynote\.mp4.*workflow task/).waitFor();
    await window.treeItem(/Trailer 4K\.mp4.*transcode job/).waitFor();
    await window.treeItem(/With failures/).waitFor();
    assert.match(await window.badge("VOD Jobs"), /failed|running/);
    await window.statusBarItem(/VOD jobs: \d+ running/).waitFor();
  });

  it("opens a workflow task that says it succeeded, and sees which activity failed", async () => {
    await window.treeItem(/Interview\.mp4/).click();
    const page = window.webview;
    await page.getByText(/The task reports .*Succeed.* but 1 of 4 activities failed/).waitFor();
    await page
      .getByRole("row", { name: /Failed/ })
      .first()
      .waitFor();
    await page.getByText("VideoTranslationAll").waitFor();
    await window.picture("workflow-dark");
    assert.deepEqual(window.policyViolations, []);
  });

  it("looks a job up from the palette without knowing its type", async () => {
    await window.run("VOD Jobs: Look Up Job…");
    await window.type("not an id");
    await window.page.getByText("A job id has no spaces.").waitFor();
    await window.type(`"${strangerId}",`);
    await window.accept();
    await window.picture("look-up-type");
    await window.pick("Find out");
    await window.toast(/No job .* of any type was found/).waitFor();
    await window
      .toast(/No job/)
      .getByRole("button", { name: "Choose Region…" })
      .waitFor();
    await window.clearToasts();
  });

  it("hovers over an id in code and is offered to look it up, with no call made", async () => {
    await window.openFile("submit.log");
    const text = await window.hover(strangerId);
    assert.match(text, /transcode job/);
    assert.match(text, /Look up/);
    await window.picture("hover-unknown");
  });

  it("removes a job and gets it back", async () => {
    const row = window.treeItem(/Trailer 4K\.mp4.*transcode job/);
    await window.contextMenu(row, "Stop Tracking");
    await row.waitFor({ state: "detached" });
    await window.answerToast("no longer tracked", "Undo");
    await row.waitFor();
  });

  it("filters the tree and clears the filter", async () => {
    await window.run("VOD Jobs: Filter Jobs…");
    await window.type("interview");
    await window.accept();
    await window.treeItem(/Trailer 4K/).waitFor({ state: "detached" });
    await window.page.getByText(/Showing 1 of \d+ jobs that match/).waitFor();
    await window.run("VOD Jobs: Clear Filter");
    await window.treeItem(/Trailer 4K/).waitFor();
  });

  it("finds everything again after a reload, the panel too", async () => {
    await window.treeItem(/Interview\.mp4/).click();
    await window.webview.getByText(/1 of 4 activities failed/).waitFor();
    await window.reload();
    await window.showContainer("VOD Jobs");
    await window.treeItem(/Interview\.mp4/).waitFor();
    await window.tab(/Interview\.mp4/).click();
    await window.webview.getByText(/1 of 4 activities failed/).waitFor();
  });

  it("sees the same jobs in a second window", async () => {
    const second = await vscode.openWindow();
    await second.showContainer("VOD Jobs");
    await second.treeItem(/Interview\.mp4/).waitFor();
    await second.contextMenu(second.treeItem(/Corrupt upload/), "Stop Tracking");
    await second.treeItem(/Corrupt upload/).waitFor({ state: "detached" });
    await window.treeItem(/Corrupt upload/).waitFor({ state: "detached" });
    await second.page.close();
  });

  it("has no secret in the log", () => {
    const log = vscode.readLogs();
    assert.match(log, /demo: endpoint started/);
    assert.doesNotMatch(log, /LTAI|accessKeySecret|Signature=/);
  });
});
