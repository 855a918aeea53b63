/** What others can reach: workspaces, other programs of the machine, whoever sees the package. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { DemoAccount } from "../../../src/editor/demoAccount.ts";
import "../../panel/editorStub.ts";
import * as vscode from "../../panel/vscode.ts";

const { settings } = await import("../../../src/editor/settings.ts");
const root = resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const manifest = JSON.parse(read("package.json"));

describe("a workspace", () => {
  const properties: Record<string, { scope: string; default: unknown }> = manifest.contributes.configuration.properties;
  const ofTheWorkspace = ["vodJobs.hover.enabled", "vodJobs.inlineStatus"];

  it("cannot declare a setting that redirects or triggers a call: only what is shown in its own editors", () => {
    const open = Object.entries(properties).filter(([, { scope }]) => !["application", "machine"].includes(scope));
    assert.deepEqual(open.map(([name]) => name).sort(), ofTheWorkspace);
  });

  it("has its values passed over, should the editor ever give them", () => {
    const hostile: Record<string, unknown> = {
      account: "key:prod",
      region: "evil.example",
      endpoint: "https://evil.example",
      polling: "eager",
      requestsPerSecond: 12,
      "demo.startAutomatically": true,
      notifications: "off",
      statusBar: false,
    };
    const getConfiguration = () => ({
      inspect: (name: string) => ({
        defaultValue: properties[`vodJobs.${name}`]!.default,
        workspaceValue: hostile[name],
        workspaceFolderValue: hostile[name],
      }),
      get: (name: string) => hostile[name],
    });
    Object.assign(vscode.workspace, { getConfiguration });
    const { account, region, endpoint, polling, requestsPerSecond, startDemo, notifications, statusBar } = settings;
    for (const [name, value] of Object.entries({
      account,
      region,
      endpoint,
      polling,
      requestsPerSecond,
      notifications,
      statusBar,
      "demo.startAutomatically": startDemo,
    })) {
      assert.equal(value(), properties[`vodJobs.${name}`]!.default, name);
    }
  });

  it("that is not trusted has the extension in its limited form, and nothing starts because a folder is opened", () => {
    const { untrustedWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, "limited");
    assert.ok(untrustedWorkspaces.description);
    for (const event of manifest.activationEvents ?? []) assert.doesNotMatch(event, /^(?:\*|workspaceContains)/);
  });
});

it("another extension gets the parts in tests only", () => {
  assert.match(
    read("src/extension.ts"),
    /return context\.extensionMode === vscode\.ExtensionMode\.Test\s*\?[^:]+: undefined;\n}/,
  );
});

describe("the demo's endpoint", () => {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };

  it("is not started before a person asked for the demo", async () => {
    const demo = new DemoAccount({ get: () => undefined } as never, silent);
    await assert.rejects(demo.endpoint(), /has not been started/);
    await assert.rejects(demo.starters(), /has not been started/);
    demo.dispose();
  });

  it("listens on the loopback interface only, and answers nobody without its key", async () => {
    const run = { seed: "s", startedAt: Date.now() };
    const demo = new DemoAccount({ get: () => run, update: async () => {} } as never, silent);
    const { url, accessKeyId, accessKeySecret } = await demo.endpoint();
    try {
      assert.equal(new URL(url).hostname, "127.0.0.1");
      const port = Number(new URL(url).port);
      const elsewhere = net.connect({ host: "127.0.0.2", port });
      await assert.rejects(new Promise((done, fail) => elsewhere.on("connect", done).on("error", fail)));
      for (const path of ["/", "/?Action=GetJobDetail&JobId=a&JobType=ai", "/?AccessKeyId=x&Signature=y"]) {
        const answer = await fetch(url + path, { method: "POST", headers: { "x-acs-action": "GetJobDetail" } });
        const text = await answer.text();
        assert.ok(answer.status >= 400, path);
        assert.ok(!text.includes(accessKeyId) && !text.includes(accessKeySecret));
        assert.equal(answer.headers.get("access-control-allow-origin"), null);
      }
    } finally {
      demo.dispose();
    }
  });
});

describe("what ships", () => {
  it("is code of licenses that allow it, each package named in the bill of materials with the hash of its lock entry", async () => {
    const { build } = await import("../../../scripts/build.mjs");
    const { shippedPackages } = await import("../../../scripts/sbom.mjs");
    const folder = await mkdtemp(join(tmpdir(), "shipped-"));
    try {
      const { modules } = await build({ root, outDir: folder });
      const shipped = shippedPackages(modules);
      assert.ok(shipped.length > 3);
      for (const { name, license, integrity } of shipped) {
        assert.match(license, /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD)$/, name);
        assert.match(integrity ?? "", /^sha512-/, name);
      }
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        assert.match(file, /^(?:chunks|(?:chunks[\\/])?[\w.-]+\.(?:cjs|js|css))$/, "no maps, no sources");
        if (!file.includes(".")) continue;
        const text = readFileSync(join(folder, file), "utf8");
        assert.ok(!text.includes(root), `${file} tells where it was built`);
        assert.doesNotMatch(text, /\bLTAI[A-Za-z0-9]{12,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/, file);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is named file by file", () => {
    const [everything, ...allowed] = read(".vscodeignore")
      .split("\n")
      .filter((line) => line && !line.startsWith("#"));
    assert.equal(everything, "**");
    for (const line of allowed)
      assert.match(line, /^!(?:[\w.-]+\.(?:json|md)|package\.nls\.\*\.json|LICENSE|(?:dist|l10n|media)\/\S+)$/);
    assert.ok(!allowed.some((line) => /src|test|\.map|node_modules/.test(line)));
  });

  it("runs no script of a package when it is installed: what it depends on has none", () => {
    type Entry = { dev?: boolean; optional?: boolean; hasInstallScript?: boolean };
    const lock: Record<string, Entry> = JSON.parse(read("package-lock.json")).packages;
    const shipped = Object.entries(lock).filter(([place, entry]) => place !== "" && !entry.dev && !entry.optional);
    assert.ok(shipped.length > 3);
    assert.deepEqual(
      shipped.filter(([, { hasInstallScript }]) => hasInstallScript),
      [],
    );
    for (const hook of ["preinstall", "install", "postinstall", "prepare"])
      assert.ok(!(hook in manifest.scripts), hook);
  });

  for (const file of ["package-lock.json", "test/host/package-lock.json", "test/bench/package-lock.json"]) {
    it(`${file} has the hash of every package, and none from outside the registry`, () => {
      const lock: Record<string, { integrity?: string; resolved?: string; link?: boolean }> = JSON.parse(
        read(file),
      ).packages;
      for (const [place, { integrity, resolved, link }] of Object.entries(lock)) {
        if (place === "") continue;
        assert.ok(!link, place);
        assert.match(integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, place);
        assert.match(resolved ?? "https://registry.npmjs.org/", /^https:\/\/registry\.npmjs\.org\//, place);
      }
    });
  }
});
