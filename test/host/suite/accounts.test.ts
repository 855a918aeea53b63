import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { minimalPolicy, wholePolicy } from "../../../src/editor/commands/accountCommands.ts";
import type { TestAccess } from "../../../src/extension.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import type { TrackedJob } from "../../../src/jobs/types.ts";
import type { JobRef } from "../../../src/vod/types.ts";
import { type Cloud, cloud, setNetwork } from "./cloud.ts";
import { answerDialogs, demoJobs, parts, until } from "./support.ts";

type Boxes = readonly string[];

/** A person who fills in input boxes, one answer each, and is told by `refused` what the boxes say to other answers. */
function filling(answers: Boxes, refused: readonly (readonly string[])[] = []) {
  const boxes: vscode.InputBoxOptions[] = [];
  const messages: string[][] = [];
  const showInputBox = async (options: vscode.InputBoxOptions) => {
    const at = boxes.push(options) - 1;
    const said: string[] = [];
    for (const wrong of refused[at] ?? []) {
      const message = await options.validateInput?.(wrong);
      said.push(typeof message === "string" ? message : (message?.message ?? "accepted"));
    }
    messages.push(said);
    const answer = answers[at] ?? "";
    const message = await options.validateInput?.(answer);
    assert.ok(typeof message !== "string", `${options.title}: ${message}`);
    return answer;
  };
  return { boxes, messages, showInputBox };
}

