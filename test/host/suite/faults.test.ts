/** A few faults in a real editor; `test/unit/faults` has all of them on every surface, with a stand-in for the editor. */
import assert from "node:assert/strict";
import dns from "node:dns";
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
function watchTrouble(): { readonly last: string | undefined; refresh(): void; restore(): void } {
  const { createWebviewPanel } = vscode.window;
  let last: string | undefined;
  let take: ((message: unknown) => void) | undefined;
  vscode.window.createWebviewPanel = (...args) => {
    const panel = createWebviewPanel.apply(vscode.window, args);
    const { webview } = panel;
    const post = webview.postMessage.bind(webview);
    const receive = webview.onDidReceiveMessage.bind(webview);
    Object.defineProperty(webview, "onDidReceiveMessage", {
      value: (listener: (message: unknown) => void) => {
        take = listener;
        return receive(listener);
      },
    });
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
    /** Presses the panel's button. */
    refresh: () => take?.({ type: "refresh" }),
    restore: () => {
      vscode.window.createWebviewPanel = createWebviewPanel;
    },
  };
}

/** Waits of calls for an answer end twenty times as soon, until `restore`; all other timers keep their time. */
function shortenCalls(): { restore(): void } {
  const real = globalThis.setTimeout;
  const shorter = (work: () => void, ms = 0, ...args: []) =>
    real(work, ms > 10_000 && ms <= 15_000 ? ms / 20 : ms, ...args);
  globalThis.setTimeout = Object.assign(shorter, real) as typeof real;
  return {
    restore: () => {
      globalThis.setTimeout = real;
    },
  };
}

interface WayFault {
  readonly fault: string;
  begin(service: Cloud): unknown;
  end?(service: Cloud): unknown;
  /** What people read, and what a model is told. */
  readonly says: RegExp;
  readonly tells: RegExp;
  /** What the hover says, where it is something else. */
  readonly hovers?: RegExp;
  /** It is met by a poll: nobody asks. */
  readonly polled?: boolean;
  /** It is over without anybody's doing: a probe finds out. */
  readonly byItself?: boolean;
}

/** A fault of the matrix in `test/unit/faults`. */
const asThere = (name: string) => (service: Cloud) =>
  proxyTroubles.find((one) => one.name === name)!.begin({ proxy: service.faults } as never);

const throttling = JSON.stringify({ RequestId: "6708D849-FAULT", Code: "Throttling.User", Message: "made up" });
/** By name, so that there can be no address for it. */
const proxyName = "proxy.invalid";

const wayFaults: readonly WayFault[] = [
  {
    fault: "reset in the middle of the body",
    begin: asThere("reset in the middle of the body"),
    says: /cannot be reached/,
    tells: /last check failed.*cannot be reached/,
    polled: true,
  },
  {
    fault: "gzip bomb",
    begin: asThere("gzip bomb"),
    says: /not one of the service's/,
    tells: /last check failed.*damaged on its way/,
  },
  {
    fault: "500 storm",
    begin: asThere("500 storm"),
    says: /error of its own/,
    tells: /last check failed.*error of its own/,
  },
  {
    fault: "unknown authority",
    begin: ({ faults }) => faults.certify(selfSignedCertificate("vod.cn-shanghai.aliyuncs.com")),
    end: ({ faults, certificate }) => faults.certify(certificate),
    says: /signed by someone this computer does not/,
    tells: /last check failed.*cannot be reached/,
  },
  {
    fault: "half-open connections, silence",
    begin: asThere("half-open connection, silence"),
    says: /did not answer in time/,
    tells: /last check failed.*did not answer in time/,
  },
  {
    fault: "a storm of Throttling.User that says how long to wait",
    begin({ faults }) {
      const headers = { "content-type": "application/json", "x-acs-retry-after": "200" };
      faults.fault = ({ reply }) => reply({ status: 429, headers, body: Buffer.from(throttling) });
    },
    says: /slowing this account down/,
    tells: /^Account .*: calls are slowed by the service until/,
    hovers: /Slowed by the service until/,
  },
  {
    fault: "no connection to the proxy",
    begin: ({ proxy }) => proxy.pause(),
    end: ({ proxy }) => proxy.resume(),
    says: /cannot be reached \(ECONNREFUSED\)/,
    tells: /last check failed.*cannot be reached.*ECONNREFUSED/,
    polled: true,
    byItself: true,
  },
  {
    fault: "a name that no name server knows",
    begin: ({ faults }) => {
      unknownNames.add(proxyName);
      faults.hangUp();
    },
    end: () => unknownNames.delete(proxyName),
    says: /cannot be reached \(ENOTFOUND\)/,
    tells: /last check failed.*cannot be reached.*ENOTFOUND/,
  },
];

/** Names that nobody knows at the moment. */
const unknownNames = new Set<string>();

