/** What people, files and settings bring in, of any shape. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readArguments } from "../../../src/agent/mcpArguments.ts";
import { cleanId, idProblem } from "../../../src/jobs/ids/find.ts";
import { jobKey, parseJobKey } from "../../../src/jobs/key.ts";
import { parseCsv, parseJson, toCsv, toJson } from "../../../src/jobs/portable.ts";
import { StorageError } from "../../../src/jobs/storageError.ts";
import { listProfiles } from "../../../src/vod/credentials.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { readTopology } from "../../../src/workflow/topology.ts";
import "../../panel/editorStub.ts";
import * as vscode from "../../panel/vscode.ts";

const { jobLink } = await import("../../../src/editor/doors/jobLink.ts");
const { settings } = await import("../../../src/editor/settings.ts");
const manifest = (await import("../../../package.json", { with: { type: "json" } })).default;

const defaults = { account: "demo", region: "cn-shanghai" };
/** Values whose members bear the names that readers look for, and those that prototypes have. */
const names = [
  "type",
  "id",
  "account",
  "region",
  "label",
  "pinned",
  "jobs",
  "nodes",
  "edges",
  "from",
  "to",
  "Activities",
  "Dependencies",
  "Topology",
  "__proto__",
  "constructor",
  "toString",
];
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("leaf"), tie("list"), tie("object"), tie("text")),
  leaf: fc.oneof(
    fc.constantFrom("transcode", "ai", "5c9dff751ba0f3d1e2c34b59d50a967f", "", "\ud800", "=1+1", null, true, -1, 1e308),
    fc.string(),
    fc.double(),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.array(fc.tuple(fc.constantFrom(...names), tie("value")), { maxLength: 5 }).map((entries) => {
    const object = Object.create(null);
    for (const [name, value] of entries as [string, unknown][]) object[name] = value;
    return object;
  }),
  text: tie("value").map((value) => JSON.stringify(value)),
}));
const unpolluted = () => assert.deepEqual([Object.keys(Object.prototype), Object.keys(Array.prototype)], [[], []]);

describe("files that a person chooses", () => {
  it("of jobs: any JSON and any text are read or refused, and what was read is written and read alike", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const read = parseJson(JSON.stringify(value), defaults);
        for (const { ref } of read.jobs) assert.ok(ref.id.length <= 512 && !/\s/.test(ref.id));
        const portable = read.jobs.map(({ ref, label, pinned }) => ({ ...ref, label, pinned, phase: "x", added: "" }));
        assert.deepEqual(parseJson(toJson(portable), defaults).jobs, read.jobs);
        assert.deepEqual(parseCsv(toCsv(portable), defaults).jobs, read.jobs);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseCsv(`type,id\n${text}`, defaults);
        try {
          parseJson(text, defaults);
        } catch (error) {
          assert.ok(error instanceof SyntaxError);
        }
      }),
    );
    unpolluted();
  });

  it("of topologies: any JSON and any text are taken or refused with a sentence", () => {
    const check = (text: string) => {
      const read = readTopology(text);
      if ("problem" in read) assert.ok(read.problem.message.length > 10);
      else assert.ok(read.topology.nodes.length > 0);
    };
    fc.assert(
      fc.property(anything, (value) => check(JSON.stringify(value))),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), check));
    for (const text of [`${"[".repeat(1e6)}`, `{"nodes":${"[".repeat(1e5)}${"]".repeat(1e5)}}`, "\\".repeat(1e6)])
      check(text);
    unpolluted();
  });

  it("of profiles: whatever stands in them, there are profiles or none", async () => {
    const home = await mkdtemp(join(tmpdir(), "home-"));
    try {
      await mkdir(join(home, ".aliyun"));
      for (const text of [
        "",
        "{",
        "null",
        "[]",
        '{"profiles":{}}',
        '{"profiles":[null,1,{"name":{}},{"name":"a","mode":[]}]}',
        `{"profiles":${"[".repeat(1e5)}${"]".repeat(1e5)}}`,
        '{"profiles":[{"name":"__proto__","region_id":5}],"current":[]}',
        '{"profiles":[{"name":"half a character: \\ud800"}]}',
      ]) {
        await writeFile(join(home, ".aliyun/config.json"), text);
        for (const { name, region } of await listProfiles(home)) {
          assert.equal(typeof name, "string");
          jobKey({ ...defaults, account: `profile:${name}`, type: "ai", id: "x" });
          assert.ok(region === undefined || typeof region === "string");
        }
      }
    } finally {
      await rm(home, { recursive: true });
    }
    unpolluted();
  });
});

it("an id of any kind is refused, or names the same job in keys, links and exports", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.constant("\ud800")), (text) => {
      const id = cleanId(text);
      if (idProblem(id)) return;
      const ref = { ...defaults, type: "ai", id } as const;
      assert.deepEqual(parseJobKey(jobKey(ref)), ref);
      jobLink("vscode", ref);
      assert.deepEqual(parseJson(toJson([{ ...ref, phase: "x", added: "" }]), defaults).jobs[0]?.ref, ref);
    }),
    { numRuns: 500 },
  );
});

