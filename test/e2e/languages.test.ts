/** The extension in Simplified Chinese, and the walkthrough, by clicks in a real workbench. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { removeFolder, VsCode } from "./vscode.ts";
import type { Workbench } from "./workbench.ts";

/**
 * Makes a profile's VS Code speak a language, by a language pack that translates nothing of the workbench itself: the
 * real ones are on no registry that tests may need. The extension and what it shows have their own translations.
 */
function speak(userDataDir: string, language: string): void {
  const write = (file: string, content: unknown) => {
    fs.mkdirSync(path.dirname(path.join(userDataDir, file)), { recursive: true });
    fs.writeFileSync(path.join(userDataDir, file), JSON.stringify(content));
  };
  const translations = { vscode: path.join(userDataDir, "language-pack.json") };
  write("language-pack.json", { version: "1.0.0", contents: {} });
  const extensions = [{ extensionIdentifier: { id: "tests.language-pack" }, version: "1.0.0" }];
  write("languagepacks.json", { [language]: { hash: "none", extensions, translations, label: language } });
  write("User/argv.json", { locale: language });
}

/** English that slipped through: two words of it in a row. What the service or a person wrote is one word, or quoted. */
function englishIn(text: string): string[] {
  return text.match(/\b[A-Za-z][a-z']+,? [a-z']{2,}\b/g) ?? [];
}

describe("in Simplified Chinese", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-languages-"));
  let vscode: VsCode;
  let window: Workbench;

  before(async () => {
    speak(path.join(home, "user-data"), "zh-cn");
    // Nobody's credentials are found: there is nothing in this home.
    const env = { HOME: home, USERPROFILE: home, ALIBABA_CLOUD_ACCESS_KEY_ID: "" };
    vscode = await VsCode.start({ home, env, browser: { viewport: { width: 1600, height: 960 } } });
    window = await vscode.openWindow();
  });
  after(async () => {
    await vscode?.close();
    removeFolder(home);
  });
  afterEach((test) => vscode?.keepFailure(test as never));

  /** A step of the walkthrough that shows, by its title; `done` when it is ticked off. */
  const step = (title: string, done = false) =>
    window.page
      .locator(".getting-started-step", { hasText: title })
      .filter({ has: window.page.locator(done ? ".codicon.complete" : ".codicon") });

  it("says in the empty view that there are no credentials, once a look-up has found none", async () => {
    await window.run("VOD 任务: 查询任务…");
    await window.type("5c9dff751ba0f3d1e2c34b59d50a967f");
    await window.accept();
    await window.pick("转码任务");
    await window.toast("未找到凭证").waitFor();
    await window.showContainer("VOD 任务");
    await window.page.locator(".sidebar").getByText("未找到阿里云凭证").waitFor();
    assert.deepEqual(englishIn(await window.page.locator(".sidebar .pane-body").innerText()), []);
    await window.picture("chinese-no-credentials");
    await window.clearToasts();
  });

  it("leads a newcomer from there into the walkthrough, whose first step is ticked off when it is done", async () => {
    await window.page.locator(".sidebar").getByText("入门", { exact: true }).click();
    await step("无需凭证，先看效果").waitFor();
    await window.webview.locator("svg").first().waitFor();
    await window.picture("chinese-walkthrough");
    await step("无需凭证，先看效果").getByRole("button", { name: "使用演示账号" }).click();
    await step("无需凭证，先看效果", true).waitFor();
    assert.equal(await step("指向任意位置的 ID", true).count(), 0);
  });

  it("shows the tree, and hovers with everything in Chinese; the walkthrough's step is ticked off", async () => {
    await window.treeItem(/Interview\.mp4.*工作流任务/).waitFor();
    await window.treeItem(/有失败/).waitFor();
    await step("指向任意位置的 ID").click();
    await window.picture("chinese-walkthrough-hover");
    await step("指向任意位置的 ID").getByRole("button", { name: "打开示例" }).click();
    const line = window.page.locator(".editor-instance .view-line", { hasText: "workflowTaskId" });
    const id = /[0-9a-f]{32}/.exec(await line.innerText())![0];
    await window.page.locator(".editor-instance .detected-link", { hasText: id }).waitFor(); // its tokens stay now
    const hover = await window.hover(id);
    assert.match(hover, /工作流任务/);
    assert.match(hover, /打开详情/);
    assert.deepEqual(englishIn(hover), []);
    await window.picture("chinese-hover");
    await window.movePointerAway();
    await window
      .tab(/入门|欢迎|Welcome|Walkthrough/)
      .first()
      .click();
    await step("指向任意位置的 ID", true).waitFor();
  });

  it("shows the panel's views and details in Chinese", async () => {
    await window.treeItem(/Interview\.mp4/).click();
    const page = window.webview;
    await page.getByText("任务上报“Succeed”，但 4 个节点中有 1 个失败。").waitFor();
    await page.getByRole("row", { name: /失败/ }).first().waitFor();
    await window.picture("chinese-panel");
    for (const view of ["步骤", "表格", "时间线"]) {
      await page.getByRole("tab", { name: view }).click();
      // A result is the service's own text.
      const said = (await page.locator("body").innerText()).replace(await page.locator(".json").innerText(), "");
      assert.deepEqual(englishIn(said), [], view);
      await window.picture(`chinese-panel-${view}`);
    }
    assert.match(await page.locator("#line").innerText(), /\d+ (分|秒)/);
  });

  it("asks and tells in Chinese: palette, quick pick, notification", async () => {
    await window.run("VOD 任务: 切换账号…");
    assert.deepEqual((await window.rows()).flatMap(englishIn), []);
    await window.picture("chinese-quick-pick");
    await window.page.keyboard.press("Escape");
    await window.contextMenu(window.treeItem(/Trailer 4K/), "停止跟踪");
    await window.toast("已停止跟踪 1 个任务。").waitFor();
    await window.picture("chinese-notification");
    await window.answerToast("已停止跟踪 1 个任务。", "撤消");
    await window.treeItem(/Trailer 4K/).waitFor();
    await window.run("VOD 任务: 筛选任务…");
    await window.type("Trailer");
    await window.page.locator(".sidebar").getByText("正在显示与“Trailer”匹配的任务").waitFor();
    await window.type("no such job");
    await window.accept();
    await window.page.locator(".sidebar").getByText("没有符合筛选条件的任务。").waitFor();
    await window.picture("chinese-filtered");
    await window.page.locator(".sidebar .monaco-text-button", { hasText: "清除筛选" }).click();
    await window.treeItem(/Trailer 4K/).waitFor();
  });
});
