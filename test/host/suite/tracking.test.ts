import assert from "node:assert/strict";
import * as vscode from "vscode";
import { minimalPolicy } from "../../../src/editor/commands/accountCommands.ts";
import { showProblem } from "../../../src/editor/sentences.ts";
import { jobTooltip } from "../../../src/editor/tree/jobTooltip.ts";
import { storageNotice } from "../../../src/editor/tree/notices.ts";
import { StorageError } from "../../../src/jobs/storageError.ts";
import type { HubNotice, TrackedJob } from "../../../src/jobs/types.ts";
import { jobTypes } from "../../../src/vod/types.ts";
import { hoverOn } from "./corpus.ts";
import { answerDialogs, demoJobs, drawnTree, parts, until } from "./support.ts";

describe("tracked jobs", () => {
  it("show the demo's jobs of all four types, some still moving", async () => {
    const access = await parts();
    const jobs = await demoJobs(access);
    assert.deepEqual([...new Set(jobs.map((job) => job.ref.type))].sort(), [...jobTypes].sort());
    assert.ok(jobs.some((job) => job.phase === "running"));
    const lines = await drawnTree(access);
    assert.ok(
      lines.some((line) => /^In progress \d+$/.test(line)),
      lines.join("\n"),
    );
    for (const job of jobs)
      assert.ok(
        lines.some((line) => line.includes(job.label ?? job.title ?? job.ref.id)),
        job.key,
      );
  });

  it("have stable ids, a spoken label and a tooltip that cannot run anything", async () => {
    const access = await parts();
    const jobs = await demoJobs(access);
    for (const { key } of jobs) {
      const item = access.tree.getTreeItem({ key });
      assert.equal(item.id, key);
      assert.ok(item.accessibilityInformation?.label);
      const tooltip = (await access.tree.resolveTreeItem(item, { key })).tooltip as vscode.MarkdownString;
      assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    }
  });

  it("say in the tooltip when they are checked next, when they are likely to end, and that the service slows them", async () => {
    const now = new Date(2026, 10, 22, 14, 0, 0).getTime();
    const job: TrackedJob = {
      key: "demo/cn-shanghai/ai/a",
      ref: { account: "demo", region: "cn-shanghai", type: "ai", id: "a" },
      phase: "running",
      status: "analyzing",
      createdAt: now - 60_000,
      addedAt: now - 60_000,
      checkedAt: now - 5_000,
      nextCheckAt: now + 12_000,
      nextCheckReason: "history",
      likelyEndAt: now + 300_000,
      seen: true,
    };
    const account = { account: "demo", ratePerSecond: 6.5, throttledUntil: now + 130_000 };
    const text = jobTooltip(job, account, now).value.replaceAll("&nbsp;", " ").replaceAll("\\", "");
    assert.match(text, /Next check in 12 s \(when jobs of its kind usually end\) — likely to finish around \d\d:05:00/);
    assert.match(text, /Slowed by the service until \d\d:02:10/);
    const old = { ...job, nextCheckAt: undefined, nextCheckReason: "too-old", likelyEndAt: undefined } as const;
    assert.match(jobTooltip(old, undefined, now).value, /six&nbsp;months&nbsp;ago/);
  });

  it("say why a transcode failed, which is asked once: in the tooltip, the hover and the panel", async () => {
    const access = await parts();
    await demoJobs(access);
    const { tracker, tree } = access;
    const { jobs, calls } = await access.demo.endpoint();
    const { id } = jobs.find(({ name }) => name === "transcode/TranscodeFail")!;
    const ref = { account: "demo", region: "cn-shanghai", type: "transcode", id } as const;
    const [{ key } = assert.fail()] = (await tracker.track([ref])).added;
    try {
      const { code, message } = await until("it is known why", () => tracker.jobs.get(key)?.error);
      assert.ok(code && message);
      const item = await tree.resolveTreeItem(tree.getTreeItem({ key }), { key });
      for (const said of [(item.tooltip as vscode.MarkdownString).value, await hoverOn(id)]) {
        const text = said.replaceAll("&nbsp;", " ").replace(/\\(.)/g, "$1");
        assert.ok(text.includes(`Error: ${code}: ${message}`), text);
      }
      await vscode.commands.executeCommand("vodJobs.open", { key });
      await until("the panel shows", () => access.panels.active?.id === id);
      assert.equal((await tracker.transcode(ref))?.told?.errorCode, code);
      assert.equal(calls.filter((call) => call.action === "GetTranscodeTask" && call.id === id).length, 1);
    } finally {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await tracker.untrack([key]);
    }
  });

  it("come in pages where there are many, beside a row that says what is wrong with their account and what to do", async () => {
    const access = await parts();
    const { tracker, tree } = access;
    const account = "profile:not-on-this-machine";
    const refs = Array.from({ length: 450 }, (_, n) => ({
      account,
      region: "cn-shanghai",
      type: "ai" as const,
      id: n.toString(16).padStart(32, "0"),
    }));
    const { added } = await tracker.track(refs);
    try {
      tree.arrange({ by: "account" });
      await until("the account's trouble is known", () => tracker.accounts.get(account)?.credentialProblem);
      const rows = await tree.getChildren();
      const notice = rows.map((row) => tree.getTreeItem(row)).find((item) => String(item.label).startsWith(account));
      assert.ok(notice?.command, "the notice has a next step");
      const group = rows.find((row) => "group" in row && row.group.startsWith(account))!;
      const page = await tree.getChildren(group);
      const more = tree.getTreeItem(page.at(-1)!);
      assert.deepEqual([page.length, more.label], [201, "Load more (250 left)"]);
      await vscode.commands.executeCommand(more.command!.command, ...more.command!.arguments!);
      const pages = await tree.getChildren(group);
      assert.deepEqual([pages.length, tree.getTreeItem(pages.at(-1)!).label], [401, "Load more (50 left)"]);
      for (const node of [...rows, ...pages]) {
        assert.ok(tree.getTreeItem(node).accessibilityInformation?.label, JSON.stringify(node));
      }
    } finally {
      tree.arrange({ by: "status" });
      await tracker.untrack(added.map(({ key }) => key));
    }
  });

  it("say what is wrong with their list, that what was kept is safe, and what to do", async () => {
    const table: [HubNotice, RegExp][] = [
      [
        { kind: "damaged", message: "", movedTo: "/kept/jobs.db.damaged", saved: 3 },
        /Saved from it: 3 jobs.*\/kept\/jobs/,
      ],
      [{ kind: "newer", message: "" }, /newer version.*untouched.*update the extension/],
      [{ kind: "memory", message: "disk" }, /cannot be opened \(disk\).*untouched.*fix the permissions.*tried again/],
      [{ kind: "full", message: "" }, /disk is full.*safe.*Free some space/],
      [{ kind: "locked", message: "" }, /locked.*safe.*Close what uses it/],
      [{ kind: "refused", message: "EIO" }, /written \(EIO\).*safe.*Check the disk and the permissions/],
    ];
    for (const [notice, expected] of table) {
      const { text, command } = storageNotice(notice, 0);
      assert.match(text, expected);
      assert.equal(command?.command, "vodJobs.showLog");
    }
    const dialogs = answerDialogs({ showErrorMessage: () => undefined });
    await showProblem(new StorageError("full", "database or disk is full"));
    dialogs.restore();
    assert.match(String(dialogs.asked[0]?.args), /disk is full.*Show Log/, "as the failure of a command, too");
  });

  it("come back after removing, with their names", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    await access.tracker.setLabel(job!.key, "my own name");
    const dialogs = answerDialogs({ showInformationMessage: () => undefined });
    try {
      await vscode.commands.executeCommand("vodJobs.remove", { key: job!.key });
      await until("it is gone", () => !access.tracker.jobs.has(job!.key));
      await vscode.commands.executeCommand("vodJobs.undoRemove");
      await until("it is back", () => access.tracker.jobs.get(job!.key)?.label === "my own name");
    } finally {
      dialogs.restore();
    }
  });

  it("open with the service's own words, a line for each, read-only", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    await vscode.commands.executeCommand("vodJobs.openRaw", { key: job!.key });
    const editor = await until("the raw answer shows", () =>
      vscode.window.visibleTextEditors.find((one) => one.document.uri.scheme === "vod-job"),
    );
    const { raw } = (await access.tracker.answer(job!.key))!.answer;
    const packed = (text: string) => text.replaceAll(/\s+/g, "");
    assert.equal(packed(editor.document.getText()), packed(raw));
    assert.ok(editor.document.lineCount > 10);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("are counted by the view's badge", async () => {
    const access = await parts();
    await demoJobs(access);
    assert.ok((access.tree.view.badge?.value ?? 0) > 0);
  });

  it("can be grouped, sorted and filtered", async () => {
    const access = await parts();
    const jobs = await demoJobs(access);
    try {
      access.tree.arrange({ by: "type" });
      assert.ok((await drawnTree(access)).some((line) => line.startsWith("Workflow task")));
      access.tree.arrange({ filter: jobs[0]!.ref.id });
      assert.equal((await drawnTree(access)).filter((line) => line.startsWith("  ")).length, 1);
      assert.match(access.tree.view.message ?? "", /Showing 1 of/);
    } finally {
      access.tree.arrange({ by: "status", filter: "" });
    }
  });
});

