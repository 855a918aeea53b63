/** What a newcomer does first, done and looked at in a real workbench. */

/** Rows of the tree, as a screen reader says them, by the type of their job. */
const TYPES = ["transcode job", "snapshot job", "AI job", "workflow task"];

/**
 * Waits for the demo's jobs in the tree, looks a workflow task up from the palette and reads its details in the panel.
 * @param {import("../test/e2e/vscode.ts").VsCode} vscode started with the demo account on
 * @param {(line: string) => void} say told what was seen
 * @throws where something is not there; a picture of what was there instead is saved
 */
export async function checkDemo(vscode, say) {
  const window = await vscode.openWindow();
  try {
    await window.showContainer("VOD Jobs");
    for (const type of TYPES) await window.treeItem(new RegExp(type)).first().waitFor();
    const rows = await window.treeRows();
    say(`Tracked Jobs shows ${rows.length} rows, jobs of all four types among them:`);
    for (const row of rows) say(`  ${row}`);

    const task = window.treeItem(/workflow task/).first();
    await window.contextMenu(task, "Copy Job Id");
    const id = await window.waitForClipboard(/^\w{32}$/);
    await window.run("VOD Jobs: Look Up Job…");
    await window.type(id);
    await window.accept();
    await window.pick("workflow task");
    await window.webview.getByText(id).first().waitFor();
    const activities = window.webview.getByRole("row").filter({ hasText: /\w/ });
    await activities.nth(1).waitFor();
    say(`\nThe panel of workflow task ${id} shows ${await activities.count()} rows:`);
    for (const text of await activities.allInnerTexts()) say(`  ${text.replaceAll(/\s+/g, " ").trim()}`);
    say(`\nA picture of it: ${await window.picture("start-check")}`);
    if (window.policyViolations.length) throw new Error(`The panel broke its policy: ${window.policyViolations[0]}`);
  } catch (error) {
    say(`A picture of what was seen instead: ${await window.picture("start-check-failure").catch(String)}`);
    throw error;
  }
}
