import assert from "node:assert/strict";
import * as vscode from "vscode";
import { DeepLinks } from "../../../src/editor/doors/deepLinks.ts";
import { visibleStatuses } from "../../../src/editor/doors/inlineStatus.ts";
import { terminalLinks } from "../../../src/editor/doors/terminalLinks.ts";
import { TrackedIds } from "../../../src/editor/doors/trackedIds.ts";
import type { TestAccess } from "../../../src/extension.ts";
import type { JobRef } from "../../../src/vod/types.ts";
import { commandsIn, openText, readCorpus } from "./corpus.ts";
import { answerDialogs, demoJobs, parts, until } from "./support.ts";

const unknownId = "5c9dff751ba0f3d1e2c34b59d50a967f";

type Item = vscode.QuickPickItem & { picked?: boolean };
/** A person who confirms what is picked already. */
const confirm = (items: Item[]) => items.filter((item) => item.picked);

/** Closes all editors and panels. */
async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Waits until a job's panel is open. */
async function panelOf(id: string, access: TestAccess): Promise<void> {
  const name = [...access.tracker.jobs.values()].find((job) => job.ref.id === id)?.title ?? id.slice(0, 8);
  await until(`a panel shows ${name}`, () =>
    vscode.window.tabGroups.all.some(({ tabs }) =>
      tabs.some((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.includes("vodJobs")),
    ),
  );
}

/** A job of the demo's account that is not tracked and was never asked for. */
async function untrackedDemoJob(access: TestAccess): Promise<JobRef> {
  await demoJobs(access);
  const endpoint = await access.demo.endpoint();
  const tracked = new Set([...access.tracker.jobs.values()].map(({ ref }) => ref.id));
  const asked = new Set(endpoint.calls.map(({ id }) => id));
  const job = endpoint.jobs.find(({ id, type }) => !tracked.has(id) && !asked.has(id) && type === "transcode");
  assert.ok(job);
  return { account: "demo", region: "cn-shanghai", type: job.type, id: job.id };
}

describe("links in documents", () => {
  before(parts);

  for (const { name, text, expected } of readCorpus()) {
    it(`are the job ids of ${name} that something names`, async () => {
      const document = await openText(text, name);
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        "vscode.executeLinkProvider",
        document.uri,
      );
      const ours = links.filter(({ target }) => target?.scheme === "command" && target.path.startsWith("vodJobs."));
      const found = ours.map(({ range, target }) => ({
        id: document.getText(range),
        ...commandsIn(target!.toString(true))[0],
      }));
      const wanted = expected
        .filter(({ because }) => because === "named")
        .map(({ id, type }) => ({ id, command: "vodJobs.lookUp", args: [{ id, ...(type && { type }) }] }));
      const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
      assert.deepEqual(found.sort(byId), wanted.sort(byId));
      for (const { tooltip } of ours) assert.match(tooltip ?? "", /^Look up this VOD /);
    });
  }

  it("open the panel of a tracked job, and look up another", async () => {
    const access = await parts();
    const ref = await untrackedDemoJob(access);
    const [job] = await demoJobs(access);
    const document = await openText(`"JobId": "${ref.id}", "JobType": "${ref.type}"\n${job!.ref.id}`);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      document.uri,
    );
    for (const { target } of links.filter((link) => link.target?.scheme === "command")) {
      await closeAll();
      const [{ command, args }] = commandsIn(target!.toString(true)) as [{ command: string; args: unknown[] }];
      await vscode.commands.executeCommand(command, ...args);
      await panelOf(command === "vodJobs.open" ? job!.ref.id : ref.id, access);
    }
    const key = `demo/cn-shanghai/${ref.type}/${ref.id}`;
    assert.ok(!access.tracker.jobs.has(key), "looking up does not track");
    // What "Track This Job" in its panel runs.
    let isTracked = false;
    const dialogs = answerDialogs({
      showInformationMessage: () => {
        isTracked = access.tracker.jobs.has(key);
        return "Undo";
      },
    });
    try {
      await vscode.commands.executeCommand("vodJobs.track", ref);
    } finally {
      dialogs.restore();
    }
    assert.ok(isTracked, "with its own account and region");
    assert.ok(!access.tracker.jobs.has(key), "undone");
    await closeAll();
  });
});

