/** The ways from a job's id to the job, by mouse and keys in a real workbench: hover, terminal, link, account. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { demoFiles } from "../../scripts/demoWorkspace.mjs";
import { demoJobs } from "../../src/demo/catalogue.ts";
import { removeFolder, VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

const seed = "doors";
const jobs = demoJobs({ seed });
const tracked = jobs.find((job) => job.tracked && job.title === "Corrupt upload.mov");
const untracked = jobs.find((job) => !job.tracked && job.type === "transcode");
assert.ok(tracked && untracked);

/**
 * Another extension. It gives the address that a web page opens in place of a `vscode://` link: no browser hands links of
 * that scheme to a workbench that is itself a page. And it asks a language-model tool, as an agent does: what the
 * clipboard names, with the answer in its place.
 */
function addVisitor(extensions: string): void {
  const folder = path.join(extensions, "tests.visitor-1.0.0");
  fs.mkdirSync(folder, { recursive: true });
  const commands = [
    { command: "tests.address", title: "Address of the Link", category: "Tests" },
    { command: "tests.ask", title: "Ask a Tool", category: "Tests" },
  ];
  const manifest = {
    ...{ name: "visitor", publisher: "tests", version: "1.0.0", engines: { vscode: "^1.105.0" } },
    ...{ main: "./main.js", contributes: { commands } },
  };
  fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  fs.writeFileSync(
    path.join(folder, "main.js"),
    `const { commands, env, lm, Uri } = require("vscode");
     exports.activate = () => {
       commands.registerCommand("tests.address", async () => {
         const address = await env.asExternalUri(Uri.parse(await env.clipboard.readText()));
         await env.clipboard.writeText(address.toString(true)); // its query is encoded already
       });
       commands.registerCommand("tests.ask", async () => {
         const [name, input] = JSON.parse(await env.clipboard.readText());
         const asked = lm.invokeTool(name, { input, toolInvocationToken: undefined });
         const told = asked.then(({ content }) => content.map(({ value }) => value).join(""), (error) => "refused: " + error);
         await env.clipboard.writeText(await told);
       });
     };`,
  );
}