describe("accounts", () => {
  let access: TestAccess;
  let service: Cloud;
  let unfinished: { type: JobRef["type"]; id: string }[];
  const tracked: string[] = [];

  before(async () => {
    access = await parts();
    service = await cloud();
    await setNetwork({ proxy: `http://127.0.0.1:${service.proxy.port}` });
    const { jobs } = service.endpoint;
    unfinished = ["Documentary", "Episode 3.mov", "Trailer 4K.mp4"].map((title) => {
      const job = jobs.find((one) => one.tracked && one.title.startsWith(title));
      assert.ok(job, title);
      return job;
    });
  });
  after(async () => {
    await access.tracker.untrack(tracked);
    for (const name of access.accounts.storedKeys()) await access.accounts.removeKey(name);
    await access.accounts.use("default");
    await setNetwork({});
  });

  async function track(account: string, job: { type: JobRef["type"]; id: string }, region = "cn-shanghai") {
    const ref: JobRef = { account, region, type: job.type, id: job.id };
    await access.tracker.track([ref]);
    tracked.push(jobKey(ref));
    return jobKey(ref);
  }

  const has = (what: string, key: string, test: (job: TrackedJob) => boolean) =>
    until(what, () => {
      const job = access.tracker.jobs.get(key);
      return job && test(job) && job;
    });
  const answered = (key: string) => has(`${key} is answered`, key, (job) => !!job.checkedAt && !job.problem);
  const failed = (key: string, kind: string) => has(`${key}: ${kind}`, key, (job) => job.problem?.kind === kind);

  /** The keys and regions that calls for a job were made with. */
  const asked = (id: string, from = 0) =>
    service.endpoint.calls
      .slice(from)
      .filter((call) => call.id === id)
      .map(({ accessKeyId, region }) => `${accessKeyId} ${region}`);

  /** Runs a command that fails, gives what it says, and presses a button. */
  async function said(command: () => Thenable<unknown>, press?: string): Promise<string> {
    const dialogs = answerDialogs({
      showErrorMessage: (_text: never, ...buttons: string[]) => buttons.find((one) => one === press),
      showInformationMessage: () => undefined,
    });
    try {
      await command();
      await until("something is said", () => dialogs.asked[0]);
    } finally {
      dialogs.restore();
    }
    return dialogs.asked[0]!.args.join(" | ");
  }

  const look = (given: object) => vscode.commands.executeCommand("vodJobs.lookUp", given);

  it("add a temporary key through boxes that check what is typed, and use it at once", async () => {
    const key = service.endpoint.control.issueKey(3_600);
    const copiedAlong = "It has visible ASCII characters only, and no spaces: something may have been copied along.";
    const person = filling(
      [` ${key.accessKeyId} `, key.accessKeySecret, key.securityToken, "work"],
      [
        ["short", "with some spaces"],
        ["x", "with\u200bno-width"],
        ["", "中"],
        ["", "no/slash", "x".repeat(41)],
      ],
    );
    const dialogs = answerDialogs({ showInputBox: person.showInputBox, showInformationMessage: () => undefined });
    try {
      await vscode.commands.executeCommand("vodJobs.addKey");
    } finally {
      dialogs.restore();
    }
    assert.deepEqual(person.messages, [
      ["Paste the whole AccessKey ID, and nothing else.", copiedAlong],
      ["Paste the whole AccessKey Secret, and nothing else.", copiedAlong],
      ["A temporary key does not work without its token.", copiedAlong],
      Array(3).fill("Letters, digits, dots, dashes and underscores, at most 40."),
    ]);
    assert.deepEqual(
      person.boxes.map(({ password = false }) => password),
      [false, true, true, false],
    );
    assert.equal(access.accounts.current, "key:work");
    const tracked = await track("key:work", unfinished[0]!);
    await answered(tracked);
    assert.deepEqual([...new Set(asked(unfinished[0]!.id))], [`${key.accessKeyId} cn-shanghai`]);
  });

  it("say that a token has expired, and take the new one with one click; jobs go on by themselves", async () => {
    const key = access.tracker.jobs.get(tracked[0]!)!.key;
    const old = asked(unfinished[0]!.id).at(-1)!.split(" ")[0]!;
    service.endpoint.control.expireKey(old);
    await access.tracker.refresh([key]).catch(() => undefined);
    await failed(key, "expired-token");
    const notices = (await access.tree.getChildren()).map((node) => access.tree.getTreeItem(node));
    const notice = notices.find(({ label }) => /key:work.*token.*expired/.test(String(label)));
    assert.equal(notice?.command?.title, "Renew…");

    const fresh = service.endpoint.control.issueKey(3_600);
    const person = filling([fresh.accessKeyId, fresh.accessKeySecret, fresh.securityToken]);
    const dialogs = answerDialogs({ showInputBox: person.showInputBox, showInformationMessage: () => undefined });
    try {
      await vscode.commands.executeCommand(notice!.command!.command, ...notice!.command!.arguments!);
    } finally {
      dialogs.restore();
    }
    assert.equal(person.boxes[0]?.value, old, "the id is offered again");
    assert.ok(
      person.boxes.slice(1).every(({ value }) => value === undefined),
      "secrets are not",
    );
    await answered(key);
    assert.equal(asked(unfinished[0]!.id).at(-1), `${fresh.accessKeyId} cn-shanghai`);
    // The same by the message of a look-up.
    service.endpoint.control.expireKey(fresh.accessKeyId);
    const other = { id: unfinished[1]!.id, type: unfinished[1]!.type };
    assert.match(await said(() => look(other)), /token.*expired.*Renew….*Switch Account…/);
    await access.accounts.use("default");
  });

  it("are listed to choose from, and chosen: profiles bring their region", async () => {
    write(".aliyun/config.json", {
      current: "dev",
      profiles: [
        {
          name: "dev",
          mode: "AK",
          access_key_id: "not-a-real-one",
          access_key_secret: "canary-of-dev",
          region_id: "eu-central-1",
        },
        { name: "sso", mode: "CloudSSO", region_id: "cn-beijing" },
      ],
    });
    let labels: string[] = [];
    const choose = (label: string) => async () => {
      const dialogs = answerDialogs({
        showQuickPick: (items: vscode.QuickPickItem[]) => {
          labels = items.filter(({ kind }) => kind !== -1).map(({ label, description }) => `${label}|${description}`);
          return items.find((one) => one.label === label);
        },
      });
      try {
        await vscode.commands.executeCommand("vodJobs.switchAccount");
      } finally {
        dialogs.restore();
      }
    };
    await choose("sso")();
    assert.deepEqual(
      labels.map((one) => one.replace("|undefined", "|")),
      [
        "Default credential chain|current",
        "dev|AK · eu-central-1",
        "sso|CloudSSO · cn-beijing",
        "work|",
        "Demo account|cn-shanghai",
        "$(add) Add Access Key…|",
      ],
    );
    assert.equal(access.accounts.current, "profile:sso");
    assert.equal(await access.accounts.regionOf("profile:sso"), "cn-beijing");
    assert.equal(await access.accounts.regionOf("default"), "eu-central-1", "the current profile's");
    await choose("work")();
    assert.equal(access.accounts.current, "key:work");
    await choose("Default credential chain")();
  });

  it("ask for each job with its own account and in its own region, whichever is current", async () => {
    const { control, accessKeyId, accessKeySecret } = service.endpoint;
    const second = control.issueKey(3_600);
    await access.accounts.storeKey("one", { accessKeyId, accessKeySecret });
    await access.accounts.storeKey("two", second);
    const [, job] = unfinished;
    const from = service.endpoint.calls.length;
    const mine = await track("key:one", job!);
    const other = await track("key:two", job!, "ap-southeast-1");
    const nobody = await track("key:nobody", job!);
    for (const current of ["default", "key:two", "key:one"]) {
      await access.accounts.use(current);
      await access.tracker.refresh([mine, other, nobody]);
    }
    await answered(mine);
    await failed(other, "not-found");
    await failed(nobody, "credentials");
    assert.deepEqual(
      [...new Set(asked(job!.id, from))].sort(),
      [`${accessKeyId} cn-shanghai`, `${second.accessKeyId} ap-southeast-1`].sort(),
    );
    await access.accounts.use("default");
  });

  it("sign out: the key is gone and its jobs stay, until the key is back", async () => {
    const key = jobKey({ account: "key:one", region: "cn-shanghai", ...unfinished[1]! });
    const dialogs = answerDialogs({ showQuickPick: () => "one", showWarningMessage: () => "Remove" });
    try {
      await access.accounts.use("key:one");
      await vscode.commands.executeCommand("vodJobs.signOut");
    } finally {
      dialogs.restore();
    }
    assert.equal(access.accounts.current, "default");
    assert.ok(!access.accounts.storedKeys().includes("one"));
    await access.tracker.refresh([key]).catch(() => undefined);
    assert.match((await failed(key, "credentials")).problem!.message, /gone from the editor's secret storage/);
    const { accessKeyId, accessKeySecret } = service.endpoint;
    await access.accounts.storeKey("one", { accessKeyId, accessKeySecret });
    await answered(key);
  });

  it("follow the files of the command line tool and of the SDKs: a changed credential recovers failed jobs", async () => {
    const { accessKeyId, accessKeySecret } = service.endpoint;
    const profile = await track("profile:dev", unfinished[2]!);
    const chain = await track("default", unfinished[2]!);
    await failed(profile, "credentials");
    await failed(chain, "credentials");
    write(".aliyun/config.json", {
      current: "other",
      profiles: [{ name: "dev", mode: "AK", access_key_id: accessKeyId, access_key_secret: accessKeySecret }],
    });
    await answered(profile);
    assert.ok(access.tracker.jobs.get(chain)?.problem, "no profile is the current one");
    // A folder that did not exist before.
    write(
      ".alibabacloud/credentials",
      `[default]\ntype = access_key\naccess_key_id = ${accessKeyId}\naccess_key_secret = ${accessKeySecret}\n`,
    );
    await answered(chain);
  });

  it("look for a missing job in the person's other regions, and say before what it costs", async () => {
    const [abroad] = service.endpoint.jobsOf("ap-southeast-1");
    assert.ok(abroad);
    const given = { id: abroad.id, type: abroad.type };
    await access.accounts.use("key:one");
    const from = service.endpoint.calls.length;
    const told = await said(() => look(given), "Look in My Other Regions");
    assert.match(told, /other regions \(ap-southeast-1\) takes at most 1 API calls?\./);
    const ref: JobRef = { account: "key:one", region: "ap-southeast-1", ...given };
    await until(
      "its panel is open",
      () => access.panels.active?.region === ref.region && access.panels.active?.id === ref.id,
    );
    const { accessKeyId } = service.endpoint;
    assert.deepEqual(asked(abroad.id, from), [`${accessKeyId} cn-shanghai`, `${accessKeyId} ap-southeast-1`]);
    assert.ok(await access.tracker.answer(jobKey(ref)), "remembered with its region");

    // A tracked job moves, with its name.
    const wrong = await track("key:one", abroad);
    await failed(wrong, "not-found");
    await access.tracker.setLabel(wrong, "my highlights");
    const dialogs = answerDialogs({ showInformationMessage: (_text: never, button?: string) => button });
    try {
      await vscode.commands.executeCommand("vodJobs.lookInRegions", {
        account: "key:one",
        region: "cn-shanghai",
        ...given,
      });
    } finally {
      dialogs.restore();
    }
    tracked.push(jobKey(ref));
    assert.equal(access.tracker.jobs.get(jobKey(ref))?.label, "my highlights");
    assert.ok(!access.tracker.jobs.has(wrong));

    // Nowhere: every other region was asked once, and named.
    await access.accounts.use("key:one");
    const nothing = { id: `${"0".repeat(31)}7`, type: "ai" };
    const all: string[] = [];
    const listening = answerDialogs({
      showErrorMessage: (_text: never, button: string) => button,
      showInformationMessage: (text: string) => void all.push(text),
    });
    try {
      await look(nothing);
      await until("it is said", () => all[0]);
    } finally {
      listening.restore();
    }
    assert.match(all[0]!, /ap-southeast-1 has no job 0{31}7/);
    await access.accounts.use("default");
  });

  it("find a job of the demo in its other region too", async () => {
    await demoJobs(access);
    const endpoint = await access.demo.endpoint();
    const [abroad] = endpoint.jobsOf("ap-southeast-1");
    const told = await said(() => look({ id: abroad!.id, type: abroad!.type }), "Look in My Other Regions");
    assert.match(told, /\(ap-southeast-1\)/);
    await until("its panel is open", () => access.panels.active?.region === "ap-southeast-1");
    await access.accounts.use("default");
  });

  it("offer two policies: the minimal one at once, the one for everything by a click", async () => {
    const dialogs = answerDialogs({ showInformationMessage: (_text: never, button: string) => button });
    try {
      await vscode.commands.executeCommand("vodJobs.copyPolicy");
      await until("it is copied", async () => (await vscode.env.clipboard.readText()) === wholePolicy);
    } finally {
      dialogs.restore();
    }
    const actions = (policy: string) => JSON.parse(policy).Statement[0].Action;
    assert.deepEqual(actions(minimalPolicy), ["vod:GetJobDetail"]);
    assert.deepEqual(actions(wholePolicy), ["vod:GetJobDetail", "vod:ListJobInfo", "vod:GetTranscodeTask"]);
  });

  it("leave no secret in any file of the editor", () => {
    const result = process.env.VOD_JOBS_SUITE_RESULT;
    assert.ok(result);
    const folder = path.join(path.dirname(result), "user-data");
    const secrets = [service.endpoint.accessKeySecret, "canary-of-dev"];
    const files = fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    assert.ok(
      files.some((file) => /\.(db|sqlite)/.test(file)),
      "the database is among them",
    );
    assert.ok(
      files.some((file) => /vod-job-tracker.*\.log$/.test(file)),
      "the log is among them",
    );
    for (const file of files) {
      const text = fs.readFileSync(file, "latin1");
      for (const secret of secrets) assert.ok(!text.includes(secret), file);
    }
  });

  function write(name: string, content: string | object): void {
    const file = path.join(service.home, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
});
