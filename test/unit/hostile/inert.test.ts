/** Texts of the service, and ids of anybody, run nothing and lead nowhere in what the editor makes of them. */
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import fc from "fast-check";
import { toCsv, toPortable } from "../../../src/jobs/portable.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import { VodError, type VodErrorKind } from "../../../src/vod/errors.ts";
import "../../panel/editorStub.ts";
import * as vscode from "../../panel/vscode.ts";

const { plain } = await import("../../../src/editor/plain.ts");
const { showProblem } = await import("../../../src/editor/sentences.ts");
const { Signals } = await import("../../../src/editor/signals.ts");
const { withProgress } = await import("../../../src/editor/commands/parts.ts");
const { jobItem } = await import("../../../src/editor/tree/jobItem.ts");
const { jobTooltip } = await import("../../../src/editor/tree/jobTooltip.ts");
const { JobHover } = await import("../../../src/editor/jobHover.ts");
const { TrackedIds } = await import("../../../src/editor/doors/trackedIds.ts");

const manifest = (await import("../../../package.json", { with: { type: "json" } })).default;

/** What VS Code makes a link of in a notification, also one that runs a command (its `linkedText.ts`). */
const linkedText = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

const link = "[Repair](command:workbench.action.terminal.sendSequence?%5B%22rm%22%5D)";
const attack = `=cmd|'/c calc'!A1 ${link} [a](https://evil.example) <img src=x onerror=alert(1)> $(trash) **b** \u202e\u0007`;

/** Every text that can come from the service, or from who submitted the job, is an attack. */
const job: TrackedJob = {
  key: `demo/cn-shanghai/workflow/${link}`,
  ref: { account: "demo", region: "cn-shanghai", type: "workflow", id: link },
  title: attack,
  phase: "unknown",
  status: attack,
  mediaId: attack,
  kind: attack,
  addedAt: 0,
  checkedAt: 1_000,
  createdAt: 500,
  seen: false,
  problem: { kind: "invalid", code: attack, message: attack, requestId: attack, recommend: attack, at: 1_000 },
};

