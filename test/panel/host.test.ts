import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import * as board from "../../src/panel/board.ts";
import { type Parts, protocolVersion, readToPanel as readText } from "../../src/panel/protocol.ts";
import type { JobAnswer, JobDetail, JobType, WorkflowDetail } from "../../src/vod/types.ts";
import { readTopology } from "../../src/workflow/topology.ts";
import "./editorStub.ts";
import { answerOf, began, type MadeRun, makeRun, refOf, sample, standing, topologyOf } from "./runs.ts";
import * as vscode from "./vscode.ts";

const { RunView } = await import("../../src/editor/panel/runView.ts");
const { activityDetails } = await import("../../src/editor/panel/activityDetails.ts");
const { jobSections } = await import("../../src/editor/panel/jobSections.ts");
const { jobMarkdown, code } = await import("../../src/editor/panel/markdown.ts");
const { jobLinks } = await import("../../src/editor/panel/links.ts");
const { panelParts, jobDetails, lifeOf } = await import("../../src/editor/panel/panelParts.ts");
const { drawRun } = await import("../../src/editor/panel/picture.ts");
const { canvasMarks } = await import("../../src/editor/panel/canvasMarks.ts");
const { svgText } = await import("../../src/editor/panel/svgText.ts");
const { textWidth } = await import("../../src/editor/panel/sheet.ts");
const { phaseIcon } = await import("../../src/editor/words.ts");
const { mix, opaque } = await import("../../src/editor/panel/colors.ts");
const { panelHtml } = await import("../../src/editor/panel/html.ts");
const { panelWords } = await import("../../src/editor/panel/words.ts");
const { Topologies } = await import("../../src/editor/panel/topologies.ts");

const readToPanel = (message: unknown) => readText(JSON.stringify(message));
type Facts = Parameters<typeof panelParts>[0];

const now = began + 10_000_000;
const detailOf = (answer: JobAnswer) => answer.detail as WorkflowDetail;
const topology = (text: string) => {
  const read = readTopology(text);
  assert.ok("topology" in read);
  return read.topology;
};
const factsOf = (answer: JobAnswer | undefined, more: Partial<Facts> = {}): Facts => ({
  ref: refOf(answer?.detail.type ?? "workflow", "46ecc024aa0f4b92b0f092c8e26237e5"),
  answer,
  history: [],
  asking: false,
  hasTopology: false,
  news: "",
  now,
  ...more,
});
const viewOf = (run: MadeRun, more: object = {}) => {
  const view = new RunView();
  view.update({ detail: detailOf(answerOf(run)), now, ...more });
  return view;
};
const sentence = () => ({ text: "Out of reach.", next: [{ title: "Show Log", command: "vodJobs.showLog" }] });

test("the sample: its failure contradicts the task, its start has no end, nothing is drawn by time alone", () => {
  const { answer } = sample("workflow");
  const view = new RunView();
  view.update({ detail: detailOf(answer), now });
  assert.deepEqual(
    view.activities.map(({ name, shape }) => [name, shape]),
    [
      ["Act_Start", "point"],
      ["Translate_zh_en", "bar"],
      ["VodSnapshot_123", "bar"],
      ["VodDynamicImage_123", "bar"],
    ],
  );
  const { header, banner } = panelParts(factsOf(answer), view, sentence);
  assert.equal(header.standing, "Reported succeeded, with failures");
  assert.equal(header.phase, "failed");
  assert.equal(header.to! - header.from!, 274_000, "the axis begins with Act_Start, a second before CreateTime");
  assert.equal(banner, "The task reports “Succeed”, but 1 of 4 activities failed.");
  assert.equal(view.activities[1]!.remark, "alone for 97% of the run");
  for (const { name, after = [] } of view.activities.slice(1)) {
    assert.deepEqual(
      after.map(({ from, evidence }) => [from, evidence]),
      [["Act_Start", "by definition"]],
      name,
    );
  }
});

test("an answer with the same ActivityResults changes nothing, whatever else is asked of it", () => {
  const answer = answerOf(makeRun(20));
  const view = new RunView();
  assert.equal(view.update({ detail: detailOf(answer), now }).length, 20);
  const before = view.activities;
  assert.deepEqual(view.update({ detail: { ...detailOf(answer) }, now: now + 5 }), []);
  assert.equal(view.activities, before);
});