describe("the doors to a job", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-doors-"));
  let vscode: VsCode;
  let window: Workbench;

  before(async () => {
    addVisitor(path.join(home, "extensions"));
    const profiles = [{ name: "studio", mode: "AK", region_id: "eu-central-1" }];
    fs.mkdirSync(path.join(home, ".aliyun"));
    fs.writeFileSync(path.join(home, ".aliyun/config.json"), JSON.stringify({ current: "studio", profiles }));
    vscode = await VsCode.start({
      home,
      files: demoFiles(seed),
      settings: {
        "terminal.integrated.gpuAcceleration": "off", // rows as elements, so that a word can be found
        "vodJobs.notifications": "off",
      },
      machineSettings: { "vodJobs.demo.startAutomatically": true },
      env: { VOD_JOBS_DEMO_SEED: seed, HOME: home },
    });
    window = await vscode.openWindow();
    await window.showContainer("VOD Jobs");
    await window.treeItem(/Corrupt upload/).waitFor();
  });
  after(async () => {
    await vscode?.close();
    removeFolder(home);
  });
  afterEach((test) => vscode?.keepFailure(test as never));

  const closeEditors = () => window.run("View: Close All Editors");

  it("the hover in an editor tells a tracked job's state, and leads to its details", async () => {
    await window.openFile("submit-transcode-jobs.json");
    const text = await window.hover(tracked.id);
    assert.match(text, /Corrupt upload\.mov/);
    await window.picture("hover-tracked");
    await window.page.locator(".monaco-hover a", { hasText: "Open details" }).first().click();
    await window.tab(/Corrupt upload/).waitFor();
    await window.webview.getByText("Corrupt upload.mov").first().waitFor();
    await closeEditors();
  });

  it("an id that a terminal prints is a link: a click looks the job up", async () => {
    await window.run("Terminal: Create New Terminal");
    const input = window.page.locator(".terminal-wrapper.active .xterm-helper-textarea");
    await input.waitFor({ state: "attached" });
    await input.focus();
    await window.page.keyboard.type(`clear; echo '{"TranscodeJob":[{"Job''Id":"${untracked.id}"}]}'\n`);
    const row = window.page.locator(".xterm-rows > div", { hasText: `[{"JobId":"${untracked.id}"}]` }).last();
    await row.waitFor();
    const { x, y, height } = (await row.boundingBox())!;
    await window.page.mouse.move(x + 350, y + height / 2, { steps: 5 });
    await window.page.locator(".monaco-hover", { hasText: /Look\sup\sthis\sVOD\stranscode\sjob/ }).waitFor(); // non-breaking
    await window.picture("terminal-link");
    await window.page.keyboard.down("Control");
    await window.page.mouse.click(x + 350, y + height / 2);
    await window.page.keyboard.up("Control");
    await window.webview.getByText(untracked.id).first().waitFor();
    await window.picture("terminal-link-opened");
    await window.run("Terminal: Kill All Terminals");
    await closeEditors();
  });

  it("a link to a job, opened by another page, asks first and then shows the job", async () => {
    await window.contextMenu(window.treeItem(/Corrupt upload/), "Copy Link to Job");
    const link = await window.waitForClipboard(/^[\w-]+:\/\/vod-job-tracker\.vod-job-tracker\/job\?/);
    assert.match(link, new RegExp(`type=transcode&id=${tracked.id}&region=cn-shanghai$`));
    await window.writeClipboard(link.replace(tracked.id, untracked.id));
    await window.run("Tests: Address of the Link");
    const address = await window.waitForClipboard(/^http:/);
    const elsewhere = await window.page.context().newPage();
    await elsewhere.goto(address);
    await window.page.bringToFront();
    const question = window.page.locator(".monaco-dialog-box");
    await question.getByText("Look up this VOD job?").waitFor();
    await question.getByText(`Id: ${untracked.id}`).waitFor();
    await window.picture("link-question");
    await question.getByRole("button", { name: "Look Up", exact: true }).click();
    await window.webview.getByText(untracked.id).first().waitFor();
    await elsewhere.close();
    await closeEditors();
  });

  it("an agent's tool asks a person before it spends a call, and spends none when the person refuses", async () => {
    const { id, type } = jobs.find((job) => !job.tracked && job.type === "workflow")!;
    const question = window.page.locator(".monaco-dialog-box");
    const ask = async (name: string) => {
      await window.writeClipboard(JSON.stringify([name, { id, type }]));
      await window.run("Tests: Ask a Tool");
    };
    const answered = new RegExp(`^(?!\\[|refused).*${id}`, "s");
    // Had the refused one spent a call, its answer would be known, and the next one would ask nobody.
    for (const [button, told] of [
      ["Cancel", /^refused: /],
      ["Yes", answered],
    ] as const) {
      await ask("get_vod_job");
      await question.getByText("Ask ApsaraVideo VOD?").waitFor();
      await question
        .getByText(`Asks for job ${id} in region cn-shanghai with account demo. This spends one API call.`)
        .waitFor();
      await window.picture("agent-question");
      await question.getByRole("button", { name: button }).click();
      await window.waitForClipboard(told);
    }
    await ask("get_vod_job"); // what is known costs none, and nobody is asked
    await window.waitForClipboard(answered);
    assert.equal(await question.count(), 0);
    await window.writeClipboard("none");
  });

  it("another account: chosen from what was found here; tracked jobs keep theirs", async () => {
    await window.run("VOD Jobs: Switch Account…");
    await window.quickInput.getByText("Default credential chain").waitFor();
    await window.picture("switch-account");
    const labels = (await window.rows()).map((row) => row.trim()).filter((row) => !/[,;]/.test(row)); // no details
    assert.deepEqual(labels, ["Default credential chain", "studio", "Demo account", "Add Access Key…"]);
    await window.pick("studio");
    await window.page.getByText("New look-ups use account profile:studio.").first().waitFor();
    await window.run("VOD Jobs: Look Up Job…");
    await window.quickInput.getByText("profile:studio · eu-central-1").waitFor();
    await window.page.keyboard.press("Escape");
    await window.treeItem(/Corrupt upload/).click();
    await window.webview.getByText("Corrupt upload.mov").first().waitFor();
    await window.run("VOD Jobs: Use Demo Account");
  });
});
