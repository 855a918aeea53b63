/** A few faults in a real editor; `test/unit/faults` has all of them on every surface, with a stand-in for the editor. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { EndpointControl } from "../../../src/demo/control.ts";
import type { TestAccess } from "../../../src/extension.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import { openText } from "./corpus.ts";
import { answerDialogs, demoJobs, parts, until } from "./support.ts";

interface Trouble {
  readonly name: string;
  begin(control: EndpointControl): void;
  /** What a person reads. */
  readonly says: RegExp;
  /** The first thing that can be done about it. */
  readonly next: RegExp;
}

const html = "<!DOCTYPE html><title>Sign in</title>";
const troubles: readonly Trouble[] = [
  {
    name: "connections reset",
    begin: (to) => to.fail(99, { connection: "reset" }),
    says: /cannot be reached/,
    next: /Show Log/,
  },
  {
    name: "a sign-in page",
    begin: (to) => to.fail(99, { body: html, contentType: "text/html" }),
    says: /HTML page.*proxy/,
    next: /Show Log/,
  },
  { name: "half an answer", begin: (to) => to.fail(99, { body: '{"RequestId":' }), says: /cut off/, next: /Show Log/ },
  {
    name: "an error of the service",
    begin: (to) => to.fail(99, { code: "InternalError", status: 500 }),
    says: /error of its own/,
    next: /Troubleshoot/,
  },
  {
    name: "a clock that is wrong",
    begin: (to) => to.fail(99, { code: "InvalidTimeStamp.Expired" }),
    says: /Set the clock/,
    next: /Show Log/,
  },
  { name: "a permission taken away", begin: (to) => to.deny(), says: /vod:GetJobDetail/, next: /Copy Minimal Policy/ },
  { name: "a revoked key", begin: (to) => to.revoke(), says: /access key/, next: /Switch Account/ },
];

/** The text of our hover on an id, spaces as they are read. */
async function hoverOn(id: string): Promise<string> {
  const document = await openText(`TaskId: ${id}`);
  const place = new vscode.Position(0, 12);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    place,
  );
  const values = hovers.flatMap(({ contents }) =>
    (contents as vscode.MarkdownString[]).map(({ value }) => value ?? ""),
  );
  return values.join("\n").replaceAll("&nbsp;", " ").replace(/\\(.)/g, "$1");
}

describe("a fault", () => {
  /** Asks for a job that is known; what goes wrong is kept with it. */
  const ask = ({ tracker }: TestAccess, { key }: TrackedJob) => tracker.refresh([key]).catch(() => undefined);

  for (const { name, begin, says, next } of troubles) {
    it(`of ${name} is told with a next step, in message, hover and panel, and is over when it is over`, async () => {
      const access = await parts();
      const jobs = await demoJobs(access);
      const { control, jobs: all } = await access.demo.endpoint();
      const job = jobs[0]!;
      const fresh = all.find((one) => one.type === "ai" && !one.tracked)!;
      const keys = [...access.tracker.jobs.keys()].sort();
      await vscode.commands.executeCommand("vodJobs.open", { key: job.key });
      await until("the panel shows", () => access.panels.active?.id === job.ref.id);
      begin(control);
      const dialogs = answerDialogs({ showErrorMessage: () => undefined });
      try {
        await vscode.commands.executeCommand("vodJobs.lookUp", {
          id: `${fresh.id.slice(0, -4)}${name.length}ff`,
          type: "ai",
        });
        const { args } = await until("something is said", () => dialogs.asked[0]);
        assert.match(String(args[0]), says);
        assert.match(String(args[1]), next);
        await ask(access, job);
        await until("the job knows", () => access.tracker.jobs.get(job.key)?.problem);
        assert.match(await hoverOn(job.ref.id), says);
        assert.equal(access.panels.active?.id, job.ref.id, "the panel stays");
      } finally {
        dialogs.restore();
        control.recover();
        control.allow();
        control.restore();
      }
      await ask(access, job);
      await until("the job is well", () => access.tracker.jobs.get(job.key)?.problem === undefined);
      assert.doesNotMatch(await hoverOn(job.ref.id), says);
      assert.deepEqual([...access.tracker.jobs.keys()].sort(), keys, "every job is still there");
      await until("the account is well", () => {
        const { offlineSince, credentialProblem, serviceProblem } = access.tracker.accounts.get("demo") ?? {};
        return !offlineSince && !credentialProblem && !serviceProblem;
      });
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });
  }
});