describe("texts of the service", () => {
  it("have no links after they were made plain, wherever they are put", () => {
    const pieces = fc.constantFrom("[", "]", "(", ")", "command:x", "https://x", " ", "\u200b", "\n", "a", "](", '"');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), fc.integer({ min: 2, max: 40 }), (parts, most) => {
        const text = plain(parts.join(""), most);
        assert.doesNotMatch(`${text} (${text})`, linkedText);
        assert.doesNotMatch(`“${text}”: ${text}.`, linkedText);
      }),
      { numRuns: 2_000 },
    );
    assert.match(link, linkedText, "what is looked for is there before");
  });

  it("are no links in the notification of a failed call, of whatever kind", async () => {
    const kinds: VodErrorKind[] = [
      "throttled",
      "credentials",
      "expired-token",
      "permission",
      "clock-skew",
      "not-found",
      "invalid",
      "service",
      "network",
      "timeout",
      "malformed",
    ];
    for (const kind of kinds) {
      vscode.asked.length = 0;
      const searched = [{ place: "cli-profile", where: attack, outcome: "failed", reason: attack }] as const;
      for (const facts of [
        { code: attack, requestId: attack },
        { searched: kind === "credentials" ? searched : undefined },
        {},
      ]) {
        await showProblem(new VodError(kind, attack, facts));
      }
      assert.equal(vscode.asked.length, 3);
      for (const [, ...texts] of vscode.asked)
        for (const text of texts) assert.doesNotMatch(String(text), linkedText, kind);
    }
  });

  it("are no links in the notification of a finished job, nor under its progress", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    vscode.asked.length = 0;
    const none = () => ({ dispose() {} });
    const item = { hide() {}, show() {}, dispose() {} };
    const { properties } = manifest.contributes.configuration;
    const usual = (name: string) => (properties as Record<string, { default: unknown }>)[`vodJobs.${name}`]?.default;
    const configuration = { inspect: (name: string) => ({ defaultValue: usual(name) }) };
    Object.assign(vscode.workspace, { getConfiguration: () => configuration, onDidChangeConfiguration: none });
    Object.assign(vscode.window, {
      state: { focused: true },
      createStatusBarItem: () => item,
      onDidChangeWindowState: none,
      withProgress: ({ title }: { title: string }) => void vscode.asked.push(["progress", title]),
    });
    const finished = { ...job, phase: "failed" } as TrackedJob;
    const tracker = {
      jobs: new Map([[job.key, finished]]),
      accounts: new Map(),
      onDidChange: none,
      takeDigest: async () => [finished, { ...finished, phase: "succeeded", failedActivities: 2 }],
      markSeen: async () => {},
    };
    const view = { visible: true, onDidChangeVisibility: none };
    const signals = new Signals(
      tracker as never,
      view as never,
      { get: (_: string, otherwise: unknown) => otherwise } as never,
    );
    mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    void withProgress(`Looking up ${link}`, async () => {});
    signals.dispose();
    mock.timers.reset();
    const texts = vscode.asked
      .filter(([what]) => /Message|progress/.test(what))
      .flatMap(([, ...said]) => said.map(String));
    assert.ok(
      texts.some((text) => text.includes("Repair")),
      "the title is told",
    );
    assert.equal(texts.length > 1, true);
    for (const text of texts) assert.doesNotMatch(text, linkedText);
  });

  it("are text in the tree and its tooltip", () => {
    const item = jobItem(job, 2_000) as unknown as Record<string, unknown>;
    assert.equal(typeof item.label, "string");
    assert.equal(typeof item.description, "string");
    assert.deepEqual((item.command as { command: string }).command, "vodJobs.open");
    assert.doesNotMatch(`${item.label}${item.description}`, /[\p{Cc}\u202e]/u);
    assertInert(jobTooltip(job, undefined, 2_000) as never, []);
  });

  it("are text in the hover, which runs three commands and no other", async () => {
    const id = "5c9dff751ba0f3d1e2c34b59d50a967f";
    const tracked = {
      ...job,
      key: `demo/cn-shanghai/workflow/${id}`,
      ref: { ...job.ref, id },
      failedActivities: 1,
      activities: 1,
    };
    const results = JSON.stringify({ [attack]: { Status: "Failed" } });
    const tracker = {
      jobs: new Map([[tracked.key, tracked]]),
      accounts: new Map(),
      onDidChange: () => ({ dispose() {} }),
      answer: async () => ({ answer: { detail: { type: "workflow", activityResults: results } } }),
    };
    const hover = new JobHover(tracker as never, new TrackedIds(tracker as never));
    const document = { lineCount: 1, lineAt: () => ({ text: `TaskId: ${id}` }) };
    const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };
    const shown = await hover.provideHover(document as never, new vscode.Position(0, 12) as never, token as never);
    const [first, ...rest] = shown!.contents as unknown as vscode.MarkdownString[];
    assert.match(first!.value, /Failed/);
    assertInert(first!, ["vodJobs.open", "vodJobs.refresh", "vodJobs.copyId"]);
    for (const part of rest) assertInert(part, []);
  });

  it("are no formula in the exported CSV, in any column", () => {
    for (const line of toCsv([toPortable({ ...job, label: attack })])
      .split("\r\n")
      .slice(1)) {
      for (const field of line.split(",")) assert.doesNotMatch(field, /^"?[=+\-@\t\r]/, field);
    }
  });
});

/** Links to these commands only, no markup of HTML, no images; icons only where we put them. */
function assertInert({ value, isTrusted, supportHtml }: vscode.MarkdownString, commands: readonly string[]): void {
  const links = [...value.matchAll(/(?<!\\)\]\((?<to>[^)]*)\)/g)].map(({ groups }) => groups!.to!);
  assert.deepEqual(
    links.map((to) => /^command:([\w.]+)/.exec(to)?.[1]),
    commands,
  );
  if (commands.length > 0) assert.deepEqual(isTrusted, { enabledCommands: commands });
  else assert.ok(!isTrusted);
  assert.ok(!supportHtml);
  assert.doesNotMatch(value, /(?<!\\)!\[|(?<!\\)\*\*b|\$\(trash\)/);
}
