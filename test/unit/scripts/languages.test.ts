import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { checkManifest, compare, findProblems, readSource } from "../../../scripts/l10n.mjs";
import { activitiesProblems, activityNotes } from "../../../src/workflow/activities.ts";
import { readConfig } from "../../../src/workflow/config.ts";
import "../../panel/editorStub.ts";
import * as editor from "../../panel/vscode.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const strangeIn = (source: string) => readSource("a.ts", source).strange.map(({ text }) => text);
const keysIn = (source: string) => readSource("a.ts", source).keys.map(({ text }) => text);

it("nothing that people read is untranslated, and no translation is left over", () => {
  assert.deepEqual(findProblems(), [], "Run: npm run l10n");
});

describe("the search for untranslated texts", () => {
  const shown = {
    "in a message": 'window.showErrorMessage("Failed")',
    "in a property of a list": 'const item = { label: "Open" }',
    "in a part of a choice": 'const item = { description: found ? "now" : undefined }',
    "behind what may be missing": 'const item = { tooltip: given || "none" }',
    "in a template": `item.tooltip = \`Job \${id} failed\``,
    "as the child of an element": 'h("b", {}, "Failed")',
    "as an attribute that is read": 'h("input", { "aria-label": "Search" })',
    "as prose wherever it stands": 'const words = ["the job is gone"]',
    "in markup": 'const page = `<button title="Close">x</button>`',
    "between tags": "const page = `<h1>About this task</h1>`",
    "as a key that nobody can find": "l10n.t(message)",
  };
  for (const [where, source] of Object.entries(shown)) {
    it(`finds one ${where}`, () => assert.equal(strangeIn(source).length, 1, source));
  }

  it("passes over what nobody reads, and what is translated", () => {
    const technical = [
      'import { x } from "./a file of ours.ts"',
      'throw new Error("the file cannot be read")',
      'log.info("account demo works again")',
      'type Word = "by definition" | "data reference"',
      'if (evidence === "by definition") f()',
      'const names = { "two words here": l10n.t("two words here") }',
      'h("b", { class: "inside" }, l10n.t("Failed"))',
      `const item = { label: \`$(add) \${t("Add")}\`, id: "raw" }`,
      'const link = { url: "https://vod.console.aliyun.com/#/settings" }',
    ];
    for (const source of technical) assert.deepEqual(strangeIn(source), [], source);
    assert.deepEqual(keysIn('t("a {0}", t("b")); vscode.l10n.t({ message: "m", comment: "minutes" })'), [
      "a {0}",
      "b",
      "m/minutes",
    ]);
  });

  it("finds translations that are missing, left over, or fill in other places", () => {
    const texts = { "a {0}": "甲 {1}", b: "", c: "丙", "d {0} {1}": "丁 {1} {0}" };
    const problems = compare("zh", ["a {0}", "b", "d {0} {1}", "e"], texts);
    assert.deepEqual(problems, [
      'zh: "甲 {1}" has {1} where the English has {0}',
      'zh: no translation of "b"',
      'zh: no translation of "e"',
      'zh: nothing says "c" any more',
    ]);
  });

  it("finds texts of package.json, and links that a translation lost", () => {
    const manifest = { contributes: { commands: [{ title: "%a%" }, { title: "Open" }], views: [{ name: "%b%" }] } };
    const english = { a: "[Go](command:go)", b: "B" };
    assert.deepEqual(checkManifest(manifest, { en: english, zh: { a: "去", b: "乙" } }), [
      'package.json: contributes.commands.1.title is not translated: "Open"',
      'zh: "去" has nothing where the English has (command:go)',
    ]);
  });
});

/** English that slipped through: two words of it in a row, or what is made of letters only. */
const english = (text: string) => text.match(/\b[A-Za-z][a-z']+,? [a-z']{2,}\b|^[A-Za-z ]+$/g) ?? [];

