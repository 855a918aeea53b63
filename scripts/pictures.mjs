/**
 * Takes the pictures of README.md from the real extension in a real VS Code, with the demo account: `media/readme/*.png`.
 * They do not ship in the package; the marketplaces load them from the repository.
 *
 *   npm run pictures
 */
import fs from "node:fs";
import path from "node:path";
import { VsCode } from "../test/e2e/vscode.ts";
import { ensureChromium } from "../test/host/browser.mjs";
import { setUpHost } from "../test/host/setup.mjs";
import { demoFiles, firstTask } from "./demoWorkspace.mjs";
import { makePackage } from "./package.mjs";
import { ROOT } from "./tools.mjs";

/** Always the same jobs. */
const SEED = "pictures";
const FOLDER = path.join(ROOT, "media/readme");

ensureChromium();
setUpHost();
const vscode = await VsCode.start({
  vsix: await makePackage({ file: "out/pictures.vsix" }),
  files: demoFiles(SEED),
  machineSettings: { "vodJobs.demo.startAutomatically": true },
  settings: { "workbench.colorTheme": "Dark Modern", "editor.minimap.enabled": false },
  env: { VOD_JOBS_DEMO_SEED: SEED },
  browser: { viewport: { width: 1200, height: 640 } },
});
fs.mkdirSync(FOLDER, { recursive: true });
try {
  await takePictures();
} finally {
  await vscode.close();
}

async function takePictures() {
  const window = await vscode.openWindow();
  /** @param {string} name @param {{ x: number, y: number, width: number, height: number }} [clip] */
  const take = async (name, clip) => {
    const file = path.join(FOLDER, `${name}.png`);
    await window.page.screenshot({ path: file, ...(clip && { clip }) });
    console.log(`${path.relative(ROOT, file)}: ${(fs.statSync(file).size / 1000).toFixed(0)} KB`);
  };
  await window.showContainer("VOD Jobs");
  const task = firstTask(SEED);
  await window.treeItem(new RegExp(task.title)).click();
  await window.webview.getByText(/activities failed/).waitFor();
  await window.movePointerAway();
  await take("workflow-dark");
  await take("tree", { x: 0, y: 26, width: 352, height: 380 });

  await window.openFile("follow-up.ts");
  const line = window.page.locator(".editor-instance .view-line", { hasText: "TaskId" });
  const id = /[0-9a-f]{32}/.exec(await line.innerText())?.[0] ?? "";
  await window.page.locator(".editor-instance .detected-link", { hasText: id }).waitFor();
  await window.hover(id);
  await take("hover", { x: 352, y: 26, width: 600, height: 380 });
  await window.movePointerAway();

  await window.writeClipboard(task.id);
  await window.run("VOD Jobs: Look Up Job…");
  await window.type(task.id);
  await window.accept();
  await window.rows();
  await take("look-up", { x: 290, y: 26, width: 620, height: 280 });
  await window.page.keyboard.press("Escape");

  await window.theme("light");
  await window.tab(task.title).click();
  await window.webview.getByText(/activities failed/).waitFor();
  await window.page.waitForTimeout(1000); // the panel follows the theme a moment later
  await window.movePointerAway();
  await take("workflow-light");
}
