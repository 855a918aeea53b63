/** A few faults in a real editor; `test/unit/faults` has all of them on every surface, with a stand-in for the editor. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { EndpointControl } from "../../../src/demo/control.ts";
import type { TestAccess } from "../../../src/extension.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import type { JobRef } from "../../../src/vod/types.ts";
import { troubles as proxyTroubles } from "../../unit/faults/faults.ts";
import { selfSignedCertificate } from "../../unit/support/certificate.ts";
import { type Cloud, cloud, setNetwork } from "./cloud.ts";
import { hoverOn } from "./corpus.ts";
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

/** What panels that open from now on are told of trouble, as of the last word of each. Put back with `restore`. */
function watchTrouble(): { readonly last: string | undefined; restore(): void } {
  const { createWebviewPanel } = vscode.window;
  let last: string | undefined;
  vscode.window.createWebviewPanel = (...args) => {
    const panel = createWebviewPanel.apply(vscode.window, args);
    const { webview } = panel;
    const post = webview.postMessage.bind(webview);
    webview.postMessage = (text: string) => {
      const { type, parts, ops = [] } = JSON.parse(text);
      if (type === "snapshot") last = parts.trouble?.text ?? "";
      for (const op of ops) if (op.parts?.trouble !== undefined) last = op.parts.trouble?.text ?? "";
      return post(text);
    };
    return panel;
  };
  return {
    get last() {
      return last;
    },
    restore: () => {
      vscode.window.createWebviewPanel = createWebviewPanel;
    },
  };
}

/**
 * Some of the fault proxy's faults on every surface, on the way that all accounts but the demo take: TLS through a proxy.
 * What each surface makes of all of them is the matter of `test/unit/faults`.
 */
describe("a fault on the way to the service", () => {
  /** What people read, and what a model is told. */
  const cases: readonly { fault: string; says: RegExp; tells: RegExp; polled?: boolean }[] = [
    { fault: "reset in the middle of the body", says: /cannot be reached/, tells: /cannot be reached/, polled: true },
    { fault: "gzip bomb", says: /not one of the service's/, tells: /damaged on its way/ },
    { fault: "500 storm", says: /error of its own/, tells: /error of its own/ },
    { fault: "unknown authority", says: /signed by someone this computer does not/, tells: /cannot be reached/ },
  ];
  const account = "key:faults";
  const ref: JobRef = { account, region: "cn-shanghai", type: "workflow", id: "fa".repeat(16) };
  const key = jobKey(ref);
  const results = { First: { ActivityId: "VodSnapshot", Status: "Failed" } };
  const answer = { TaskId: ref.id, Status: "Processing", ActivityResults: JSON.stringify(results) };
  let access: TestAccess;
  let service: Cloud;
  let used: string;

  before(async () => {
    [access, service] = [await parts(), await cloud()];
    const { accessKeyId, accessKeySecret, control } = service.endpoint;
    const job = { name: "fault", type: ref.type, id: ref.id, title: "Faulty", tracked: false };
    control.addJob({ ...job, answer: () => ({ ...answer, CreateTime: new Date().toISOString().slice(0, 19) }) });
    await access.accounts.storeKey("faults", { accessKeyId, accessKeySecret });
    used = access.accounts.current;
    await access.accounts.use(account);
    await setNetwork({ proxy: `http://127.0.0.1:${service.proxy.port}` });
  });
  after(async () => {
    await setNetwork({});
    await access.accounts.use(used);
    await access.accounts.removeKey("faults");
  });

  afterEach(async () => {
    await access.tracker.untrack([key]);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  for (const { fault, says, tells, polled } of cases) {
    it(`(${fault}) is met by look-up, polls, panel, hover and an agent's tool, and is over when it is over`, async () => {
      const { tracker } = access;
      const panel = watchTrouble();
      const dialogs = answerDialogs({ showErrorMessage: () => undefined });
      await tracker.track([ref]);
      try {
        await vscode.commands.executeCommand("vodJobs.open", { key });
        await until("it is answered and shown", () => tracker.jobs.get(key)?.checkedAt && panel.last === "");
        const trouble = proxyTroubles.find(({ name }) => name === fault);
        if (trouble) await trouble.begin({ proxy: service.faults } as never);
        else service.faults.certify(selfSignedCertificate("vod.cn-shanghai.aliyuncs.com"));
        // A job that is looked at is asked for by itself.
        if (!polled) await vscode.commands.executeCommand("vodJobs.refresh", { key });
        await until("the job has the problem", () => tracker.jobs.get(key)?.problem);
        await until("the panel says it", () => says.test(panel.last ?? ""));
        assert.match(await hoverOn(ref.id), says);
        // A tool that makes a call needs a person's word, and nobody is there: this one tells what is known.
        const { content } = await vscode.lm.invokeTool("list_vod_jobs", { input: {}, toolInvocationToken: undefined });
        const told = (content[0] as vscode.LanguageModelTextPart).value.split("\n");
        const failed = told.find((line) => line.includes("The last check failed") && tells.test(line));
        assert.ok(failed && told.some((line) => line.includes(ref.id)), told.join("\n"));
        await vscode.commands.executeCommand("vodJobs.lookUp", { id: "e".repeat(32), type: "ai" });
        await until("a person is told", () => dialogs.asked.some(({ args }) => says.test(String(args[0]))));
      } finally {
        panel.restore();
        dialogs.restore();
        service.faults.fault = undefined;
        service.faults.certify(service.certificate);
      }
      await tracker.refresh([key]).catch(() => undefined);
      await until("the job is well", () => tracker.jobs.get(key) && !tracker.jobs.get(key)!.problem);
      await until("the panel is well", () => panel.last === "");
    });
  }
});