describe("look-up", () => {
  it("finds out the type by asking, and opens the panel without tracking", async () => {
    const access = await parts();
    await demoJobs(access);
    const { jobs } = await access.demo.endpoint();
    const untracked = jobs.find((job) => job.type === "ai" && !job.tracked)!;
    const dialogs = answerDialogs({
      showInputBox: () => untracked.id,
      showQuickPick: (items: never) => (items as { type: string }[]).find((one) => one.type === "any"),
    });
    try {
      await vscode.commands.executeCommand("vodJobs.lookUp");
    } finally {
      dialogs.restore();
    }
    assert.equal(access.panels.active?.id, untracked.id);
    assert.equal(access.panels.active?.type, "ai");
    assert.ok(![...access.tracker.jobs.values()].some((job) => job.ref.id === untracked.id));
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("says what to do about a type that does not match, an unknown id, a revoked key and a missing permission", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    const endpoint = await access.demo.endpoint();
    const wrong = jobTypes.find((type) => !endpoint.jobs.some((one) => one.id === job!.ref.id && one.type === type))!;
    const size = access.tracker.jobs.size;
    const said = async (given: object) => {
      const dialogs = answerDialogs({ showErrorMessage: () => undefined });
      try {
        await vscode.commands.executeCommand("vodJobs.lookUp", given);
        const { args } = await until("something is said", () => dialogs.asked[0]);
        return args.join(" | ");
      } finally {
        dialogs.restore();
      }
    };
    assert.match(await said({ id: job!.ref.id, type: wrong }), /another type.*Try Other Types/);
    assert.match(await said({ id: "f".repeat(32), type: "ai" }), /no AI job/);
    const fresh = endpoint.jobs.find((one) => !one.tracked && one.type === "transcode")!;
    endpoint.control.deny();
    assert.match(await said({ id: fresh.id, type: "transcode" }), /vod:GetJobDetail.*Copy Minimal Policy/);
    endpoint.control.allow();
    endpoint.control.revoke();
    assert.match(await said({ id: fresh.id, type: "transcode" }), /access key.*Switch Account/);
    endpoint.control.restore();
    assert.equal(access.tracker.jobs.size, size, "tracked jobs are untouched");
    await access.tracker.credentialsChanged("demo");
  });

  it("copies a policy that allows what is needed and nothing else", async () => {
    const dialogs = answerDialogs({ showInformationMessage: () => undefined });
    await vscode.commands.executeCommand("vodJobs.copyPolicy");
    dialogs.restore();
    const copied = JSON.parse(await vscode.env.clipboard.readText());
    assert.deepEqual(copied, JSON.parse(minimalPolicy));
    assert.deepEqual(copied.Statement[0].Action, ["vod:GetJobDetail"]);
  });
});
