import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { chainCredentials, listProfiles, staticCredentials } from "../../../src/vod/credentials.ts";
import { VodError } from "../../../src/vod/errors.ts";
import type { CredentialSource } from "../../../src/vod/types.ts";
import { FakeClock, settle } from "../support/clock.ts";

const secret = "SecretSecretSecret0123456789ab";

/** A home folder of its own, with these files in it. */
async function homeWith(test: TestContext, files: Record<string, string | object> = {}): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "home-"));
  test.after(() => rm(home, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) await put(home, path, content);
  return home;
}

async function put(home: string, path: string, content: string | object): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
}

const configPath = ".aliyun/config.json";

function config(...profiles: object[]) {
  return { current: (profiles[0] as { name?: string } | undefined)?.name, profiles };
}

function accessKey(name: string, id = `id-of-${name}`) {
  return { name, mode: "AK", access_key_id: id, access_key_secret: secret, region_id: "cn-beijing" };
}

async function listening(test: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failure(source: CredentialSource): Promise<VodError> {
  const error = await source.get().then(
    () => assert.fail("no failure"),
    (caught) => caught,
  );
  assert.ok(error instanceof VodError, String(error));
  assert.ok(!JSON.stringify([error.message, error.searched, error.code]).includes(secret), "a secret shows");
  return error;
}

describe("staticCredentials", () => {
  it("gives what it was given, and has nothing to forget", async () => {
    const credential = { accessKeyId: "id", accessKeySecret: "secret" };
    const source = staticCredentials(credential);
    source.invalidate();
    assert.equal(await source.get(), credential);
  });
});

describe("the default chain", () => {
  it("takes the environment first", async (test) => {
    const home = await homeWith(test, { [configPath]: config(accessKey("one")) });
    const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret" };
    assert.deepEqual(await chainCredentials({ trusted: false, home, env }).get(), {
      accessKeyId: "env-id",
      accessKeySecret: "env-secret",
      securityToken: undefined,
    });
    const withToken = { ...env, ALIBABA_CLOUD_SECURITY_TOKEN: "token" };
    assert.equal((await chainCredentials({ trusted: false, home, env: withToken }).get()).securityToken, "token");
  });

  it("takes the command line tool's current profile, or the one the environment names", async (test) => {
    const sts = { ...accessKey("two"), mode: "StsToken", sts_token: "the-token" };
    const home = await homeWith(test, { [configPath]: config(accessKey("one"), sts) });
    const get = (env: Record<string, string>) => chainCredentials({ trusted: false, home, env }).get();
    assert.equal((await get({})).accessKeyId, "id-of-one");
    assert.deepEqual(await get({ ALIBABA_CLOUD_PROFILE: "two" }), {
      accessKeyId: "id-of-two",
      accessKeySecret: secret,
      securityToken: "the-token",
    });
  });

  it("goes on to the credentials file", async (test) => {
    const ini = `[default]\ntype = access_key\naccess_key_id = ini-id\naccess_key_secret = ${secret}\n`;
    const home = await homeWith(test, { [configPath]: config(accessKey("one")), ".alibabacloud/credentials": ini });
    const env = { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" };
    assert.equal((await chainCredentials({ trusted: false, home, env }).get()).accessKeyId, "ini-id");
    await put(home, "elsewhere", ini.replace("ini-id", "elsewhere-id").replace("default", "work"));
    const elsewhere = {
      ...env,
      ALIBABA_CLOUD_CREDENTIALS_FILE: join(home, "elsewhere"),
      ALIBABA_CLOUD_PROFILE: "work",
    };
    assert.equal((await chainCredentials({ trusted: false, home, env: elsewhere }).get()).accessKeyId, "elsewhere-id");
  });

  it("asks the address that the environment names", async (test) => {
    const answer = {
      AccessKeyId: "uri-id",
      AccessKeySecret: secret,
      SecurityToken: "t",
      Expiration: "2099-01-01T00:00:00Z",
    };
    const uri = await listening(test, (_incoming, outgoing) => outgoing.end(JSON.stringify(answer)));
    const home = await homeWith(test);
    const env = { ALIBABA_CLOUD_CREDENTIALS_URI: uri };
    assert.equal((await chainCredentials({ trusted: false, home, env }).get()).accessKeyId, "uri-id");
  });

  it("tells every place it looked at when nothing is found, and asks no network on a machine that has none of it", async (test) => {
    const failed = await failure(chainCredentials({ trusted: false, home: await homeWith(test), env: {} }));
    assert.equal(failed.kind, "credentials");
    assert.equal(failed.code, undefined);
    assert.deepEqual(failed.searched, [
      { place: "environment", where: "ALIBABA_CLOUD_ACCESS_KEY_ID", outcome: "absent" },
      { place: "oidc", where: "ALIBABA_CLOUD_OIDC_TOKEN_FILE", outcome: "absent" },
      { place: "cli-profile", where: "~/.aliyun/config.json", outcome: "absent" },
      { place: "credentials-file", where: "~/.alibabacloud/credentials", outcome: "absent" },
      { place: "ecs-metadata", where: "ALIBABA_CLOUD_ECS_METADATA", outcome: "skipped" },
      { place: "credentials-uri", where: "ALIBABA_CLOUD_CREDENTIALS_URI", outcome: "skipped" },
    ]);
    assert.match(
      failed.message,
      /^No credential was found\. Looked in environment \(ALIBABA_CLOUD_ACCESS_KEY_ID\): absent; /,
    );
  });

  it("names what is incomplete", async (test) => {
    const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/x" };
    const failed = await failure(chainCredentials({ trusted: false, home: await homeWith(test), env }));
    assert.deepEqual(failed.searched?.[0], {
      place: "environment",
      where: "ALIBABA_CLOUD_ACCESS_KEY_ID",
      outcome: "failed",
      reason: "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set",
    });
    assert.equal(failed.searched?.[1]?.outcome, "absent");
  });
});

describe("a named profile", () => {
  it("is the only place that counts", async (test) => {
    const home = await homeWith(test, { [configPath]: config(accessKey("one"), accessKey("two")) });
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "x",
      ALIBABA_CLOUD_PROFILE: "one",
    };
    const source = (profile: string) => chainCredentials({ profile, trusted: false, home, env });
    assert.equal((await source("two").get()).accessKeyId, "id-of-two");
    const { searched } = await failure(source("three"));
    assert.deepEqual(searched, [
      {
        place: "cli-profile",
        where: "~/.aliyun/config.json, profile three",
        outcome: "failed",
        reason: "there is no such profile",
      },
    ]);
  });

  it("that lacks its key is a failure with a reason, not a broken signature later", async (test) => {
    const home = await homeWith(test, { [configPath]: config({ name: "one", mode: "AK" }) });
    const { searched } = await failure(chainCredentials({ profile: "one", trusted: false, home, env: {} }));
    assert.equal(searched?.[0]?.outcome, "failed");
    assert.ok(searched?.[0]?.reason);
  });

  it("of an unknown mode, or one that starts from itself, is a failure with a reason", async (test) => {
    const loop = { name: "loop", mode: "ChainableRamRoleArn", source_profile: "loop", ram_role_arn: "r" };
    const home = await homeWith(test, { [configPath]: config({ name: "odd", mode: "Odd" }, loop) });
    for (const profile of ["odd", "loop"]) {
      const { searched } = await failure(chainCredentials({ profile, trusted: false, home, env: {} }));
      assert.equal(searched?.[0]?.outcome, "failed");
      assert.ok(searched?.[0]?.reason, profile);
    }
  });
});

describe("trust", () => {
  /** A profile that runs a command, which counts how often it ran. */
  async function external(test: TestContext) {
    const home = await homeWith(test);
    const script = join(home, "give.cjs");
    const count = join(home, "count");
    const given = JSON.stringify({ mode: "AK", access_key_id: "external-id", access_key_secret: secret });
    await put(
      home,
      "give.cjs",
      `require("fs").appendFileSync(${JSON.stringify(count)}, "x");console.log(${JSON.stringify(given)})`,
    );
    const one = { name: "one", mode: "External", process_command: `${process.execPath} ${script}` };
    const chained = { name: "chained", mode: "ChainableRamRoleArn", source_profile: "one", ram_role_arn: "r" };
    const oauth = { name: "oauth", mode: "OAuth", oauth_site_type: "CN" };
    await put(home, configPath, config(one, chained, oauth));
    return { home, runs: async () => (await readFile(count, "utf8").catch(() => "")).length };
  }

  it("is needed for profiles that run a command or write a file, also as the source of another", async (test) => {
    const { home, runs } = await external(test);
    for (const profile of ["one", "chained", "oauth"]) {
      const failed = await failure(chainCredentials({ profile, trusted: false, home, env: {} }));
      assert.equal(failed.searched?.[0]?.outcome, "untrusted", profile);
    }
    assert.equal(await runs(), 0);
  });

  it("given, the command runs once for many calls, though it rewrites the profile file", async (test) => {
    const { home, runs } = await external(test);
    const clock = new FakeClock();
    let rewritten = 0;
    const onRewrite = () => rewritten++;
    const source = chainCredentials({ profile: "one", trusted: true, home, env: {}, clock, onRewrite });
    for (let call = 0; call < 5; call++) {
      assert.equal((await source.get()).accessKeyId, "external-id");
      await clock.advance(2_000);
    }
    assert.equal(await runs(), 1);
    assert.match(await readFile(join(home, configPath), "utf8"), /external-id/, "the library wrote the file");
    assert.equal(rewritten, 1, "who watches the file is told that it was not the person");
    await clock.advance(120_000);
    await source.get();
    assert.equal(await runs(), 2);
  });
});

describe("defects of the library", () => {
  /** A sign-in service that gives sessions, and counts. */
  async function signIn(test: TestContext, answers: (asked: number) => [number, unknown]) {
    let asked = 0;
    const url = await listening(test, (_incoming, outgoing) => {
      const [status, body] = answers(asked++);
      outgoing.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
    const profile = {
      name: "sso",
      mode: "CloudSSO",
      cloud_sso_sign_in_url: url,
      access_token: secret,
      cloud_sso_account_id: "1",
      cloud_sso_access_config: "ac",
      cloud_sso_access_token_expire: 4102444800,
    };
    return { home: await homeWith(test, { [configPath]: config(profile) }), asked: () => asked };
  }

  const session = (id: string) => ({
    CloudCredential: {
      AccessKeyId: id,
      AccessKeySecret: secret,
      SecurityToken: "t",
      Expiration: "2099-01-01T00:00:00Z",
    },
  });

  it("two first calls at the same time share one search", async (test) => {
    const { home, asked } = await signIn(test, (count) => [200, session(`id-${count}`)]);
    const source = chainCredentials({ trusted: false, home, env: {} });
    const ids = await Promise.all([source.get(), source.get(), source.get()]);
    assert.deepEqual(
      ids.map(({ accessKeyId }) => accessKeyId),
      ["id-0", "id-0", "id-0"],
    );
    assert.equal(asked(), 1);
  });

  it("after a failure everything is looked at anew", async (test) => {
    const { home } = await signIn(test, (count) => (count === 0 ? [500, "broken"] : [200, session("later")]));
    const source = chainCredentials({ trusted: false, home, env: {} });
    assert.equal((await failure(source)).kind, "credentials");
    assert.equal((await source.get()).accessKeyId, "later");
  });

  it("after total failure a file that was added is found", async (test) => {
    const home = await homeWith(test);
    const source = chainCredentials({ trusted: false, home, env: {} });
    await failure(source);
    await put(home, configPath, config(accessKey("one")));
    assert.equal((await source.get()).accessKeyId, "id-of-one");
  });

  it("a damaged profile file shows nothing of its content, and the chain goes on", async (test) => {
    const home = await homeWith(test, { [configPath]: `{"profiles":[{"access_key_secret":"${secret}",}]` });
    const failed = await failure(chainCredentials({ trusted: false, home, env: {} }));
    assert.deepEqual(failed.searched?.[2], {
      place: "cli-profile",
      where: "~/.aliyun/config.json",
      outcome: "failed",
      reason: "the file is no valid JSON",
    });
    await put(
      home,
      ".alibabacloud/credentials",
      `[default]\ntype=access_key\naccess_key_id=ini\naccess_key_secret=${secret}`,
    );
    assert.equal((await chainCredentials({ trusted: false, home, env: {} }).get()).accessKeyId, "ini");
  });

  it("an answer of a sign-in service shows only its code", async (test) => {
    const body = { Code: "AccessTokenExpired", Message: `token ${secret} has expired`, AccessKeySecret: secret };
    const { home } = await signIn(test, () => [401, body]);
    const { searched } = await failure(chainCredentials({ profile: "sso", trusted: false, home, env: {} }));
    assert.match(searched?.[0]?.reason ?? "", /CloudSSO failed, AccessTokenExpired$/);
  });

  it("a sign-in service that cannot be reached is a network failure, not a missing credential", async (test) => {
    const { home } = await signIn(test, () => [200, ""]);
    const unreachable = JSON.parse(await readFile(join(home, configPath), "utf8"));
    unreachable.profiles[0].cloud_sso_sign_in_url = "http://127.0.0.1:1";
    await put(home, configPath, unreachable);
    const failed = await failure(chainCredentials({ trusted: false, home, env: {} }));
    assert.deepEqual([failed.kind, failed.code], ["network", "ECONNREFUSED"]);
  });

  it("a changed file counts within a second or two", async (test) => {
    const home = await homeWith(test, { [configPath]: config(accessKey("one", "before")) });
    const clock = new FakeClock();
    const source = chainCredentials({ trusted: false, home, env: {}, clock });
    assert.equal((await source.get()).accessKeyId, "before");
    await put(home, configPath, config(accessKey("one", "afterwards")));
    assert.equal((await source.get()).accessKeyId, "before", "files are not looked at for every call");
    await clock.advance(1_000);
    assert.equal((await source.get()).accessKeyId, "afterwards");
  });

  it("a held credential is given without asking anybody", async (test) => {
    const { home, asked } = await signIn(test, (count) => [200, session(`id-${count}`)]);
    const clock = new FakeClock();
    const source = chainCredentials({ trusted: false, home, env: {}, clock });
    for (let second = 0; second < 300; second += 30) {
      assert.equal((await source.get()).accessKeyId, "id-0");
      await clock.advance(30_000);
    }
    assert.equal(asked(), 1, "the library keeps its session until it is about to run out");
  });
});

describe("forgetting", () => {
  it("makes the next call search anew", async (test) => {
    const home = await homeWith(test, { [configPath]: config(accessKey("one", "before")) });
    const source = chainCredentials({ trusted: false, home, env: {}, clock: new FakeClock() });
    await source.get();
    await put(home, configPath, config(accessKey("one", "after")));
    source.invalidate();
    assert.equal((await source.get()).accessKeyId, "after");
  });

  it("while a search goes on keeps its result from those who ask later", async (test) => {
    const waiting: (() => void)[] = [];
    let asked = 0;
    const url = await listening(test, (_incoming, outgoing) => {
      const AccessKeyId = `id-${asked++}`;
      const body = { AccessKeyId, AccessKeySecret: secret, SecurityToken: "t", Expiration: "2099-01-01T00:00:00Z" };
      waiting.push(() => outgoing.end(JSON.stringify(body)));
    });
    const env = { ALIBABA_CLOUD_CREDENTIALS_URI: url };
    const source = chainCredentials({ trusted: false, home: await homeWith(test), env });
    const first = source.get();
    while (waiting.length < 1) await settle();
    source.invalidate();
    const second = source.get();
    while (waiting.length < 2) await settle();
    waiting[1]?.();
    assert.equal((await second).accessKeyId, "id-1");
    waiting[0]?.();
    assert.equal((await first).accessKeyId, "id-0");
    assert.equal((await source.get()).accessKeyId, "id-1");
  });
});

describe("waiting", () => {
  async function silent(test: TestContext) {
    let asked = 0;
    const answers: (() => void)[] = [];
    const url = await listening(test, (_incoming, outgoing) => {
      asked++;
      const body = {
        AccessKeyId: "late",
        AccessKeySecret: secret,
        SecurityToken: "t",
        Expiration: "2099-01-01T00:00:00Z",
      };
      answers.push(() => outgoing.end(JSON.stringify(body)));
    });
    const clock = new FakeClock();
    const env = { ALIBABA_CLOUD_CREDENTIALS_URI: url };
    const source = chainCredentials({ trusted: false, home: await homeWith(test), env, clock });
    const begun = async () => {
      while (asked === 0) await settle();
    };
    const answer = () => {
      for (const give of answers) give();
    };
    return { source, clock, begun, answer };
  }

  it("ends at once when the caller cancels, while others go on waiting", async (test) => {
    const { source, begun, answer } = await silent(test);
    const controller = new AbortController();
    const canceled = source.get(controller.signal);
    const other = source.get();
    await begun();
    controller.abort();
    await assert.rejects(canceled, (error: VodError) => error.kind === "cancelled");
    answer();
    assert.equal((await other).accessKeyId, "late");
    await assert.rejects(source.get(AbortSignal.abort()), (error: VodError) => error.kind === "cancelled");
  });

  it("ends after ten seconds, and a late credential serves the next caller", async (test) => {
    const { source, clock, begun, answer } = await silent(test);
    const late = assert.rejects(source.get(), (error: VodError) => error.kind === "timeout");
    await begun();
    await clock.advance(10_000);
    await late;
    const next = source.get();
    answer();
    assert.equal((await next).accessKeyId, "late");
    assert.equal(clock.sleeping, 0);
  });
});

describe("listProfiles", () => {
  it("gives names, modes and regions, the current profile first, and no secret", async (test) => {
    const sts = { name: "two", mode: "StsToken", access_key_secret: secret };
    const home = await homeWith(test, { [configPath]: { current: "two", profiles: [accessKey("one"), sts] } });
    const profiles = await listProfiles(home);
    assert.deepEqual(profiles, [
      { name: "two", mode: "StsToken", region: undefined, current: true, source: undefined },
      { name: "one", mode: "AK", region: "cn-beijing", current: false, source: undefined },
    ]);
  });

  it("gives none for a file that is absent, damaged or something else, and skips odd entries", async (test) => {
    const home = await homeWith(test);
    assert.deepEqual(await listProfiles(home), []);
    for (const content of ["", "{", "[]", "null", '{"profiles":{}}', '{"profiles":[null,1,"x",{},{"name":""}]}']) {
      await put(home, configPath, content);
      assert.deepEqual(await listProfiles(home), [], content);
    }
    await rm(join(home, configPath));
    await mkdir(join(home, configPath));
    assert.deepEqual(await listProfiles(home), []);
  });
});

it("loads the library only when a place needs it", async (test) => {
  const module = new URL("../../../src/vod/credentials.ts", import.meta.url).href;
  const loaded = async (home: string) => {
    const script = `
      const { chainCredentials } = await import(${JSON.stringify(module)});
      await chainCredentials({ trusted: false, home: ${JSON.stringify(home)}, env: {} }).get().catch(() => {});
      const { createRequire } = await import("node:module");
      console.log(Object.keys(createRequire(${JSON.stringify(module)}).cache).some((path) => path.includes("@alicloud")));`;
    return (await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script])).stdout.trim();
  };
  assert.equal(await loaded(await homeWith(test)), "false");
  assert.equal(await loaded(await homeWith(test, { [configPath]: config(accessKey("one")) })), "true");
});
