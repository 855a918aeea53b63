import assert from "node:assert/strict";
import * as vscode from "vscode";
import { demoJobs, parts } from "./support.ts";

/** Where undici keeps the dispatcher of the whole process: other extensions' requests go through it. */
const dispatchers = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];
const dispatchersNow = () => dispatchers.map((symbol) => (globalThis as Record<symbol, unknown>)[symbol]);
const before = dispatchersNow();

describe("activation", () => {
  it("registers exactly the commands that package.json declares", async () => {
    await parts();
    const manifest = vscode.extensions.getExtension("vod-job-tracker.vod-job-tracker")?.packageJSON;
    const declared: string[] = manifest.contributes.commands.map((one: { command: string }) => one.command);
    const registered = (await vscode.commands.getCommands(true)).filter((id) => /^vodJobs\.\w+$/.test(id));
    const internal = ["vodJobs.troubleshoot"];
    const ofTheView = registered.filter((id) => !declared.includes(id) && !internal.includes(id));
    assert.deepEqual(
      declared.filter((id) => !registered.includes(id)),
      [],
      "declared but not registered",
    );
    assert.deepEqual(
      ofTheView.filter((id) => !/^vodJobs\.(jobs|resetViewContainerLocation)/.test(id)),
      [],
      "registered but not declared",
    );
  });

  it("leaves the process's own dispatchers alone, also after calls", async () => {
    const access = await parts();
    assert.deepEqual(dispatchersNow(), before, "after activation");
    await demoJobs(access);
    assert.deepEqual(dispatchersNow(), before, "after calls");
  });
});