describe("links in terminals", () => {
  it("are ids that are tracked or named; a click does what the tooltip says", async () => {
    const access = await parts();
    const ref = await untrackedDemoJob(access);
    const [job] = await demoJobs(access);
    // The provider itself: nobody can click in a terminal here.
    const ids = new TrackedIds(access.tracker);
    const provider = terminalLinks(ids);
    const linksOf = (line: string) => provider.provideTerminalLinks({ line } as vscode.TerminalLinkContext);

    const line = `SubmitTranscodeJobs -> JobId=${ref.id} VideoId=${unknownId} ${job!.ref.id}`;
    const links = linksOf(line);
    assert.deepEqual(
      links.map(({ startIndex, length }) => line.slice(startIndex, startIndex + length)),
      [ref.id, job!.ref.id],
    );
    assert.equal(links[0]!.tooltip, "Look up this VOD transcode job");
    assert.match(links[1]!.tooltip ?? "", /^Open /);
    assert.deepEqual(linksOf(`${unknownId}  README.md`), []);
    assert.deepEqual(linksOf(unknownId), [], "the form alone is no link");

    await closeAll();
    await provider.handleTerminalLink(links[0]!);
    await panelOf(ref.id, access);
    await closeAll();
    await provider.handleTerminalLink(links[1]!);
    await panelOf(job!.ref.id, access);
    await closeAll();
    ids.dispose();
  });
});

describe("tracking all ids of a text", () => {
  const answer = JSON.stringify(
    {
      TranscodeTaskId: unknownId,
      TranscodeJobs: { TranscodeJob: [{ JobId: `${"a".repeat(31)}1` }, { JobId: `${"b".repeat(31)}2` }] },
    },
    undefined,
    2,
  );

  async function show(content: string): Promise<vscode.TextEditor> {
    return vscode.window.showTextDocument(await openText(content, "answer.json"));
  }

  function tracked(access: TestAccess): string[] {
    return [...access.tracker.jobs.values()].map(({ ref }) => `${ref.type} ${ref.id}`);
  }

  it("previews them with their types, asks nothing else, and can be undone", async () => {
    const access = await parts();
    await demoJobs(access);
    await show(answer);
    const before = tracked(access).sort();
    const during: string[][] = [];
    const dialogs = answerDialogs({
      showQuickPick: confirm,
      showInformationMessage: () => {
        during.push(tracked(access));
        return "Undo";
      },
    });
    try {
      await vscode.commands.executeCommand("vodJobs.trackFile");
    } finally {
      dialogs.restore();
    }
    assert.deepEqual(
      dialogs.asked.map(({ dialog }) => dialog),
      ["showQuickPick", "showInformationMessage"],
    );
    const items = dialogs.asked[0]!.args[0] as Item[];
    assert.deepEqual(
      items.map(({ description }) => description),
      ["transcode job", "transcode job"],
    );
    assert.equal(during[0]!.length, before.length + 2);
    assert.ok(during[0]!.includes(`transcode ${"a".repeat(31)}1`));
    assert.deepEqual(tracked(access).sort(), before, "undone");
    await closeAll();
  });

  it("takes only what is selected, with what stands around it", async () => {
    const access = await parts();
    await demoJobs(access);
    const editor = await show(answer);
    const second = editor.document.getText().indexOf("b".repeat(31));
    editor.selection = new vscode.Selection(
      editor.document.positionAt(second),
      editor.document.positionAt(second + 32),
    );
    const dialogs = answerDialogs({ showQuickPick: () => undefined });
    try {
      await vscode.commands.executeCommand("vodJobs.trackSelection");
    } finally {
      dialogs.restore();
    }
    const items = dialogs.asked[0]!.args[0] as Item[];
    assert.deepEqual(
      items.map(({ label, description }) => `${label} ${description}`),
      [`${"b".repeat(31)}2 transcode job`],
    );
    await closeAll();
  });

  it("asks once for the type of ids that nothing tells, and leaves uncertain ones unpicked", async () => {
    const access = await parts();
    await demoJobs(access);
    await show(`JobId: ${unknownId}\nelsewhere we saw 0123456789abcdef0123456789abcdef here`);
    const dialogs = answerDialogs({
      showQuickPick: (items: (Item & { type?: string })[], options: vscode.QuickPickOptions) =>
        options.canPickMany ? confirm(items) : items.find(({ type }) => type === "workflow"),
      showInformationMessage: () => "Undo",
    });
    try {
      await vscode.commands.executeCommand("vodJobs.trackFile");
    } finally {
      dialogs.restore();
    }
    const items = dialogs.asked[0]!.args[0] as Item[];
    assert.deepEqual(
      items.map(({ picked }) => picked),
      [true, false],
    );
    assert.deepEqual(
      dialogs.asked.map(({ dialog }) => dialog),
      ["showQuickPick", "showQuickPick", "showInformationMessage"],
    );
    await closeAll();
  });

  it("says so where there are none", async () => {
    await parts();
    await show("{}");
    const dialogs = answerDialogs({ showWarningMessage: () => undefined });
    try {
      await vscode.commands.executeCommand("vodJobs.trackFile");
    } finally {
      dialogs.restore();
    }
    assert.match(String(dialogs.asked[0]?.args[0]), /^No job ids were found/);
    await closeAll();
  });
});

