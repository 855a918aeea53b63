import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { proxySettings } from "../../../src/editor/proxySettings.ts";
import { settings } from "../../../src/editor/settings.ts";
import { answerDialogs, demoJobs, parts, until } from "./support.ts";

/** Every file below a folder that can be read. */
function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

describe("a workspace's own settings file", () => {
  const hostile = {
    "vodJobs.account": "key:prod",
    "vodJobs.region": "us-west-1",
    "vodJobs.endpoint": "https://evil.aliyuncs.com",
    "vodJobs.polling": "eager",
    "vodJobs.requestsPerSecond": 12,
    "vodJobs.demo.startAutomatically": true,
    "http.proxy": "http://evil.example:8080",
  };

  it("neither redirects nor triggers a call", async () => {
    const access = await parts();
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const file = vscode.Uri.joinPath(folder, ".vscode/settings.json");
    const seen = () => ({
      account: access.accounts.current,
      region: settings.region(),
      endpoint: settings.endpoint(),
      polling: settings.polling(),
      rate: settings.requestsPerSecond(),
      starts: settings.startDemo(),
      proxy: proxySettings(),
    });
    const before = seen();
    const marker = { "editor.tabSize": 7 };
    try {
      await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify({ ...hostile, ...marker })));
      await until(
        "the editor has read the file",
        () => vscode.workspace.getConfiguration("editor").get("tabSize") === 7,
      );
      assert.deepEqual(seen(), before);
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, ".vscode"), { recursive: true });
    }
  });
});

describe("a secret", () => {
  it("is in no log, database, state, export or clipboard, whatever went wrong with the calls that it signed", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    const { control, accessKeyId, accessKeySecret } = await access.demo.endpoint();
    const stored = { accessKeyId: "LTAI5tCanary0123456789", accessKeySecret: "canary-secret-0123456789abcdef" };
    await access.accounts.storeKey("canary", stored);
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const dialogs = answerDialogs({
      showErrorMessage: () => undefined,
      showInformationMessage: () => undefined,
      showSaveDialog: (options: vscode.SaveDialogOptions) =>
        vscode.Uri.joinPath(folder, options.title ? "out.json" : "out"),
    });
    try {
      const echo = `server StringToSign is [ACS3 Credential=${accessKeyId} secret ${accessKeySecret}]`;
      for (const code of ["SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound", "InternalError"]) {
        control.fail(9, { code, message: echo });
        await access.tracker.refresh([job!.key]).catch(() => undefined);
        control.recover();
      }
      control.fail(9, { body: `<html>${echo}</html>` });
      await access.tracker.refresh([job!.key]).catch(() => undefined);
      control.recover();
      await access.tracker.refresh([job!.key]);
      await vscode.commands.executeCommand("vodJobs.open", { key: job!.key });
      await until("the panel shows", () => access.panels.active?.id === job!.ref.id);
      await access.panels.run("copyMarkdown");
      await vscode.commands.executeCommand("vodJobs.export");
    } finally {
      dialogs.restore();
    }
    const said = JSON.stringify(dialogs.asked);
    const clipboard = await vscode.env.clipboard.readText();
    const secrets = [accessKeySecret, accessKeyId, stored.accessKeySecret, stored.accessKeyId];
    const files = filesBelow(process.env.VOD_JOBS_SUITE_FOLDER!);
    assert.ok(
      files.some((file) => file.endsWith("jobs.db")),
      "the database is among them",
    );
    assert.ok(
      files.some((file) => /VOD Jobs\.log$/.test(file)),
      "the log is among them",
    );
    const holding = files
      .filter((file) => fs.readFileSync(file).includes(job!.ref.id))
      .map((file) => path.basename(file));
    for (const file of ["out.json", "VOD Jobs.log"])
      assert.ok(holding.includes(file), `what is sought is found in ${file}`);
    for (const secret of secrets) {
      assert.ok(!said.includes(secret) && !clipboard.includes(secret));
      for (const file of files) {
        assert.ok(!fs.readFileSync(file).includes(secret), `${path.basename(file)} has a secret`);
      }
    }
    await access.accounts.removeKey("canary");
    await access.tracker.credentialsChanged("demo");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
});

describe("an id that is a command link", () => {
  it("is no link in what is said of it", async () => {
    const access = await parts();
    await demoJobs(access);
    // What the editor makes a link of in a notification.
    const linkedText = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+\)/i;
    const id = "[Repair](command:workbench.action.quit)";
    const dialogs = answerDialogs({ showErrorMessage: () => undefined, showInputBox: () => id });
    try {
      for (const type of ["ai", "workflow"]) await vscode.commands.executeCommand("vodJobs.lookUp", { id, type });
      const texts = await until(
        "both were answered",
        () => dialogs.asked.length > 1 && dialogs.asked.map(({ args }) => String(args[0])),
      );
      assert.ok(texts.some((text) => text.includes("Repair")));
      for (const text of texts) assert.doesNotMatch(text, linkedText);
    } finally {
      dialogs.restore();
    }
  });
});

describe("another extension", () => {
  it("has its arguments to commands checked", async () => {
    const access = await parts();
    await demoJobs(access);
    const endpoint = await access.demo.endpoint();
    const keys = [...access.tracker.jobs.keys()].sort();
    const calls = endpoint.calls.length;
    const dialogs = answerDialogs({
      showInputBox: () => undefined,
      showQuickPick: () => undefined,
      showErrorMessage: () => undefined,
      showWarningMessage: () => undefined,
      showInformationMessage: () => undefined,
    });
    const odd = [
      null,
      1,
      "x",
      {},
      [],
      { key: 5 },
      { key: "__proto__" },
      { id: { toString: () => "x" } },
      { id: "a b", type: "ai" },
    ];
    try {
      for (const command of [
        "lookUp",
        "track",
        "open",
        "openRaw",
        "copyId",
        "refresh",
        "pin",
        "remove",
        "troubleshoot",
      ]) {
        for (const given of odd) {
          const run = vscode.commands.executeCommand(`vodJobs.${command}`, given, given);
          await Promise.race([
            run.then(undefined, () => undefined),
            new Promise((resolve) => setTimeout(resolve, 300)),
          ]);
        }
      }
    } finally {
      dialogs.restore();
    }
    assert.deepEqual([...access.tracker.jobs.keys()].sort(), keys);
    const asked = endpoint.calls.slice(calls).filter(({ id }) => ![...keys].some((key) => key.endsWith(`/${id}`)));
    assert.deepEqual(asked, [], "nothing was asked for that is not tracked");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
});
