import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { TestAccess } from "../../../src/extension.ts";
import type { VodError } from "../../../src/vod/errors.ts";
import type { JobRef } from "../../../src/vod/types.ts";
import { type Cloud, cloud, nowhere, setNetwork } from "./cloud.ts";
import { answerDialogs, parts, until } from "./support.ts";

const password = "canary-proxy-password";

describe("the network", () => {
  let access: TestAccess;
  let service: Cloud;
  let address: string;

  before(async () => {
    access = await parts();
    service = await cloud();
    address = `127.0.0.1:${service.proxy.port}`;
    const { accessKeyId, accessKeySecret } = service.endpoint;
    await access.accounts.storeKey("network", { accessKeyId, accessKeySecret });
  });
  after(async () => {
    await setNetwork({});
    await access.accounts.removeKey("network");
  });
  beforeEach(async () => {
    service.proxy.asked.length = 0;
    service.proxy.user = undefined;
    await setNetwork({});
  });

  /** A job that the region does not have; asking for it proves that the service was reached. */
  const stranger = (region: string): JobRef => ({ account: "key:network", region, type: "ai", id: "f".repeat(32) });

  /** How a look-up ends. */
  async function outcome(ref: JobRef): Promise<string> {
    return access.tracker.lookUp(ref, { maxAge: 0 }).then(
      () => "ok",
      ({ kind, code }: VodError) => `${kind} ${code}`,
    );
  }

  /** The lines that the log is told while `work` goes on, as they are before anything is taken out of them. */
  async function told(work: () => Promise<void>): Promise<string> {
    const { log } = access;
    const real = { info: log.info, warn: log.warn };
    const lines: string[] = [];
    for (const level of ["info", "warn"] as const) {
      log[level] = (line) => {
        lines.push(line);
        real[level](line);
      };
    }
    try {
      await work();
    } finally {
      Object.assign(log, real);
    }
    return lines.join("\n");
  }

  it("is reached through the proxy of the person's settings, with a certificate that the system's store trusts", async () => {
    await setNetwork({ proxy: `http://${address}` });
    assert.equal(await outcome(stranger("cn-shanghai")), "not-found NoSuchResource");
    assert.deepEqual([...new Set(service.proxy.asked)], ["vod.cn-shanghai.aliyuncs.com:443"]);
    const [call] = service.endpoint.calls.slice(-1);
    assert.deepEqual([call?.region, call?.accessKeyId], ["cn-shanghai", service.endpoint.accessKeyId]);
  });

  it("is reached through a proxy that wants a user and password, as they are written, which nobody else gets to see", async () => {
    for (const written of [password, `${password}50%`]) {
      service.proxy.user = `me:${written}`;
      const lines = await told(async () => {
        await setNetwork({ proxy: `http://me:${written}@${address}` });
        assert.equal(await outcome(stranger("cn-shanghai")), "not-found NoSuchResource");
      });
      assert.doesNotMatch(lines, new RegExp(`${password}|no connection of our own`));
    }
  });

  for (const [when, wrong, says] of [
    ["the proxy asks for them", `me:wrong-${password}`, /PROXY_407.*http\.proxy.*Open Proxy Settings/],
    ["they make the address unreadable", `me:12#${password}`, /PROXY_ADDRESS.*percent-encoded.*Open Proxy Settings/],
  ] as const) {
    it(`says where to put user and password, and how, when ${when}`, async () => {
      service.proxy.user = `me:${password}`;
      await setNetwork({ proxy: `http://${wrong}@${address}` });
      const dialogs = answerDialogs({ showErrorMessage: () => undefined });
      const account = access.accounts.current;
      let lines = "";
      try {
        await access.accounts.use("key:network");
        lines = await told(async () => {
          await vscode.commands.executeCommand("vodJobs.lookUp", { id: "e".repeat(32), type: "ai" });
          await until("it is said", () => dialogs.asked[0]);
        });
      } finally {
        dialogs.restore();
        await access.accounts.use(account);
      }
      const said = dialogs.asked[0]!.args.join(" | ");
      assert.match(said, says);
      assert.doesNotMatch(said + lines, new RegExp(password));
    });
  }

  it("is tried at once when the proxy was corrected: an account that was offline does not wait for its next probe", async () => {
    const { tracker } = access;
    const job = service.endpoint.jobs.find((one) => one.tracked && one.title.startsWith("Documentary"))!;
    await setNetwork({ proxy: "http://127.0.0.1:1" });
    const ref: JobRef = { account: "key:network", region: "cn-shanghai", type: job.type, id: job.id };
    const [{ key } = assert.fail()] = (await tracker.track([ref])).added;
    try {
      await until("the account is offline", () => tracker.accounts.get("key:network")?.offlineSince);
      for (let n = 0; n < 3; n++) await tracker.refresh([key]).catch(() => {}); // the wait for a probe grows
      const { nextProbeAt = 0 } = tracker.accounts.get("key:network")!;
      assert.ok(nextProbeAt > Date.now() + 15_000, "nobody would try for a while");
      await setNetwork({ proxy: `http://${address}` });
      const { checkedAt } = await until("it is answered", () => {
        const one = tracker.jobs.get(key);
        return one?.checkedAt ? one : undefined;
      });
      assert.ok(checkedAt! < nextProbeAt);
      assert.equal(tracker.accounts.get("key:network")?.offlineSince, undefined);
    } finally {
      await tracker.untrack([key]);
    }
  });

  it("is reached directly for hosts of http.noProxy, and with http.proxySupport off", async () => {
    for (const direct of [{ noProxy: ["aliyuncs.com"] }, { proxySupport: "off" }]) {
      await setNetwork({ proxy: `http://${address}`, ...direct });
      assert.match(await outcome(stranger(nowhere)), /^(network|timeout) /);
    }
    assert.deepEqual(service.proxy.asked, []);
  });

  it("is reached by the editor's own fetch where only that knows the way: decided once, and told to the log", async () => {
    await setNetwork({ proxy: `http://${address}` });
    // The editor read this variable when it started; we read it now, and so go directly, to a host that nobody knows.
    process.env.no_proxy = "aliyuncs.com";
    try {
      access.accounts.forget("key:network");
      const calls = service.endpoint.calls.length;
      const lines = await told(async () => {
        for (let n = 0; n < 3; n++) assert.equal(await outcome(stranger(nowhere)), "not-found NoSuchResource");
      });
      assert.equal(service.endpoint.calls.length, calls + 3, "one call each");
      assert.equal(lines.match(/account key:network: no connection of our own \(E\w+\)/g)?.length, 1, lines);
      assert.ok(service.proxy.asked.includes(`vod.${nowhere}.aliyuncs.com:443`));
    } finally {
      delete process.env.no_proxy;
    }
  });
});