describe("the status behind ids", () => {
  it("stands behind each visible tracked id, and nowhere else", async () => {
    const access = await parts();
    const jobs = await demoJobs(access);
    const lines = jobs.map(({ ref }) => `JobId: "${ref.id}", VideoId: "${unknownId}"`);
    const editor = await vscode.window.showTextDocument(await openText(lines.join("\n")));
    await until("the editor has drawn", () => editor.visibleRanges.some((range) => !range.isEmpty));
    const ids = new TrackedIds(access.tracker);
    const statuses = visibleStatuses(editor, ids);
    const visible = editor.visibleRanges.reduce((sum, range) => sum + range.end.line - range.start.line + 1, 0);
    assert.ok(statuses.length > 0 && statuses.length <= visible);
    for (const { range, renderOptions } of statuses) {
      const before = editor.document.lineAt(range.start).text.slice(0, range.start.character);
      const job = jobs.find(({ ref }) => before.endsWith(ref.id));
      assert.ok(job, before);
      assert.match(renderOptions?.after?.contentText ?? "", /^\S \w/);
    }
    ids.dispose();
    await closeAll();
  });

  it("can be switched on and off while editors are open", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    await vscode.window.showTextDocument(await openText(job!.ref.id));
    const configuration = vscode.workspace.getConfiguration("vodJobs");
    const made: string[] = [];
    const window = vscode.window as { createTextEditorDecorationType: unknown };
    const real = vscode.window.createTextEditorDecorationType;
    window.createTextEditorDecorationType = (options: vscode.DecorationRenderOptions) => {
      const type = real(options);
      made.push("on");
      const dispose = () => {
        made.push("off");
        type.dispose();
      };
      return { key: type.key, dispose };
    };
    try {
      await configuration.update("inlineStatus", true, vscode.ConfigurationTarget.Global);
      await until("it is on", () => made.length === 1);
      await configuration.update("inlineStatus", undefined, vscode.ConfigurationTarget.Global);
      await until("it is off", () => made.length === 2);
      assert.deepEqual(made, ["on", "off"]);
    } finally {
      window.createTextEditorDecorationType = real;
      await configuration.update("inlineStatus", undefined, vscode.ConfigurationTarget.Global);
      await closeAll();
    }
  });
});

