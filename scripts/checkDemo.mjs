/** What a newcomer does first, done and looked at in a real workbench. */

/** Rows of the tree, as a screen reader says them, by the type of their job. */
const TYPES = ["transcode job", "snapshot job", "AI job", "workflow task"];

/**
 * Waits for the demo's jobs in the tree, looks a workflow task up from the palette and reads its details in the panel.
 * @param {import("../test/e2e/vscode.ts").VsCode} vscode started with the demo account on
 * @param {{ id: string, title: string }} task a workflow task that says it succeeded and has a failed activity
 * @param {(line: string) => void} say told what was seen
 * @throws where something is not there; a picture of what was there instead is saved
 */
export async function checkDemo(vscode, task, say) {
  const window = await vscode.openWindow();
  try {
    await window.showContainer("VOD Jobs");
    for (const type of TYPES) await window.treeItem(new RegExp(type)).waitFor();
    await window.treeItem(/Not checked yet/).waitFor({ state: "hidden" });
    say(`Tracked Jobs shows:\n${list(await window.treeRows())}`);

    await window.run("VOD Jobs: Look Up Job…");
    await window.type(task.id);
    await window.accept();
    await window.pick("workflow task");
    await window.tab(task.title).waitFor();
    const failed = window.webview.getByRole("row", { name: /, Failed,/ }).first();
    await failed.waitFor();
    await window.webview.getByText(/activities failed/).waitFor();
    const rows = window.webview.getByRole("row", { name: /, \w+, / });
    const activities = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label") ?? ""));
    say(`\nThe panel of ${task.title} (workflow task ${task.id}) shows:\n${list(activities)}`);
    if (window.policyViolations.length) throw new Error(`The panel broke its policy: ${window.policyViolations[0]}`);
    say(`\nA picture of it: ${await window.picture("start-check")}`);
  } catch (error) {
    say(`A picture of what was seen instead: ${await window.picture("start-check-failure").catch(String)}`);
    throw error;
  }
}

/** @param {readonly string[]} lines */
const list = (lines) => lines.map((line) => `  ${line}`).join("\n");