describe("what the editor makes of the pure code, in Chinese", () => {
  before(() => {
    const texts: Record<string, string> = JSON.parse(
      fs.readFileSync(path.join(root, "l10n/bundle.l10n.zh-cn.json"), "utf8"),
    );
    editor.env.language = "zh-cn";
    editor.l10n.t = (given, ...args) => {
      const key = typeof given === "string" ? given : `${given.message}/${(given as { comment?: string }).comment}`;
      const text = texts[key];
      assert.ok(text, `no Chinese for ${JSON.stringify(key)}`);
      return text.replace(/\{(\d)\}/g, (_, place) => String(args[place]));
    };
  });

  it("says how long things take in its own units", async () => {
    const { lengthText, offsetText } = await import("../../../src/editor/panel/lengths.ts");
    const { jobCount, span } = await import("../../../src/editor/words.ts");
    const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
    assert.deepEqual(
      [400, 4000, 4 * minute + 33_000, 2 * hour + 5 * minute, 3 * day + 4 * hour, -4000].map((ms) => lengthText(ms)),
      ["< 1 秒", "4 秒", "4 分 33 秒", "2 小时 05 分", "3 天 04 小时", "−4 秒"],
    );
    assert.deepEqual(
      [0, minute, 90_000, 2 * hour].map((ms) => offsetText(ms)),
      ["0", "1 分", "1 分 30 秒", "2 小时"],
    );
    assert.deepEqual([5000, 2 * minute, 3 * hour, 2 * day].map(span), ["5 秒", "2 分钟", "3 小时", "2 天"]);
    assert.deepEqual([jobCount(1), jobCount(3)], ["1 个任务", "3 个任务"]);
  });

  it("has words for every note, every unreadable answer and every setting of a template", async () => {
    const { noteWord, unreadWord } = await import("../../../src/editor/panel/runWords.ts");
    const { jobSections } = await import("../../../src/editor/panel/jobSections.ts");
    const said = [
      ...Object.values(activityNotes).map(noteWord),
      ...Object.values(activitiesProblems).map((one) => unreadWord(one)),
    ];
    assert.deepEqual(said.flatMap(english), []);

    const source = fs.readFileSync(path.join(root, "src/workflow/config.ts"), "utf8");
    const keys = [...source.matchAll(/^ {4}(\w+): \{ label:/gm)].map(([, key]) => key!);
    assert.ok(keys.length >= 15);
    for (const value of ["0", "normal", "intra", "true", "no"]) {
      const config = JSON.stringify(Object.fromEntries(keys.map((key) => [key, value])));
      assert.equal(readConfig(config).length, keys.length);
      const ref = { account: "demo", region: "cn-shanghai", type: "ai", id: "5c9d" } as const;
      const detail = { type: "ai", id: "5c9d", phase: "succeeded", status: "success", templateConfig: config } as const;
      const sections = jobSections(ref, { detail, raw: "", requestId: "" } as never);
      const template = sections.find(({ title }) => title === "模板设置")!;
      const words = template.fields.flatMap(({ label, note }) => [label, ...(note?.split(" · ") ?? [])]);
      assert.deepEqual(words.filter((word) => !keys.includes(word)).flatMap(english), []);
    }
  });

  it("has words for every technical text of vod/ that stands in a sentence", async () => {
    const { technicalWords } = await import("../../../src/editor/technical.ts");
    const files = [...fs.globSync("src/vod/*.ts", { cwd: root }), "src/editor/accounts.ts"];
    const source = files.map((file) => fs.readFileSync(path.join(root, file), "utf8")).join("\n");
    const constructed = [
      ...source.matchAll(/VodError\(\s*"(?:malformed|invalid|credentials)",\s*(?:"([^"]+)"|`([^`]+)`)/g),
      ...source.matchAll(/(?:reason: |refuse\()"([^"]+)"/g),
    ].map(([, plain, template]) => plain ?? template!.replace(/\$\{\w+\}/g, "5").replace(/\$\{[^`]*\}/g, "5"));
    assert.ok(constructed.length >= 12, `found ${constructed.length}`);
    // A list of places is told place by place; what the service itself says stays as it is.
    const own = constructed.filter((text) => !/^(No credential was found|5: |5$)/.test(text));
    const endpoints = own.map((text) => (source.includes(`refuse("${text}")`) ? `Endpoint refused: ${text}` : text));
    const samples = [
      ...endpoints.filter((text) => !/^Endpoint refused: 5$|^5 /.test(text)),
      "An HTML page came instead of JSON (HTTP 200): a proxy or a sign-in page of the network may be in the way",
      "XML came instead of JSON (HTTP 502): a proxy or a sign-in page of the network may be in the way",
      "The answer is empty (HTTP 200, 0 characters)",
      "The answer is broken JSON, perhaps cut off (HTTP 200, 12 characters)",
    ];
    for (const text of samples) {
      assert.notEqual(technicalWords(text), text, `no words for ${JSON.stringify(text)}`);
      assert.deepEqual(english(technicalWords(text)), [], text);
    }
    assert.equal(technicalWords("Throttling.User: too fast"), "Throttling.User: too fast");
  });

  it("has a sentence for every failure, and for every plan of a check", async () => {
    const { problemSentence } = await import("../../../src/editor/sentences.ts");
    const [declared] = fs.readFileSync(path.join(root, "src/vod/errors.ts"), "utf8").match(/type VodErrorKind =[^;]+/)!;
    const kinds = declared.match(/(?<=")[\w-]+(?=")/g)!;
    assert.ok(kinds.includes("clock-skew"));
    for (const kind of [...kinds, "full", "locked", "refused", "unexpected"]) {
      const { text, next } = problemSentence({ kind: kind as never, message: "the service's own" });
      assert.deepEqual(english(text.replace("the service's own", "")), [], kind);
      assert.deepEqual(
        next.flatMap(({ title }) => english(title)),
        [],
        kind,
      );
    }
    const ways = [
      "PROXY_ADDRESS",
      "PROXY_407",
      "PROXY_TIMEOUT",
      "PROXY_502",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "ECONNREFUSED",
    ];
    const told = ways.map((code) => problemSentence({ kind: "network", code, message: "" }).text);
    assert.equal(new Set(told).size, ways.length, "each has a sentence of its own");
    assert.deepEqual(told.flatMap(english), []);
    assert.match(told[0]!, /百分号编码：# 写作 %23/);
    const { planText } = await import("../../../src/editor/tree/jobTooltip.ts");
    const reasons = fs.readFileSync(path.join(root, "src/jobs/types.ts"), "utf8").match(/(?<=^ {2}\| ")[\w-]+(?=")/gm)!;
    assert.ok(reasons.includes("history"));
    for (const reason of reasons) {
      const plan = planText({ nextCheckReason: reason, nextCheckAt: 4000, likelyEndAt: 9000 } as never, 0);
      assert.deepEqual(english(plan ?? ""), [], reason);
    }
  });
});