describe("links to jobs", () => {
  /** The handler itself: opening a link for real needs a browser. */
  function handlerOf(access: TestAccess): DeepLinks {
    return new DeepLinks(access, new TrackedIds(access.tracker));
  }

  async function open(access: TestAccess, link: string, answer: string | undefined) {
    const dialogs = answerDialogs({
      showInformationMessage: () => answer,
      showWarningMessage: () => undefined,
      showErrorMessage: () => undefined,
    });
    try {
      await handlerOf(access).handleUri(vscode.Uri.parse(link));
    } finally {
      dialogs.restore();
    }
    return dialogs.asked.map(({ dialog, args }) => ({ dialog, args }));
  }

  it("are copied from tracked jobs, one a line", async () => {
    const access = await parts();
    const jobs = (await demoJobs(access)).slice(0, 2);
    const nodes = jobs.map(({ key }) => ({ key }));
    await vscode.commands.executeCommand("vodJobs.copyLink", nodes[0], nodes);
    const links = (await vscode.env.clipboard.readText()).split("\n");
    assert.deepEqual(
      links,
      jobs.map(
        ({ ref }) =>
          `${vscode.env.uriScheme}://vod-job-tracker.vod-job-tracker/job?type=${ref.type}&id=${ref.id}&region=${ref.region}`,
      ),
    );
  });

  it("look a job up after a question that says what and with which account, and change nothing else", async () => {
    const access = await parts();
    const ref = await untrackedDemoJob(access);
    await closeAll();
    const link = `vscode://vod-job-tracker.vod-job-tracker/job?type=${ref.type}&id=${ref.id}&region=${ref.region}`;
    const settingsBefore = JSON.stringify(vscode.workspace.getConfiguration("vodJobs"));
    const trackedBefore = [...access.tracker.jobs.keys()].sort();

    const [refused] = await open(access, link, undefined);
    const { modal, detail } = refused!.args[1] as vscode.MessageOptions;
    assert.equal(modal, true);
    for (const fact of [ref.id, "transcode job", ref.region, "demo"]) assert.ok(detail?.includes(fact), fact);
    const endpoint = await access.demo.endpoint();
    assert.ok(!endpoint.calls.some(({ id }) => id === ref.id), "no call without a yes");

    await open(access, link, "Look Up");
    await panelOf(ref.id, access);
    assert.deepEqual([...access.tracker.jobs.keys()].sort(), trackedBefore);
    assert.equal(JSON.stringify(vscode.workspace.getConfiguration("vodJobs")), settingsBefore);
    await closeAll();
  });

  it("are refused when they are not exactly ours", async () => {
    const access = await parts();
    const good = `type=ai&id=${unknownId}&region=cn-shanghai`;
    for (const rest of [
      `job?${good}&account=evil`,
      `job?${good}&endpoint=https%3A%2F%2Fevil.example`,
      `job?type=ai&id=${unknownId}%26type%3Dworkflow&region=cn-shanghai`,
      `job?type=ai&id=%3Cscript%3E&region=cn-shanghai`,
      `settings?${good}`,
      `job?${good}#x`,
      "job",
    ]) {
      const asked = await open(access, `vscode://vod-job-tracker.vod-job-tracker/${rest}`, "Look Up");
      assert.deepEqual(
        asked.map(({ dialog }) => dialog),
        ["showWarningMessage"],
        rest,
      );
    }
  });

  it("ask one question at a time", async () => {
    const access = await parts();
    const handler = handlerOf(access);
    const link = vscode.Uri.parse(
      `vscode://vod-job-tracker.vod-job-tracker/job?type=ai&id=${unknownId}&region=cn-shanghai`,
    );
    let answerNow: (answer: undefined) => void = () => undefined;
    const dialogs = answerDialogs({
      showInformationMessage: () => new Promise<undefined>((resolve) => (answerNow = resolve)),
    });
    try {
      const first = handler.handleUri(link);
      await handler.handleUri(link);
      await handler.handleUri(link);
      assert.equal(dialogs.asked.length, 1);
      answerNow(undefined);
      await first;
    } finally {
      dialogs.restore();
    }
  });
});