test("what is sent of a run that moves on leads the page to what the host has", () => {
  const run = makeRun(40, { seed: 3 });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 600 }), { minLength: 2, maxLength: 5 }), (moments) => {
      const view = new RunView();
      view.update({ detail: detailOf(answerOf(standing(run, moments[0]!))), now });
      const parts = {} as Parts;
      board.take({
        type: "snapshot",
        version: protocolVersion,
        rev: 0,
        parts: { ...parts, header: { now: 0 } as never },
        activities: view.activities,
      });
      moments.slice(1).forEach((seconds, at) => {
        const ops = view.update({ detail: detailOf(answerOf(standing(run, seconds))), now });
        assert.ok(board.take({ type: "patch", rev: at + 1, ops }));
        assert.deepEqual(board.rows, view.activities);
      });
    }),
    { numRuns: 60 },
  );
});

test("a message of the host is one that the page takes", () => {
  const view = viewOf(makeRun(30), { topology: topology(topologyOf(makeRun(30))) });
  const facts = factsOf(answerOf(makeRun(30)));
  const parts = panelParts(facts, view, sentence);
  const snapshot = { type: "snapshot", version: protocolVersion, rev: 1, parts, activities: view.activities };
  assert.ok(readToPanel(snapshot));
  assert.ok(readToPanel({ type: "steps", layout: view.steps() }));
  for (const { name } of view.activities) {
    assert.ok(readToPanel(activityDetails(view, view.activity(name)!)), name);
  }
  for (const type of ["transcode", "snapshot", "ai", "workflow"] as const) {
    const told = jobDetails(factsOf(sample(type).answer), new RunView(), sentence);
    assert.ok(readToPanel(told), type);
  }
  // Times of a run over midnight are told with their days.
  const long: MadeRun = {
    activities: [{ name: "Long", kind: "Transcode", start: 0, end: 100_000, status: "Succeed" }],
    edges: [],
  };
  const overMidnight = viewOf(long);
  assert.ok(readToPanel(activityDetails(overMidnight, overMidnight.activity("Long")!)));
});

test("an attached topology states edges, shows what has not run, and names what it does not know", () => {
  const run: MadeRun = {
    activities: [
      { name: "A", kind: "start", start: 0, status: "Succeed" },
      { name: "B", kind: "VodX", start: 5, end: 20, status: "Succeed" },
      { name: "C", kind: "VodX", start: 10, end: 30, status: "Succeed" },
      { name: "Stranger", kind: "VodX", start: 1, end: 2, status: "Succeed" },
    ],
    edges: [],
  };
  const attached = topology(
    '{"Activities":{"A":{},"B":{},"C":{},"D":{}},"Dependencies":{"A":["B"],"B":["C"],"C":["D"]}}',
  );
  const view = viewOf(run, { topology: attached });
  assert.deepEqual(view.strangers, ["Stranger"]);
  assert.equal(view.activities.at(-1)!.name, "D");
  assert.equal(view.activities.at(-1)!.phase, "pending");
  const details = activityDetails(view, view.activity("C")!);
  const [first] = details.sections.find(({ title }) => title === "Runs after")!.fields;
  assert.deepEqual([first!.mark, first!.names, first!.note], ["stated", ["B"], "in the attached topology"]);
  assert.match(first!.warning!, /started before that had ended/);
});

test("ids in Results are sought only when somebody looks", () => {
  const id = "0123456789abcdef0123456789abcdef";
  const run: MadeRun = {
    activities: [
      { name: "A", kind: "VodX", start: 0, end: 5, status: "Succeed", result: { JobId: id } },
      { name: "B", kind: "VodX", start: 6, end: 9, status: "Succeed", result: { Source: id } },
    ],
    edges: [],
  };
  const view = viewOf(run);
  assert.equal(view.activities[1]!.after, undefined);
  const ops = view.wantReferences();
  assert.equal(ops.length, 1);
  assert.equal(view.activities[1]!.after![0]!.evidence, "data reference");
  const field = activityDetails(view, view.activity("B")!).sections[1]!.fields[0]!;
  assert.equal(field.note, `both results hold ${id}`);
  assert.deepEqual(view.wantReferences(), [], "once is enough");
});