/** Answers for the proxy's name, as a name server does. Gives what undoes it. */
function answerForNames(): () => void {
  const real = dns.lookup;
  const names = dns as { lookup: unknown };
  names.lookup = (name: string, ...rest: unknown[]) => {
    const done = rest.at(-1) as (error: Error | null, address?: unknown, family?: number) => void;
    if (name !== proxyName) return (real as (...args: unknown[]) => void)(name, ...rest);
    const failure = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" });
    const { all } = rest[0] as { all?: boolean };
    if (unknownNames.has(name)) setImmediate(done, failure);
    else if (all) setImmediate(done, null, [{ address: "127.0.0.1", family: 4 }]);
    else setImmediate(done, null, "127.0.0.1", 4);
  };
  return () => {
    names.lookup = real;
  };
}

/** How long, ms, a probe may keep an account waiting after the few failures of an ordeal: the wait doubles with each. */
const longestProbe = 45_000;

/** The most requests of one ordeal: a poll or refresh, a look-up and two probes, of three attempts each. */
const mostRequests = 12;

/**
 * Some of the fault proxy's faults on every surface, on the way that all accounts but the demo take: TLS through a proxy.
 * What each surface makes of all of them is the matter of `test/unit/faults`.
 */
describe("a fault on the way to the service", function () {
  this.timeout(2 * longestProbe);
  const account = "key:faults";
  const ref: JobRef = { account, region: "cn-shanghai", type: "workflow", id: "fa".repeat(16) };
  const key = jobKey(ref);
  const results = { First: { ActivityId: "VodSnapshot", Status: "Failed" } };
  const answer = { TaskId: ref.id, Status: "Processing", ActivityResults: JSON.stringify(results) };
  let access: TestAccess;
  let service: Cloud;
  let used: string;
  let undoNames: () => void;

  before(async () => {
    [access, service] = [await parts(), await cloud()];
    const { accessKeyId, accessKeySecret, control } = service.endpoint;
    const job = { name: "fault", type: ref.type, id: ref.id, title: "Faulty", tracked: false };
    control.addJob({ ...job, answer: () => ({ ...answer, CreateTime: new Date().toISOString().slice(0, 19) }) });
    await access.accounts.storeKey("faults", { accessKeyId, accessKeySecret });
    used = access.accounts.current;
    await access.accounts.use(account);
    undoNames = answerForNames();
    await setNetwork({ proxy: `http://${proxyName}:${service.proxy.port}` });
  });
  after(async () => {
    await setNetwork({});
    undoNames();
    await access.accounts.use(used);
    await access.accounts.removeKey("faults");
  });

  afterEach(async () => {
    await access.tracker.untrack([key]);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  for (const { fault, begin, end, says, tells, hovers = says, polled, byItself } of wayFaults) {
    it(`(${fault}) is met by look-up, polls, panel, hover and an agent's tool, and is over when it is over`, async () => {
      const { tracker } = access;
      const panel = watchTrouble();
      const dialogs = answerDialogs({ showErrorMessage: () => undefined });
      const calls = shortenCalls();
      let requests = 0;
      const troubled = () => tracker.jobs.get(key)?.problem ?? tracker.accounts.get(account)?.throttledUntil;
      await tracker.track([ref]);
      try {
        await vscode.commands.executeCommand("vodJobs.open", { key });
        await until("it is answered and shown", () => tracker.jobs.get(key)?.checkedAt && panel.last === "");
        await begin(service);
        const { fault: met } = service.faults;
        if (met) {
          service.faults.fault = (passing) => {
            requests++;
            return met(passing);
          };
        }
        // A job that is looked at is asked for by itself.
        if (!polled) panel.refresh();
        await until("the job or its account has the problem", troubled);
        await until("the panel says it", () => says.test(panel.last ?? ""));
        assert.match(await hoverOn(ref.id), hovers);
        // A tool that makes a call needs a person's word, and nobody is there: this one tells what is known.
        const { content } = await vscode.lm.invokeTool("list_vod_jobs", { input: {}, toolInvocationToken: undefined });
        const told = (content[0] as vscode.LanguageModelTextPart).value.split("\n");
        assert.ok(told.some((line) => tells.test(line)) && told.some((line) => line.includes(ref.id)), told.join("\n"));
        await vscode.commands.executeCommand("vodJobs.lookUp", { id: "e".repeat(32), type: "ai" });
        await until("a person is told", () => dialogs.asked.some(({ args }) => says.test(String(args[0]))));
        assert.ok(requests <= mostRequests, `${requests} requests`);
      } finally {
        panel.restore();
        dialogs.restore();
        calls.restore();
        service.faults.fault = undefined;
        await end?.(service);
        service.faults.hangUp();
      }
      const over = Date.now();
      if (!byItself) await tracker.refresh([key]).catch(() => undefined);
      const isWell = () => {
        const { checkedAt = 0, problem } = tracker.jobs.get(key) ?? {};
        return checkedAt >= over && !problem;
      };
      await until("the job is answered, and well", isWell, longestProbe);
      await until("the panel is well", () => panel.last === "");
    });
  }
});