it("arguments of the server, of any kind, are read or refused", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom("--folder", "--demo", "--account", "{}", "="))),
      (args) => {
        const read = readArguments(args, {});
        assert.ok(typeof read === "string" ? read.length > 0 : read.folder.length > 0);
      },
    ),
  );
});

describe("settings", () => {
  const { properties } = manifest.contributes.configuration;
  const declared = Object.entries(properties as unknown as Record<string, { default: unknown; enum?: unknown[] }>);
  /** The editor's settings when the person's own file says `given` to everything. */
  const saying = (given: unknown) => ({
    getConfiguration: () => {
      const inspect = (name: string) => ({
        defaultValue: declared.find(([key]) => key === `vodJobs.${name}`)?.[1].default,
        globalValue: given,
      });
      return { inspect, get: (name: string) => inspect(name).globalValue ?? inspect(name).defaultValue };
    },
  });

  it("of the wrong type, or outside what is allowed, give the default", () => {
    const real = vscode.workspace;
    const readers = Object.entries(settings).filter(([name]) => name !== "set" && name !== "onDidChange");
    const read = () => Object.fromEntries(readers.map(([name, reader]) => [name, (reader as () => unknown)()]));
    const use = (given: unknown) => Object.assign(real, saying(given));
    use(undefined);
    const usual = read();
    assert.ok(
      Object.values(usual).every((value) => value !== undefined),
      "every reader has a default",
    );
    for (const given of [null, [], {}, ["vodJobs"], { account: "x" }, () => "x"]) {
      use(given);
      assert.deepEqual(read(), usual, JSON.stringify(given));
    }
    for (const given of [1e308, -1e308, Number.POSITIVE_INFINITY, 0]) {
      use(given);
      const rate = settings.requestsPerSecond();
      assert.ok(rate >= 0.1 && rate <= 12, `${given} → ${rate}`);
    }
    for (const given of ["", "x", "__proto__", "toString", "\u0000"]) {
      use(given);
      assert.equal(settings.polling(), usual.polling);
      assert.equal(settings.notifications(), usual.notifications);
    }
  });

  it("of the editor's proxy count when they are a person's own and of their type, else the environment's do", async () => {
    const { proxySettings } = await import("../../../src/editor/proxySettings.ts");
    const use = (found: object) =>
      Object.assign(vscode.workspace, { getConfiguration: () => ({ inspect: () => found }) });
    use({ workspaceValue: "http://evil.example", workspaceFolderValue: "http://evil.example" });
    const usual = proxySettings();
    for (const given of [1, true, {}, null]) {
      use({ globalValue: given });
      assert.deepEqual(proxySettings(), usual, JSON.stringify(given));
    }
    use({ globalValue: "http://proxy.example" });
    assert.deepEqual(proxySettings(), { proxy: "http://proxy.example", noProxy: usual.noProxy });
    use({ globalValue: ["a.example", "b.example"] });
    assert.deepEqual(proxySettings(), { proxy: usual.proxy, noProxy: "a.example,b.example" });
    assert.ok(!JSON.stringify(usual).includes("evil"), "a workspace's do not count");
  });
});

it("a failure of any shape is told, with what is safe; one that nobody foresaw blames nobody", async () => {
  const { problemOf } = await import("../../../src/editor/problem.ts");
  const { problemSentence } = await import("../../../src/editor/sentences.ts");
  for (const thrown of [undefined, null, 0, "text", {}, [], new Error(""), new Error("EACCES: no"), { name: 1 }]) {
    const { text, next } = problemSentence(problemOf(thrown)!);
    assert.match(text, /^That did not work\. Tracked jobs are kept, and the log says more\.( In detail: \S.*)?$/);
    assert.deepEqual(
      next.map(({ command }) => command),
      ["vodJobs.showLog"],
    );
  }
  for (const trouble of ["full", "locked", "refused"] as const) {
    assert.match(problemSentence(problemOf(new StorageError(trouble, "no"))!).text, /What was kept is safe\./);
  }
  for (const kind of ["invalid", "malformed"] as const) {
    assert.match(problemSentence(problemOf(new VodError(kind, "no"))!).text, /tracked jobs are kept\. In detail: no$/);
    assert.match(problemSentence(problemOf(new VodError(kind, ""))!).text, /tracked jobs are kept\.$/);
  }
  const gaveUp = [new VodError("cancelled", ""), new DOMException("", "AbortError")];
  assert.deepEqual(gaveUp.map(problemOf), [undefined, undefined]);
});

it("trouble of the store is told as such, in messages and in the panel: it is not the service's", async () => {
  const { problemSentence } = await import("../../../src/editor/sentences.ts");
  const { problemOf } = await import("../../../src/editor/problem.ts");
  const words = { full: /^The disk is full/, locked: /^Another program has locked/, refused: /^The disk does not let/ };
  for (const [trouble, sentence] of Object.entries(words)) {
    const error = new StorageError(trouble as keyof typeof words, "made up");
    assert.match(problemSentence(problemOf(error)!).text, sentence);
  }
});
