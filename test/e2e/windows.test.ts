/**
 * Two windows of one person: they show the same jobs, and what is done in one is seen in the other. Their folder is one
 * that nobody trusts, with settings that would redirect calls.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { demoFiles } from "../../scripts/demoWorkspace.mjs";
import { demoJobs } from "../../src/demo/catalogue.ts";
import { VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

const seed = "two windows";

const named = (name: string) => demoJobs({ seed }).find((job) => job.name === name)!;
const tracked = named("live/transcode-failing");
const untracked = named("transcode/TranscodeSuccess");

describe("two windows on one profile", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-windows-"));
  /** What the command of the External profile would leave behind. */
  const trace = path.join(home, "trace");
  /** Where the folder's settings would have calls go. */
  const trap = net.createServer((socket) => {
    caught++;
    socket.destroy();
  });
  let caught = 0;
  let vscode: VsCode;
  let first: Workbench;
  let second: Workbench;

  before(async () => {
    const profiles = [
      { name: "company", mode: "External", process_command: `touch ${trace}`, region_id: "eu-central-1" },
      { name: "web", mode: "OAuth", oauth_site_type: "CN", region_id: "eu-central-1" },
    ];
    fs.mkdirSync(path.join(home, ".aliyun"));
    fs.writeFileSync(path.join(home, ".aliyun/config.json"), JSON.stringify({ current: "company", profiles }));
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const { port } = trap.address() as net.AddressInfo;
    const address = `127.0.0.1:${port}`;
    const settings = {
      "http.proxy": `http://${address}`,
      "vodJobs.account": "profile:company",
      "vodJobs.region": "ap-southeast-1",
      "vodJobs.endpoint": `https://${address}`,
      "vodJobs.polling": "off",
    };
    vscode = await VsCode.start({
      home,
      untrusted: true,
      files: { ...demoFiles(seed), ".vscode/settings.json": JSON.stringify(settings) },
      machineSettings: { "vodJobs.demo.startAutomatically": true },
      env: { VOD_JOBS_DEMO_SEED: seed, HOME: home },
    });
    first = await vscode.openWindow();
    await first.showContainer("VOD Jobs");
    await first.treeItem(/Interview\.mp4/).waitFor();
    second = await vscode.openWindow();
    await second.showContainer("VOD Jobs");
  });
  after(async () => {
    await vscode?.close();
    trap.close();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
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

  it("work in a folder that nobody trusts, whose settings change nothing", async () => {
    await first.statusBarItem(/Restricted Mode/).waitFor();
    await first.openFile("submit-transcode-jobs.json");
    assert.match(await first.hover(tracked.id), /Corrupt upload\.mov/);
    await first.run("VOD Jobs: Look Up Job…");
    await first.quickInput.getByText("demo · cn-shanghai").waitFor();
    await first.page.keyboard.press("Escape");
    await first.treeItem(/Corrupt upload\.mov.*Failed/).waitFor(); // it is polled to its end, whatever the folder says
  });

  it("use no credential that runs a program or rewrites a file there, and say so", async () => {
    const asked = () => vscode.readLogs().match(/GetJobDetail \S+ eu-central-1.*/g) ?? [];
    for (const [index, name] of ["company", "web"].entries()) {
      await first.run("VOD Jobs: Switch Account…");
      await first.quickInput.getByText("Default credential chain").waitFor();
      await first.pick(name);
      await first.page.getByText(`New look-ups use account profile:${name}.`).first().waitFor();
      assert.equal(asked().length, index, "choosing an account asks nothing");
      await first.clearToasts();
      await first.run("VOD Jobs: Look Up Job…");
      await first.quickInput.getByText(`profile:${name} · eu-central-1`).waitFor();
      await first.type(untracked.id);
      await first.accept();
      await first.quickInput.locator(".monaco-list-row", { hasText: "transcode job" }).first().click();
      await first.toast(new RegExp(`${name}.*not used in an untrusted workspace`)).waitFor();
      await first.picture(`untrusted-${name}`);
      await first.clearToasts();
    }
    await first.run("VOD Jobs: Use Demo Account");
    assert.equal(fs.existsSync(trace), false, "its command did not run");
    assert.equal(caught, 0, "no call went where the folder's settings point");
    for (const line of asked()) assert.match(line, /interactive credentials .*\(0 attempts/);
  });

  it("log no secret", () => {
    assert.doesNotMatch(vscode.readLogs(), /accessKeySecret|Signature=/i);
    assert.match(vscode.readLogs(), /demo: endpoint started/);
  });
});
