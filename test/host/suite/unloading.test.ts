/** The extension goes while everything is under way. Nothing of it works after this file, so it is the last. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as vscode from "vscode";
import { cloud, setNetwork } from "./cloud.ts";
import { openText } from "./corpus.ts";
import { answerDialogs, demoJobs, parts, until } from "./support.ts";

/** The extension's timers that have not ended, with what set them. Counted from before the extension was activated. */
const extension = vscode.extensions.getExtension("vod-job-tracker.vod-job-tracker")!;
const timers = watchTimers(path.join(extension.extensionPath, "dist"));

function watchTimers(ours: string): ReadonlyMap<unknown, string> {
  const alive = new Map<unknown, string>();
  for (const name of ["setTimeout", "setInterval"] as const) {
    const real = globalThis[name];
    const watched = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const work = () => {
        if (name === "setTimeout") alive.delete(timer);
        callback(...args);
      };
      const timer: unknown = real(work, ms);
      const { stack = "" } = new Error();
      if (stack.includes(ours)) alive.set(timer, stack);
      return timer;
    };
    globalThis[name] = Object.defineProperties(watched, Object.getOwnPropertyDescriptors(real)) as never;
  }
  for (const name of ["clearTimeout", "clearInterval"] as const) {
    const real = globalThis[name];
    globalThis[name] = (timer) => {
      alive.delete(timer);
      real(timer);
    };
  }
  return alive;
}

function fileBelow(folder: string, name: string): string {
  const found = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .find((one) => path.basename(one) === name);
  return path.join(folder, found!);
}

describe("the extension, unloaded while everything is under way,", () => {
  it("ends its calls, timers, server and connection to the database, and says nothing more", async () => {
    const access = await parts();
    const jobs = await demoJobs(access);
    const { control, url, calls } = await access.demo.endpoint();
    const service = await cloud();
    const { deactivate } = createRequire(import.meta.filename)(
      path.join(extension.extensionPath, "dist/extension.cjs"),
    );

    // Connections that wait for the next call; panels, statuses and ages that move by themselves.
    await setNetwork({ proxy: `http://127.0.0.1:${service.proxy.port}` });
    const { accessKeyId, accessKeySecret } = service.endpoint;
    const account = await access.accounts.storeKey("unloading", { accessKeyId, accessKeySecret });
    const stranger = { account, region: "cn-shanghai", type: "ai", id: "f".repeat(32) } as const;
    await access.tracker.lookUp(stranger).catch(() => {});
    await vscode.workspace.getConfiguration("vodJobs").update("inlineStatus", true, vscode.ConfigurationTarget.Global);
    const document = await openText(jobs.map(({ ref }) => `JobId: ${ref.id}`).join("\n"));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("vodJobs.showView");
    const live = jobs.find(({ ref, phase }) => ref.type === "workflow" && phase === "running") ?? jobs[0]!;
    await vscode.commands.executeCommand("vodJobs.open", { key: live.key });
    await until("the panel shows", () => access.panels.active?.id === live.ref.id);
    await until("timers are running", () => timers.size > 2);

    const wrong: unknown[] = [];
    const listen = (error: unknown) => wrong.push(error);
    process.on("unhandledRejection", listen);
    const dialogs = answerDialogs({ showErrorMessage: () => undefined, showWarningMessage: () => undefined });
    try {
      control.fail(99, { connection: "silence" });
      const before = calls.length;
      const underWay = Promise.allSettled([
        ...jobs.slice(0, 3).map(({ ref }) => access.tracker.lookUp(ref, { maxAge: 0 })),
        access.tracker.refresh(jobs.map(({ key }) => key)),
        vscode.commands.executeCommand("vodJobs.refresh", { key: live.key }),
        vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, new vscode.Position(0, 12)),
      ]);
      await until("calls wait for their answers", () => calls.length > before);
      // As the editor does it.
      await deactivate();
      for (const one of [...access.subscriptions].reverse()) one.dispose();
      await underWay;
      await until("no timer is left", () => timers.size === 0).catch(() => {});
      assert.deepEqual([...new Set(timers.values())], []);
    } finally {
      dialogs.restore();
      process.off("unhandledRejection", listen);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(dialogs.asked, []);
    await assert.rejects(fetch(url), "the demo's server is gone");
    // To take the journal away one must be the only one who has the file open.
    const database = new DatabaseSync(fileBelow(process.env.VOD_JOBS_SUITE_FOLDER!, "jobs.db"));
    assert.equal(database.prepare("PRAGMA journal_mode = DELETE").get()?.journal_mode, "delete");
    database.close();
    await setNetwork({});
  });
});