test("a run is compared with the one before it", () => {
  const before: MadeRun = {
    activities: [
      { name: "A", kind: "VodX", start: 0, end: 10, status: "Succeed" },
      { name: "B", kind: "VodX", start: 0, end: 60, status: "Succeed" },
    ],
    edges: [],
  };
  const after: MadeRun = {
    activities: [
      { name: "A", kind: "VodX", start: 0, end: 70, status: "Succeed" },
      { name: "B", kind: "VodX", start: 0, end: 60, status: "Failed" },
      { name: "New", kind: "VodX", start: 0, end: 60, status: "Succeed" },
    ],
    edges: [],
  };
  const view = viewOf(after, { previous: detailOf(answerOf(before)) });
  const remarks = Object.fromEntries(view.activities.map(({ name, remark }) => [name, remark]));
  assert.deepEqual(remarks, { A: "1 m 00 s slower", B: "newly failed", New: undefined });
  const field = (name: string) =>
    activityDetails(view, view.activity(name)!).sections[0]!.fields.find(({ label }) => label === "Previous run")!;
  assert.deepEqual([field("A").text, field("A").note], ["10 s", "1 m 00 s slower now"]);
  assert.equal(field("B").warning, "did not fail then");
  assert.equal(field("New").text, "not part of it");
});

test("the configurations of a snapshot job are told with their units", () => {
  const { ref, answer } = sample("snapshot");
  const fields = jobSections(ref, answer).flatMap((section) => section.fields);
  const told = (label: string) => fields.filter((field) => field.label === label).map(({ text, note }) => [text, note]);
  assert.deepEqual(told("Number of snapshots"), [["32", "num"]]);
  assert.deepEqual(told("Width"), [["352 px", "wd"]]);
  assert.deepEqual(told("Interval"), [["0 s", "Evenly spaced over the whole video · inl"]]);
  assert.deepEqual(told("Trigger"), [["Auto", "started by a workflow"]]);
});

test("words of the service are told as its reference has them, and not twice", () => {
  const told = (type: JobType, label: string, change: object) => {
    const { ref, answer } = sample(type);
    const detail = { ...answer.detail, ...change } as JobDetail;
    const fields = jobSections(ref, { ...answer, detail }).flatMap((section) => section.fields);
    const field = fields.find((one) => one.label === label);
    return [field?.text, field?.note];
  };
  for (const [definition, words] of Object.entries({
    FD: "low definition",
    LD: "standard definition",
    SD: "high definition",
    HD: "ultra high definition",
    "4K": "4K",
    Cinema: undefined,
  })) {
    assert.deepEqual(told("transcode", "Definition", { definition }), [definition, words]);
  }
  const block = (value: unknown) => ({ templateConfig: JSON.stringify({ AuditAutoBlock: value }) });
  assert.deepEqual(told("ai", "Blocked automatically", block("no")), ["no", "AuditAutoBlock"]);
  assert.deepEqual(told("ai", "Blocked automatically", block("yes")), ["yes", "AuditAutoBlock"]);
});

test("the icons of all phases show on the themes' backgrounds: a contrast of 3 at least", () => {
  const themes: Record<string, { colors: Record<string, string> }> = JSON.parse(
    fs.readFileSync(path.join(import.meta.dirname, "themes.json"), "utf8"),
  );
  const luminance = (color: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
      const value = Number.parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16) / 255;
      return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  for (const phase of ["waiting", "running", "succeeded", "failed", "canceled", "skipped", "unknown"] as const) {
    const { id } = phaseIcon(phase).color as { id?: string };
    if (id === "descriptionForeground") continue; // a color for text, made to be read
    for (const [theme, { colors }] of Object.entries(themes)) {
      const color = colors[`--vscode-${id?.replace(".", "-")}`];
      assert.ok(color, `${phase}: ${id} is not one of ${theme}`);
      const [low = 0, high = 0] = [color, colors["--vscode-editor-background"]!].map(luminance).sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      assert.ok(contrast >= 3, `${phase} in ${theme}: ${contrast.toFixed(1)}`);
    }
  }
});

