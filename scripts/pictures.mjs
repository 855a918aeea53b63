/**
 * Takes the pictures of README.md from the real extension in a real VS Code, with the demo account: `media/readme/*.png`.
 * They do not ship in the package; the marketplaces load them from the repository.
 *
 *   npm run pictures
 */
import { spawnSync } from "node:child_process";
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
const TASK = firstTask(SEED);
/** In a language that nobody else has something to say of in a hover. */
const CODE = `# What SubmitWorkflowJob returned.
task_id = "${TASK.id}"

def retry():
    return translate(task_id)
`;
const FOLDER = path.join(ROOT, "media/readme");

ensureChromium();
setUpHost();
const vscode = await VsCode.start({
  vsix: await makePackage({ file: "out/pictures.vsix" }),
  files: { ...demoFiles(SEED), "interview.py": CODE },
  machineSettings: { "vodJobs.demo.startAutomatically": true },
  settings: {
    "workbench.colorTheme": "Dark Modern",
    "editor.minimap.enabled": false,
    "editor.hover.above": false,
    "vodJobs.notifications": "off",
  },
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
    // A third of the bytes, where the tool is installed; nothing is lost that one could see.
    spawnSync("pngquant", ["--quality", "80-98", "--speed", "1", "--strip", "--force", "--output", file, file]);
    console.log(`${path.relative(ROOT, file)}: ${(fs.statSync(file).size / 1000).toFixed(0)} KB`);
  };
  await window.showContainer("VOD Jobs");
  await window.treeItem(/^Succeeded/).waitFor({ timeout: 180_000 }); // by then there is something in every group
  await window.treeItem(new RegExp(TASK.title)).click();
  await window.webview.getByText(/activities failed/).waitFor();
  await window.movePointerAway();
  await take("workflow-dark");
  await take("tree", { x: 0, y: 26, width: 352, height: 420 });

  await window.openFile("interview.py");
  await window.page.locator(".editor-instance .detected-link", { hasText: TASK.id }).waitFor();
  await window.hover(TASK.id);
  await take("hover", { x: 352, y: 26, width: 620, height: 420 });
  await window.movePointerAway();

  await window.writeClipboard(TASK.id);
  await window.run("VOD Jobs: Look Up Job…");
  await window.type(TASK.id);
  await window.accept();
  await window.rows();
  await take("look-up", { x: 290, y: 26, width: 620, height: 280 });
  await window.page.keyboard.press("Escape");

  await window.theme("light");
  await window.tab(TASK.title).click();
  await window.webview.getByText(/activities failed/).waitFor();
  await window.page.waitForTimeout(1000); // the panel follows the theme a moment later
  await window.movePointerAway();
  await take("workflow-light");
}