describe("finding the jobs of a media asset", () => {
  async function mediaWithJobs(access: TestAccess): Promise<string> {
    await demoJobs(access);
    const endpoint = await access.demo.endpoint();
    const media = endpoint.jobs.find(({ mediaId, type }) => mediaId && type !== "workflow")?.mediaId;
    assert.ok(media);
    return media;
  }

  const pickAll = (items: Item[], options?: vscode.QuickPickOptions) => (options?.canPickMany ? items : items[0]);

  it("begins with the media id under the cursor, asks for each type once, and tracks what is picked", async () => {
    const access = await parts();
    const media = await mediaWithJobs(access);
    const text = `{"JobId":"${unknownId}","VideoId":"${media}"}`;
    const editor = await vscode.window.showTextDocument(await openText(text));
    editor.selection = new vscode.Selection(0, text.indexOf(media) + 3, 0, text.indexOf(media) + 3);
    const endpoint = await access.demo.endpoint();
    const callsBefore = endpoint.calls.length;
    let trackedThen: string[] = [];
    const before = [...access.tracker.jobs.keys()].sort();
    const dialogs = answerDialogs({
      showInputBox: (options: vscode.InputBoxOptions) => options.value,
      showQuickPick: pickAll,
      showInformationMessage: () => {
        trackedThen = [...access.tracker.jobs.keys()];
        return "Undo";
      },
    });
    try {
      await vscode.commands.executeCommand("vodJobs.findByMedia");
    } finally {
      dialogs.restore();
    }
    const box = dialogs.asked[0]!.args[0] as vscode.InputBoxOptions;
    assert.equal(box.value, media);
    const calls = endpoint.calls.slice(callsBefore).filter(({ action }) => action === "ListJobInfo");
    assert.deepEqual(calls.map(({ type }) => type).sort(), ["ai", "snapshot", "transcode"]);
    const listed = (dialogs.asked[2]!.args[0] as (Item & { ref: JobRef })[]).map(({ ref }) => ref);
    assert.ok(listed.length > 0);
    for (const { type, id } of listed) assert.ok(trackedThen.includes(`demo/cn-shanghai/${type}/${id}`));
    await until("it is undone", () => [...access.tracker.jobs.keys()].sort().join() === before.join());
    await closeAll();
  });

  it("says what is missing: the permission, the jobs, the network", async () => {
    const access = await parts();
    const media = await mediaWithJobs(access);
    const { control } = await access.demo.endpoint();
    const ask = async (id: string) => {
      const dialogs = answerDialogs({
        showInputBox: () => id,
        showQuickPick: pickAll,
        showInformationMessage: () => undefined,
        showErrorMessage: () => undefined,
      });
      try {
        await vscode.commands.executeCommand("vodJobs.findByMedia");
        await until("something was said", () => dialogs.asked.length > 2);
      } finally {
        dialogs.restore();
      }
      return `${dialogs.asked.at(-1)!.dialog}: ${dialogs.asked.at(-1)!.args[0]}`;
    };
    control.deny("ListJobInfo");
    try {
      assert.match(await ask(media), /^showErrorMessage: .*vod:ListJobInfo/);
    } finally {
      control.allow();
    }
    assert.match(await ask(`${"0".repeat(31)}1`), /^showInformationMessage: The media asset .* has no such jobs/);
  });

  it("begins with the media of the job that it is asked for", async () => {
    const access = await parts();
    const job = (await demoJobs(access)).find(({ mediaId }) => mediaId);
    assert.ok(job);
    const dialogs = answerDialogs({ showInputBox: () => undefined });
    try {
      await vscode.commands.executeCommand("vodJobs.findByMedia", { key: job.key });
    } finally {
      dialogs.restore();
    }
    assert.equal((dialogs.asked[0]!.args[0] as vscode.InputBoxOptions).value, job.mediaId);
  });
});