test("the life of a job goes from its creation over what was seen to its end, lengths to scale", () => {
  const { answer } = sample("transcode");
  const created = answer.detail.createdAt!;
  const life = lifeOf(
    answer.detail,
    [
      { at: created + 3000, status: "Transcoding", phase: "running" },
      { at: created + 9000, status: "TranscodeSuccess", phase: "succeeded" },
    ],
    now,
  );
  assert.deepEqual(
    life.map(({ text, length }) => [text, length]),
    [
      ["Created", "3 s"],
      ["Running · first seen", "6 s"],
      ["Finished · Succeeded", undefined],
    ],
  );
  assert.equal(
    life.reduce((sum, { share = 0 }) => sum + share, 0),
    1,
  );
});

test("links go to Alibaba Cloud alone, whatever the answer holds", () => {
  for (const type of ["transcode", "snapshot", "ai", "workflow"] as const) {
    for (const { url } of jobLinks(refOf(type, "x"), sample(type).answer)) {
      assert.match(url, /^https:\/\/(vod\.console|api)\.aliyun\.com\//, url);
    }
  }
  const { answer } = sample("ai");
  const hostile = { ...answer, detail: { ...answer.detail, mediaId: "../../../evil?x=//evil.example/#" } } as JobAnswer;
  const media = jobLinks(refOf("ai", "x"), hostile).find(({ id }) => id === "media")!;
  assert.equal(new URL(media.url).origin, "https://vod.console.aliyun.com");
  assert.ok(!media.url.includes("evil.example/"), media.url);
});

test("a Markdown summary holds texts of the service as text alone", () => {
  const hostile = "a`|b\n# x <img src=x onerror=alert(1)> [c](http://evil) @everyone ``";
  const run: MadeRun = {
    activities: [{ name: hostile, kind: "<b>", start: 0, end: 3, status: "Failed" }],
    edges: [],
  };
  const answer = answerOf(run, { name: hostile });
  const text = jobMarkdown(factsOf(answer), viewOf(run));
  const outside = text.replace(/(`+)(?:(?!\1)[\s\S]|`)*?\1(?!`)/g, "");
  assert.ok(!/[<[@]|http|onerror/.test(outside), outside);
  const row = text.split("\n").find((line) => line.startsWith("| `"))!;
  assert.equal(row.replaceAll("\\|", "").split("|").length, 8, "six cells");
  assert.equal(code("a``b"), "```a``b```");
  assert.equal(code("`"), "`` ` ``");
});

test("a Markdown summary of a long run lists its failures, and says how many it leaves out", () => {
  const run = makeRun(1000, { failEvery: 200 });
  const text = jobMarkdown(factsOf(answerOf(run)), viewOf(run));
  assert.equal(text.split("\n").filter((line) => /^\| `/.test(line)).length, 100);
  assert.equal(text.match(/❌/g)?.length, 4);
  assert.match(text, /900 more activities are not listed/);
});

test("an exported picture is well-formed and holds no markup of the service", () => {
  const hostile = `<script>alert(1)</script>&"'\u0000\u202e]]>`;
  const run: MadeRun = {
    activities: [
      { name: hostile, kind: hostile, start: 0, end: 3, status: hostile },
      { name: "B", kind: "x", start: 1, status: "Processing" },
    ],
    edges: [[hostile, "B"]],
  };
  const view = viewOf(run, { topology: topology(topologyOf(run)) });
  const answer = answerOf(run, { name: hostile });
  const parts = panelParts(factsOf(answer), view, sentence);
  const palette = { fg: "rgb(0, 0, 0)", bg: "#ffffff" };
  for (const kind of ["timeline", "steps", "table"] as const) {
    const names = view.activities.map(({ name }) => name);
    const exposure = { format: "svg", view: kind, names, selected: null, time: null, width: 800, palette } as const;
    const svg = svgText(drawRun(view, { ...parts, now }, exposure));
    assert.ok(!/<script|\u0000|\u202e/.test(svg), kind);
    assert.equal(svg.match(/</g)!.length, svg.match(/>/g)!.length);
    assert.ok(!/="[^"]*[<&](?!#\d+;)/.test(svg));
  }
});

test("an exported picture says what the page says: folds, lines of wide fans, contradictions, high contrast", () => {
  const works = Array.from({ length: 40 }, (_, at) => `Work_${at}`);
  const run: MadeRun = {
    activities: [
      { name: "Start", kind: "start", start: 0, end: 5, status: "Succeed" },
      ...works.map((name) => ({ name, kind: "Work", start: 36_000, end: 36_030, status: "Succeed" })),
      { name: "Early", kind: "Work", start: 36_001, end: 36_003, status: "Failed" },
      { name: "Goes", kind: "Work", start: 36_025, status: "Processing" },
    ],
    edges: [...works.map((name) => ["Start", name] as const), ["Work_0", "Early"], ["Work_0", "Goes"]],
  };
  const answer = answerOf(run, { status: "Processing", finished: false });
  const then = began + 36_040_000;
  const view = viewOf(run, { topology: topology(topologyOf(run)), detail: detailOf(answer), now: then });
  const parts = panelParts(factsOf(answer, { now: then }), view, sentence);
  const normal = { fg: "#000000", bg: "#ffffff", line: "#999999", unknown: "#aa8800", failed: "#ee0000" };
  const picture = (kind: "timeline" | "steps" | "table", palette: Record<string, string> = normal) => {
    const names = ["Goes", ...view.activities.map(({ name }) => name).filter((name) => name !== "Goes")];
    const exposure = { format: "svg", view: kind, names, selected: "Early", time: null, width: 900, palette } as const;
    return drawRun(view, { ...parts, now: then }, exposure);
  };
  const svg = (kind: Parameters<typeof picture>[0], palette = normal) => svgText(picture(kind, palette));

  assert.match(svg("timeline"), /transform="rotate\(-90 [\d. ]+\)">9 h 59 m idle</, "how long nothing happened");
  assert.match(svg("timeline"), />15 s so far</);
  const ticks = [...svg("timeline").matchAll(/y="\d+" font-size="11"[^>]*>([^<]*)</g)].map(([, text]) => text);
  assert.equal(new Set(ticks).size, ticks.length, "hours into a run the clock tells the seconds");
  const against = /stroke="#aa8800" stroke-width="1.5"/;
  assert.match(svg("timeline"), against, "the times contradict the edge to the selected activity");
  assert.match(svg("steps"), against);
  assert.equal(
    svg("steps").match(/d="M\d+ \d+H[\d.]+V\d+H\d+"/g)?.length,
    view.steps().edges.filter(({ way }) => way.includes("V")).length,
  );
  assert.ok(
    view.steps().edges.some(({ way }) => /H[\d.]+V\d+H/.test(way)),
    "far apart they share an upright line",
  );
  const rows = [...svg("table").matchAll(/<text x="16" y="\d+"[^>]*>([^<]*)</g)].map(([, text]) => text);
  assert.deepEqual(rows.slice(0, 3), ["Activity", "Goes", "Start"], "in the order of the page");
  assert.match(svg("table"), /Ended \(UTC\)[\s\S]*18:16:16/);

  const tinted = (palette: typeof normal) => /fill="#(?!ffffff|000000|ee0000)/.test(svg("steps", palette));
  assert.ok(tinted({ ...normal, line: "#000000", unknown: "#000000" }) === false, "no tints in high contrast");
  assert.ok(tinted(normal));
  const painting = canvasMarks(picture("timeline"));
  assert.ok(painting.marks.some(({ text, turned }) => turned && text === "9 h 59 m idle"));
  assert.ok(readToPanel({ type: "paint", drawing: painting }));
});

test("in a picture of a narrow panel no text stands over another, on another's row, or beyond the edge", () => {
  const word = "WaitingForManualReviewOfEverything";
  const run: MadeRun = {
    activities: [
      { name: "Act_Start", kind: "start", start: 0, status: "Succeed" },
      { name: "VodSnapshot_123", kind: "VodSnapshot", start: 1, end: 6, status: "Succeed" },
      { name: "Translate_zh_en_with_a_long_name", kind: "VodTranslation", start: 1, end: 292, status: word },
      { name: "VodReport_of_the_last_seconds", kind: "VodReport", start: 290, end: 292, status: "Failed" },
    ],
    edges: [],
  };
  const view = viewOf(run);
  const parts = panelParts(factsOf(answerOf(run)), view, sentence);
  const palette = { fg: "#000000", bg: "#ffffff", line: "#999999" };
  const endless = { ...parts, header: { ...parts.header, standing: "Odd".repeat(9999) }, now };
  const shown = { format: "svg", view: "steps", names: [], selected: null, time: null, width: 420, palette } as const;
  assert.equal(drawRun(view, endless, shown).width, 4000, "a status without end does not make a picture without end");
  for (const kind of ["timeline", "steps", "table"] as const) {
    const names = view.activities.map(({ name }) => name);
    const exposure = { ...shown, view: kind, names };
    const { width, marks } = drawRun(view, { ...parts, now }, exposure);
    const texts = marks
      .filter(({ text }) => text)
      .map(({ text = "", x = 0, y, size = 0, end }) => {
        const wide = textWidth(text, size);
        return { text, y, from: end ? x - wide : x, to: end ? x : x + wide };
      });
    assert.ok(texts.length > 12, kind);
    assert.ok(
      texts.some(({ text }) => text.includes(kind === "steps" ? "4 m 51 s" : word)),
      `${kind}: nothing is cut off that could stand there`,
    );
    for (const one of texts) {
      assert.ok(one.from >= 0 && one.to <= width, `${kind}: beyond the edge: ${one.text}`);
      for (const other of texts) {
        const apart = one === other || Math.abs(one.y! - other.y!) > 8 || one.to <= other.from || other.to <= one.from;
        assert.ok(apart, `${kind}: "${one.text}" over "${other.text}"`);
      }
    }
  }
});

test("colors become opaque ones that every program reads", () => {
  assert.equal(opaque("rgb(1, 2, 255)"), "#0102ff");
  assert.equal(opaque("rgba(0, 0, 0, 0.5)", "#ffffff"), "#808080");
  assert.equal(opaque("color(srgb 1 0.5 0)"), "#ff8000");
  assert.equal(opaque("nonsense"), "#000000");
  assert.equal(mix("#ffffff", "#000000", 0.25), "#404040");
});

test("the page may load its script and style, and nothing else; what is put into it cannot leave its attribute", () => {
  const hostile = `"><script>alert(1)</script>'&`;
  const html = panelHtml({
    cspSource: "https://x.vscode-cdn.net",
    script: "https://x/panel.js",
    style: "https://x/panel.css",
    nonce: "abc",
    language: "en",
    words: { ...panelWords(), title: hostile, timeline: hostile } as never,
    ref: hostile,
  });
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!.replaceAll("&#39;", "'");
  assert.equal(policy, "default-src 'none'; style-src https://x.vscode-cdn.net; script-src 'nonce-abc'");
  assert.equal(html.match(/<script/g)!.length, 1);
  assert.ok(!/ style="| on[a-z]+="/.test(html), "no inline style, no inline handler");
});

test("a topology is attached per workflow, refused with a sentence when it is none, and detached", async () => {
  const kept = new Map<string, unknown>();
  const topologies = new Topologies({
    get: (key) => kept.get(key) as never,
    update: async (key, value) => void kept.set(key, value),
  });
  vscode.answers.set("showQuickPick", { icon: "clippy" });
  vscode.answers.set("clipboard.readText", '{"nodes":["A","B"],"edges":[["A","B"],["B","A"]]}');
  vscode.asked.length = 0;
  assert.equal(await topologies.attach("vw_1"), false);
  const refusal = vscode.asked.find(([what]) => what === "showErrorMessage")![1] as string;
  assert.match(refusal, /goes in a circle: A → B → A/);
  vscode.answers.set("clipboard.readText", '{"nodes":["A","B"],"edges":[["A","B"]]}');
  assert.equal(await topologies.attach("vw_1"), true);
  assert.deepEqual(topologies.of("vw_1")!.edges, [["A", "B"]]);
  assert.equal(topologies.of("vw_1"), topologies.of("vw_1"), "the same object until it is replaced");
  assert.equal(topologies.of("vw_2"), undefined);
  await topologies.detach("vw_1");
  assert.equal(topologies.of("vw_1"), undefined);
  kept.set("topology:vw_3", "{broken");
  assert.equal(topologies.of("vw_3"), undefined);
});
