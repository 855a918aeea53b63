import "../../panel/editorStub.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { ExtensionContext } from "vscode";
import { answers, asked } from "../../panel/vscode.ts";

const { activate } = await import("../../../src/extension.ts");

test("a window whose parts cannot be made says so once, without secrets, and offers to reload", async (t) => {
  const logged = t.mock.method(console, "error", () => undefined);
  answers.set("showErrorMessage", "Reload Window");
  const context = {
    subscriptions: [],
    extensionMode: 1,
    extension: { packageJSON: { contributes: { languageModelTools: [] } } },
    get globalState(): never {
      throw new Error("no storage for LTAI5tExampleExampleKey01");
    },
  };
  activate(context as unknown as ExtensionContext);
  while (!asked.some(([what]) => what === "executeCommand")) await delay(1);
  const messages = asked.filter(([what]) => what === "showErrorMessage");
  assert.equal(messages.length, 1);
  const [, text, ...buttons] = messages[0]!;
  assert.match(
    String(text),
    /^VOD Job Tracker could not start \(no storage for [^)]*\)\. Tracked jobs are kept\. Reload/,
  );
  assert.deepEqual(buttons, ["Reload Window"]);
  assert.deepEqual(
    asked.filter(([what]) => what === "executeCommand"),
    [["executeCommand", "workbench.action.reloadWindow"]],
  );
  assert.match(String(logged.mock.calls[0]?.arguments[0]), /no storage[\s\S]*window\.ts/, "the cause is in the log");
  assert.doesNotMatch(JSON.stringify([asked, logged.mock.calls.map((call) => call.arguments)]), /LTAI5tExample/);
});
