import assert from "node:assert/strict";
import * as vscode from "vscode";
import { TrackedIds } from "../../../src/editor/doors/trackedIds.ts";
import { JobHover } from "../../../src/editor/jobHover.ts";
import { allIds, commandsIn, openText, readCorpus } from "./corpus.ts";
import { demoJobs, parts, until } from "./support.ts";

const unknownId = "5c9dff751ba0f3d1e2c34b59d50a967f";

/** Our hovers at a place; other extensions' are passed over. */
async function hoversAt(document: vscode.TextDocument, offset: number): Promise<vscode.MarkdownString[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    document.positionAt(offset),
  );
  return hovers
    .map(({ contents }) => contents as vscode.MarkdownString[])
    .filter((contents) => contents.some(({ value }) => value?.includes("command:vodJobs.")))
    .flat();
}

/** The text of our hover at a place, spaces as they are read; empty when there is none. */
async function hoverAt(document: vscode.TextDocument, offset: number): Promise<string> {
  const values = (await hoversAt(document, offset)).map(({ value }) => value);
  return values.join("\n---\n").replaceAll("&nbsp;", " ");
}

describe("the hover", () => {
  before(parts);

  for (const { name, text, expected } of readCorpus()) {
    it(`offers the job ids of ${name} and is silent on all others`, async () => {
      const document = await openText(text, name);
      for (const { id, start } of allIds(text)) {
        const hit = expected.find((one) => one.id === id);
        const shown = await hoverAt(document, start + 5);
        const line = document.lineAt(document.positionAt(start)).text;
        assert.equal(shown !== "", hit !== undefined, line);
        if (!hit) continue;
        const given = { id, ...(hit.type && { type: hit.type }) };
        assert.deepEqual(
          commandsIn(shown),
          ["vodJobs.lookUp", "vodJobs.track"].map((command) => ({ command, args: [given] })),
          line,
        );
      }
    });
  }

  it("tells the state of tracked jobs, from what is known, with what can be done", async () => {
    const access = await parts();
    for (const job of await demoJobs(access)) {
      const document = await openText(`JobId: ${job.ref.id}`);
      const shown = await hoverAt(document, 12);
      assert.ok(shown.includes(job.ref.id), job.key);
      assert.deepEqual(
        commandsIn(shown).map(({ command }) => command),
        ["vodJobs.open", "vodJobs.refresh", "vodJobs.copyId"],
      );
      assert.deepEqual(commandsIn(shown)[0]?.args, [{ key: job.key }]);
    }
  });

  it("names the activities that failed, whatever the task says", async () => {
    const access = await parts();
    const jobs = await demoJobs(access);
    const failing = jobs.filter((job) => job.failedActivities);
    assert.ok(failing.length > 0);
    for (const job of failing) {
      const document = await openText(job.ref.id);
      assert.match(await hoverAt(document, 3), /Failed activities: \w/, job.key);
    }
  });

  it("finds an id in column 0, at its end, in quotes, in an address, and each of two on a line", async () => {
    const access = await parts();
    const [one, two] = await demoJobs(access);
    const [a, b] = [one!.ref.id, two!.ref.id];
    const document = await openText(`${a}\n"${a}"\nhttps://example.com/${a}/x.png?${b}\n${a},${b}\n`);
    const text = document.getText();
    for (const { id, start } of allIds(text)) {
      for (const at of [start, start + 16, start + id.length]) {
        const shown = await hoverAt(document, at);
        assert.ok(JSON.stringify(commandsIn(shown)[0]).includes(id), `${at}: ${shown}`);
        assert.ok(!shown.includes("Id: "), "the id that is pointed at need not be told");
      }
    }
  });

  it("finds tracked ids that are no 32 digits", async () => {
    const access = await parts();
    await demoJobs(access);
    const id = "2dc1634e**********3f1d22d1a0174e";
    const ref = { account: "demo", region: "cn-shanghai", type: "transcode", id } as const;
    const { added } = await access.tracker.track([ref]);
    try {
      const document = await openText(`see ${id}.`);
      assert.deepEqual(commandsIn(await hoverAt(document, 10))[0], {
        command: "vodJobs.open",
        args: [{ key: added[0]!.key }],
      });
    } finally {
      await access.tracker.untrack(added.map(({ key }) => key));
    }
    assert.equal(await hoverAt(await openText(`see ${id}.`), 10), "", "no longer tracked");
  });

  it("shows what the service or a person wrote as text only", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    await access.tracker.setLabel(job!.key, "[click](command:workbench.action.quit) <img src=x> $(bug) **b**");
    try {
      const [links, facts] = await hoversAt(await openText(job!.ref.id), 3);
      assert.ok(links && facts);
      assert.ok(facts.value.includes("click"));
      assert.ok(!facts.value.includes("](command:"), facts.value);
      assert.ok(!/(?<!\\)\$\(bug/.test(facts.value), facts.value);
      assert.ok(!/(?<!\\)\*b/.test(facts.value), facts.value);
      assert.ok(!facts.supportHtml && !facts.isTrusted && !links.supportHtml);
      const { enabledCommands } = links.isTrusted as { enabledCommands: string[] };
      assert.deepEqual([...enabledCommands], ["vodJobs.open", "vodJobs.refresh", "vodJobs.copyId"]);
    } finally {
      await access.tracker.setLabel(job!.key, undefined);
    }
  });

  it("asks the service nothing", async () => {
    const access = await parts();
    await demoJobs(access);
    const endpoint = await access.demo.endpoint();
    const id = "00c0ffee00c0ffee00c0ffee00c0ffee";
    const document = await openText(`JobId=${id} JobType=workflow`);
    assert.ok(await hoverAt(document, 10));
    assert.deepEqual(
      endpoint.calls.filter((call) => call.id === id),
      [],
    );
  });

  it("works in output channels", async () => {
    const channel = vscode.window.createOutputChannel("Doors test");
    try {
      channel.append(`job ${unknownId}\n`);
      channel.show(true);
      const document = await until("the output shows", () => {
        const editor = vscode.window.visibleTextEditors.find(
          (one) => one.document.uri.scheme === "output" && one.document.getText().includes(unknownId),
        );
        return editor?.document;
      });
      assert.ok(await hoverAt(document, document.getText().indexOf(unknownId) + 3));
    } finally {
      channel.dispose();
    }
  });

  it("reads a little of a long line, wherever the pointer is", async () => {
    const filler = "x=1;".repeat(125_000);
    const document = await openText(`${filler}jobId="${unknownId}";${filler}`);
    assert.ok(await hoverAt(document, filler.length + 12));
    assert.equal(await hoverAt(document, 1000), "");
    assert.equal(await hoverAt(document, filler.length * 2), "");
  });

  it("can be canceled, and switched off", async () => {
    const access = await parts();
    const [job] = await demoJobs(access);
    const hover = new JobHover(access.tracker, new TrackedIds(access.tracker));
    const document = await openText(job!.ref.id);
    const source = new vscode.CancellationTokenSource();
    assert.ok(await hover.provideHover(document, new vscode.Position(0, 3), source.token));
    source.cancel();
    assert.equal(await hover.provideHover(document, new vscode.Position(0, 3), source.token), undefined);
    const configuration = vscode.workspace.getConfiguration("vodJobs");
    await configuration.update("hover.enabled", false, vscode.ConfigurationTarget.Global);
    try {
      assert.equal(await hoverAt(document, 3), "");
    } finally {
      await configuration.update("hover.enabled", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
